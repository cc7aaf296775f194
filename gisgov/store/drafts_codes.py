"""What ground a code stood for while plans of a layer were in force."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.tables import area, plan
from gisgov.types import Geometries


def grounds_ever_in_force(connection: sa.Connection, layer_id: int, code: str) -> Geometries:
    """Return the grounds (EPSG:4326) that areas of a code had in plans of a layer that were published."""
    rows = connection.scalars(
        sa.select(func.ST_AsBinary(area.c.geom))
        .join_from(area, plan)
        .where(area.c.code == code, plan.c.layer_id == layer_id, plan.c.status != "draft")
    )
    return np.asarray(shapely.from_wkb([bytes(wkb) for wkb in rows]), dtype=object)
