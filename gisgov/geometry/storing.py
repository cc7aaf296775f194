"""From a layer as it was drawn to the coordinates that are stored, in the one right order."""

from __future__ import annotations

from typing import Final

import numpy as np

from gisgov.geometry.crs import to_wgs84_geometries
from gisgov.geometry.noding import add_missing_vertices
from gisgov.geometry.snap import densify, snap
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Geometries

_DRAWN_M: Final = 0.001
_DRAWN_DEG: Final = 1e-8


@np.errstate(all="ignore")  # invalid geometries pass through; GEOS's arithmetic on them is nobody's news
def to_storage(geometries: Geometries, system: CoordinateSystem, tolerance_m: float = 0.01) -> Geometries:
    """Bring the areas of one layer to stored coordinates.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        All areas of the layer together, as drawn in ``system``. None, empty and invalid ones pass
        through (transformed as far as they can be): `gisgov.geometry.validity.find_invalid` names
        them afterwards.
    system : CoordinateSystem
        What their coordinates mean.
    tolerance_m : float
        How far a long straight border may move.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees on the storage grid. Neighbours that met in the drawing have the same
        vertices, to the bit, along their common border.

    Notes
    -----
    Corners on straight borders of neighbours become vertices of both (to a millimetre), long edges
    get vertices on the way (`densify`), every vertex is transformed and rounded by itself, and
    corners that rounding took off a border by less than the grid are joined to it once more.

    Examples
    --------
    >>> import shapely
    >>> from gisgov.geometry.crs import parse_crs
    >>> wide = shapely.box(480_000, 3_300_000, 520_000, 3_310_000)
    >>> left, right = (shapely.box(x, 3_310_000, x + 20_000, 3_320_000) for x in (480_000, 500_000))
    >>> drawn = np.array([wide, left, right])
    >>> bool(shapely.coverage_is_valid(to_storage(drawn, parse_crs(4549))))
    True
    """
    crs = system.crs
    if crs is None or system.is_geographic:
        drawn = _DRAWN_DEG
    else:
        drawn = _DRAWN_M / crs.axis_info[0].unit_conversion_factor
    noded = add_missing_vertices(geometries, drawn)
    return add_missing_vertices(snap(to_wgs84_geometries(densify(noded, system, tolerance_m), system)))
