"""What lies around areas of a draft: its other areas, its blocks in no area, and edges of blocks."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.governance.block_edges import classes_of
from gisgov.store.statements import statement
from gisgov.types import Floats, Geometries, Ints, Texts


def grounds_near(connection: sa.Connection, plan_id: int, codes: Texts, boxes: Floats) -> Geometries:
    """Return the grounds (EPSG:4326) in boxes of other areas of a draft, and of its blocks in no area.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_id : int
        The draft.
    codes : numpy.ndarray of str
        The areas that are left out.
    boxes : numpy.ndarray of float, shape (n, 4)
        West, south, east, north.
    """
    given = {"plan_id": plan_id, "codes": codes.tolist(), **_sides(boxes)}
    rows = connection.scalars(statement("grounds_near"), given)
    return np.asarray(shapely.from_wkb([bytes(wkb) for wkb in rows]), dtype=object)


def edges_near(connection: sa.Connection, boxes: Floats) -> tuple[Geometries, Ints]:
    """Return the edges of blocks in boxes (EPSG:4326), once for each that they lie in.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    boxes : numpy.ndarray of float, shape (n, 4)
        West, south, east, north.

    Returns
    -------
    lines : numpy.ndarray of shapely.LineString, shape (k,)
    edge_class : numpy.ndarray of int, shape (k,)
        What lies along each: values of `EdgeClass`.
    """
    rows = connection.execute(statement("edges_near"), _sides(boxes)).all()
    lines = np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object)
    return lines, classes_of(np.array([row.edge_class for row in rows], dtype=object))


def parents_near(
    connection: sa.Connection, layer_id: int, day: date, boxes: Floats
) -> tuple[Texts, Geometries]:
    """Return codes and grounds (EPSG:4326), by code, of areas of a layer in force that lie in boxes."""
    given = {"layer_id": layer_id, "day": day, **_sides(boxes)}
    rows = connection.execute(statement("parents_near"), given).all()
    codes = np.empty(len(rows), dtype=object)
    codes[:] = [row.code for row in rows]
    return codes, np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object)


def _sides(boxes: Floats) -> dict[str, list[float]]:
    return dict(zip(("west", "south", "east", "north"), boxes.T.tolist(), strict=True))
