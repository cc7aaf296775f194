"""Where work arises: events and buildings at their places, to be counted by block."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.governance.risk import RiskClass
from gisgov.store.tables import building, event
from gisgov.types import BBox, Floats, Texts


def event_places(
    connection: sa.Connection, bbox: BBox, first: datetime, after: datetime
) -> tuple[Floats, Floats]:
    """Return lon and lat (EPSG:4326) of the events in a box, from ``first`` until before ``after``."""
    view = func.ST_MakeEnvelope(*bbox, 4326)
    rows = connection.execute(
        sa.select(func.ST_X(event.c.geom), func.ST_Y(event.c.geom))
        .where(event.c.geom.op("&&")(view), event.c.occurred_at >= first, event.c.occurred_at < after)
        .order_by(event.c.id)
    ).all()
    places = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(len(rows), 2)
    return places[:, 0], places[:, 1]


def building_places(connection: sa.Connection, bbox: BBox) -> tuple[Floats, Floats, Texts]:
    """Return lon and lat (EPSG:4326) of the buildings in a box, and their classes (words of `RiskClass`).

    A building stands where a point inside it does; one that was not rated is unclassified.
    """
    on = func.ST_PointOnSurface(building.c.geom)
    rows = connection.execute(
        sa.select(
            func.ST_X(on), func.ST_Y(on), func.coalesce(building.c.risk_class, RiskClass.UNCLASSIFIED.value)
        )
        .where(building.c.geom.op("&&")(func.ST_MakeEnvelope(*bbox, 4326)))
        .order_by(building.c.id)
    ).all()
    places = np.array([tuple(row) for row in rows], dtype=object).reshape(len(rows), 3)
    return places[:, 0].astype(np.float64), places[:, 1].astype(np.float64), places[:, 2]
