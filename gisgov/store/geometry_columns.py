"""Geometry on its way into columns: WKB, promoted to what the column holds."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.types import Geometries


def multipolygons(geometries: Geometries) -> Geometries:
    """Return polygons as multipolygons of one part; what is no polygon stays as it is, to be refused.

    Examples
    --------
    >>> str(multipolygons(np.array([shapely.box(0, 0, 1, 1)]))[0])
    'MULTIPOLYGON (((1 0, 1 1, 0 1, 0 0, 1 0)))'
    """
    promoted = np.array(geometries, dtype=object)
    single = shapely.get_type_id(promoted) == shapely.GeometryType.POLYGON
    promoted[single] = shapely.multipolygons(
        shapely.get_parts(promoted[single]), indices=np.arange(single.sum())
    )
    return promoted


def as_column(geometry: shapely.Geometry) -> sa.ColumnElement[Any]:
    """Return one polygon or multipolygon (EPSG:4326) as the value of a MULTIPOLYGON column."""
    return func.ST_GeomFromWKB(as_wkb(np.array([geometry], dtype=object))[0], 4326)


def as_wkb(geometries: Geometries) -> list[bytes]:
    """Return WKB for ``ST_GeomFromWKB(…, 4326)``, polygons promoted to multipolygons."""
    return [bytes(wkb) for wkb in shapely.to_wkb(multipolygons(geometries))]


def from_column(wkb: bytes | memoryview) -> shapely.MultiPolygon:
    """Return the geometry of a MULTIPOLYGON column that was read with ``ST_AsBinary``."""
    return cast("shapely.MultiPolygon", shapely.from_wkb(bytes(wkb)))
