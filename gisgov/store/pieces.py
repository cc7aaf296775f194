"""Pieces of blocks that a line cut, stored under codes of their own, and what lies along them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.geometry.edges import Edges
from gisgov.store.block_edges import SRID
from gisgov.store.blocks import BlockTable
from gisgov.store.copying import copy_rows
from gisgov.store.drafts import any_of
from gisgov.store.geometry_columns import as_wkb
from gisgov.store.statements import statement
from gisgov.store.tables import block, block_edge
from gisgov.types import Floats, Geometries, Ints


def ids_near_line(
    connection: sa.Connection, plan_id: int, codes: Iterable[str], line: shapely.LineString, reach_deg: float
) -> list[int]:
    """Return the ids of blocks of areas of a draft within reach of a line, and of all blocks around them."""
    given = {"plan_id": plan_id, "codes": [*codes], "line": shapely.to_wkb(line), "reach": reach_deg}
    return sorted(connection.scalars(statement("blocks_near_line"), given))


def put_pieces(connection: sa.Connection, wholes: Sequence[int], pieces: BlockTable) -> list[int]:
    """Store pieces of blocks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    wholes : sequence of int
        For each piece the id of the block that it is a piece of, which may be a piece itself.
    pieces : BlockTable
        The pieces. Their codes are not looked at: a piece of block ``B1``, and of a piece of it, is called
        ``B1-1``, ``B1-2`` and so on after the highest there is.

    Returns
    -------
    list of int
        Their ids.
    """
    # of two who cut a block at once, both would find the same numbers free
    chosen = sorted(set(wholes))
    connection.execute(_lock_roots(chosen))
    rows = connection.execute(statement("roots_of_pieces"), {"ids": chosen}).all()
    root = {row.of_id: row.code for row in rows}
    highest = {row.code: int(row.highest) for row in rows}
    codes = []
    for whole in wholes:
        highest[root[whole]] += 1
        codes.append(f"{root[whole]}-{highest[root[whole]]}")
    stored = connection.execute(
        statement("put_pieces"),
        {
            "wholes": [*wholes],
            "codes": codes,
            "geometries": as_wkb(pieces.geometries),
            "area_m2": pieces.area_m2.tolist(),
            "population": pieces.population.tolist(),
            "households": pieces.households.tolist(),
            "land_use": pieces.land_use.tolist(),
            "attributes": [json.dumps(one, ensure_ascii=False) for one in pieces.attributes],
        },
    )
    ids = {row.code: int(row.id) for row in stored}
    return [ids[code] for code in codes]


def _lock_roots(ids: list[int]) -> sa.Select[tuple[int]]:
    way = sa.select(block.c.id, block.c.cut_from).where(block.c.id == any_of(ids, sa.BigInteger))
    cte = way.cte("way", recursive=True)
    cte = cte.union(
        sa.select(block.c.id, block.c.cut_from).join_from(cte, block, block.c.id == cte.c.cut_from)
    )
    roots = sa.select(cte.c.id).where(cte.c.cut_from.is_(None))
    # not their keys: whoever assigns them to areas meanwhile need not wait
    chosen = sa.select(block.c.id).where(block.c.id.in_(roots)).order_by(block.c.id)
    return chosen.with_for_update(key_share=True)


def known_residents(connection: sa.Connection, block_ids: Sequence[int]) -> tuple[Floats, Ints]:
    """Return where (lon, lat) buildings in blocks stand of which residents are known, and how many.

    Returns
    -------
    places : numpy.ndarray of float, shape (n, 2)
    counts : numpy.ndarray of int, shape (n, 2)
        People and households.
    """
    rows = connection.execute(statement("people_in_blocks"), {"ids": [*block_ids]}).all()
    places = np.array([(row.lon, row.lat) for row in rows], dtype=np.float64).reshape(-1, 2)
    counts = np.array([(row.population, row.households) for row in rows], dtype=np.int64).reshape(-1, 2)
    return places, counts


def put_bent_edges(connection: sa.Connection, parts: Geometries, bent: Geometries) -> int:
    """Store edges of blocks once more, with the vertices that they got, so that their classes are found.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    parts, bent : numpy.ndarray of shapely.LineString, shape (n,)
        Straight parts of borders, and the same with vertices (EPSG:4326).

    Returns
    -------
    int
        How many lines were added: one for each part that a stored line runs along, unless it is there.
    """
    if not len(parts):
        return 0
    around = func.ST_MakeEnvelope(*shapely.total_bounds(parts).tolist(), SRID)
    near = block_edge.c.geom.op("&&")(around)
    facts = (block_edge.c.scope_code, block_edge.c.edge_class, block_edge.c.name)
    query = sa.select(*facts, func.ST_AsBinary(block_edge.c.geom).label("wkb"))
    rows = connection.execute(query.where(near).order_by(block_edge.c.id)).all()
    stored = Edges(np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object))
    known: dict[bytes, list[int]] = {}
    for edge, owner in zip(_named(stored), stored.owner.tolist(), strict=True):
        known.setdefault(edge, []).append(owner)
    wanted = {
        (*rows[i][:3], shapely.to_wkb(shapely.set_srid(line, SRID), hex=True, include_srid=True))
        for edge, line in zip(_named(Edges(parts)), bent, strict=True)
        for i in known.get(edge, [])
    }
    lines = shapely.set_srid([shapely.from_wkb(bytes(row.wkb)) for row in rows], SRID)
    there = {
        (*row[:3], wkb)
        for row, wkb in zip(rows, shapely.to_wkb(lines, hex=True, include_srid=True), strict=True)
    }
    records = sorted(wanted - there, key=lambda row: (row[3], row[0], row[1], row[2] or ""))
    copy_rows(connection, "block_edge (scope_code, edge_class, name, geom)", records)
    return len(records)


def _named(edges: Edges) -> list[bytes]:
    """Return for each edge what tells it from others, whichever way it runs."""
    lower, upper, _ = edges.canonical()
    return [row.tobytes() for row in np.hstack((lower, upper))]
