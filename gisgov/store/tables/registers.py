"""Registers of the closed loop: departments, categories, calendars, policies, devices, exceptions."""

from __future__ import annotations

from sqlalchemy import (
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
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.types import BigInteger

from gisgov.store.tables.columns import NO_JSON, NO_TEXTS, Code, geometry, metadata, sound

department = Table(
    "department",
    metadata,
    Column("code", Code, primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text),
    Column("source", Text, nullable=False),
)

category = Table(
    "category",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("code", Code, nullable=False),
    Column("version", Integer, CheckConstraint("version > 0", name="version"), nullable=False),
    Column("title", Text, nullable=False),
    Column("title_en", Text),
    Column("function", Text, nullable=False),
    Column("grp", Text, nullable=False),
    Column("kind", Text, CheckConstraint("kind IN ('event', 'component')", name="kind"), nullable=False),
    Column("level", Text, CheckConstraint("level IN ('1', '2', '3')", name="level"), nullable=False),
    Column("department_code", ForeignKey("department.code")),
    # stage: amount and unit; a stage that is not named has the policy's limit
    Column("limits", JSONB, nullable=False, server_default=NO_JSON),
    # level: name of the layer that it is joined to, where that differs from the policy's
    Column("layers", JSONB, nullable=False, server_default=NO_JSON),
    Column("permit", Text, nullable=False, server_default="proposed"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("source", Text, nullable=False),
    Column("is_example", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("code", "version"),
    CheckConstraint("permit IN ('proposed', 'approved', 'in-force', 'retired', 'refused')", name="permit"),
    CheckConstraint("valid_to >= valid_from", name="validity"),
    CheckConstraint("(permit IN ('in-force', 'retired')) = (valid_from IS NOT NULL)", name="in_force"),
    # one version of an item on each day
    ExcludeConstraint(
        (literal_column("code"), "="),
        (literal_column("daterange(valid_from, valid_to)"), "&&"),
        using="gist",
        where=text("valid_from IS NOT NULL"),
        name="category_excl",
    ),
)

category_permit = Table(
    "category_permit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    Column("permit", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("by_name", Text, nullable=False),
    Column("reason", Text),
)
Index("category_permit_category_id_idx", category_permit.c.category_id)

working_calendar = Table(
    "working_calendar",
    metadata,
    Column("name", Code, primary_key=True),
    Column("timezone", Text, nullable=False),
    # ISO weekday: spans of the day; a weekday that is not named is free
    Column("hours", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("is_example", Boolean, nullable=False, server_default=text("false")),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("calendar", ForeignKey("working_calendar.name", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("is_working", Boolean, nullable=False),
    Column("title", Text),
)

# working time laid out, with all that was worked before: written anew with the calendar
calendar_span = Table(
    "calendar_span",
    metadata,
    Column("calendar", ForeignKey("working_calendar.name", ondelete="CASCADE"), primary_key=True),
    Column("begins", DateTime(timezone=True), primary_key=True),
    Column("ends", DateTime(timezone=True), nullable=False),
    Column("seconds_before", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("day_number", Integer, nullable=False),
    CheckConstraint("begins < ends", name="order"),
)
Index("calendar_span_seconds_idx", calendar_span.c.calendar, calendar_span.c.seconds_before)
Index(
    "calendar_span_day_number_idx",
    calendar_span.c.calendar,
    calendar_span.c.day_number,
    calendar_span.c.ends,
)
Index("calendar_span_day_idx", calendar_span.c.calendar, calendar_span.c.day)

policy_document = Table(
    "policy_document",
    metadata,
    Column("kind", Code, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("adopted_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)

device = Table(
    "device",
    metadata,
    Column("id", Code, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("geom", geometry("POINT"), CheckConstraint(sound("geom"), name="geom"), nullable=False),
    Column("state", Text, nullable=False, server_default="online"),
    Column("source", Text, nullable=False),
    Column("state_at", DateTime(timezone=True), nullable=False, server_default=func.now()),  # last heard of
    CheckConstraint("state IN ('online', 'offline', 'retired')", name="state"),
)
Index("device_geom_idx", device.c.geom, postgresql_using="gist")

routing_exception = Table(
    "routing_exception",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("title", Text, nullable=False),
    Column("geom", geometry("GEOMETRY"), CheckConstraint(sound("geom"), name="geom"), nullable=False),
    # of points and lines: how far around them it holds
    Column("reach_m", Float, nullable=False, server_default=text("0")),
    # codes of categories; none: all
    Column("categories", ARRAY(Code), nullable=False, server_default=NO_TEXTS),
    Column("layer_id", ForeignKey("layer.id")),
    Column("area_code", Code),
    Column("department_code", ForeignKey("department.code")),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("source", Text, nullable=False),
    CheckConstraint("reach_m >= 0 AND reach_m <= 1000", name="reach_m"),
    CheckConstraint(
        "(layer_id IS NULL) = (area_code IS NULL) AND COALESCE(area_code, department_code) IS NOT NULL",
        name="owner",
    ),
    CheckConstraint("valid_to > valid_from", name="validity"),
)
Index("routing_exception_geom_idx", routing_exception.c.geom, postgresql_using="gist")

service_point = Table(
    "service_point",
    metadata,
    Column("code", Code, primary_key=True),
    Column("tier", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("geom", geometry("POINT"), CheckConstraint(sound("geom"), name="geom"), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("source", Text, nullable=False),
    CheckConstraint("valid_to > valid_from", name="validity"),
)
Index("service_point_geom_idx", service_point.c.geom, postgresql_using="gist")
