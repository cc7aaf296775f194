"""Plans drawn as grids of letters, each cell one block of 0.001°, or one piece of a block."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.store import tables
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.blocks import BlockTable, put_assignments, put_blocks
from gisgov.store.database import Database

WORKING = "EPSG:4547"
WEST, SOUTH, CELL = 114.0, 22.5, 0.001


def cell_box(row: int, column: int, rows: int) -> shapely.Polygon:
    """Return the square of a cell of a picture of so many rows."""
    west, south = WEST + column * CELL, SOUTH + (rows - 1 - row) * CELL
    return rounded_box(west, south, west + CELL, south + CELL)


def rounded_box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle on the storage grid."""
    return shapely.box(*(round(one, 7) for one in (west, south, east, north)))


def put_layer(database: Database, name: str = "grid") -> int:
    """Make a partition layer, and return its id."""
    values = {"name": name, "title_zh": "网格", "title_en": "Grids", "kind": "partition", "position": 0}
    with database.begin() as connection:
        layer_id = connection.scalar(sa.insert(tables.layer).values(values).returning(tables.layer.c.id))
    assert layer_id is not None
    return int(layer_id)


def put_cells(database: Database, people: str, scope: str = "S") -> None:
    """Store a block for each cell of a picture of digits: who lives there; its code is row and column."""
    rows = people.split()
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    shapes = [cell_box(i, j, len(rows)) for i, j in places]
    lives = [int(rows[i][j]) for i, j in places]
    put_pieces(database, [f"{i}{j}" for i, j in places], shapes, lives, scope=scope)


def put_pieces(
    database: Database,
    codes: list[str],
    shapes: list[shapely.Polygon],
    lives: list[int],
    *,
    cut_from: str | None = None,
    scope: str = "S",
) -> None:
    """Store blocks, or the pieces that one was cut into."""
    geometries = np.array([shapely.multipolygons([one]) for one in shapes], dtype=object)
    population = np.array(lives, dtype=np.int64)
    table = BlockTable(
        codes=np.array(codes, dtype=object),
        geometries=geometries,
        area_m2=areas_m2(geometries, parse_crs(WORKING)),
        population=population,
        households=population // 2,
        land_use=np.full(len(codes), None, dtype=object),
        attributes=[{}] * len(codes),
        ids=np.zeros(0, dtype=np.int64),
    )
    block = tables.block
    with database.begin() as connection:
        put_blocks(connection, scope, table)
        if cut_from is not None:
            whole = connection.scalar(sa.select(block.c.id).where(block.c.code == cut_from))
            connection.execute(sa.update(block).where(block.c.code.in_(codes)).values(cut_from=whole))


def put_plan(
    database: Database,
    name: str,
    layer_id: int,
    areas: dict[str, str],
    *,
    since: date | None = None,
    until: date | None = None,
    scope: str = "",
) -> None:
    """Store a plan made of blocks, by the code of each block's area (``.`` for none), and publish it."""
    block, plan = tables.block, tables.plan
    with database.begin() as connection:
        values = {"name": name, "layer_id": layer_id, "working_crs": WORKING, "scope_code": scope}
        plan_id = connection.scalar(sa.insert(plan).values(values).returning(plan.c.id))
        assert plan_id is not None
        rows = connection.execute(
            sa.select(
                block.c.code,
                block.c.id,
                block.c.population,
                block.c.households,
                sa.func.ST_AsBinary(block.c.geom),
            )
        )
        known = {
            code: (block_id, people, homes, shapely.from_wkb(bytes(wkb)))
            for code, block_id, people, homes, wkb in rows
        }
        codes = sorted({code for code in areas.values() if code != "."})
        of = {code: [known[one] for one in areas if areas[one] == code] for code in codes}
        grounds = np.array([_union([one[3] for one in of[code]]) for code in codes], dtype=object)
        people, homes = (
            np.array([sum(one[i] for one in of[code]) for code in codes], dtype=object) for i in (1, 2)
        )
        put_areas(
            connection,
            plan_id,
            AreaTable(
                codes=np.array(codes, dtype=object),
                names=np.array([f"网格{code}" for code in codes], dtype=object),
                parent_codes=[()] * len(codes),
                geometries=grounds,
                area_m2=areas_m2(grounds, parse_crs(WORKING)),
                population=people,
                households=homes,
                attributes=[{}] * len(codes),
            ),
        )
        placed = {one: code for one, code in areas.items() if code != "."}
        put_assignments(connection, plan_id, [known[one][0] for one in placed], [*placed.values()])
        loose = [{"plan_id": plan_id, "block_id": known[one][0]} for one in areas if one not in placed]
        if loose:
            connection.execute(sa.insert(tables.assignment), loose)
        this = sa.update(plan).where(plan.c.id == plan_id)
        if since is not None:
            dates = {"valid_from": since, "published_at": sa.func.now()}
            connection.execute(this.values(status="published", **dates))
        if until is not None:
            connection.execute(this.values(status="retired", valid_to=until))


def drawn(picture: str) -> dict[str, str]:
    """Return the area of each cell of a picture, by the code of its block."""
    return {f"{i}{j}": one for i, row in enumerate(picture.split()) for j, one in enumerate(row)}


def _union(shapes: list[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    merged = shapely.union_all(shapes, grid_size=1e-7)
    return shapely.MultiPolygon(shapely.get_parts(merged).tolist())
