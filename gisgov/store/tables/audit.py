"""The audit: what was changed by whom, and the chain of hashes that holds it together.

The triggers that write it are in ``alembic/versions/0007_audit.py``.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Identity,
    Index,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gisgov.store.tables.columns import metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("content", JSONB, nullable=False),
    # whose position is given with it; means nothing once that is done
    Column(
        "transaction_id",
        BigInteger,
        nullable=False,
        server_default=text("pg_current_xact_id()::text::bigint"),
    ),
    Column("account", Text, Computed("content ->> 'account'::text", persisted=True)),
)
Index("audit_entry_account_idx", audit_entry.c.account)  # what one account did

# in the order of commits, without gaps; no foreign key: a missing entry must be found, not prevented
audit_link = Table(
    "audit_link",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, nullable=False, unique=True),
    Column("committed_at", DateTime(timezone=True), nullable=False),
    Column("previous_sha256", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)
Index("audit_link_committed_at_idx", audit_link.c.committed_at)  # what happened in a period

# the last position, which every commit moves on by one: a chain cut at its end does not reach it
audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Boolean, CheckConstraint("one", name="one"), primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False),
    Column("committed_at", DateTime(timezone=True), nullable=False),
    Column("sha256", Text, nullable=False),
)
