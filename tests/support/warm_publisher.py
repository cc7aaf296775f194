"""Read by the process that publishers are forked from: what they would read when they first check a plan."""

from __future__ import annotations

import killed_publications  # noqa: F401 - all that a publisher needs
import numpy as np
import shapely

from gisgov.geometry.coverage import find_defects
from gisgov.geometry.crs import from_wgs84_geometries, parse_crs

_AREAS = np.array([shapely.box(114, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)])
find_defects(_AREAS)
from_wgs84_geometries(_AREAS, parse_crs("EPSG:4547"))
