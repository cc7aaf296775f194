"""A check of a coverage: the question put to `gisgov.geometry.coverage`, its answer in codes and metres."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gisgov.geometry.coverage import Certificate, DefectKind, Defects, Tolerances, find_defects
from gisgov.geometry.crs import WGS84, CoordinateSystem, to_wgs84, to_wgs84_geometries
from gisgov.geometry.measures import areas_m2
from gisgov.services.defect_reports import (
    MISSING_PARENT,
    NOTICES,
    CheckReport,
    DefectInfo,
    counted,
    defect_info,
    noticed,
    numbered,
)
from gisgov.services.misplaced_rows import Misplaced
from gisgov.services.point_checks import PartitionAreas, PointSet, hold_points
from gisgov.services.tolerances import told
from gisgov.types import Floats, Geometries, Ints, Progress, silent

_ORDER = (*(kind.value for kind in DefectKind), MISSING_PARENT)


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """A coverage to be checked, all in the coordinates of ``system``.

    Attributes
    ----------
    areas : numpy.ndarray of shapely.Geometry or of bytes, shape (n,)
        The areas, as shapes or as well-known binary.
    labels : sequence of str, length n
        Their codes.
    system : CoordinateSystem
        What the coordinates are in.
    working : CoordinateSystem
        Plane to measure in.
    tolerances : Tolerances
        What is narrow or small.
    must_cover : bool
        Whether ground of the scope without an area is a defect; not so for an overlay.
    scope : shapely.Geometry or None
        What they are to cover; None asks for enclosed gaps only.
    parents : numpy.ndarray of shapely.Geometry or None
        The areas they are to lie in.
    parent_of : numpy.ndarray of int or None
        For each area the number of its parent; −1 for none.
    misplaced : Misplaced or None
        Rows that are out of place; their areas are None.
    """

    areas: Geometries
    labels: Sequence[str]
    system: CoordinateSystem
    working: CoordinateSystem
    tolerances: Tolerances
    must_cover: bool = True
    scope: shapely.Geometry | None = None
    parents: Geometries | None = None
    parent_of: Ints | None = None
    misplaced: Misplaced | None = None

    def measure(self, geometries: Geometries) -> Floats:
        """Return the square metres of polygons."""
        stored = functools.partial(areas_m2, working=self.working)
        return stored(geometries if self.system == WGS84 else to_wgs84_geometries(geometries, self.system))

    def shapes(self, numbers: Ints) -> Geometries:
        """Return some of the areas as shapes."""
        chosen: Geometries = self.areas[numbers]
        if any(isinstance(area, bytes) for area in chosen[:1]):
            chosen = shapely.from_wkb(chosen)
        return chosen

    def find(self, progress: Progress = silent) -> Defects:
        """Return the defects of the coverage.

        Raises
        ------
        InputError
            The scope is no valid polygon.
        """
        return find_defects(
            self.areas,
            self.scope,
            parents=self.parents,
            parent_of=self.parent_of,
            tolerances=self.tolerances,
            system=self.system,
            measure=self.measure,
            must_cover=self.must_cover,
            progress=progress,
        )


@dataclass(frozen=True, slots=True, eq=False)
class AskedCoverage:
    """A coverage to be checked, and what a report says of it.

    Attributes
    ----------
    question : Examination
        What to check.
    subject : str
        Name of the plan or of the file.
    layer : str or None
        Name of its layer.
    scope : str
        What it is to cover, in words.
    parents : str or None
        What it is to lie in, in words.
    """

    question: Examination
    subject: str
    layer: str | None
    scope: str
    parents: str | None

    def report(self, progress: Progress = silent, points: Sequence[PointSet] = ()) -> CheckReport:
        """Check it, and hold points in its coordinates against its areas; see `examine`."""
        asked = self.question
        report = examine(
            asked,
            subject=self.subject,
            layer=self.layer,
            scope=self.scope,
            parents=self.parents,
            progress=progress,
        )
        if not points:
            return report
        shapes = asked.shapes(np.arange(len(asked.areas)))
        partition = PartitionAreas(self.subject, shapes, asked.labels, asked.system, asked.working)
        return replace(report, points=hold_points(points, [partition], first=len(report.defects) + 1))


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
        Told how the check advances.

    Raises
    ------
    InputError
        The scope is no valid polygon.
    """
    found = question.find(progress)
    defects = told_all(question, found)
    counts = dict.fromkeys(_judged(question), 0)
    ground_m2 = dict.fromkeys(counts, 0.0)
    for defect in defects:
        counts[defect.kind] += 1
        ground_m2[defect.kind] += defect.area_m2
    certificate = found.certificate
    return CheckReport(
        subject=subject,
        layer=layer,
        areas=len(question.areas),
        scope=scope,
        parents=parents,
        crs=question.system.name,
        measured_in=question.working.name,
        clean=not any(defect.is_fault for defect in defects),
        certified=certificate is not None and certificate.holds,
        certificate=None if certificate is None else certificate.figure,
        proof=_proof(certificate, question, counts),
        tolerances=told(question.tolerances),
        counts=counts,
        ground_m2={kind: round(total, 3) for kind, total in ground_m2.items()},
        below=dict(found.below),
        defects=defects,
    )


