"""Staff posts: who serves an area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gisgov.store.tables import staff_post


@dataclass(frozen=True, slots=True)
class StaffPost:
    """A post in an area of a layer: the role, and the name of who holds it."""

    area_code: str
    role: str
    holder: str


def put_posts(connection: sa.Connection, layer_id: int, posts: Iterable[StaffPost]) -> int:
    """Add posts to the areas of a layer and return how many were new; known ones stay as they are."""
    rows = [
        {"layer_id": layer_id, "area_code": post.area_code, "role": post.role, "holder": post.holder}
        for post in posts
    ]
    if not rows:
        return 0
    added = connection.execute(insert(staff_post).on_conflict_do_nothing().returning(staff_post.c.id), rows)
    return len(added.all())


def posts_of_layer(connection: sa.Connection, layer_id: int) -> tuple[StaffPost, ...]:
    """Return the posts of a layer by area, role and holder."""
    rows = connection.execute(
        sa.select(staff_post.c.area_code, staff_post.c.role, staff_post.c.holder)
        .where(staff_post.c.layer_id == layer_id)
        .order_by(staff_post.c.area_code, staff_post.c.role, staff_post.c.holder)
    )
    return tuple(StaffPost(**row) for row in rows.mappings())


def delete_posts(connection: sa.Connection, layer_id: int, posts: Iterable[StaffPost]) -> int:
    """Take posts away and return how many there were."""
    keys = [(post.area_code, post.role, post.holder) for post in posts]
    named = sa.tuple_(staff_post.c.area_code, staff_post.c.role, staff_post.c.holder).in_(keys)
    gone = connection.execute(sa.delete(staff_post).where(staff_post.c.layer_id == layer_id, named))
    return int(gone.rowcount)
