"""One coordinate, one day: the areas that own it, from the top layer down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import CoordinateError, CrsError
from gisgov.geometry.crs import CoordinateSystem, parse_crs
from gisgov.services.days import local_day
from gisgov.services.places import Place, border_m, nearest_of, place_of, reach_deg
from gisgov.services.resolution import Outside, Resolution, ResolvedArea
from gisgov.services.staffing.serving import serving_posts
from gisgov.store import locating
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.locating import Covering, LayerAt

_DECIMALS = 3  # a coordinate is not known to less than a millimetre


def resolve(
    database: Database,
    x: float,
    y: float,
    *,
    crs: str | int = "wgs84",
    layer: str | None = None,
    at: date | datetime | None = None,
    timezone: ZoneInfo,
) -> Resolution:
    """Name the area of every partition layer that owns a coordinate on a day.

    A point on a border belongs to the area with the smallest code, the same rule as
    `gisgov.geometry.cell_index.CellIndex`. A point outside every area is an answer, not an error.

    Parameters
    ----------
    database : Database
        Where the plans are.
    x, y : float
        The coordinate in ``crs``, x (longitude, easting) first.
    crs : str or int
        Its coordinate system, as `gisgov.geometry.crs.parse_crs` reads it.
    layer : str, optional
        Ask this layer alone (of either kind) instead of all partition layers.
    at : datetime.date or datetime.datetime, optional
        The day asked about; a timestamp is the day it falls on in ``timezone``, ``None`` is today.
    timezone : zoneinfo.ZoneInfo
        Time zone of the place.

    Raises
    ------
    CrsError
        The coordinate system is not known.
    CoordinateError
        The coordinate is not finite or no place on the globe, or it lies inside only when its axes are
        swapped.
    NotFoundError
        There is no layer of that name.
    """
    system = _system(crs)
    day = local_day(at, timezone)
    with database.begin() as connection:
        asked = _layers(connection, day, layer)
        in_force = [one for one in asked if one.in_force]
        try:
            place = place_of(x, y, system)
        except CoordinateError as error:
            error.hint = _when_swapped(connection, x, y, system, day, in_force) or error.hint
            raise
        covering = _covering(connection, place, day, in_force)
        chain = _chain(connection, place, day, in_force, covering)
        if in_force and not chain:
            hint = _when_swapped(connection, x, y, system, day, in_force)
            if hint:
                raise CoordinateError(f"({x!r}, {y!r}) lies outside every area.", hint=hint, field="lon")
        covered = {one.layer for one in chain}
        outside = tuple(_outside(connection, place, day, one) for one in in_force if one.name not in covered)
    return Resolution(
        x=x,
        y=y,
        crs=system.name,
        lon=place.lon,
        lat=place.lat,
        at=day,
        chain=chain,
        outside=outside,
        without_plan=tuple(one.name for one in asked if not one.in_force),
    )


def _system(crs: str | int) -> CoordinateSystem:
    try:
        return parse_crs(crs)
    except CrsError as error:
        error.field = "crs"
        raise


def _layers(connection: sa.Connection, day: date, name: str | None) -> list[LayerAt]:
    layers = locating.layers_at(connection, day)
    if name is None:
        return [one for one in layers if one.kind == "partition"]
    stored = find_layer(connection, name)
    return [one for one in layers if one.id == stored.id]


def _covering(
    connection: sa.Connection, place: Place, day: date, layers: Sequence[LayerAt]
) -> tuple[Covering, ...]:
    ids = [one.id for one in layers]
    return locating.areas_at_point(connection, place.lon, place.lat, day=day, layer_ids=ids)


def _chain(
    connection: sa.Connection,
    place: Place,
    day: date,
    layers: Sequence[LayerAt],
    covering: Sequence[Covering],
) -> tuple[ResolvedArea, ...]:
    owners = {area.layer_id: area for area in reversed(covering)}  # the first of each layer
    posts = serving_posts(connection, [(area.layer_id, area.code) for area in owners.values()], day=day)
    chain = []
    for layer in layers:
        owner = owners.get(layer.id)
        if owner is None:
            continue
        others = [one.code for one in covering if one.layer_id == layer.id and one is not owner]
        chain.append(
            ResolvedArea(
                layer=layer.name,
                title_zh=layer.title_zh,
                title_en=layer.title_en,
                code=owner.code,
                name=owner.name,
                parent_codes=owner.parent_codes,
                staff=posts.get((layer.id, owner.code), ()),
                plan=owner.plan,
                valid_from=owner.valid_from,
                valid_to=owner.valid_to,
                on_border=owner.on_border,
                border_m=_border_m(place, owner),
                candidates=tuple(others),
            )
        )
    return tuple(chain)


def _border_m(place: Place, owner: Covering) -> float:
    if owner.on_border or owner.geometry is None:
        return 0.0
    return round(border_m(place, owner.geometry, owner.working_crs), _DECIMALS)


def _outside(connection: sa.Connection, place: Place, day: date, layer: LayerAt) -> Outside:
    """Return the nearest area of a layer by metres: the one nearest by degrees bounds the search."""
    first = locating.nearest_by_degrees(connection, place.lon, place.lat, day=day, layer_id=layer.id)
    if first is None:
        return Outside(layer.name, layer.title_zh, layer.title_en, None, None, None)
    _, reach = nearest_of(place, [first])
    lon_deg, lat_deg = reach_deg(place, reach)
    near = locating.areas_within(
        connection,
        place.lon,
        place.lat,
        day=day,
        layer_id=layer.id,
        reach_lon=lon_deg,
        reach_lat=lat_deg,
    )
    nearest, distance = nearest_of(place, near)
    return Outside(
        layer.name, layer.title_zh, layer.title_en, nearest.code, nearest.name, round(distance, _DECIMALS)
    )


def _when_swapped(
    connection: sa.Connection,
    x: float,
    y: float,
    system: CoordinateSystem,
    day: date,
    layers: Sequence[LayerAt],
) -> str | None:
    """Say where the coordinate would lie with its axes swapped; ``None`` where that is nowhere either."""
    try:
        swapped = place_of(y, x, system)
    except CoordinateError:
        return None
    found = _covering(connection, swapped, day, layers)
    if not found:
        return None
    return f"Swapped, ({y!r}, {x!r}) lies inside {found[0].name} ({found[0].code}): give x (longitude) first."
