"""The way of events: steps, limits, who was told, departments that were called; patrols and care."""

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
from sqlalchemy.dialects.postgresql import JSONB

from gisgov.store.tables.columns import NO_JSON, Code, geometry, metadata, sound

event_step = Table(
    "event_step",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", ForeignKey("event.id"), nullable=False),
    Column("number", Integer, CheckConstraint("number > 0", name="number"), nullable=False),
    Column("action", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("by_name", Text, nullable=False),
    Column("by_kind", Text, nullable=False),
    Column("reason", Text),
    # whose desk it lies on after the step
    Column("desk_kind", Text),
    Column("desk_layer_id", ForeignKey("layer.id")),
    Column("desk_area_code", Code),
    Column("department_code", ForeignKey("department.code")),
    Column("details", JSONB, nullable=False, server_default=NO_JSON),
    UniqueConstraint("event_id", "number"),
)
Index("event_step_at_idx", event_step.c.at)
Index(
    "event_step_hand_over_idx",
    event_step.c.event_id,
    event_step.c.number,
    postgresql_include=["desk_kind", "desk_layer_id"],
    postgresql_where=event_step.c.action == "hand-over",
)

event_limit = Table(
    "event_limit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("amount", Float, CheckConstraint("amount >= 0", name="amount"), nullable=False),
    Column(
        "unit",
        Text,
        CheckConstraint("unit IN ('minutes', 'hours', 'days', 'working-hours', 'working-days')", name="unit"),
        nullable=False,
    ),
    Column("calendar", ForeignKey("working_calendar.name")),
    Column("warn_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("paused_at", DateTime(timezone=True)),
    # when the stage was over; what it was given up for counts as neither kept nor missed
    Column("met_at", DateTime(timezone=True)),
    Column("void_at", DateTime(timezone=True)),
    Column("extended_by", Float, nullable=False, server_default=text("0")),
    # the share that is left when it is due soon
    Column("warn_share", Float, CheckConstraint("warn_share >= 0 AND warn_share < 1", name="warn_share")),
)
_RUNS = event_limit.c.met_at.is_(None) & event_limit.c.void_at.is_(None)
Index("event_limit_event_id_idx", event_limit.c.event_id)
Index(
    "event_limit_running_idx",
    event_limit.c.due_at,
    postgresql_where=_RUNS & event_limit.c.paused_at.is_(None),
)
Index(
    "event_limit_stage_idx",
    event_limit.c.event_id,
    event_limit.c.stage,
    unique=True,
    postgresql_where=_RUNS,
)
Index(
    "event_limit_missed_idx",
    event_limit.c.event_id,
    postgresql_where=event_limit.c.void_at.is_(None) & (event_limit.c.met_at > event_limit.c.due_at),
)

event_told = Table(
    "event_told",
    metadata,
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("layer_id", ForeignKey("layer.id"), primary_key=True),
    Column("area_code", Code, primary_key=True),
    Column("why", Text, CheckConstraint("why IN ('desk', 'above', 'neighbour')", name="why"), nullable=False),
    Column("distance_m", Float),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index("event_told_layer_id_area_code_idx", event_told.c.layer_id, event_told.c.area_code)

whistle = Table(
    "whistle",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", ForeignKey("event.id"), nullable=False),
    Column("layer_id", ForeignKey("layer.id")),
    Column("area_code", Code),
    Column("reason", Text, nullable=False),
    Column("same_day", Boolean, nullable=False, server_default=text("false")),
    Column("called_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("called_by", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("(layer_id IS NULL) = (area_code IS NULL)", name="area"),
)
Index("whistle_event_id_idx", whistle.c.event_id)

whistle_call = Table(
    "whistle_call",
    metadata,
    Column("whistle_id", ForeignKey("whistle.id"), primary_key=True),
    Column("department_code", ForeignKey("department.code"), primary_key=True),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Text),
    Column("answer", Text),
    # whether somebody else answered in the name of the department
    Column("on_behalf", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("num_nulls(answered_at, answered_by) IN (0, 2)", name="answer"),
)
Index(
    "whistle_call_department_code_idx",
    whistle_call.c.department_code,
    whistle_call.c.due_at,
    postgresql_where=whistle_call.c.answered_at.is_(None),
)

care_count = Table(
    "care_count",
    metadata,
    Column("building_id", ForeignKey("building.id", ondelete="CASCADE"), primary_key=True),
    Column("category", Text, primary_key=True),
    Column("count", Integer, CheckConstraint("count >= 0", name="count"), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("source", Text, nullable=False),
)

patrol_point = Table(
    "patrol_point",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("layer_id", ForeignKey("layer.id"), nullable=False),
    Column("area_code", Code, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("geom", geometry("POINT"), CheckConstraint(sound("geom"), name="geom"), nullable=False),
    UniqueConstraint("source", "external_id"),
)
Index(
    "patrol_point_layer_id_area_code_at_idx",
    patrol_point.c.layer_id,
    patrol_point.c.area_code,
    patrol_point.c.at,
)
