"""Areas as the union of their blocks, with not one vertex moved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.types import Geometries


def dissolve(blocks: Geometries, labels: npt.ArrayLike) -> Geometries:
    """Merge blocks that carry the same label.

    Parameters
    ----------
    blocks : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons or multipolygons that do not overlap and have their vertices in common along their
        borders (as base blocks have), in any coordinates.
    labels : array_like of int or str, shape (n,)
        Which area each block belongs to.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (k,)
        One area per label, in the order of ``numpy.unique(labels)`` (numbers ascending, texts by
        code point). Vertices of the outline are those of the blocks to the bit, none is added and
        none on a straight border is dropped, so areas that meet still share them. The result does
        not depend on the order of the blocks.

    Raises
    ------
    InputError
        When lengths differ, a block is missing, or the blocks of a label overlap or have borders
        that do not match: nothing then tells which border is meant.

    Notes
    -----
    Borders that two blocks of one area have in common are cancelled out (GEOS coverage union)
    instead of computed, which is why no vertex moves.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, blocks = areas_from_grid("ABC")
    >>> [area.wkt for area in dissolve(blocks, [7, 7, 9])]  # doctest: +NORMALIZE_WHITESPACE
    ['POLYGON ((0 0, 0 100, 100 100, 200 100, 200 0, 100 0, 0 0))',
     'POLYGON ((200 0, 200 100, 300 100, 300 0, 200 0))']
    """
    blocks = np.asarray(blocks, dtype=object)
    named, label = np.unique(np.asarray(labels), return_inverse=True)
    if label.shape != blocks.shape:
        raise InputError(f"There are {blocks.size} blocks and {label.size} labels.")
    if shapely.is_missing(blocks).any():
        raise InputError(f"Block {int(shapely.is_missing(blocks).argmax())} has no polygon.")
    order = np.argsort(label, kind="stable")
    groups = np.split(blocks[order], np.cumsum(np.bincount(label, minlength=named.size))[:-1])
    merged: Geometries = np.empty(named.size, dtype=object)
    for number, group in enumerate(groups[: named.size]):
        merged[number] = _merge(group, str(named[number]))
    return merged


def _merge(group: Geometries, label: str) -> shapely.Geometry:
    problem = InputError(
        f"The blocks of {label} overlap or their borders do not match.",
        hint="Check the blocks for gaps and overlaps, and give neighbours the same vertices.",
    )
    try:
        area = shapely.coverage_union_all(group)
    except shapely.GEOSException:
        raise problem from None
    ground = float(shapely.area(group).sum())
    if not shapely.is_valid(area) or abs(shapely.area(area) - ground) > 1e-9 * ground:
        raise problem
    return shapely.normalize(area)
