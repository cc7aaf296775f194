"""Features as flat arrays: what a tile set is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.types import Bools, Floats, Geometries, Ints

POINT: Final = 1
POLYGON: Final = 3
"""Kinds of geometry, by the numbers of the Mapbox Vector Tile specification."""

MAX_LATITUDE: Final = 85.0511287798066
"""Where Web Mercator's square ends, in degrees; what lies beyond is drawn on its edge."""

_RADIUS_M: Final = 6378137.0
_SHAPELY_KINDS: Final = {0: POINT, 4: POINT, 3: POLYGON, 6: POLYGON}


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Points and polygons with attributes.

    Coordinates are shares of Web Mercator's square (EPSG:3857): x from 0 in the west to 1 in the east, y from
    0 in the **north** to 1 in the south, so that a zoom's pixels are a power of two away from them.
    `world_of_lonlat` and `world_of_mercator` make them.

    Attributes
    ----------
    ids : numpy.ndarray of int, shape (n,)
        Distinct and not negative; they become the features' ids in tiles.
    kind : numpy.ndarray of int, shape (n,)
        `POINT` or `POLYGON`.
    feature : numpy.ndarray of int, shape (n + 1,)
        Where the rings of each feature begin in ``ring``. A feature of points has one "ring" of them all.
    ring : numpy.ndarray of int, shape (r + 1,)
        Where the vertices of each ring begin in ``xy``. Rings are **not** closed: the first vertex is not
        repeated.
    hole : numpy.ndarray of bool, shape (r,)
        Whether a ring is a hole of the last ring before it that is none.
    xy : numpy.ndarray of float, shape (v, 2)
        Vertices.
    columns : mapping of str to array, each of shape (n,)
        Attributes: int, float (NaN is no value), bool, text (object, ``None`` is no value), any of them as
        `numpy.ma.MaskedArray` (masked is no value), or `CodedTexts`. A feature has no such key where it has
        no value.
    """

    ids: Ints
    kind: npt.NDArray[np.int8]
    feature: Ints
    ring: Ints
    hole: Bools
    xy: Floats
    columns: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class CodedTexts:
    """A column of texts that is given as numbers of a short list.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (n,)
        Number of each feature's text in ``texts``, −1 for none.
    texts : tuple of str
        The list.
    """

    codes: npt.NDArray[Any]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)


def features_of(geometries: Geometries, ids: npt.ArrayLike, columns: Mapping[str, Any]) -> Features:
    """Make features of shapely geometries.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Points, multipoints, polygons and multipolygons in longitude and latitude (EPSG:4326). Latitudes
        beyond ±85.0511° are drawn there; longitudes beyond ±180° are in no tile.
    ids : array of int, shape (n,)
        Distinct and not negative.
    columns : mapping of str to array
        As `Features` has them.

    Returns
    -------
    Features
        In the given order.

    Raises
    ------
    InputError
        When a geometry is missing, empty, not finite or of another type.

    Examples
    --------
    >>> features = features_of(np.array([shapely.Point(0, 0)]), [7], {"name": np.array(["centre"], object)})
    >>> features.xy.tolist(), len(features)
    ([[0.5, 0.5]], 1)
    """
    numbers = np.asarray(ids, dtype=np.int64)
    found = shapely.get_type_id(geometries)
    usable = np.isin(found, list(_SHAPELY_KINDS)) & ~shapely.is_empty(geometries)
    if not usable.all():
        bad = int(np.flatnonzero(~usable)[0])
        raise InputError(f"feature {numbers[bad]} is neither points nor polygons, or is empty")
    kind = np.where((found == 0) | (found == 4), POINT, POLYGON).astype(np.int8)
    parts, part_of = shapely.get_parts(geometries, return_index=True)
    is_ground = kind[part_of] == POLYGON
    ring_count = np.ones(len(parts), dtype=np.int64)
    ring_count[is_ground] += shapely.get_num_interior_rings(parts[is_ground])
    rings, ring_of_part = np.empty(int(ring_count.sum()), dtype=object), np.repeat(is_ground, ring_count)
    rings[ring_of_part] = shapely.get_rings(parts[is_ground])
    rings[~ring_of_part] = parts[~is_ground]
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    closes = np.zeros(len(xy), dtype=bool)  # the last vertex of a polygon's ring repeats its first
    closes[:-1] = ring_of[1:] != ring_of[:-1]
    closes[-1:] = True
    kept = ~(closes & ring_of_part[ring_of])
    vertices = np.bincount(ring_of[kept], minlength=len(rings))
    hole = np.ones(len(rings), dtype=bool)
    hole[_begins(ring_count)[:-1]] = False
    feature_of_ring = np.repeat(part_of, ring_count)
    # the points of a feature are one ring, whatever their number
    first = np.ones(len(rings), dtype=bool)
    first[1:] = ring_of_part[1:] | (feature_of_ring[1:] != feature_of_ring[:-1])
    return Features(
        numbers,
        kind,
        _begins(np.bincount(feature_of_ring[first], minlength=len(numbers))),
        np.append(_begins(vertices)[:-1][first], np.sum(vertices)).astype(np.int64),
        hole[first],
        world_of_lonlat(xy[kept]),
        columns,
    )


def world_of_lonlat(lonlat: Floats) -> Floats:
    """Project longitude and latitude (degrees, shape (n, 2)) onto shares of Web Mercator's square.

    Spherical Mercator as EPSG:3857 defines it. Latitudes beyond ±85.0511° are taken for that; NaN stays NaN.

    Examples
    --------
    >>> world_of_lonlat(np.array([[-180.0, 90.0], [180.0, -85.0511287798066]])).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    sine = np.sin(np.radians(np.clip(lonlat[:, 1], -MAX_LATITUDE, MAX_LATITUDE)))
    world = np.empty(lonlat.shape)
    world[:, 0] = lonlat[:, 0] / 360.0 + 0.5
    world[:, 1] = np.clip(0.5 - np.arctanh(sine) / (2.0 * np.pi), 0.0, 1.0)
    return world


def world_of_mercator(xy: Floats) -> Floats:
    """Turn metres of EPSG:3857 (shape (n, 2)) into shares of its square, y from the north.

    Examples
    --------
    >>> world_of_mercator(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    side = 2.0 * np.pi * _RADIUS_M
    return np.column_stack((xy[:, 0] / side + 0.5, np.clip(0.5 - xy[:, 1] / side, 0.0, 1.0)))


def _begins(counts: npt.NDArray[Any]) -> Ints:
    begins = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=begins[1:])
    return begins
