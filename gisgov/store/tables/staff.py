"""Staff posts: who serves an area and since when, who stands in for them, and how they are reached."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from gisgov.store.tables.columns import Code, metadata

staff_post = Table(
    "staff_post",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("layer_id", ForeignKey("layer.id"), nullable=False),
    Column("area_code", Code, nullable=False),
    Column("role", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    # the post that this one stands in for, of the same area and role
    Column("deputy_for", Integer),
    UniqueConstraint("id", "layer_id", "area_code", "role"),
    ForeignKeyConstraint(
        ["deputy_for", "layer_id", "area_code", "role"],
        ["staff_post.id", "staff_post.layer_id", "staff_post.area_code", "staff_post.role"],
        ondelete="CASCADE",
        name="staff_post_deputy_for_layer_id_area_code_role_fkey",
    ),
    CheckConstraint("valid_to > valid_from", name="validity"),
    CheckConstraint("deputy_for <> id", name="another"),
    # nobody holds one role of an area twice at one time, nor deputises for one post twice
    ExcludeConstraint(
        (literal_column("layer_id"), "="),
        (literal_column("area_code"), "="),
        (literal_column("role"), "="),
        (literal_column("holder"), "="),
        (literal_column("COALESCE(deputy_for, 0)"), "="),
        (literal_column("daterange(valid_from, valid_to)"), "&&"),
        using="gist",
        name="staff_post_holder_excl",
    ),
)
Index("staff_post_layer_id_area_code_idx", staff_post.c.layer_id, staff_post.c.area_code)  # of an area
Index("staff_post_deputy_for_idx", staff_post.c.deputy_for)  # the deputies of a post

# a table of its own: others than those who see the post may see it
staff_phone = Table(
    "staff_phone",
    metadata,
    Column("post_id", ForeignKey("staff_post.id", ondelete="CASCADE"), primary_key=True),
    Column("phone", Text, nullable=False),
    CheckConstraint(
        "phone ~ '^[+]?[0-9]+([ -][0-9]+)*$' AND length(phone) BETWEEN 3 AND 24",
        name="phone",
    ),
)
