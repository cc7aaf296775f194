"""Events and buildings, and which area of each layer owns them."""

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gisgov.store.tables.columns import NO_JSON, NO_TEXTS, Code, geometry, metadata, sound

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("external_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("category", Text),
    Column("level", Text),
    Column("state", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("description", Text),
    Column("geom", geometry("POINT")),
    Column("crs", Text, nullable=False),
    Column("problem", Text),  # why there is no geometry: an orphan reason
    Column("attributes", JSONB, nullable=False, server_default=NO_JSON),
    Column("category_code", Code),  # as it was reported
    Column("category_id", ForeignKey("category.id")),  # the item in force then; none: unclassified
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("closed_at", DateTime(timezone=True)),
    Column("step_number", Integer, nullable=False, server_default=text("0")),
    # on whose desk it lies; none: it came from a file and was never routed
    Column("desk_kind", Text),
    Column("desk_layer_id", ForeignKey("layer.id")),
    Column("desk_area_code", Code),
    Column("department_code", ForeignKey("department.code")),
    # where it was reported, if not by a coordinate
    Column("building_id", ForeignKey("building.id", ondelete="SET NULL")),
    Column("device_id", ForeignKey("device.id", ondelete="SET NULL")),
    Column("merged_into", ForeignKey("event.id")),
    Column("dispute_grade", Text),
    Column("dispute_rules_version", Text),
    UniqueConstraint("source", "external_id"),
    CheckConstraint("(geom IS NULL) = (problem IS NOT NULL)", name="problem_or_geom"),
    CheckConstraint("problem IN ('no-coordinate', 'bad-coordinate')", name="problem"),
    CheckConstraint(sound("geom"), name="geom"),
    CheckConstraint("desk_kind IN ('area', 'department', 'triage')", name="desk_kind"),
    CheckConstraint(
        "(desk_kind IS NOT DISTINCT FROM 'area') = (desk_area_code IS NOT NULL)"
        " AND (desk_layer_id IS NULL) = (desk_area_code IS NULL)"
        " AND (desk_kind IS DISTINCT FROM 'department' OR department_code IS NOT NULL)",
        name="desk",
    ),
    CheckConstraint("(merged_into IS NULL OR state = 'merged') AND merged_into <> id", name="merged"),
)
# what lies on the desk of an area, or of a department
Index(
    "event_desk_idx",
    event.c.desk_layer_id,
    event.c.desk_area_code,
    postgresql_where=event.c.desk_area_code.is_not(None),
)
_OPEN = event.c.state.not_in(("closed", "revisited", "rejected", "merged"))
# what still has to be done, the latest first
Index("event_open_idx", event.c.occurred_at.desc(), event.c.id, postgresql_where=_OPEN)
# which open events are near: an R-tree
Index("event_open_geom_idx", event.c.geom, postgresql_using="gist", postgresql_where=_OPEN)
for _one in ("department_code", "building_id", "merged_into", "category_id"):
    Index(f"event_{_one}_idx", event.c[_one], postgresql_where=event.c[_one].is_not(None))
Index("event_geom_idx", event.c.geom, postgresql_using="gist")  # events in a view
Index("event_occurred_at_idx", event.c.occurred_at)  # events of a period, joins of a plan's validity

building = Table(
    "building",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("external_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text),
    Column("geom", geometry("GEOMETRY")),
    Column("crs", Text, nullable=False),
    Column("problem", Text),
    Column("floors", Integer),
    Column("households", Integer),
    Column("population", Integer),
    Column("use", Text),
    Column("built_year", Integer),
    Column("facts", JSONB, nullable=False, server_default=NO_JSON),
    Column("risk_class", Text),
    Column("risk_points", Integer),
    Column("risk_reasons", ARRAY(Text)),
    Column("risk_rules_version", Text),  # triggers hold what a foreign key would, statement by statement
    Column("rated_at", DateTime(timezone=True)),
    UniqueConstraint("source", "external_id"),
    CheckConstraint("(geom IS NULL) = (problem IS NOT NULL)", name="problem_or_geom"),
    CheckConstraint("problem IN ('no-coordinate', 'bad-coordinate')", name="problem"),
    CheckConstraint(
        "GeometryType(geom) IN ('POINT', 'POLYGON', 'MULTIPOLYGON') AND " + sound("geom"),
        name="geom",
    ),
    CheckConstraint("floors >= 0 AND households >= 0 AND population >= 0", name="counts"),
    CheckConstraint("risk_class IN ('safe', 'general', 'warning', 'unclassified')", name="risk_class"),
    CheckConstraint(
        "num_nulls(risk_class, risk_points, risk_reasons, risk_rules_version, rated_at) IN (0, 5)",
        name="rating_is_whole",
    ),
)
Index("building_geom_idx", building.c.geom, postgresql_using="gist")  # buildings in a view
# the beginning of a code, and lists by code; the beginning of a name: in the order of code points
Index(
    "building_external_id_idx",
    building.c.external_id,
    building.c.id,
    postgresql_ops={"external_id": "text_pattern_ops"},
)
Index("building_name_idx", building.c.name, postgresql_ops={"name": "text_pattern_ops"})
# which buildings are in the warning class, the worst first
Index(
    "building_warning_idx",
    building.c.risk_points.desc().nulls_last(),
    building.c.id,
    postgresql_where=building.c.risk_class == text("'warning'"),
)


def _joined(subject: Table) -> Table:
    """Return the table that says which area of each layer owns each row of ``subject``."""
    table = Table(
        f"{subject.name}_area",
        metadata,
        Column(f"{subject.name}_id", ForeignKey(subject.c.id, ondelete="CASCADE"), primary_key=True),
        Column("layer_id", ForeignKey("layer.id"), primary_key=True),
        Column("plan_id", Integer),
        Column("area_code", Code),
        Column("on_border", Boolean, nullable=False, server_default=text("false")),
        Column("candidates", ARRAY(Code), nullable=False, server_default=NO_TEXTS),
        Column("orphan_reason", Text),
        Column("nearest_code", Code),
        Column("distance_m", Float),
        # of an owner or of the area nearest to an orphan; a plan alone stands for nothing
        ForeignKeyConstraint(["plan_id", "area_code"], ["area.plan_id", "area.code"]),
        ForeignKeyConstraint(["plan_id", "nearest_code"], ["area.plan_id", "area.code"]),
        CheckConstraint("(area_code IS NULL) = (orphan_reason IS NOT NULL)", name="owner_or_orphan"),
        CheckConstraint(
            "(plan_id IS NOT NULL) = (COALESCE(area_code, nearest_code) IS NOT NULL)", name="area_has_plan"
        ),
        CheckConstraint("area_code IS NULL OR nearest_code IS NULL", name="owner_is_no_neighbour"),
        CheckConstraint(
            "orphan_reason IN ('no-coordinate', 'outside', 'bad-coordinate')", name="orphan_reason"
        ),
    )
    # the events of an area, whatever the plan: what a role held in it reaches
    Index(f"{table.name}_layer_id_area_code_idx", table.c.layer_id, table.c.area_code)
    # what happened in an area; the foreign keys to it
    Index(f"{table.name}_plan_id_area_code_idx", table.c.plan_id, table.c.area_code)
    # the orphans of a layer, which publishing a plan asks again
    Index(
        f"{table.name}_orphan_idx",
        table.c.layer_id,
        postgresql_where=table.c.area_code.is_(None),
    )
    return table


event_area = _joined(event)
building_area = _joined(building)
