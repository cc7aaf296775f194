"""The edges of blocks and what lies along each, stored a scope at a time."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.governance.block_edges import classes_of, words_of
from gisgov.store.copying import copy_rows
from gisgov.store.statements import statement
from gisgov.store.tables import block_edge
from gisgov.types import BBox, Geometries, Ints, Texts

SRID = 4326


def put_block_edges(
    connection: sa.Connection,
    scope_code: str,
    lines: Geometries,
    edge_class: Ints,
    names: Texts | None = None,
) -> None:
    """Write the edges of the blocks of a scope in place of those that are stored.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    scope_code : str
        Code of the ground that the blocks make up.
    lines : numpy.ndarray of shapely.LineString, shape (n,)
        EPSG:4326, on the storage grid, from vertex to vertex of the blocks.
    edge_class : numpy.ndarray of int, shape (n,)
        What lies along each: values of `EdgeClass`.
    names : numpy.ndarray of str or None, shape (n,), optional
        What that is called.

    Raises
    ------
    ConflictError
        A line is not sound.
    """
    # of two writers at once, both would delete the old edges and add their own
    connection.execute(sa.text("LOCK TABLE block_edge IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(sa.delete(block_edge).where(block_edge.c.scope_code == scope_code))
    wkb = shapely.to_wkb(shapely.set_srid(lines, SRID), hex=True, include_srid=True)
    called: Texts = np.full(len(wkb), None, dtype=object) if names is None else names
    rows = zip(range(len(wkb)), words_of(edge_class), wkb, called, strict=True)
    connection.execute(sa.text("DROP TABLE IF EXISTS incoming_block_edge"))
    connection.execute(statement("stage_block_edges"))
    copy_rows(connection, "incoming_block_edge (position, edge_class, geom, name)", rows)
    connection.execute(
        sa.text(
            "INSERT INTO block_edge (scope_code, edge_class, geom, name) "
            "SELECT :scope_code, edge_class, geom, name FROM incoming_block_edge ORDER BY position"
        ),
        {"scope_code": scope_code},
    )


def block_edges_of_scope(connection: sa.Connection, scope_code: str) -> tuple[Geometries, Ints]:
    """Return the edges of the blocks of a scope, all there are for ``""``, as they were written.

    Returns
    -------
    lines : numpy.ndarray of shapely.LineString, shape (n,)
        EPSG:4326; empty where the blocks of the scope were not built from streets.
    edge_class : numpy.ndarray of int, shape (n,)
        Values of `EdgeClass`.
    """
    query = sa.select(block_edge.c.edge_class, func.ST_AsBinary(block_edge.c.geom)).order_by(block_edge.c.id)
    if scope_code:
        query = query.where(block_edge.c.scope_code == scope_code)
    rows = connection.execute(query).all()
    lines: Geometries = np.asarray(shapely.from_wkb([bytes(row[1]) for row in rows]), dtype=object)
    return lines, classes_of(np.array([row[0] for row in rows], dtype=object))


def named_block_edges(connection: sa.Connection, box: BBox) -> tuple[Geometries, Texts]:
    """Return the edges of blocks in a box of lon/lat that have a name, of all scopes, and the names."""
    query = sa.select(block_edge.c.name, func.ST_AsBinary(block_edge.c.geom)).order_by(block_edge.c.id)
    inside = block_edge.c.geom.op("&&")(func.ST_MakeEnvelope(*box, SRID))
    rows = connection.execute(query.where(block_edge.c.name.is_not(None), inside)).all()
    lines: Geometries = np.asarray(shapely.from_wkb([bytes(row[1]) for row in rows]), dtype=object)
    return lines, np.array([row[0] for row in rows], dtype=object)
