"""Use case: list who serves the areas of a layer on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.imports import codes_of_layer
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.staff import StoredPost


@dataclass(frozen=True, slots=True)
class StaffPostInfo:
    """A staff post.

    Attributes
    ----------
    id : int
        What it is changed by.
    layer : str
        Name of the layer.
    area_code : str
        Code of the area that it serves.
    role : str
        Such as 网格长.
    holder : str
        Who holds it.
    valid_from, valid_to : datetime.date or None
        First day in the post, first day no longer in it; None where that is open.
    deputy_for : int or None
        The id of the post that this one stands in for.
    phone : str or None
        How the holder is reached; None where none is known, or it is not for whoever asks.
    """

    id: int
    layer: str
    area_code: str
    role: str
    holder: str
    valid_from: date | None
    valid_to: date | None
    deputy_for: int | None
    phone: str | None


def list_posts(
    database: Database, layer: str, *, at: date, area: str | None = None
) -> tuple[StaffPostInfo, ...]:
    """Return the posts and deputies of a layer on a day, by area, role and holder.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day.
    area : str, optional
        Code of one area.

    Raises
    ------
    NotFoundError
        There is no such layer, or none of its areas ever had this code.
    """
    with database.begin() as connection:
        found = find_layer(connection, layer)
        if area is not None:
            _check_code(connection, found, area)
        return infos_of(connection, staff.posts_of_layer(connection, found.id, code=area, day=at))


def infos_of(connection: sa.Connection, posts: Iterable[StoredPost]) -> tuple[StaffPostInfo, ...]:
    """Return stored posts as answers, with the phones that whoever acts may see."""
    known = tuple(posts)
    phones = staff.phones_of(connection, [post.id for post in known])
    return tuple(
        StaffPostInfo(
            id=post.id,
            layer=post.layer,
            area_code=post.area_code,
            role=post.role,
            holder=post.holder,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
            deputy_for=post.deputy_for,
            phone=phones.get(post.id),
        )
        for post in known
    )


def _check_code(connection: sa.Connection, layer: StoredLayer, code: str) -> None:
    if code not in codes_of_layer(connection, layer.id):
        raise NotFoundError(
            f"No area of layer {layer.name} has the code {code!r}.",
            hint=f"GET /v1/layers/{layer.name}/areas lists those there are.",
            field="area",
        )
