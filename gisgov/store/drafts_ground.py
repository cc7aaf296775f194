"""Areas of plans that are blocks of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import sqlalchemy as sa

from gisgov.store.drafts import DraftArea, stored_blocks
from gisgov.store.geometry_columns import as_wkb
from gisgov.store.pieces import put_pieces
from gisgov.store.statements import statement
from gisgov.types import Geometries


def put_whole_areas(
    connection: sa.Connection, scope_code: str, areas: Sequence[DraftArea], grounds: Geometries
) -> list[int]:
    """Store areas as blocks, one each, and return their ids.

    The same area with the same people is the same block whenever it is asked for. Its code is that of the
    area, with a number behind it where another block has that.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    scope_code : str
        Code of the ground that the areas make up.
    areas : sequence of DraftArea
        The areas.
    grounds : numpy.ndarray of shapely.Geometry
        Their grounds, EPSG:4326.
    """
    # nobody else gives out the codes that are found to be free
    connection.execute(sa.text("LOCK TABLE block IN SHARE ROW EXCLUSIVE MODE"))
    rows = connection.execute(
        statement("put_whole_areas"),
        {
            "scope_code": scope_code,
            "codes": [area.code for area in areas],
            "geometries": as_wkb(grounds),
            "area_m2": [area.area_m2 for area in areas],
            "population": [area.population or 0 for area in areas],
            "households": [area.households or 0 for area in areas],
        },
    ).all()
    ids = {row.code: row.id for row in rows}
    return [ids[area.code] for area in areas]


def put_renoded(connection: sa.Connection, ids: Sequence[int], grounds: Geometries) -> dict[int, int]:
    """Store blocks as pieces of themselves, with more vertices in the border; return the new ids by the old.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    ids : sequence of int
        The blocks.
    grounds : numpy.ndarray of shapely.Geometry
        Their grounds with the vertices, EPSG:4326.
    """
    blocks = stored_blocks(connection, ids)
    ground = dict(zip(ids, grounds, strict=True))
    wholes = blocks.ids.tolist()
    noded = np.array([ground[one] for one in wholes], dtype=object)
    pieces = put_pieces(connection, wholes, replace(blocks, geometries=noded))
    return dict(zip(wholes, pieces, strict=True))
