"""Ground that two divisions of it have in common, piece by piece."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.crs import from_wgs84_geometries
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints, Progress, silent

OUTSIDE: Final = -1
"""In the place of a target's number: ground outside all targets."""

SLIVER_M: Final = 0.05
"""Narrower common ground is none: one border drawn by two maps differs by the grid that it is stored on."""

_CHUNK: Final = 50_000  # pairs measured at once
_SHARES: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class CommonGround:
    """Ground that sources and targets have in common.

    Attributes
    ----------
    source, target : numpy.ndarray of int, shape (k,)
        Numbers of a pair; by source, then target, and `OUTSIDE` for a source's ground in no target.
    area_m2 : numpy.ndarray of float, shape (k,)
        Its common ground, more than 0.
    """

    source: Ints
    target: Ints
    area_m2: Floats


def common_ground(
    sources: Geometries, targets: Geometries, working: CoordinateSystem, *, progress: Progress = silent
) -> CommonGround:
    """Measure the ground that sources and targets have in common.

    Parameters
    ----------
    sources : numpy.ndarray of shapely.Geometry, shape (m,)
        Valid polygons in stored coordinates (EPSG:4326).
    targets : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid polygons in the same coordinates that do not overlap each other.
    working : CoordinateSystem
        The plane that is measured in.
    progress : Progress
        Told of pairs measured.

    Returns
    -------
    CommonGround
        Pairs that only touch, or share no more than a sliver (`SLIVER_M`), are not among them. The pieces are
        cut in stored coordinates, where common borders are equal to the bit, and measured in the plane.

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> from gisgov.testing import areas_from_grid
    >>> _, blocks = areas_from_grid("AB", cell_m=0.001, origin=(120.0, 30.0))
    >>> tract = np.array([shapely.box(120.0005, 30.0, 120.0025, 30.001)], dtype=object)
    >>> found = common_ground(tract, blocks, parse_crs("EPSG:4549"))
    >>> found.target.tolist(), found.area_m2.round(-1).tolist()
    ([-1, 0, 1], [5350.0, 5350.0, 10700.0])
    """
    sources, targets = np.asarray(sources, dtype=object), np.asarray(targets, dtype=object)
    shapely.prepare(sources)
    shapely.prepare(targets)
    source, target = shapely.STRtree(targets).query(sources, predicate="intersects")
    area, length = np.zeros(len(source)), np.zeros(len(source))
    begins = range(0, len(source), _CHUNK)
    for begin in progress(begins, label="common ground", total=len(begins)):
        part = slice(begin, begin + _CHUNK)
        pieces = from_wgs84_geometries(_common(sources[source[part]], targets[target[part]]), working)
        area[part], length[part] = shapely.area(pieces), shapely.length(pieces)
    in_plane = from_wgs84_geometries(sources, working)
    beyond = shapely.area(in_plane) - np.bincount(source, weights=area, minlength=len(sources))
    source = np.concatenate((source, np.arange(len(sources))))
    target = np.concatenate((target, np.full(len(sources), OUTSIDE)))
    area = np.concatenate((area, beyond))
    length = np.concatenate((length, shapely.length(in_plane)))
    # twice the area over the outline is the width of what is long and narrow
    kept = np.flatnonzero(2.0 * area > SLIVER_M * length)
    order = kept[np.lexsort((target[kept], source[kept]))]
    return CommonGround(source[order], target[order], area[order])


def _common(geometries: Geometries, others: Geometries) -> Geometries:
    """Cut the ground that pairs have in common; most have either all of one, or a border only."""
    common: Geometries = np.full(len(geometries), shapely.Point(), dtype=object)
    outer, inner = shapely.covers(geometries, others), shapely.covers(others, geometries)
    common[outer], common[inner] = others[outer], geometries[inner]
    left = np.flatnonzero(~(outer | inner))
    left = left[~shapely.touches(geometries[left], others[left])]
    # GEOS lets go of the interpreter: every core cuts, and what is cut does not depend on how many there are
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        cut = pool.map(
            shapely.intersection, *(np.array_split(one[left], _SHARES) for one in (geometries, others))
        )
    common[left] = np.concatenate(list(cut))
    return common
