"""Where a point lies: the areas in force that cover it, or come nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
import sqlalchemy as sa

from gisgov.store.directly import rows_of
from gisgov.store.statements import statement

_WORLD_DEG = 360.0
_EVERY = 1_000_000


@dataclass(frozen=True, slots=True)
class LayerAt:
    """A layer, and whether a plan of it is in force on the day asked about."""

    id: int
    name: str
    title_zh: str
    title_en: str
    kind: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Covering:
    """An area that covers a point; the first of its layer owns it and has its ``geometry`` (EPSG:4326)."""

    layer_id: int
    code: str
    name: str
    parent_codes: tuple[str, ...]
    plan: str
    valid_from: date
    valid_to: date | None
    working_crs: str
    on_border: bool
    geometry: shapely.Geometry | None


@dataclass(frozen=True, slots=True)
class Near:
    """An area near a point that no area covers; ``geometry`` is EPSG:4326."""

    code: str
    name: str
    working_crs: str
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Who serves an area; ``deputy_for`` is the id of the post that this one stands in for."""

    id: int
    layer_id: int
    area_code: str
    role: str
    holder: str
    deputy_for: int | None


def layers_at(connection: sa.Connection, day: date) -> tuple[LayerAt, ...]:
    """Return all layers from the top down: by their distance from a layer without parent, then position."""
    rows = connection.execute(statement("layers_at"), {"day": day})
    return tuple(LayerAt(**row) for row in rows.mappings())


def areas_at_point(
    connection: sa.Connection, lon: float, lat: float, *, day: date, layer_ids: Sequence[int]
) -> tuple[Covering, ...]:
    """Return the areas in force that cover a point, of each layer the owner first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    lon, lat : float
        The point in EPSG:4326.
    day : datetime.date
        The plans in force on it are asked.
    layer_ids : sequence of int
        The layers asked about.
    """
    rows = connection.execute(
        statement("areas_at_point"), {"lon": lon, "lat": lat, "day": day, "layer_ids": list(layer_ids)}
    )
    found = []
    for row in rows.mappings():
        values = dict(row)
        wkb = values.pop("owner_wkb")
        values["parent_codes"] = tuple(values["parent_codes"])
        found.append(Covering(**values, geometry=None if wkb is None else shapely.from_wkb(bytes(wkb))))
    return tuple(found)


def nearest_by_degrees(
    connection: sa.Connection, lon: float, lat: float, *, day: date, layer_id: int
) -> Near | None:
    """Return the area in force that is nearest to a point as degrees go; ``None`` where none is in force."""
    near = _near(connection, lon, lat, day, layer_id, _WORLD_DEG, _WORLD_DEG, 1)
    return near[0] if near else None


def areas_within(
    connection: sa.Connection,
    lon: float,
    lat: float,
    *,
    day: date,
    layer_id: int,
    reach_lon: float,
    reach_lat: float,
) -> tuple[Near, ...]:
    """Return the areas in force whose bounding box meets the box of ``±reach`` degrees around a point."""
    return _near(connection, lon, lat, day, layer_id, reach_lon, reach_lat, _EVERY)


def staff_of_areas(
    connection: sa.Connection, areas: Sequence[tuple[int, str]], *, day: date
) -> tuple[StaffRow, ...]:
    """Return the posts of a day of areas given as ``(layer id, code)``, in the order they were recorded."""
    layer_ids, codes = [layer_id for layer_id, _ in areas], [code for _, code in areas]
    given = {"layer_ids": layer_ids, "codes": codes, "day": day}
    return tuple(StaffRow(*row) for row in rows_of(connection, statement("staff_of_areas"), given))


def _near(
    connection: sa.Connection,
    lon: float,
    lat: float,
    day: date,
    layer_id: int,
    reach_lon: float,
    reach_lat: float,
    most: int,
) -> tuple[Near, ...]:
    rows = connection.execute(
        statement("areas_near_point"),
        {
            "lon": lon,
            "lat": lat,
            "day": day,
            "layer_id": layer_id,
            "reach_lon": reach_lon,
            "reach_lat": reach_lat,
            "most": most,
        },
    )
    return tuple(
        Near(row["code"], row["name"], row["working_crs"], shapely.from_wkb(bytes(row["wkb"])))
        for row in rows.mappings()
    )
