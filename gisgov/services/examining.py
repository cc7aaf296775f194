"""A check of a coverage: the question put to `gisgov.geometry.coverage`, its answer in codes and metres."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, find_defects
from gisgov.geometry.crs import WGS84, CoordinateSystem, to_wgs84, to_wgs84_geometries
from gisgov.geometry.measures import areas_m2
from gisgov.services.defect_reports import CheckReport, DefectInfo, defect_info
from gisgov.types import Floats, Geometries, Ints, Progress, silent

MISSING_PARENT = "missing-parent"
"""A nested area that names no parent, or one that is not there."""

_ORDER = (*(kind.value for kind in DefectKind), MISSING_PARENT)


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """A coverage to be checked, all in the coordinates of ``system``.

    Attributes
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        The areas.
    labels : sequence of str, length n
        Their codes.
    system : CoordinateSystem
        What the coordinates are in.
    working : CoordinateSystem
        Plane to measure in.
    min_width : float
        Narrower pieces are no defects.
    must_cover : bool
        Whether ground of the scope without an area is a defect; not so for an overlay.
    scope : shapely.Geometry or None
        What they are to cover; None asks for enclosed gaps only.
    parents : numpy.ndarray of shapely.Geometry or None
        The areas they are to lie in.
    parent_of : numpy.ndarray of int or None
        For each area the number of its parent; −1 for none.
    """

    areas: Geometries
    labels: Sequence[str]
    system: CoordinateSystem
    working: CoordinateSystem
    min_width: float
    must_cover: bool = True
    scope: shapely.Geometry | None = None
    parents: Geometries | None = None
    parent_of: Ints | None = None


def examine(
    question: Examination,
    *,
    subject: str,
    layer: str | None,
    scope: str,
    parents: str | None,
    progress: Progress = silent,
) -> CheckReport:
    """Check a coverage and tell what was found.

    Parameters
    ----------
    question : Examination
        What to check.
    subject, layer, scope, parents : str
        What the report says of them.
    progress : Progress
        Told of the neighbours compared.

    Raises
    ------
    InputError
        The scope is no valid polygon.
    """
    measure = _measure_of(question.system, question.working)
    found = find_defects(
        question.areas,
        question.scope,
        parents=question.parents,
        parent_of=question.parent_of,
        measure=measure,
        min_width=question.min_width,
        progress=progress,
    )
    kept = [i for i in range(len(found)) if question.must_cover or found.kind[i] is not DefectKind.GAP]
    lon, lat = to_wgs84(found.lon, found.lat, question.system)
    ground = to_wgs84_geometries(found.polygon, question.system)
    defects = [
        defect_info(
            found.kind[i].value,
            float(found.area_m2[i]),
            tuple(question.labels[j] for j in found.areas[i]),
            found.reason[i] or None,
            (float(lon[i]), float(lat[i])),
            ground[i],
        )
        for i in kept
    ]
    defects += _missing_parents(question, measure)
    counts = dict.fromkeys(_judged(question), 0)
    ground_m2 = dict.fromkeys(counts, 0.0)
    for defect in defects:
        counts[defect.kind] += 1
        ground_m2[defect.kind] += defect.area_m2
    return CheckReport(
        subject=subject,
        layer=layer,
        areas=len(question.areas),
        scope=scope,
        parents=parents,
        crs=question.system.name,
        measured_in=question.working.name,
        clean=not defects,
        counts=counts,
        ground_m2={kind: round(total, 3) for kind, total in ground_m2.items()},
        ignored=found.ignored,
        defects=tuple(defects),
    )


def _measure_of(system: CoordinateSystem, working: CoordinateSystem) -> Callable[[Geometries], Floats]:
    stored = functools.partial(areas_m2, working=working)
    if system == WGS84:
        return stored
    return lambda geometries: stored(to_wgs84_geometries(geometries, system))


def _judged(question: Examination) -> tuple[str, ...]:
    left_out = set()
    if not question.must_cover:
        left_out.add(DefectKind.GAP.value)
    if question.scope is None:
        left_out.add(DefectKind.OUTSIDE.value)
    if question.parents is None:
        left_out |= {DefectKind.CROSSES_PARENT.value, MISSING_PARENT}
    return tuple(kind for kind in _ORDER if kind not in left_out)


def _missing_parents(question: Examination, measure: Callable[[Geometries], Floats]) -> list[DefectInfo]:
    if question.parent_of is None:
        return []
    homeless = np.flatnonzero(question.parent_of < 0)
    areas = question.areas[homeless]
    ground = to_wgs84_geometries(areas, question.system)
    on = shapely.point_on_surface(ground)
    rows = zip(homeless.tolist(), np.nan_to_num(measure(areas)).tolist(), on, ground, strict=True)
    return [
        defect_info(
            MISSING_PARENT,
            area_m2,
            (question.labels[i],),
            None,
            (shapely.get_x(point), shapely.get_y(point)),
            shape,
        )
        for i, area_m2, point, shape in rows
    ]
