"""A small district for tiles: streets with grids, buildings and events in them; and its tiles decoded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import mapbox_vector_tile
import numpy as np
import sqlalchemy as sa

from gisgov.store import joining
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
WEST, SOUTH, CELL = 114.0, 22.5, 0.01
ZOOM = 12

_LAYERS = """INSERT INTO layer (name, title_zh, title_en, kind, position, parent_id, nesting) VALUES
    ('street', '街道', 'Street', 'partition', 0, NULL, NULL),
    ('grid', '网格', 'Grid', 'partition', 1, 1, 'nested'),
    ('events', '事件', 'Taken', 'overlay', 2, NULL, NULL),
    ('网/格', '斜线', 'Slash', 'overlay', 3, NULL, NULL)"""
_PLAN = """INSERT INTO plan (name, layer_id, scope_code, working_crs)
    VALUES (:name, :layer, :scope, 'EPSG:4547') RETURNING id"""
_AREA = """INSERT INTO area (plan_id, code, name, parent_codes, geom, area_m2, population)
    VALUES (:plan, :code, :name, :parents, ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)), 1.5,
    :population)"""
_PUBLISH = """UPDATE plan SET status = 'published', valid_from = :day, valid_to = :until, published_at = now()
    WHERE id = :id"""
_BUILDING = """INSERT INTO building (external_id, source, geom, crs, floors, use) VALUES (:id, 's',
    CASE WHEN :is_point THEN ST_SetSRID(ST_MakePoint(:x, :y), 4326)
    ELSE ST_MakeEnvelope(:x - 0.001, :y - 0.001, :x + 0.001, :y + 0.001, 4326) END, 'x', :floors, :use)"""
_EVENT = """INSERT INTO event (external_id, source, state, level, occurred_at, description, geom, crs)
    VALUES (:id, 'hotline', 'open', '1', '2026-03-01 12:00+08', '张三 said',
    ST_SetSRID(ST_MakePoint(:x, :y), 4326), 'x')"""
_NOWHERE = """INSERT INTO event (external_id, source, state, occurred_at, problem, crs)
    VALUES ('x', 's', 'open', now(), 'no-coordinate', 'x')"""
_BLOCK = """INSERT INTO block (code, scope_code, geom, area_m2, population) VALUES (:code, '',
    ST_Multi(ST_MakeEnvelope(:x, 22.5, :x + 0.01, 22.51, 4326)), 2.5, 7)"""


def settle(database: Database) -> None:
    """Streets S and T of two grids each (1, 2 | 3, 4), side by side; a building and an event in each grid."""
    with database.begin() as connection:
        run = lambda words, **given: connection.execute(sa.text(words), given)  # noqa: E731
        run(_LAYERS)
        put_plan(connection, 1, "streets", {"S": (0, 2, []), "T": (2, 4, [])})
        put_plan(connection, 2, "grids", {str(i + 1): (i, i + 1, ["S" if i < 2 else "T"]) for i in range(4)})
        put_plan(connection, 3, "taken", {"E": (0, 1, [])})
        put_plan(connection, 4, "slash", {"W": (0, 1, [])})
        for i in range(4):
            x, y = WEST + (i + 0.5) * CELL, SOUTH + 0.5 * CELL
            run(
                _BUILDING,
                id=str(i),
                x=x,
                y=y,
                is_point=i == 1,
                floors=i or None,
                use="住宅" if i % 2 else None,
            )
            run(_EVENT, id=str(i), x=x, y=y)
            run(_BLOCK, code=f"B{i}", x=WEST + i * CELL)
        run(_NOWHERE)
        join(connection)


def join(connection: sa.Connection) -> None:
    """Give events and buildings to their areas."""
    joining.join_events(connection, timezone=ZONE)
    joining.join_buildings(connection, day=date(2026, 5, 10))


def put_plan(
    connection: sa.Connection,
    layer: int,
    name: str,
    areas: dict[str, tuple[float, float, list[str]]],
    *,
    day: date = date(2026, 1, 1),
    until: date | None = None,
    scope: str = "",
) -> int:
    """Publish a plan of areas from one column of cells to another, and return its id."""
    plan = int(connection.scalar(sa.text(_PLAN), {"name": name, "layer": layer, "scope": scope}))
    for number, (code, (west, east, parents)) in enumerate(areas.items()):
        box = {"west": WEST + west * CELL, "east": WEST + east * CELL, "south": SOUTH, "north": SOUTH + CELL}
        given = {"plan": plan, "code": code, "name": f"{name} {code}", "parents": parents, **box}
        connection.execute(sa.text(_AREA), {**given, "population": number or None})
    connection.execute(sa.text(_PUBLISH), {"id": plan, "day": day, "until": until})
    return plan


def tile_at(lon: float, lat: float, zoom: int = ZOOM) -> tuple[int, int, int]:
    """Return zoom, column and row of the tile that a place lies in."""
    side = 1 << zoom
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
    return zoom, int((lon + 180) / 360 * side), int(y * side)


HOME = tile_at(WEST + 2 * CELL, SOUTH + CELL / 2)
"""The tile that holds all of the district."""


def address(layer: str, place: tuple[int, int, int] = HOME) -> str:
    """Return the address of a tile."""
    return f"/v1/tiles/{layer}/{'/'.join(map(str, place))}.mvt"


def features(data: bytes) -> dict[int, dict[str, Any]]:
    """Return the attributes of a tile's features by id; it has one layer, or nothing."""
    if not data:
        return {}
    (layer,) = mapbox_vector_tile.decode(data).values()
    return {one["id"]: one["properties"] for one in layer["features"]}


def ask(service: Any, layer: str, place: tuple[int, int, int] = HOME, query: str = "", **headers: str) -> Any:
    """Ask a service for a tile; return its answer."""
    return service.get(
        address(layer, place) + query, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def seen(service: Any, layer: str, who: dict[str, str] | None = None, query: str = "") -> dict[int, Any]:
    """Return the attributes of the features that somebody sees in a tile, by id."""
    answer = service.get(address(layer) + query, headers=who or {})
    assert answer.status_code in (200, 204), answer.text
    return features(answer.content)


def changing(database: Database) -> Callable[..., list[Any]]:
    """Return what changes something: ``change(sql)``; the ids that it returns."""

    def changed(words: str, **given: Any) -> list[Any]:
        with database.begin() as connection:
            result = connection.execute(sa.text(words), given)
            return [*result.scalars()] if result.returns_rows else []

    return changed
