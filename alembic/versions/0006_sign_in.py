"""Passwords, sessions and keys of accounts, and what locks a name out.

No account may touch any of these tables: the service alone reads and writes them.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE account_password (
        account_id INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
        hash TEXT NOT NULL,
        changed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        expires_at TIMESTAMPTZ
    )""",
    """CREATE TABLE account_session (
        token_sha256 BYTEA PRIMARY KEY
            CONSTRAINT account_session_token_sha256_check CHECK (octet_length(token_sha256) = 32),
        account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
        client TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        expires_at TIMESTAMPTZ NOT NULL
    )""",
    "CREATE INDEX account_session_account_id_idx ON account_session (account_id)",
    """CREATE TABLE api_key (
        id TEXT PRIMARY KEY CONSTRAINT api_key_id_check CHECK (id ~ '^[a-z0-9]{12}$'),
        account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
        secret_sha256 BYTEA NOT NULL
            CONSTRAINT api_key_secret_sha256_check CHECK (octet_length(secret_sha256) = 32),
        scopes TEXT[] CONSTRAINT api_key_scopes_check CHECK (cardinality(scopes) > 0),
        title TEXT NOT NULL,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        expires_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        last_used_at TIMESTAMPTZ
    )""",
    "CREATE INDEX api_key_account_id_idx ON api_key (account_id)",
    """CREATE TABLE sign_in_failure (
        name_sha256 BYTEA NOT NULL,
        client TEXT NOT NULL,
        failures INTEGER NOT NULL,
        failed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        locked_until TIMESTAMPTZ,
        PRIMARY KEY (name_sha256, client)
    )""",
    "CREATE INDEX sign_in_failure_failed_at_idx ON sign_in_failure (failed_at)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE sign_in_failure, api_key, account_session, account_password")
