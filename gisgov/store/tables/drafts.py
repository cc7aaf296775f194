"""How drafts came to be what they are: the log of operations, snapshots, and the figures of their areas."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from gisgov.store.tables.columns import NO_JSON, Code, metadata

draft_operation = Table(
    "draft_operation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),  # that the draft has with it
    Column("kind", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("parameters", JSONB, nullable=False, server_default=NO_JSON),
    Column("undoes", ForeignKey("draft_operation.id", ondelete="CASCADE")),  # or, of a redo, does again
    UniqueConstraint("plan_id", "revision"),
    CheckConstraint("revision > 0", name="revision"),
)
Index("draft_operation_undoes_idx", draft_operation.c.undoes)

# a block that an operation moved, brought in or took out; without a code it is in no area
draft_move = Table(
    "draft_move",
    metadata,
    Column("operation_id", ForeignKey("draft_operation.id", ondelete="CASCADE"), primary_key=True),
    Column("block_id", ForeignKey("block.id"), primary_key=True),
    Column("was_in", Boolean, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("from_code", Code),
    Column("to_code", Code),
    CheckConstraint("was_in OR from_code IS NULL", name="from"),
    CheckConstraint("is_in OR to_code IS NULL", name="to"),
)
Index("draft_move_block_id_idx", draft_move.c.block_id)

# an area that an operation made, changed in more than its ground, or ended: what people say of it
draft_area = Table(
    "draft_area",
    metadata,
    Column("operation_id", ForeignKey("draft_operation.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Code, primary_key=True),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
)

draft_snapshot = Table(
    "draft_snapshot",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("revision >= 0", name="revision"),
)

# who is at work in a draft: rows of the last minutes, which nothing is lost with
draft_presence = Table(
    "draft_presence",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("doing", Text),
    Column("seen", DateTime(timezone=True), nullable=False, server_default=func.now()),
    prefixes=["UNLOGGED"],
)

area_figure = Table(
    "area_figure",
    metadata,
    Column("plan_id", Integer, primary_key=True),
    Column("code", Code, primary_key=True),
    Column("load", Float),  # in no layer without targets
    Column("polsby_popper", Float),
    Column("parts", Integer, nullable=False),
    Column("along_streets", Float),
    Column("blocks", Integer, nullable=False),
    Column("population", Integer, nullable=False),  # of its blocks: the area may state another count
    Column("households", Integer, nullable=False),
    ForeignKeyConstraint(
        ["plan_id", "code"], ["area.plan_id", "area.code"], ondelete="CASCADE", onupdate="CASCADE"
    ),
)
