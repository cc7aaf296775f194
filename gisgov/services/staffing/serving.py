"""Who serves areas on a day, as answers about areas tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from gisgov.services.resolution import Deputy, Post
from gisgov.store.locating import StaffRow, staff_of_areas
from gisgov.store.staff import phones_of

Key = tuple[int, str]


def serving_posts(
    connection: sa.Connection, areas: Iterable[Key], *, day: date
) -> Mapping[Key, tuple[Post, ...]]:
    """Return the posts of a day of areas given as ``(layer id, code)``, with their deputies.

    Posts come in the order of their recording. A post whose holder is gone, but that somebody still
    deputises for, has no holder and comes last. Phones are those that whoever acts may see.
    """
    rows = staff_of_areas(connection, sorted(set(areas)), day=day)
    phones = phones_of(connection, [row.id for row in rows])
    deputies: dict[int, list[StaffRow]] = {}
    for row in rows:
        if row.deputy_for is not None:
            deputies.setdefault(row.deputy_for, []).append(row)
    found: dict[Key, list[Post]] = {}
    for row in rows:
        if row.deputy_for is None:
            acting = _deputies(deputies.pop(row.id, ()), phones)
            post = Post(row.role, row.holder, phones.get(row.id), acting)
            found.setdefault((row.layer_id, row.area_code), []).append(post)
    for left in deputies.values():
        post = Post(left[0].role, None, None, _deputies(left, phones))
        found.setdefault((left[0].layer_id, left[0].area_code), []).append(post)
    return {key: tuple(posts) for key, posts in found.items()}


def _deputies(rows: Iterable[StaffRow], phones: Mapping[int, str]) -> tuple[Deputy, ...]:
    return tuple(Deputy(row.holder, phones.get(row.id)) for row in rows)
