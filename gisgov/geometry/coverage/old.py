"""The coverage check: where areas leave ground uncovered, cover it twice, or leave their bounds.

All of it is overlay in the coordinates given, so a layer is checked in the system it was drawn in: a
border that is straight there is bent elsewhere. Vertices need not match: a corner on a neighbour's
straight border is no gap.

**What is too thin to count.** A corner that was rounded to the storage grid lies up to 1.41e-7° off
the border it was drawn on, so every such T makes a sliver of no meaning. A piece of ground into which
no circle of diameter `MIN_WIDTH` fits is not a defect; such pieces are counted in `Defects.ignored`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.overlay import gaps, leaving, overlaps, repaired, smaller_parts, with_neighbours
from gisgov.geometry.pieces import Pieces, disjoint, fine_grid, is_thin, places
from gisgov.geometry.snap import GRID_DEG
from gisgov.geometry.validity import InvalidRings, find_invalid
from gisgov.types import Floats, Geometries, Ints, Progress, Texts, silent

MIN_WIDTH: Final = 2 * GRID_DEG
"""Narrower pieces are no defects, in units of the coordinates: 2 cm in degrees. In metres it is next to
nothing, and four steps of the overlay's grid (4 µm) count instead: give the precision of the drawing."""


class DefectKind(StrEnum):
    """What can be wrong with a coverage."""

    GAP = "gap"
    """Ground of the scope on which no area lies."""
    OVERLAP = "overlap"
    """Ground on which two or more areas lie."""
    OUTSIDE = "outside"
    """Ground of areas outside the scope."""
    CROSSES_PARENT = "crosses-parent"
    """Ground of a nested area outside its parent."""
    INVALID_RING = "invalid-ring"
    """An area whose polygon is none: crossing, collapsed, empty or missing."""
    SEVERAL_PARTS = "several-parts"
    """An area in more than one part."""


@dataclass(frozen=True, slots=True, eq=False)
class Defects:
    """What is wrong with a coverage; one row per piece of ground or broken ring.

    Rows are in the order of the kinds, the largest piece of a kind first.

    Attributes
    ----------
    kind : numpy.ndarray of DefectKind, shape (n,)
        What is wrong.
    polygon : numpy.ndarray of shapely.Geometry, shape (n,)
        The ground at fault. For several parts, all but the largest part; for an invalid ring the
        area as repaired for the check, None where nothing is left of it.
    area_m2 : numpy.ndarray of float, shape (n,)
        What ``measure`` says of the polygon; 0 for None.
    areas : tuple of tuple of int, length n
        Numbers of the areas: those around a gap, all that lie on an overlap or outside the scope,
        else the one at fault.
    lon, lat : numpy.ndarray of float, shape (n,)
        A point in the ground, or where a ring is broken (NaN where it has no place), in the
        coordinates of the areas.
    reason : numpy.ndarray of str, shape (n,)
        For an invalid ring what is wrong with it (`find_invalid`), else empty.
    ignored : int
        How many pieces were too thin to count.
    """

    kind: Texts
    polygon: Geometries
    area_m2: Floats
    areas: tuple[tuple[int, ...], ...]
    lon: Floats
    lat: Floats
    reason: Texts
    ignored: int

    def __len__(self) -> int:
        return len(self.kind)


@np.errstate(all="ignore")  # GEOS tries infinities on its way, which numpy would report as ours
def find_defects(
    areas: Geometries,
    scope: shapely.Geometry | None = None,
    *,
    parents: Geometries | None = None,
    parent_of: Ints | None = None,
    measure: Callable[[Geometries], Floats] = shapely.area,
    min_width: float = MIN_WIDTH,
    progress: Progress = silent,
) -> Defects:
    r"""Find what is wrong with a coverage.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        Areas of a partition layer, in any plane coordinates. None, empty and invalid ones are
        reported; of an invalid one the rest of the check uses what repair leaves.
    scope : shapely.Geometry, optional
        The ground to be covered. Without it a gap is ground that the areas enclose, and nothing is
        outside.
    parents : numpy.ndarray of shapely.Geometry, shape (m,), optional
        Areas of the parent layer, for nested layers.
    parent_of : numpy.ndarray of int, shape (n,), optional
        For each area the number of its parent; −1, or a parent that is None, is not judged.
    measure : callable
        Takes polygons, gives their areas. The default measures in the units of the coordinates; for
        stored ones give ``functools.partial(areas_m2, working=…)``.
    min_width : float
        Pieces narrower than this everywhere are only counted.
    progress : Progress
        Told of the pairs of neighbours compared.

    Returns
    -------
    Defects
        Without rows when the areas cover the scope once. Each piece of doubly covered ground comes
        once, with all areas on it. Ground that is covered twice outside the scope is both; so is
        ground that leaves the parent and the scope.

    Raises
    ------
    InputError
        When the scope is not a valid polygon, or only one of ``parents`` and ``parent_of`` is given,
        or ``parent_of`` does not match.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AAB\nA.B\nCCC")
    >>> found = find_defects(areas)
    >>> str(found.kind[0]), float(found.area_m2[0]), found.areas[0]
    ('gap', 10000.0, (0, 1, 2))
    """
    areas = np.asarray(areas, dtype=object)
    _refuse_bad_question(areas, scope, parents, parent_of)
    invalid = find_invalid(areas)
    ground = repaired(areas, invalid)
    hosts = None if parents is None or parent_of is None else _hosts(parents, parent_of)
    grid = fine_grid(ground, np.array([scope], dtype=object))
    try:
        found, ignored = _faulty_ground(ground, scope, hosts, min_width, grid, progress)
    except shapely.GEOSException:  # seen once in ten thousand maps on a hundred times finer grids
        grid *= 100.0
        found, ignored = _faulty_ground(ground, scope, hosts, min_width, grid, progress)
    found[DefectKind.SEVERAL_PARTS] = smaller_parts(areas, invalid)
    return _table(found, invalid, ground, measure, max(min_width, 4.0 * grid), ignored)


