"""What accounts sign in with: secrets as hashes alone, which no account may read."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gisgov.store.tables.columns import metadata

account_password = Table(
    "account_password",
    metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # of a one-time password: until then it can be changed into one of the person's own
    Column("expires_at", DateTime(timezone=True)),
)

account_session = Table(
    "account_session",
    metadata,
    Column(
        "token_sha256",
        LargeBinary,
        CheckConstraint("octet_length(token_sha256) = 32", name="token_sha256"),
        primary_key=True,
    ),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("client", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("account_session_account_id_idx", "account_id"),
)

api_key = Table(
    "api_key",
    metadata,
    # the part of the key that is no secret
    Column("id", Text, CheckConstraint("id ~ '^[a-z0-9]{12}$'", name="id"), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    # of 256 random bits: nobody guesses them, so no slow hash is needed
    Column(
        "secret_sha256",
        LargeBinary,
        CheckConstraint("octet_length(secret_sha256) = 32", name="secret_sha256"),
        nullable=False,
    ),
    # the rights that it is limited to; none: those of the account
    Column("scopes", ARRAY(Text), CheckConstraint("cardinality(scopes) > 0", name="scopes")),
    Column("title", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Index("api_key_account_id_idx", "account_id"),
)

# By the name that was typed, whether or not an account has it: a lock tells nothing of accounts. People type
# passwords where the name belongs, so the name is kept as a hash, and for a day.
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("name_sha256", LargeBinary, primary_key=True),
    # address that asked; `*`: all together
    Column("client", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("locked_until", DateTime(timezone=True)),
    Index("sign_in_failure_failed_at_idx", "failed_at"),
)
