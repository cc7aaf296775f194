"""Areas in force on a day: by layer, by code, their parents, children and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.crs import from_wgs84_geometries, parse_crs
from gisgov.services.area_records import (
    AreaPage,
    AreaRecord,
    check_bbox,
    check_limit,
    mark_of,
    page_of,
    records_of,
)
from gisgov.services.lineage import refuse_retired
from gisgov.store import reading
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.reading import AreaRow
from gisgov.types import BBox


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An area of the same layer that shares a border of ``border_m`` metres."""

    area: AreaRecord
    border_m: float


def list_areas(
    database: Database,
    layer: str,
    *,
    at: date,
    limit: int = 100,
    after: str | None = None,
    bbox: BBox | None = None,
    with_geometry: bool = True,
) -> AreaPage:
    """Return a page of the areas of a layer that are in force on a day, ordered by code.

    Parameters
    ----------
    database : Database
        Where the plans are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day asked about.
    limit : int
        Most areas on the page, 1 to 1000.
    after : str, optional
        ``after`` of the page before.
    bbox : tuple of float, optional
        West, south, east, north in EPSG:4326: keeps the areas that meet this box.
    with_geometry : bool
        Whether the records carry their geometry.

    Raises
    ------
    NotFoundError
        There is no layer of that name.
    InputError
        ``limit``, ``after`` or ``bbox`` cannot be used.
    """
    check_limit(limit)
    if bbox is not None:
        check_bbox(bbox)
    with database.begin() as connection:
        find_layer(connection, layer)
        rows = reading.areas_of_layer(
            connection,
            layer,
            day=at,
            limit=limit + 1,
            after=mark_of(connection, after),
            bbox=bbox,
            with_geometry=with_geometry,
        )
        return page_of(connection, rows, limit, day=at)


def get_area(database: Database, code: str, *, layer: str | None = None, at: date) -> AreaRecord:
    """Return the area of a code that is in force on a day.

    Parameters
    ----------
    database : Database
        Where the plans are.
    code : str
        Code of the area.
    layer : str, optional
        Its layer; needed where areas of several layers have this code.
    at : datetime.date
        The day asked about.

    Raises
    ------
    AreaRetired
        It was in force before that day; what replaced it is told.
    NotFoundError
        There is no such layer, or no area of that code in force on the day.
    InputError
        Areas of several layers have the code and ``layer`` does not say which is meant.
    """
    with database.begin() as connection:
        row = _area(connection, code, layer, at)
        return records_of(connection, [row], day=at)[0]


def children_of(
    database: Database,
    code: str,
    *,
    layer: str | None = None,
    at: date,
    limit: int = 100,
    after: str | None = None,
) -> AreaPage:
    """Return a page of the areas, of the layers right below, that have this area as a parent.

    Parameters and errors are those of `get_area` and `list_areas`; the order is by layer, then code.
    """
    check_limit(limit)
    with database.begin() as connection:
        parent = _area(connection, code, layer, at)
        mark = mark_of(connection, after)
        rows = reading.children_of_area(connection, parent, day=at, limit=limit + 1, after=mark)
        return page_of(connection, rows, limit, day=at)


def parents_of(
    database: Database, code: str, *, layer: str | None = None, at: date
) -> tuple[AreaRecord, ...]:
    """Return the areas, of the layer right above, that this area lies in: several where it spans them.

    Parameters and errors are those of `get_area`.
    """
    with database.begin() as connection:
        child = _area(connection, code, layer, at)
        return records_of(connection, reading.parents_of_area(connection, child, day=at), day=at)


def neighbours_of(
    database: Database, code: str, *, layer: str | None = None, at: date
) -> tuple[Neighbour, ...]:
    """Return the areas of the same layer that share a border with this one, ordered by code.

    Areas that meet it in points alone share no border. Parameters and errors are those of `get_area`;
    lengths are metres in the working system of the area's plan.
    """
    with database.begin() as connection:
        centre = _area(connection, code, layer, at)
        beside = reading.areas_beside(connection, centre, day=at)
        geometry = reading.geometries_of(connection, [centre.id, *(row.id for row in beside)])
        working = parse_crs(centre.working_crs)
        shapes = np.array([geometry[row.id] for row in (centre, *beside)], dtype=object)
        borders = shared_borders(from_wgs84_geometries(shapes, working))
        lengths = {
            int(max(a, b)): float(length)
            for a, b, length in zip(borders.a, borders.b, borders.length_m, strict=True)
            if min(a, b) == 0
        }
        touching = sorted(lengths)
        records = records_of(connection, [beside[i - 1] for i in touching], day=at)
        return tuple(Neighbour(record, lengths[i]) for record, i in zip(records, touching, strict=True))


def find_areas(
    database: Database, text: str, *, layer: str | None = None, at: date, limit: int = 20
) -> tuple[AreaRecord, ...]:
    """Return areas in force whose code begins with a text or whose name holds it, without their geometry.

    Parameters
    ----------
    database : Database
        Where the plans are.
    text : str
        Beginning of a code, or part of a name; letter case does not matter in names.
    layer : str, optional
        Search this layer alone.
    at : datetime.date
        The day asked about.
    limit : int
        Most areas, 1 to 1000. Whole matches come first, then the order is by layer and code.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        ``text`` is empty or ``limit`` out of range.
    """
    check_limit(limit)
    wanted = text.strip()
    if not wanted:
        raise InputError("The text to search for is empty.", field="q")
    with database.begin() as connection:
        if layer is not None:
            find_layer(connection, layer)
        rows = reading.areas_named(connection, wanted, layer_name=layer, day=at, limit=limit)
        return records_of(connection, rows, day=at)


def _area(connection: sa.Connection, code: str, layer: str | None, day: date) -> AreaRow:
    if layer is not None:
        find_layer(connection, layer)
    rows = [
        row for row in reading.areas_of_code(connection, code, day=day) if layer is None or row.layer == layer
    ]
    if not rows:
        refuse_retired(connection, code, layer, day)
        where = f" of layer {layer}" if layer else ""
        raise NotFoundError(
            f"No area {code!r}{where} is in force on {day}.",
            hint=_other_days(connection, code, layer),
            field="code",
        )
    layers = sorted({row.layer for row in rows})
    if len(layers) > 1:
        raise InputError(
            f"Areas of several layers have the code {code!r}.",
            hint=f"Say which is meant by layer={' or layer='.join(layers)}.",
            field="layer",
        )
    return rows[0]


def _other_days(connection: sa.Connection, code: str, layer: str | None) -> str | None:
    known = [
        f"{one.valid_from} to {one.valid_to or 'now'} in plan {one.plan} of layer {one.layer}"
        for one in reading.validities_of_code(connection, code)
        if layer is None or one.layer == layer
    ]
    return f"It was in force from {'; '.join(known)}." if known else None
