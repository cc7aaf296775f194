"""Layers, plans, areas, the staff of areas, and the blocks that plans are made of."""

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
    ForeignKeyConstraint,
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

from gisgov.store.tables.columns import NO_JSON, NO_TEXTS, Code, geometry, metadata, sound

code_scheme = Table(
    "code_scheme",
    metadata,
    Column("name", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
)

layer = Table(
    "layer",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("kind", Text, CheckConstraint("kind IN ('partition', 'overlay')", name="kind"), nullable=False),
    Column("nesting", Text, CheckConstraint("nesting IN ('nested', 'spanning')", name="nesting")),
    Column("parent_id", ForeignKey("layer.id")),
    Column("code_scheme", ForeignKey("code_scheme.name", onupdate="CASCADE")),
    Column("targets", JSONB(none_as_null=True)),
    Column("staffing", Text),
    Column("position", Integer, nullable=False),
    CheckConstraint("(parent_id IS NULL) = (nesting IS NULL)", name="nesting_needs_parent"),
    CheckConstraint("parent_id <> id", name="parent_is_another"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("layer_id", ForeignKey("layer.id"), nullable=False),
    # "" is the whole ground of the layer; plans of one layer and scope follow each other in time
    Column("scope_code", Code, nullable=False, server_default=""),
    Column("scope_geom", geometry("MULTIPOLYGON")),
    Column("status", Text, nullable=False, server_default="draft"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("decision", Text),
    Column("author", Text),
    Column("source", JSONB, nullable=False, server_default=NO_JSON),
    Column("working_crs", Text, nullable=False),
    Column("accepted_defects", JSONB(none_as_null=True)),
    Column("content_sha256", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("published_at", DateTime(timezone=True)),
    Column("certificate", JSONB(none_as_null=True)),  # what was proved of its coverage on publishing
    Column("revision", Integer, nullable=False, server_default="0"),  # how many operations changed the draft
    Column("based_on", ForeignKey("plan.id", ondelete="SET NULL")),  # the plan that a draft began as
    Column("decided_on", Date),
    Column("took_effect_at", DateTime(timezone=True)),  # when its open events were given to its areas
    Column("corrects", ForeignKey("plan.id")),  # the plan that it takes back or corrects
    Column("reason", Text),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("status IN ('draft', 'published', 'retired')", name="status"),
    # one that was taken back before its first day is in force on none
    CheckConstraint(
        "valid_to > valid_from OR (status = 'retired' AND valid_to = valid_from)", name="validity"
    ),
    CheckConstraint("corrects <> id", name="corrects"),
    CheckConstraint(
        "CASE status WHEN 'draft' THEN valid_from IS NULL AND valid_to IS NULL AND published_at IS NULL"
        " WHEN 'published' THEN valid_from IS NOT NULL AND published_at IS NOT NULL"
        " ELSE valid_from IS NOT NULL AND valid_to IS NOT NULL AND published_at IS NOT NULL END",
        name="dates_of_status",
    ),
    CheckConstraint(sound("scope_geom"), name="scope_geom"),
    CheckConstraint("certificate IS NULL OR status <> 'draft'", name="certificate"),
    # never two plans of one layer and scope in force on one day; also the index behind "in force at"
    ExcludeConstraint(
        (literal_column("layer_id"), "="),
        (literal_column("scope_code"), "="),
        (literal_column("daterange(valid_from, valid_to)"), "&&"),
        using="gist",
        where=literal_column("status <> 'draft'"),
        name="plan_validity_excl",
    ),
)
Index("plan_based_on_idx", plan.c.based_on)
Index("plan_corrects_idx", plan.c.corrects)

area = Table(
    "area",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("code", Code, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent_codes", ARRAY(Code), nullable=False, server_default=NO_TEXTS),
    Column("geom", geometry("MULTIPOLYGON"), nullable=False),
    Column("area_m2", Float, nullable=False),
    Column("population", Integer),
    Column("households", Integer),
    Column("attributes", JSONB, nullable=False, server_default=NO_JSON),
    Column("locked", Boolean, nullable=False, server_default=text("false")),  # while the plan is a draft
    UniqueConstraint("plan_id", "code"),
    CheckConstraint("code <> ''", name="code"),
    CheckConstraint(sound("geom"), name="geom"),
    CheckConstraint("area_m2 >= 0", name="area_m2"),
    CheckConstraint("population >= 0", name="population"),
    CheckConstraint("households >= 0", name="households"),
)
# Which areas of this plan cover a point, are nearest to it, or lie in a view. The plan comes first: years
# of former plans lie on the same ground, and an index of geometry alone would visit all of them.
Index("area_plan_id_geom_idx", area.c.plan_id, area.c.geom, postgresql_using="gist")
Index("area_code_idx", area.c.code)  # an area by its code alone, over all plans
Index("area_parent_codes_idx", area.c.parent_codes, postgresql_using="gin")  # children of an area

block = Table(
    "block",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Code, nullable=False, unique=True),
    Column("scope_code", Code, nullable=False),
    Column("geom", geometry("MULTIPOLYGON"), nullable=False),
    Column("area_m2", Float, nullable=False),
    Column("population", Integer, nullable=False, server_default="0"),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("land_use", Text),
    Column("attributes", JSONB, nullable=False, server_default=NO_JSON),
    # the block that this is a piece of, or is with vertices of its neighbours' cuts in its border
    Column("cut_from", ForeignKey("block.id")),
    # an area of a plan of plain polygons, as a block that lines can cut; no base of other plans
    Column("whole_area", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("code <> ''", name="code"),
    CheckConstraint(sound("geom"), name="geom"),
    CheckConstraint("area_m2 >= 0", name="area_m2"),
    CheckConstraint("population >= 0", name="population"),
    CheckConstraint("households >= 0", name="households"),
    CheckConstraint("cut_from < id", name="cut_from"),
)
Index("block_cut_from_idx", block.c.cut_from)  # the pieces of a block
Index("block_geom_idx", block.c.geom, postgresql_using="gist")  # blocks under a cut line or in a view
Index("block_scope_code_idx", block.c.scope_code)  # the blocks of one division

# what lies along the borders of blocks; written a scope at a time, as blocks are built
block_edge = Table(
    "block_edge",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("scope_code", Code, nullable=False),
    Column(
        "edge_class",
        Text,
        CheckConstraint(
            "edge_class IN ("
            "'unclassified', 'local', 'collector', 'arterial', 'water', 'rail', 'administrative')",
            name="edge_class",
        ),
        nullable=False,
    ),
    Column("geom", geometry("LINESTRING"), nullable=False),
    Column("name", Text),  # of the street or water that lies there
    CheckConstraint(sound("geom"), name="geom"),
)
Index("block_edge_scope_code_idx", block_edge.c.scope_code)  # the edges of one scope
Index("block_edge_geom_idx", block_edge.c.geom, postgresql_using="gist")  # those along borders of few blocks

assignment = Table(
    "assignment",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("block_id", ForeignKey("block.id"), primary_key=True),
    Column("area_code", Code),  # NULL: in no area yet, which only a draft may have
    Column("parent_code", Code),  # the area above that the block of a draft lies in; NULL: nobody said
    ForeignKeyConstraint(
        ["plan_id", "area_code"], ["area.plan_id", "area.code"], ondelete="CASCADE", onupdate="CASCADE"
    ),
)
Index("assignment_plan_id_area_code_idx", assignment.c.plan_id, assignment.c.area_code)  # blocks of an area
Index("assignment_block_id_idx", assignment.c.block_id)  # whether a block is in use
