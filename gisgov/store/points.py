"""Where all events and buildings are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.tables import building, event
from gisgov.types import Floats, Texts

PointSubject: TypeAlias = Literal["events", "buildings"]

# a building stands where a point inside it stands, as in sql/locate_subjects.sql
_PLACES: dict[str, tuple[sa.Table, sa.ColumnElement[Any]]] = {
    "events": (event, event.c.geom),
    "buildings": (building, func.ST_PointOnSurface(building.c.geom)),
}


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPoints:
    """All events or buildings as parallel columns, in the order of their arrival.

    Attributes
    ----------
    sources, ids : numpy.ndarray of str
        What each is called where it came from.
    lon, lat : numpy.ndarray of float
        EPSG:4326; NaN where there is no usable coordinate.
    problems : numpy.ndarray of str
        Why that is (``no-coordinate``, ``bad-coordinate``); None where there is one.
    """

    sources: Texts
    ids: Texts
    lon: Floats
    lat: Floats
    problems: Texts


def placed_points(connection: sa.Connection, subject: PointSubject) -> PlacedPoints:
    """Return where all events or buildings are."""
    table, place = _PLACES[subject]
    found = sa.select(table.c.id, table.c.source, table.c.external_id, table.c.problem, place.label("place"))
    at = found.subquery()
    rows = connection.execute(
        sa.select(
            at.c.source, at.c.external_id, func.ST_X(at.c.place), func.ST_Y(at.c.place), at.c.problem
        ).order_by(at.c.id)
    ).all()
    columns = np.array([tuple(row) for row in rows], dtype=object).reshape(len(rows), 5)
    return PlacedPoints(
        sources=columns[:, 0],
        ids=columns[:, 1],
        lon=columns[:, 2].astype(np.float64),
        lat=columns[:, 3].astype(np.float64),
        problems=columns[:, 4],
    )
