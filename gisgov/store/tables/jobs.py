"""Jobs: what was asked, how it stands, how far it has come and what it told."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gisgov.store.tables.columns import metadata

job = Table(
    "job",
    metadata,
    Column("id", Text, CheckConstraint("id ~ '^[0-9a-f]{32}$'", name="id"), primary_key=True),
    # the order in which they came
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("inputs", JSONB, nullable=False),
    # below the folder of all jobs, where its files lie
    Column("folder", Text, nullable=False),
    # whose job it is; none: the operator's
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE")),
    Column("asked_by", Text, nullable=False),
    # rights that the key it was asked with is limited to
    Column("scopes", ARRAY(Text)),
    Column("request_id", Text),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        nullable=False,
        server_default="waiting",
    ),
    # the one that waits, runs or was the last; `attempts` is the last one that may be made
    Column("attempt", Integer, nullable=False, server_default=text("1")),
    Column("attempts", Integer, nullable=False),
    # its entry in the queue of procrastinate
    Column("queue_id", BigInteger),
    Column("created", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("started", DateTime(timezone=True)),
    Column("finished", DateTime(timezone=True)),
    Column("expires", DateTime(timezone=True)),
    Column("problem", JSONB(none_as_null=True)),
    CheckConstraint(
        "(state IN ('done', 'failed', 'cancelled')) = (finished IS NOT NULL AND expires IS NOT NULL)",
        name="finished",
    ),
    CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name="problem"),
)
Index("job_account_id_number_idx", job.c.account_id, job.c.number)
Index("job_state_idx", job.c.state, postgresql_where=job.c.state.in_(("waiting", "running")))
Index("job_expires_idx", job.c.expires, postgresql_where=job.c.expires.isnot(None))

job_progress = Table(
    "job_progress",
    metadata,
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("label", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
)

job_log = Table(
    "job_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("line", Text, nullable=False),
)
Index("job_log_job_id_id_idx", job_log.c.job_id, job_log.c.id)
