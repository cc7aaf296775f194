"""What a check of a coverage found, told in codes, square metres and places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from gisgov.services.point_reports import PointsReport
from gisgov.types import Json

MISSING_PARENT: Final = "missing-parent"
"""Kind of a nested area that names no parent, or one that is not there."""

NOTICES: Final = frozenset({"vertex-mismatch"})
"""Kinds by which no ground is at fault."""


@dataclass(frozen=True, slots=True)
class DefectInfo:
    """One defect.

    Attributes
    ----------
    number : int
        Its place in the report, from 1; the same in every output.
    kind : str
        ``gap``, ``overlap``, ``duplicate``, ``contained``, ``outside``, ``sliver``, ``crosses-parent``,
        ``invalid-ring``, ``several-parts``, ``vertex-mismatch`` or ``missing-parent``.
    area_m2 : float
        Ground at fault.
    width_m : float or None
        How wide it is in the mean: twice its ground by its perimeter. None where it has no ground.
    cover : int or None
        How many areas lie on it: 0 in a gap, 1 outside, 2 and more where areas overlap. None where that has
        no meaning.
    areas : tuple of str
        Codes of the areas involved: those around a gap, all that lie on an overlap.
    reason : str or None
        For an invalid ring: what is wrong with it.
    lon, lat : float or None
        A point on it in WGS84 degrees; None where it has no place.
    geometry : dict or None
        Its ground as GeoJSON in WGS84 degrees; None where it has none.
    """

    number: int
    kind: str
    area_m2: float
    width_m: float | None
    cover: int | None
    areas: tuple[str, ...]
    reason: str | None
    lon: float | None
    lat: float | None
    geometry: Json | None

    @property
    def is_fault(self) -> bool:
        """Whether ground is at fault; a vertex mismatch is only a notice."""
        return self.kind not in NOTICES


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes
    ----------
    subject : str
        Name of the plan or of the file.
    layer : str or None
        Name of the plan's layer; of the file's layer for a file.
    areas : int
        How many areas were checked.
    scope : str
        What they were to cover, in words.
    parents : str or None
        What they were to lie in, in words; None where nothing was asked.
    crs : str
        System of the coordinates that were compared: for a file the one it was drawn in.
    measured_in : str
        Plane that the square metres come from.
    clean : bool
        Whether there is no fault; vertex mismatches are only notices.
    certified : bool
        Whether it is proved that the areas cover the scope exactly once.
    certificate : str or None
        Figure of the proof: what is left over of all directed edges, and how many there are. None without a
        scope.
    proof : str
        The same in words: what is proved, or why nothing is.
    tolerances : dict
        ``sliver_width_m``, ``vertex_tolerance_m`` and ``min_gap_m2`` that the check worked with.
    counts : dict
        Number of defects of every kind that was looked for.
    ground_m2 : dict
        Their ground in square metres, for the same kinds.
    below : dict
        By tolerance, how many pieces were below it and are only counted.
    defects : tuple of DefectInfo
        Kind by kind, the largest first.
    points : tuple of PointsReport
        Of the points that were to lie in exactly one area each; empty where none were given.
    """

    subject: str
    layer: str | None
    areas: int
    scope: str
    parents: str | None
    crs: str
    measured_in: str
    clean: bool
    certified: bool
    certificate: str | None
    proof: str
    tolerances: dict[str, float]
    counts: dict[str, int]
    ground_m2: dict[str, float]
    below: dict[str, int]
    defects: tuple[DefectInfo, ...]
    points: tuple[PointsReport, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether there is no fault, and each point that was asked about lies in exactly one area."""
        return self.clean and all(points.clean for points in self.points)


_WORDS: Final = {
    "gap": ("gap", "gaps"),
    "overlap": ("overlap", "overlaps"),
    "duplicate": ("duplicate", "duplicates"),
    "contained": ("area within another", "areas within others"),
    "outside": ("piece outside", "pieces outside"),
    "sliver": ("sliver", "slivers"),
    "crosses-parent": ("piece outside its parent", "pieces outside their parents"),
    "invalid-ring": ("invalid ring", "invalid rings"),
    "several-parts": ("area in several parts", "areas in several parts"),
    "vertex-mismatch": ("vertex mismatch", "vertex mismatches"),
    MISSING_PARENT: ("area without parent", "areas without parent"),
}


def counted(counts: Mapping[str, int]) -> str:
    """Return the faults among the counts of a report in words.

    Examples
    --------
    >>> counted({"gap": 2, "overlap": 0, "invalid-ring": 1, "vertex-mismatch": 7})
    '2 gaps and 1 invalid ring'
    >>> counted({"gap": 0, "vertex-mismatch": 7})
    'no faults'
    """
    return _listed([(kind, count) for kind, count in counts.items() if kind not in NOTICES]) or "no faults"


def noticed(counts: Mapping[str, int]) -> str:
    """Return the notices among the counts of a report in words; nothing where there are none.

    Examples
    --------
    >>> noticed({"gap": 2, "vertex-mismatch": 12})
    '12 vertex mismatches'
    """
    return _listed([(kind, count) for kind, count in counts.items() if kind in NOTICES])


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    told = [f"{count:,} {_WORDS[kind][count > 1]}" for kind, count in counts if count]
    return told[0] if len(told) == 1 else " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def numbered(defects: Sequence[DefectInfo], first: int = 1) -> tuple[DefectInfo, ...]:
    """Return defects with numbers in their order, from ``first`` on."""
    return tuple(replace(defect, number=number) for number, defect in enumerate(defects, first))


def numbered_through(reports: Iterable[CheckReport]) -> tuple[CheckReport, ...]:
    """Return reports whose defects are numbered from the first report to the last."""
    through, first = [], 1
    for report in reports:
        through.append(replace(report, defects=numbered(report.defects, first)))
        first += len(report.defects)
    return tuple(through)


def defect_info(
    kind: str,
    area_m2: float,
    areas: tuple[str, ...],
    reason: str | None,
    place: tuple[float, float],
    ground: shapely.Geometry | None,
    *,
    width_m: float = np.nan,
    cover: int = -1,
) -> DefectInfo:
    """Return a defect without number yet.

    ``place`` (NaN where unknown) and ``ground`` are in WGS84 degrees; a width that is not finite and a
    negative cover say nothing.
    """
    lon, lat = (round(float(part), 7) if np.isfinite(part) else None for part in place)
    return DefectInfo(
        number=0,
        kind=kind,
        area_m2=round(area_m2, 3),
        width_m=round(width_m, 4) if np.isfinite(width_m) else None,
        cover=cover if cover >= 0 else None,
        areas=areas,
        reason=reason,
        lon=None if lat is None else lon,
        lat=None if lon is None else lat,
        geometry=_geojson(ground),
    )


def _geojson(ground: shapely.Geometry | None) -> Json | None:
    if ground is None or shapely.is_empty(ground) or not np.isfinite(shapely.get_coordinates(ground)).all():
        return None
    geojson: Json = json.loads(shapely.to_geojson(ground))
    return geojson
