"""Risk of buildings: rules, the ratings that they gave, hazards on record, and what events concern."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from gisgov.store.tables.columns import geometry, metadata

risk_rules = Table(
    "risk_rules",
    metadata,
    Column("version", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("adopted_at", DateTime(timezone=True)),  # none: proposed
    Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("proposed_by", Text),
    Column("adopted_by", Text),
    Column("reason", Text),
)

risk_rating = Table(
    "risk_rating",
    metadata,
    # triggers hold what foreign keys of building and version would, for all rows of a statement at once
    Column("building_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rated_at", DateTime(timezone=True), primary_key=True),
    Column("risk_class", Text, nullable=False),
    Column("risk_points", Integer, nullable=False),
    Column("risk_reasons", ARRAY(Text), nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("answers", ARRAY(Text), nullable=False),  # of each fact of the rules, in their order
    CheckConstraint("risk_class IN ('safe', 'general', 'warning', 'unclassified')", name="risk_class"),
)

hazard = Table(
    "hazard",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("building_id", ForeignKey("building.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("event_id", ForeignKey("event.id")),  # by which it came to light
    Column("state", Text, nullable=False, server_default="found"),
    Column("found_on", Date, nullable=False),
    Column("due_on", Date),
    Column("rectified_on", Date),
    Column("checked_on", Date),
    Column("description", Text),
    Column("step_number", Integer, nullable=False, server_default=text("0")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("source", "external_id"),
    CheckConstraint(
        "kind IN ('fire', 'electrical', 'structure', 'dangerous-goods', 'work-safety', 'other')", name="kind"
    ),
    CheckConstraint("state IN ('found', 'rectified', 'checked')", name="state"),
    CheckConstraint(
        "due_on >= found_on AND rectified_on >= found_on AND checked_on >= rectified_on", name="days"
    ),
    CheckConstraint(
        "(state = 'found') = (rectified_on IS NULL) AND (state = 'checked') = (checked_on IS NOT NULL)",
        name="way",
    ),
)
Index("hazard_building_id_idx", hazard.c.building_id, hazard.c.kind)
Index("hazard_due_on_idx", hazard.c.due_on, postgresql_where=hazard.c.state == text("'found'"))
Index("hazard_event_id_idx", hazard.c.event_id, postgresql_where=hazard.c.event_id.is_not(None))

hazard_step = Table(
    "hazard_step",
    metadata,
    Column("hazard_id", ForeignKey("hazard.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, CheckConstraint("number > 0", name="number"), primary_key=True),
    Column("action", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("due_on", Date),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("by_name", Text, nullable=False),
    Column("by_kind", Text, nullable=False),
    Column("reason", Text),
)

event_building = Table(
    "event_building",
    metadata,
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("building_id", ForeignKey("building.id", ondelete="SET NULL")),
    Column(
        "how",
        Text,
        CheckConstraint("how IN ('named', 'footprint', 'nearest', 'none')", name="how"),
        nullable=False,
    ),
    Column("distance_m", Float, CheckConstraint("distance_m >= 0", name="distance_m")),
    # as ratings followed it: where it lay, and a hash of all that counts
    Column("geom", geometry("POINT")),
    Column("followed", BigInteger),
    CheckConstraint("how <> 'none' OR building_id IS NULL", name="none"),
)
Index("event_building_building_id_idx", event_building.c.building_id)
Index(
    "event_building_lost_idx",
    event_building.c.event_id,
    postgresql_where=event_building.c.building_id.is_(None) & (event_building.c.how != text("'none'")),
)

# up to which change, and for which day, ratings have followed what they rest on
risk_followed = Table(
    "risk_followed",
    metadata,
    Column("one", Boolean, CheckConstraint("one", name="one"), primary_key=True, server_default=text("true")),
    Column("epoch", UUID(as_uuid=True), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
)
