"""Where people live, as counts at places: never persons."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.blocks import IS_BASE
from gisgov.store.tables import block, building
from gisgov.types import BBox, Floats, Ints


def people_within(connection: sa.Connection, bbox: BBox) -> tuple[Floats, Floats, Ints]:
    """Return where people live in a box: those of buildings, or of blocks where no building counts any.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    bbox : tuple of float
        ``(west, south, east, north)`` in WGS84 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float, shape (n,)
        A point on each building or block, in WGS84 degrees.
    count : numpy.ndarray of int, shape (n,)
        Its population, 1 and more.
    """
    view = func.ST_MakeEnvelope(*bbox, 4326)
    for table, counted in ((building, sa.true()), (block, IS_BASE)):
        on = func.ST_PointOnSurface(table.c.geom)
        rows = connection.execute(
            sa.select(func.ST_X(on).label("lon"), func.ST_Y(on).label("lat"), table.c.population)
            .where(table.c.population > 0, table.c.geom.op("&&")(view), counted)
            .order_by(table.c.id)
        ).all()
        if rows:
            break
    return (
        np.array([row.lon for row in rows], dtype=np.float64),
        np.array([row.lat for row in rows], dtype=np.float64),
        np.array([row.population for row in rows], dtype=np.int64),
    )
