"""Records of areas as services hand them out, and the checks that reading them shares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.services.resolution import Post
from gisgov.services.staffing.serving import serving_posts
from gisgov.store import reading
from gisgov.store.reading import AreaRow, Mark
from gisgov.types import BBox, Json

MOST = 1000
"""The most areas that one page may hold."""

_MOST_CUTS = 16


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """An area in force, ready to become a GeoJSON feature.

    ``geometry`` is GeoJSON in EPSG:4326 (``None`` where it was not asked for), ``bbox`` its west, south,
    east and north, ``area_m2`` measured in the plan's working system. ``staff`` are the posts of the
    day asked about. ``id`` is the plan and the code: the same area of the next plan is another record.
    """

    id: str
    layer: str
    title_zh: str
    title_en: str
    code: str
    name: str
    parent_codes: tuple[str, ...]
    plan: str
    valid_from: date
    valid_to: date | None
    area_m2: float
    population: int | None
    households: int | None
    staff: tuple[Post, ...]
    attributes: Json
    bbox: BBox
    geometry: Json | None


@dataclass(frozen=True, slots=True)
class AreaPage:
    """Some areas in their order; ``after`` asks for the next page and is ``None`` on the last."""

    areas: tuple[AreaRecord, ...]
    after: str | None


def page_of(connection: sa.Connection, rows: Sequence[AreaRow], limit: int, *, day: date) -> AreaPage:
    """Make the page of rows asked for with one more than ``limit``, which tells of a next page."""
    records = records_of(connection, rows[:limit], day=day)
    return AreaPage(records, records[-1].id if len(rows) > limit else None)


def records_of(connection: sa.Connection, rows: Sequence[AreaRow], *, day: date) -> tuple[AreaRecord, ...]:
    """Return rows as records, with their staff of a day."""
    posts = serving_posts(connection, ((row.layer_id, row.code) for row in rows), day=day)
    return tuple(
        AreaRecord(
            id=f"{row.plan}/{row.code}",
            layer=row.layer,
            title_zh=row.title_zh,
            title_en=row.title_en,
            code=row.code,
            name=row.name,
            parent_codes=row.parent_codes,
            plan=row.plan,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            area_m2=row.area_m2,
            population=row.population,
            households=row.households,
            staff=posts.get((row.layer_id, row.code), ()),
            attributes=row.attributes,
            bbox=row.bbox,
            geometry=None if row.geometry is None else json.loads(row.geometry),
        )
        for row in rows
    )


def mark_of(connection: sa.Connection, after: str | None) -> Mark | None:
    """Return where the page before ended.

    Names of plans and codes may hold slashes, so every cut of ``after`` is tried.
    """
    if after is None:
        return None
    pieces = after.split("/")
    for cut in range(len(pieces) - 1, max(0, len(pieces) - _MOST_CUTS), -1):
        mark = reading.mark_of(connection, "/".join(pieces[:cut]), "/".join(pieces[cut:]))
        if mark is not None:
            return mark
    raise InputError(
        f"No page ends at {after!r}.",
        hint="Take the address of the next page from the answer.",
        field="after",
    )


def check_limit(limit: int) -> None:
    """Raise InputError for a page that is empty or too long."""
    if not 1 <= limit <= MOST:
        raise InputError(
            f"The limit {limit} is out of range.", hint=f"It lies from 1 to {MOST}.", field="limit"
        )


def check_bbox(bbox: BBox) -> None:
    """Raise InputError for a box that is none, or crosses the antimeridian."""
    west, south, east, north = bbox
    # written so that NaN fails too
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(
            f"The box {west!r},{south!r},{east!r},{north!r} is none.",
            hint="Give west,south,east,north in degrees, west ≤ east and south ≤ north.",
            field="bbox",
        )
