"""Ground for answers out of memory: jagged layers of several scopes, posts, deputies, phones."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.store import tables
from gisgov.store.database import Database

WEST, SOUTH = 114.0, 22.5
_SIDE_M = 900.0


def jagged(rows: int, columns: int, *, seed: int, west: float = WEST) -> list[shapely.Geometry]:
    """Polygons that share jagged borders, in degrees on the storage grid: row by row from the south-west."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1) * _SIDE_M
    corner = corner + rng.uniform(-200, 200, corner.shape)

    def line(a: Any, b: Any, number: int) -> Any:
        steps = np.linspace(0, 1, 6)[1:-1, None]
        own = np.random.default_rng((seed, number))
        return [a, *(a + (b - a) * steps + own.uniform(-60, 60, (4, 2)))]

    def side(r: int, c: int, down: bool) -> Any:
        a, b = (corner[r, c], corner[r + 1, c]) if down else (corner[r, c], corner[r, c + 1])
        return [*line(a, b, (r * 100 + c) * 2 + down), b]

    origin = {WEST: (500_000.0, 2_489_000.0)}.get(west, (530_000.0, 2_489_000.0))
    shapes = []
    for r in range(rows):
        for c in range(columns):
            ring = side(r, c, False)[:-1] + side(r, c + 1, True)[:-1]
            ring += side(r + 1, c, False)[::-1][:-1] + side(r, c, True)[::-1][:-1]
            shapes.append(shapely.Polygon(np.array(ring) + origin))
    in_degrees = to_wgs84_geometries(np.array(shapes, dtype=object), parse_crs("EPSG:4547"))
    return list(shapely.transform(in_degrees, lambda xy: np.round(xy, 7)))


def settle(database: Database) -> None:
    """Two partition layers, one of them of two scopes; an overlay; one layer without a plan today."""
    with database.begin() as connection:
        street = _layer(connection, "street", "partition", 0, None)
        grid = _layer(connection, "网格", "partition", 1, street)
        school = _layer(connection, 'school "x"', "overlay", 2, None)
        beat = _layer(connection, "beat", "partition", 3, None)
        cells = jagged(4, 6, seed=3)
        streets = {"S": shapely.union_all(cells[:12]), "T": shapely.union_all(cells[12:])}
        _plan(connection, street, "streets", streets, {})
        codes = [f"{i:03d}" for i in range(24)]
        parents = {code: ["S" if i < 12 else "T"] for i, code in enumerate(codes)}
        _plan(
            connection, grid, "grids", dict(zip(codes, cells, strict=True)), parents, until=date(2035, 1, 1)
        )
        east = jagged(2, 2, seed=5, west=114.3)
        _plan(connection, grid, "grids/东", dict(zip("abcd", east, strict=True)), {}, scope="east")
        inner = {
            "1": shapely.box(114.005, 22.505, 114.012, 22.51),
            "2": shapely.box(114.03, 22.505, 114.04, 22.51),
        }
        _plan(connection, school, "schools", inner, {})
        _plan(connection, beat, "beats", streets, {}, day=date(2034, 1, 1))
        for i, code in enumerate(codes[:20]):
            post = _post(
                connection, grid, code, "网格长", f'王"{i}\\', phone=f"1380013{i:04d}" if i % 3 else None
            )
            _post(
                connection, grid, code, "专职网格员", f"李{i}", phone="0755-12345", valid_to=date(2033, 1, 1)
            )
            if i % 2:
                _post(connection, grid, code, "网格长", f"张{i}", phone=f"1390013{i:04d}", deputy_for=post)
        _post(connection, street, "S", "街道书记", "赵\u2028\x7f")


def _layer(connection: sa.Connection, name: str, kind: str, position: int, parent: int | None) -> int:
    above = {} if parent is None else {"parent_id": parent, "nesting": "nested"}
    row = {
        "name": name,
        "title_zh": f"{name}层",
        "title_en": name.title(),
        "kind": kind,
        "position": position,
    }
    insert = tables.layer.insert().values(**row, **above)
    return int(connection.scalar(insert.returning(tables.layer.c.id)))


def _plan(
    connection: sa.Connection,
    layer: int,
    name: str,
    areas: dict[str, Any],
    parents: dict[str, list[str]],
    *,
    scope: str = "",
    day: date = date(2026, 1, 1),
    until: date | None = None,
) -> None:
    insert = tables.plan.insert().values(name=name, layer_id=layer, scope_code=scope, working_crs="EPSG:4547")
    plan = connection.scalar(insert.returning(tables.plan.c.id))
    rows = [
        {
            "plan_id": plan,
            "code": code,
            "name": f"第{code}号 <&>/",
            "parent_codes": parents.get(code, []),
            "geom": "SRID=4326;" + shapely.MultiPolygon(shapely.get_parts(shape).tolist()).wkt,
            "area_m2": 1.0,
        }
        for code, shape in areas.items()
    ]
    connection.execute(tables.area.insert(), rows)
    published = tables.plan.update().where(tables.plan.c.id == plan)
    connection.execute(
        published.values(status="published", valid_from=day, valid_to=until, published_at=sa.func.now())
    )


def _post(
    connection: sa.Connection,
    layer: int,
    code: str,
    role: str,
    holder: str,
    *,
    phone: str | None = None,
    **more: Any,
) -> int:
    row = {"layer_id": layer, "area_code": code, "role": role, "holder": holder, **more}
    insert = tables.staff_post.insert().values(**row)
    post = int(connection.scalar(insert.returning(tables.staff_post.c.id)))
    if phone is not None:
        connection.execute(tables.staff_phone.insert().values(post_id=post, phone=phone))
    return post


def vertices() -> Any:
    """Vertices of the grids, and points on their edges: each on a border."""
    xy = shapely.get_coordinates(jagged(4, 6, seed=3))
    middles = (xy[1:] + xy[:-1]) / 2
    return np.concatenate((xy[::9], middles[::11]))
