"""Points held against the areas of a partition: each is to lie in exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.crs import CoordinateSystem, to_wgs84
from gisgov.geometry.overlay import repaired
from gisgov.geometry.validity import find_invalid
from gisgov.governance.events import OrphanReason
from gisgov.services.point_reports import PointFault, PointsReport
from gisgov.types import Bools, Floats, Geometries, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class PointSet:
    """Points in the coordinates of the areas that they are held against; parallel arrays of n rows.

    Attributes
    ----------
    subject : str
        What they are: ``buildings``, ``events`` or ``file NAME``.
    ids : numpy.ndarray of str
        What each is called.
    sources : numpy.ndarray of str
        Where its record came from; None where that is not said.
    x, y : numpy.ndarray of float
        Where it is; NaN where there is no usable coordinate.
    problems : numpy.ndarray of str
        Why that is: ``no-coordinate`` or ``bad-coordinate``; None where there is one.
    messages : numpy.ndarray of str
        The same in words.
    """

    subject: str
    ids: Texts
    sources: Texts
    x: Floats
    y: Floats
    problems: Texts
    messages: Texts

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class PartitionAreas:
    """The areas that points are held against.

    Attributes
    ----------
    layer : str
        What they are called in the report: the name of a layer, a plan or a file.
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        Their ground; of broken rings what repair leaves is used.
    codes : sequence of str, length m
        Their codes.
    system, working : CoordinateSystem
        What the coordinates are in, and the plane in which distances are measured.
    """

    layer: str
    geometries: Geometries
    codes: Sequence[str]
    system: CoordinateSystem
    working: CoordinateSystem


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Points and the areas that cover them, one row a pair; ``is_within`` is False on a border."""

    point: Ints
    area: Ints
    is_within: Bools


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a point is not in exactly one area."""

    point: int
    kind: str
    reason: str
    message: str
    areas: tuple[str, ...] = ()
    nearest_area: str | None = None
    distance_m: float | None = None


def check_points(points: PointSet, areas: PartitionAreas, *, first: int = 1) -> PointsReport:
    """Say of each point whether it lies in exactly one area.

    Parameters
    ----------
    points : PointSet
        In the coordinates of the areas.
    areas : PartitionAreas
        Areas of a partition.
    first : int
        Number of the first fault.

    Returns
    -------
    PointsReport
        Orphans come with the nearest area and the distance to it. A point on a border has one owner by the
        rule of the smallest code, which is no fault.
    """
    ground = repaired(areas.geometries, find_invalid(areas.geometries))
    pairs = _pairs(points, ground)
    covered = np.bincount(pairs.point, minlength=len(points))
    within = np.bincount(pairs.point[pairs.is_within], minlength=len(points))
    several = (within > 0) & (covered > 1)
    orphans = covered == 0
    lon, lat = to_wgs84(points.x, points.y, areas.system)
    verdicts = sorted(
        [*_shared(areas, pairs, several), *_orphans(points, areas, ground, np.flatnonzero(orphans))],
        key=lambda verdict: verdict.point,
    )
    return PointsReport(
        subject=points.subject,
        layer=areas.layer,
        areas=len(areas.codes),
        points=len(points),
        inside=int(np.count_nonzero((within == 1) & (covered == 1))),
        on_border=int(np.count_nonzero((within == 0) & (covered > 0))),
        in_several=int(np.count_nonzero(several)),
        orphans=int(np.count_nonzero(orphans)),
        clean=not verdicts,
        faults=tuple(
            _told(number, points, one, float(lon[one.point]), float(lat[one.point]))
            for number, one in enumerate(verdicts, first)
        ),
    )


def hold_points(
    points: Iterable[PointSet], partitions: Sequence[PartitionAreas], *, first: int
) -> tuple[PointsReport, ...]:
    """Hold each set of points against each partition, their faults numbered through from ``first`` on."""
    reports: list[PointsReport] = []
    for one in points:
        for areas in partitions:
            reports.append(check_points(one, areas, first=first))
            first += len(reports[-1].faults)
    return tuple(reports)


def _pairs(points: PointSet, ground: Geometries) -> _Pairs:
    known = np.isfinite(points.x) & np.isfinite(points.y)
    places: Geometries = np.full(len(points), None, dtype=object)
    places[known] = shapely.points(points.x[known], points.y[known])
    # the areas are prepared, not the points: an index answers where the polygon's vertices would be walked
    shapely.prepare(ground)
    point, area = shapely.STRtree(ground).query(places)
    order = np.argsort(area, kind="stable")
    point, area = point[order], area[order]
    covers = shapely.intersects_xy(ground[area], points.x[point], points.y[point])
    point, area = point[covers], area[covers]
    return _Pairs(point, area, shapely.contains_properly(ground[area], places[point]))


def _shared(areas: PartitionAreas, pairs: _Pairs, several: Bools) -> Iterable[_Verdict]:
    held: dict[int, list[str]] = {}
    chosen = several[pairs.point]
    for point, area in zip(pairs.point[chosen].tolist(), pairs.area[chosen].tolist(), strict=True):
        held.setdefault(point, []).append(areas.codes[area])
    for point, codes in held.items():
        message = f"lies in {' and '.join(sorted(codes))}, which overlap there"
        yield _Verdict(point, "in-several-areas", "overlap", message, tuple(sorted(codes)))


def _orphans(points: PointSet, areas: PartitionAreas, ground: Geometries, lost: Ints) -> Iterable[_Verdict]:
    if not lost.size:
        return
    there = np.flatnonzero(~shapely.is_missing(ground) & ~shapely.is_empty(ground))
    codes = [areas.codes[i] for i in there.tolist()]
    index = build_cell_index(ground[there], codes, areas.system, areas.working)
    located = index.locate(points.x[lost], points.y[lost])
    for point, near, distance_m in zip(
        lost.tolist(), located.nearest.tolist(), located.border_m.tolist(), strict=True
    ):
        if points.problems[point] is not None:
            yield _Verdict(point, "orphan", str(points.problems[point]), str(points.messages[point]))
        elif near < 0:
            yield _Verdict(point, "orphan", OrphanReason.OUTSIDE.value, f"lies in no area of {areas.layer}")
        else:
            metres = round(distance_m, 3)
            message = f"lies in no area of {areas.layer}; {codes[near]} is {metres:,.1f} m away"
            yield _Verdict(point, "orphan", OrphanReason.OUTSIDE.value, message, (), codes[near], metres)


def _told(number: int, points: PointSet, verdict: _Verdict, lon: float, lat: float) -> PointFault:
    known = np.isfinite(lon) and np.isfinite(lat)
    return PointFault(
        number=number,
        kind=verdict.kind,
        id=str(points.ids[verdict.point]),
        source=points.sources[verdict.point],
        reason=verdict.reason,
        message=verdict.message,
        lon=round(lon, 7) if known else None,
        lat=round(lat, 7) if known else None,
        areas=verdict.areas,
        nearest_area=verdict.nearest_area,
        distance_m=verdict.distance_m,
    )
