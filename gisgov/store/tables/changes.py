"""Changes of what is served, in the order in which they were committed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from gisgov.store.tables.columns import metadata

change_head = Table(
    "change_head",
    metadata,
    Column("one", Boolean, CheckConstraint("one", name="one"), primary_key=True, server_default=text("true")),
    Column("epoch", UUID(as_uuid=True), nullable=False, server_default=func.gen_random_uuid()),
    Column("version", BigInteger, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("version", BigInteger),  # NULL: the transaction has not ended yet
    Column(
        "subject",
        Text,
        CheckConstraint(
            "subject IN ('plan', 'staff', 'account', 'block', 'building', 'event')", name="subject"
        ),
        nullable=False,
    ),
    Column("row_ids", ARRAY(BigInteger)),  # NULL: any row may have changed
)
Index("change_version_idx", change.c.version)
Index("change_unnumbered_idx", change.c.id, postgresql_where=change.c.version.is_(None))

# what many buildings were given by one statement: each column one string of bytes, as tiles read them
change_values = Table(
    "change_values",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("version", BigInteger),  # NULL: the transaction has not ended yet
    *(
        Column(name, LargeBinary, nullable=False)
        for name in ("ids", "risk_class", "risk_points", "floors", "built_year", "use")
    ),
)
Index("change_values_version_idx", change_values.c.version)
