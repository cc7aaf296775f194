"""A small district of blocks, and drafts of it by pictures: what is published while it is killed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.dissolve import dissolve
from gisgov.store import tables
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.blocks import BlockTable, put_assignments, put_blocks
from gisgov.store.plans import content_sha256, create_draft
from gisgov.types import Geometries

FIRST: Final = date(2020, 1, 1)
CELL: Final = 0.001
COPIES: Final = 6
"""Each letter of a picture is a square of so many blocks each way."""
# one after another splits, merges, and gives a code that was in force elsewhere
PICTURES: Final = ("AABBCC", "ADBBBB", "AABBCD")
OPEN: Final = 300
"""How many events are open, and how many buildings stand."""


@dataclass(frozen=True)
class Ground:
    """A layer, and the blocks that its plans are made of, from the south-west corner row by row."""

    layer_id: int
    block_ids: list[int]
    blocks: Geometries

    def draft(self, connection: sa.Connection, name: str, picture: str) -> tuple[int, str]:
        """Make a draft of a picture, and return its id and the digest of its areas."""
        label = np.array([letter for _ in range(COPIES) for letter in picture for _ in range(COPIES)])
        codes = np.unique(label)
        draft = create_draft(connection, name=name, layer_id=self.layer_id, working_crs="EPSG:4547")
        table = AreaTable(
            codes=codes.astype(object),
            names=codes.astype(object),
            parent_codes=[() for _ in codes],
            geometries=dissolve(self.blocks, label),
            area_m2=np.ones(len(codes)),
            population=np.full(len(codes), 1, dtype=object),
            households=np.full(len(codes), 1, dtype=object),
            attributes=[{} for _ in codes],
        )
        put_areas(connection, draft, table)
        put_assignments(connection, draft, self.block_ids, label.tolist())
        return draft, content_sha256(connection, draft)


def put_ground(connection: sa.Connection) -> Ground:
    """Put a layer, blocks, open events and buildings into an empty database."""
    columns = len(PICTURES[0]) * COPIES
    cells = np.array([_cell(column, row) for row in range(COPIES) for column in range(columns)], dtype=object)
    count = len(cells)
    blocks = BlockTable(
        codes=np.array([f"b{number:04d}" for number in range(count)], dtype=object),
        geometries=cells,
        area_m2=np.full(count, 1e4),
        population=np.full(count, 10),
        households=np.full(count, 4),
        land_use=np.full(count, None, dtype=object),
        attributes=[{} for _ in range(count)],
        ids=np.arange(count),
    )
    insert = sa.insert(tables.layer).values(
        name="grid", title_zh="网格", title_en="Grid", kind="partition", position=0
    )
    layer_id = connection.execute(insert.returning(tables.layer.c.id)).scalar_one()
    put_blocks(connection, "", blocks)
    ids = list(connection.scalars(sa.select(tables.block.c.id).order_by(tables.block.c.code)))
    _put_points(connection, columns * CELL, COPIES * CELL)
    return Ground(layer_id, ids, cells)


def _put_points(connection: sa.Connection, width: float, height: float) -> None:
    happened = {"state": "handling", "occurred_at": f"{FIRST.isoformat()} 12:00+08"}
    for number in range(OPEN):
        place = {
            "geom": f"SRID=4326;POINT({114 + width * (number + 0.5) / OPEN} {22.5 + height * 0.37})",
            "external_id": str(number),
            "source": "s",
            "crs": "wgs84",
        }
        connection.execute(sa.insert(tables.event).values(**place, **happened))
        connection.execute(sa.insert(tables.building).values(**place))


def _cell(column: int, row: int) -> shapely.Polygon:
    xs = np.round(114 + np.array([column, column + 1]) * CELL, 7)
    ys = np.round(22.5 + np.array([row, row + 1]) * CELL, 7)
    return shapely.box(xs[0], ys[0], xs[1], ys[1])
