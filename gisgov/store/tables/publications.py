"""What publishing plans did: where areas come from, and which events changed hands."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    func,
)

from gisgov.store.tables.columns import Code, metadata

area_lineage = Table(
    "area_lineage",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False),
    Column("code", Code),  # NULL: nothing of the former area goes on
    Column("former_plan_id", ForeignKey("plan.id"), nullable=False),
    Column("former_code", Code),  # NULL: ground that no former area had
    Column(
        "origin",
        Text,
        CheckConstraint("origin IN ('kept', 'reshaped', 'merged', 'split', 'new', 'gone')", name="origin"),
        nullable=False,
    ),
    # of the area: how much of its ground and people came from the former one
    Column("ground_share", Float, nullable=False),
    Column("people_share", Float),
    # of the former area: how much of its ground and people went to this one
    Column("former_ground_share", Float, nullable=False),
    Column("former_people_share", Float),
    CheckConstraint("code IS NOT NULL OR former_code IS NOT NULL", name="one"),
)
Index("area_lineage_plan_id_code_idx", area_lineage.c.plan_id, area_lineage.c.code)
Index(
    "area_lineage_former_plan_id_former_code_idx", area_lineage.c.former_plan_id, area_lineage.c.former_code
)
Index("area_lineage_former_code_idx", area_lineage.c.former_code)

event_reroute = Table(
    "event_reroute",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
    Column("layer_id", ForeignKey("layer.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("cause_plan_id", ForeignKey("plan.id"), nullable=False),
    Column("from_plan_id", ForeignKey("plan.id")),
    Column("from_code", Code),
    Column("to_plan_id", ForeignKey("plan.id")),
    Column("to_code", Code),
)
Index("event_reroute_event_id_idx", event_reroute.c.event_id)
Index("event_reroute_cause_plan_id_idx", event_reroute.c.cause_plan_id)
