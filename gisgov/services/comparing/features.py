"""The ground that changes hands as GeoJSON, and as rows to be written to a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import geopandas
import numpy as np
import shapely

from gisgov.services.comparing.comparing import Compared
from gisgov.services.comparing.reports import ChangedHands
from gisgov.types import Geometries, Json

_DECIMALS: Final = 7
"""Of coordinates, as many as stored ones have."""


def row_of(change: ChangedHands) -> Json:
    """Return a change as one flat row: codes and names, whether recoded, and what goes with the ground."""
    row = asdict(change)
    return {**row, **row.pop("hands")}


def changed_ground(compared: Compared) -> Json:
    """Return the ground that changes hands as a GeoJSON feature collection in WGS84."""
    shapes = _rounded(compared.grounds)
    features = [
        {
            "type": "Feature",
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
            "properties": row_of(change),
        }
        for change, shape in zip(compared.report.changes, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def changes_frame(compared: Compared) -> geopandas.GeoDataFrame:
    """Return the changes as rows with their ground (EPSG:4326), without figures that are not told."""
    columns = [*ChangedHands.__dataclass_fields__][:-1]
    rows = [row_of(change) for change in compared.report.changes]
    names = [*columns, *asdict(compared.report.total)]
    untold = [name for name, value in asdict(compared.report.total).items() if value is None]
    data = {name: [row[name] for row in rows] for name in names if name not in untold}
    return geopandas.GeoDataFrame(data, geometry=_rounded(compared.grounds), crs=4326)


def _rounded(grounds: Geometries) -> Geometries:
    rounded: Geometries = shapely.transform(grounds, lambda places: np.round(places, _DECIMALS))
    return rounded
