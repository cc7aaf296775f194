"""The search for defects: the certificate first, then what keeps it from holding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage.certificate import certificate_of, scope_sums, sums_of_rings
from gisgov.geometry.coverage.defects import DefectKind, Defects, Tolerances
from gisgov.geometry.coverage.faulty import find_faulty_ground
from gisgov.geometry.coverage.nesting import find_crossings
from gisgov.geometry.coverage.rings import Areas, Rings, is_wkb, merged, rings_of, shapes_of
from gisgov.geometry.coverage.rows import Measures, Rows
from gisgov.geometry.overlay import leaving, repaired, smaller_parts
from gisgov.geometry.pieces import fine_grid
from gisgov.geometry.systems import CoordinateSystem
from gisgov.geometry.validity import InvalidRings, find_invalid
from gisgov.types import Bools, Floats, Geometries, Ints, Progress, silent

_DEFAULT: Final = Tolerances()


@np.errstate(all="ignore")  # GEOS tries infinities on its way, which numpy would report as ours
def find_defects(
    areas: Areas,
    scope: shapely.Geometry | bytes | None = None,
    *,
    parents: Geometries | None = None,
    parent_of: Ints | None = None,
    tolerances: Tolerances = _DEFAULT,
    system: CoordinateSystem | None = None,
    measure: Callable[[Geometries], Floats] = shapely.area,
    must_cover: bool = True,
    progress: Progress = silent,
) -> Defects:
    r"""Find what is wrong with a coverage.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        Areas of a layer as shapes or as well-known binary, in any plane coordinates. None, empty and
        invalid ones are reported; of an invalid one the rest of the check uses what repair leaves.
    scope : shapely.Geometry or bytes, optional
        The ground to be covered. Without it a gap is ground that the areas enclose, and nothing is
        outside.
    parents : numpy.ndarray of shapely.Geometry, shape (m,), optional
        Areas of the parent layer, for nested layers.
    parent_of : numpy.ndarray of int, shape (n,), optional
        For each area the number of its parent; −1, or a parent that is None, is not judged.
    tolerances : Tolerances
        What is small.
    system : CoordinateSystem, optional
        What the coordinates are in, which says how many metres a unit is; a plane in metres by default.
    measure : callable
        Takes polygons, gives their areas. The default measures in the units of the coordinates; for
        stored ones give ``functools.partial(areas_m2, working=…)``.
    must_cover : bool
        False for an overlay layer: ground of the scope without an area is no defect.
    progress : Progress
        Told of the steps.

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
        or ``parent_of`` does not match, or a row is no well-known binary.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AAB\nA.B\nCCC")
    >>> found = find_defects(areas)
    >>> str(found.kind[0]), float(found.area_m2[0]), found.areas[0]
    ('gap', 10000.0, (0, 1, 2))
    """
    areas = areas if is_wkb(areas) else np.asarray(areas, dtype=object)
    outline = _outline(scope)
    _refuse_bad_parents(len(areas), parents, parent_of)
    rings = rings_of(areas)
    (each,) = [sums_of_rings(one, areas) for one in progress((rings,), label="cancelling edges", total=1)]
    certificate = None if outline is None else certificate_of(each, scope_sums(outline))
    areas, rings, invalid = _mended(areas, rings, each.is_sound)
    rows, measures = Rows(), Measures(tolerances, system, measure)
    if certificate is None or not certificate.holds:
        whole = outline if must_cover else None
        find_faulty_ground(
            areas, rings, whole, must_cover=must_cover, measures=measures, rows=rows, progress=progress
        )
    if outline is not None and not must_cover:
        _find_outside(areas, outline, measures, rows)
    if parents is not None and parent_of is not None:
        find_crossings(areas, each, parents, parent_of, measures, rows)
    _find_broken(areas, rings, invalid, rows)
    return rows.table(measures, certificate)


def _outline(scope: shapely.Geometry | bytes | None) -> shapely.Geometry | None:
    if scope is None:
        return None
    if isinstance(scope, shapely.Geometry):
        outline = scope
    else:
        outline = shapely.from_wkb(bytes(scope), on_invalid="ignore")
    invalid = find_invalid(np.array([outline], dtype=object))
    if len(invalid):
        raise InputError(
            f"The scope is not a valid polygon: {invalid.reason[0]} at ({invalid.x[0]}, {invalid.y[0]}).",
            hint="Mend the scope first: without it nothing can be called a gap.",
        )
    return outline


def _refuse_bad_parents(count: int, parents: Geometries | None, parent_of: Ints | None) -> None:
    if (parents is None) != (parent_of is None):
        raise InputError("Parents and the number of each area's parent must be given together.")
    if parents is not None and parent_of is not None:
        fits = parent_of.shape == (count,) and np.all((parent_of >= -1) & (parent_of < len(parents)))
        if not fits:
            raise InputError(
                f"Each of {count} areas must have a parent numbered 0 to {len(parents) - 1}, or -1."
            )


def _mended(areas: Areas, rings: Rings, is_sound: Bools) -> tuple[Areas, Rings, InvalidRings]:
    """Give valid areas: in the place of those that are not, what repair leaves of them."""
    unsound = np.flatnonzero(~is_sound)
    shapes = shapes_of(areas, unsound)
    invalid = find_invalid(shapes)
    if not unsound.size:
        return areas, rings, invalid
    ground = repaired(shapes, invalid)
    late: Geometries = np.full(len(areas), None, dtype=object)
    late[unsound] = ground
    if is_wkb(areas):
        rows = list(areas)
        for i, one in zip(unsound.tolist(), shapely.to_wkb(ground), strict=True):
            rows[i] = one
        mended: Areas = rows
    else:
        mended = np.where(is_sound, np.asarray(areas, dtype=object), late)
    named = InvalidRings(unsound[invalid.index], invalid.reason, invalid.x, invalid.y)
    return mended, merged(rings.of(is_sound), rings_of(late)), named


def _find_outside(areas: Areas, scope: shapely.Geometry, measures: Measures, rows: Rows) -> None:
    """Take down ground of an overlay's areas outside the scope, area by area."""
    ground = shapes_of(areas, np.arange(len(areas)))
    host = np.full(len(ground), scope, dtype=object)
    pieces = leaving(ground, host, fine_grid(ground, host[:1]))
    thin = measures.is_thin(pieces.polygon, measures.tolerances.vertex_tolerance_m)
    sliver = measures.are_slivers(pieces.polygon)
    rows.below["vertex_tolerance_m"] += int(np.count_nonzero(thin))
    for i in np.flatnonzero(~thin):
        kind = DefectKind.SLIVER if sliver[i] else DefectKind.OUTSIDE
        rows.add(kind, pieces.polygon[i], pieces.areas[i], cover=1)


def _find_broken(areas: Areas, rings: Rings, invalid: InvalidRings, rows: Rows) -> None:
    """Take down invalid rings and areas in several parts."""
    ground = shapes_of(areas, invalid.index)
    for i, shape, reason, x, y in zip(
        invalid.index.tolist(), ground, invalid.reason, invalid.x.tolist(), invalid.y.tolist(), strict=True
    ):
        rows.add(DefectKind.INVALID_RING, shape, (i,), place=(x, y), reason=reason)
    parts = np.bincount(rings.owner[rings.is_shell], minlength=rings.count)
    parts[invalid.index] = 0
    scattered = np.flatnonzero(parts > 1)
    pieces = smaller_parts(shapes_of(areas, scattered))
    for polygon, (i,) in zip(pieces.polygon, pieces.areas, strict=True):
        rows.add(DefectKind.SEVERAL_PARTS, polygon, (int(scattered[i]),))