def told_all(question: Examination, found: Defects) -> tuple[DefectInfo, ...]:
    """Tell and number defects, and after them areas without a parent, of which the geometry knows nothing."""
    return numbered([*told_defects(question, found), *_missing_parents(question)])


def told_defects(question: Examination, found: Defects) -> list[DefectInfo]:
    """Tell defects in codes, metres and places; their numbers are still to be given."""
    lon, lat = to_wgs84(found.lon, found.lat, question.system)
    ground = to_wgs84_geometries(found.polygon, question.system)
    misplaced = _misplaced(question)
    rows = zip(
        (kind.value for kind in found.kind),
        found.area_m2.tolist(),
        found.areas,
        found.reason,
        zip(lon.tolist(), lat.tolist(), strict=True),
        ground,
        found.width_m.tolist(),
        found.cover.tolist(),
        strict=True,
    )
    return [
        misplaced[areas[0]]
        if kind == DefectKind.INVALID_RING and areas[0] in misplaced
        else defect_info(
            kind,
            area_m2,
            tuple(question.labels[i] for i in areas),
            reason or None,
            place,
            shape,
            width_m=width_m,
            cover=cover,
        )
        for kind, area_m2, areas, reason, place, shape, width_m, cover in rows
    ]


def _misplaced(question: Examination) -> dict[int, DefectInfo]:
    """Tell rows that are out of place, by their numbers; without a point where it would lie off the globe."""
    rows = question.misplaced
    if rows is None or not len(rows):
        return {}
    x, y = rows.x, rows.y
    if question.system.is_geographic:
        on_globe = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
        x, y = np.where(on_globe, x, np.nan), np.where(on_globe, y, np.nan)
    lon, lat = to_wgs84(x, y, question.system)
    return {
        i: defect_info(DefectKind.INVALID_RING.value, 0.0, (question.labels[i],), reason, (east, north), None)
        for i, reason, east, north in zip(
            rows.index.tolist(), rows.reason.tolist(), lon.tolist(), lat.tolist(), strict=True
        )
    }


def _judged(question: Examination) -> tuple[str, ...]:
    left_out = set()
    if not question.must_cover:
        left_out.add(DefectKind.GAP.value)
    if question.scope is None:
        left_out.add(DefectKind.OUTSIDE.value)
    if question.parents is None:
        left_out |= {DefectKind.CROSSES_PARENT.value, MISSING_PARENT}
    return tuple(kind for kind in _ORDER if kind not in left_out)


def _missing_parents(question: Examination) -> Iterable[DefectInfo]:
    if question.parent_of is None:
        return
    homeless = np.flatnonzero(question.parent_of < 0)
    areas = question.shapes(homeless)
    # what has no ground is an invalid ring already, and no ground of it lies outside a parent
    there = ~shapely.is_missing(areas) & ~shapely.is_empty(areas)
    homeless, areas = homeless[there], areas[there]
    ground = to_wgs84_geometries(areas, question.system)
    on = shapely.point_on_surface(ground)
    on[shapely.is_empty(on)] = None
    rows = zip(
        homeless.tolist(),
        np.nan_to_num(question.measure(areas)).tolist(),
        shapely.get_x(on).tolist(),
        shapely.get_y(on).tolist(),
        ground,
        strict=True,
    )
    for i, area_m2, lon, lat, shape in rows:
        yield defect_info(MISSING_PARENT, area_m2, (question.labels[i],), None, (lon, lat), shape)


def _proof(certificate: Certificate | None, question: Examination, counts: dict[str, int]) -> str:
    if certificate is None:
        return "nothing is proved: there is no scope that the areas are to cover"
    if certificate.holds:
        return (
            f"proved: every one of {certificate.edges:,} directed edges cancels, so the areas cover the "
            "scope exactly once"
        )
    if certificate.unsound:
        count = len(certificate.unsound)
        what = "1 area is no sound polygon" if count == 1 else f"{count:,} areas are no sound polygons"
        return f"not proved: {what}"
    if not question.must_cover:
        return "not proved: an overlay leaves ground of the scope uncovered"
    has_faults = any(count for kind, count in counts.items() if kind not in NOTICES)
    along = counted(counts) if has_faults else noticed(counts) or "ground below the tolerances"
    return f"not proved: of {certificate.edges:,} directed edges those along {along} do not cancel"