def _faulty_ground(
    ground: Geometries,
    scope: shapely.Geometry | None,
    hosts: Geometries | None,
    min_width: float,
    grid: float,
    progress: Progress,
) -> tuple[dict[DefectKind, Pieces], int]:
    """Find the pieces of each kind that are thick enough, and count the others."""
    shapely.prepare(ground)
    tree = shapely.STRtree(ground)
    width = max(min_width, 4.0 * grid)
    found = {
        DefectKind.GAP: gaps(ground, scope, grid),
        DefectKind.OVERLAP: overlaps(ground, tree, grid, progress),
        DefectKind.OUTSIDE: leaving(ground, np.full(len(ground), scope, dtype=object), grid),
    }
    if hosts is not None:
        found[DefectKind.CROSSES_PARENT] = leaving(ground, hosts, grid)
    ignored = 0
    for kind, pieces in found.items():
        thick = pieces.where(~is_thin(pieces.polygon, width))
        ignored += len(pieces) - len(thick)
        if kind is DefectKind.GAP:
            found[kind] = with_neighbours(thick, ground, tree, width, grid)
        elif kind is DefectKind.CROSSES_PARENT:
            found[kind] = thick
        else:
            found[kind] = disjoint(thick, tree, grid, width)
    return found, ignored


def _refuse_bad_question(
    areas: Geometries,
    scope: shapely.Geometry | None,
    parents: Geometries | None,
    parent_of: Ints | None,
) -> None:
    if scope is not None:
        invalid = find_invalid(np.array([scope], dtype=object))
        if len(invalid):
            raise InputError(
                f"The scope is not a valid polygon: {invalid.reason[0]} at ({invalid.x[0]}, {invalid.y[0]}).",
                hint="Mend the scope first: without it nothing can be called a gap.",
            )
    if (parents is None) != (parent_of is None):
        raise InputError("Parents and the number of each area's parent must be given together.")
    if parents is not None and parent_of is not None:
        fits = parent_of.shape == areas.shape and np.all((parent_of >= -1) & (parent_of < len(parents)))
        if not fits:
            raise InputError(
                f"Each of {len(areas)} areas must have a parent numbered 0 to {len(parents) - 1}, or -1."
            )


def _hosts(parents: Geometries, parent_of: Ints) -> Geometries:
    """Give each area's parent; number −1 takes the None at the end."""
    hosts: Geometries = np.full(len(parents) + 1, None, dtype=object)
    hosts[:-1] = repaired(parents, find_invalid(parents))
    chosen: Geometries = hosts[parent_of]
    return chosen


def _table(
    found: dict[DefectKind, Pieces],
    invalid: InvalidRings,
    ground: Geometries,
    measure: Callable[[Geometries], Floats],
    width: float,
    ignored: int,
) -> Defects:
    """Put all kinds into one table, in order."""
    broken = Pieces(ground[invalid.index], tuple((i,) for i in invalid.index.tolist()))
    pieces = {**found, DefectKind.INVALID_RING: broken}
    kind = np.array([kind for kind, some in pieces.items() for _ in range(len(some))], dtype=object)
    polygon: Geometries = np.concatenate([some.polygon for some in pieces.values()])
    areas = [numbers for some in pieces.values() for numbers in some.areas]
    reason = np.append(np.full(len(kind) - len(invalid), "", dtype=object), invalid.reason)
    lon, lat = places(polygon, width)
    if len(invalid):
        lon[-len(invalid) :], lat[-len(invalid) :] = invalid.x, invalid.y
    area = np.nan_to_num(measure(polygon), nan=0.0)
    rank = np.array([list(DefectKind).index(each) for each in kind], dtype=np.int64)
    order = np.lexsort((lat, lon, -area, rank))
    return Defects(
        kind=kind[order],
        polygon=polygon[order],
        area_m2=area[order],
        areas=tuple(areas[i] for i in order),
        lon=lon[order],
        lat=lat[order],
        reason=reason[order],
        ignored=ignored,
    )
