"""Staff posts: who serves an area, from when to when, who stands in for them, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gisgov.errors import NotFoundError
from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.reading import in_force_on
from gisgov.store.tables import area, layer, plan, staff_phone, staff_post


@dataclass(frozen=True, slots=True)
class StaffPost:
    """A post in an area of a layer: the role, who holds it, and when; open dates are None.

    ``deputy_for`` is the id of the post that it stands in for.
    """

    area_code: str
    role: str
    holder: str
    valid_from: date | None = None
    valid_to: date | None = None
    deputy_for: int | None = None


@dataclass(frozen=True, slots=True)
class StoredPost(StaffPost):
    """A post with what the database knows of it."""

    id: int = 0
    layer: str = ""


_POSTS = sa.select(
    staff_post.c.id,
    layer.c.name.label("layer"),
    staff_post.c.area_code,
    staff_post.c.role,
    staff_post.c.holder,
    staff_post.c.valid_from,
    staff_post.c.valid_to,
    staff_post.c.deputy_for,
).join_from(staff_post, layer, staff_post.c.layer_id == layer.c.id)
_IN_ORDER = (staff_post.c.area_code, staff_post.c.role, staff_post.c.holder, staff_post.c.id)


def put_posts(connection: sa.Connection, layer_id: int, posts: Iterable[StaffPost]) -> int:
    """Add posts to the areas of a layer and return how many were new; known ones stay as they are."""
    rows = [_row(layer_id, post) for post in posts]
    if not rows:
        return 0
    added = connection.execute(insert(staff_post).on_conflict_do_nothing().returning(staff_post.c.id), rows)
    return len(added.all())


def add_post(connection: sa.Connection, layer_id: int, post: StaffPost) -> int:
    """Add one post and return its id; the database refuses one that is there at that time."""
    added = sa.insert(staff_post).values(_row(layer_id, post)).returning(staff_post.c.id)
    return int(connection.execute(added).scalar_one())


def add_posts(connection: sa.Connection, layer_id: int, posts: Sequence[StaffPost]) -> list[int]:
    """Add posts and return their ids, in the same order."""
    if not posts:
        return []
    added = sa.insert(staff_post).returning(staff_post.c.id, sort_by_parameter_order=True)
    return [int(one) for one in connection.scalars(added, [_row(layer_id, post) for post in posts])]


def _row(layer_id: int, post: StaffPost) -> dict[str, Any]:
    return {
        "layer_id": layer_id,
        "area_code": post.area_code,
        "role": post.role,
        "holder": post.holder,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
        "deputy_for": post.deputy_for,
    }


def posts_of_layer(
    connection: sa.Connection, layer_id: int, *, code: str | None = None, day: date | None = None
) -> tuple[StoredPost, ...]:
    """Return the posts of a layer by area, role and holder.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    layer_id : int
        The layer.
    code : str, optional
        Only those of this area.
    day : datetime.date, optional
        Only those of this day.
    """
    query = _POSTS.where(staff_post.c.layer_id == layer_id).order_by(*_IN_ORDER)
    if code is not None:
        query = query.where(staff_post.c.area_code == code)
    if day is not None:
        validity = sa.func.daterange(staff_post.c.valid_from, staff_post.c.valid_to)
        query = query.where(validity.op("@>")(sa.cast(day, sa.Date)))
    return tuple(StoredPost(**row) for row in connection.execute(query).mappings())


def find_post(connection: sa.Connection, post_id: int) -> StoredPost:
    """Return one post.

    Raises
    ------
    NotFoundError
        There is none of that id.
    """
    row = connection.execute(_POSTS.where(staff_post.c.id == post_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(
            f"No staff post has the id {post_id}.", hint="`gisgov staff list` shows the ids.", field="id"
        )
    return StoredPost(**row)


def deputies_of(connection: sa.Connection, post_id: int) -> tuple[StoredPost, ...]:
    """Return the deputies of a post, whenever they are, by id."""
    query = _POSTS.where(staff_post.c.deputy_for == post_id).order_by(staff_post.c.id)
    return tuple(StoredPost(**row) for row in connection.execute(query).mappings())


def change_posts(connection: sa.Connection, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Change columns of posts, given by their ids."""
    for post_id, values in changes.items():
        connection.execute(sa.update(staff_post).where(staff_post.c.id == post_id).values(**values))


def delete_post(connection: sa.Connection, post_id: int) -> None:
    """Remove a post with its deputies and phone."""
    connection.execute(sa.delete(staff_post).where(staff_post.c.id == post_id))


_PHONES = sa.text("SELECT post_id, phone FROM staff_phone WHERE post_id = ANY (CAST(:posts AS INTEGER[]))")


def phones_of(connection: sa.Connection, post_ids: Iterable[int]) -> dict[int, str]:
    """Return the phone of each post that has one and whose phone whoever acts may see."""
    rows = rows_of(connection, _PHONES, {"posts": array_literal(post_ids)})
    return {row.post_id: row.phone for row in rows}


def put_phones(connection: sa.Connection, phones: Mapping[int, str | None]) -> None:
    """Set the phones of posts; None takes one away."""
    gone = [post_id for post_id, phone in phones.items() if phone is None]
    if gone:
        connection.execute(sa.delete(staff_phone).where(staff_phone.c.post_id.in_(gone)))
    rows = [{"post_id": post_id, "phone": phone} for post_id, phone in phones.items() if phone is not None]
    if rows:
        given = insert(staff_phone)
        connection.execute(
            given.on_conflict_do_update(
                index_elements=[staff_phone.c.post_id], set_={"phone": given.excluded.phone}
            ),
            rows,
        )


@dataclass(frozen=True, slots=True)
class ServedArea:
    """An area in force that staff serves."""

    code: str
    name: str
    plan: str


def areas_served(
    connection: sa.Connection, layer_id: int, *, day: date, code: str | None = None
) -> tuple[ServedArea, ...]:
    """Return the areas of a layer in force on a day by code; ``code`` keeps the one that has it."""
    query = (
        sa.select(area.c.code, area.c.name, plan.c.name.label("plan"))
        .join_from(area, plan, area.c.plan_id == plan.c.id)
        .where(plan.c.layer_id == layer_id, in_force_on(day))
        .order_by(area.c.code, plan.c.name)
    )
    if code is not None:
        query = query.where(area.c.code == code)
    return tuple(ServedArea(**row) for row in connection.execute(query).mappings())
