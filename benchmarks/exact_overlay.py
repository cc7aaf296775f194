"""The peer for finding defects: an exact overlay by STRtree and set operations, as well as it can be written.

Pairs whose boxes meet are told apart by whether their interiors meet, so that only those few hundred are
intersected; one union serves gaps; only areas that the prepared scope does not cover are cut with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, Tolerances
from gisgov.types import Floats, Geometries, Ints, Texts

_INTERIORS_MEET: Final = "T********"


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the overlay finds, one row per piece of ground, as in `gisgov.geometry.coverage.Defects`."""

    kind: Texts
    polygon: Geometries
    cover: Ints
    areas: Sequence[tuple[int, ...]]
    lon: Floats
    lat: Floats


def overlay(areas: Geometries, scope: shapely.Geometry, tolerances: Tolerances | None = None) -> Findings:
    """Find gaps, overlaps and ground outside, each as polygons with the areas involved.

    Parameters
    ----------
    areas, scope : numpy.ndarray of shapely.Geometry, shapely.Geometry
        Valid polygons in metres.
    tolerances : Tolerances, optional
        What is narrower than ``vertex_tolerance_m`` is left out.

    Returns
    -------
    Findings
        Three and more areas over one place are found pair by pair.
    """
    widths = tolerances or Tolerances()
    tree = shapely.STRtree(areas)
    parts = [
        _overlaps(areas, tree),
        _gaps(areas, tree, scope),
        _outside(areas, scope),
    ]
    kind = np.concatenate([part[0] for part in parts])
    ground = np.concatenate([part[1] for part in parts])
    cover = np.concatenate([np.full(len(part[0]), of) for part, of in zip(parts, (2, 0, 1), strict=True)])
    names = [numbers for part in parts for numbers in part[2]]
    width = 2 * shapely.area(ground) / shapely.length(ground)
    kind[
        (width < widths.sliver_width_m)
        & np.isin(kind, [DefectKind.GAP, DefectKind.OVERLAP, DefectKind.OUTSIDE])
    ] = DefectKind.SLIVER
    kept = np.flatnonzero(width >= widths.vertex_tolerance_m)
    at = shapely.point_on_surface(ground[kept])
    return Findings(
        kind=kind[kept],
        polygon=ground[kept],
        cover=cover[kept],
        areas=[names[i] for i in kept],
        lon=shapely.get_x(at),
        lat=shapely.get_y(at),
    )


_Part = tuple[Texts, Geometries, list[tuple[int, ...]]]


def _overlaps(areas: Geometries, tree: shapely.STRtree) -> _Part:
    first, second = tree.query(areas)
    once = first < second
    first, second = first[once], second[once]
    meeting = shapely.relate_pattern(areas[first], areas[second], _INTERIORS_MEET)
    first, second = first[meeting], second[meeting]
    shared = shapely.intersection(areas[first], areas[second])
    within = shapely.covers(areas[first], areas[second]), shapely.covers(areas[second], areas[first])
    kind = np.full(len(shared), DefectKind.OVERLAP, dtype=object)
    kind[within[0] | within[1]] = DefectKind.CONTAINED
    kind[within[0] & within[1]] = DefectKind.DUPLICATE
    ground, of = _polygons(shared)
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    return kind[of], ground, [pairs[i] for i in of]


def _gaps(areas: Geometries, tree: shapely.STRtree, scope: shapely.Geometry) -> _Part:
    left = np.array([shapely.difference(scope, shapely.union_all(areas))], dtype=object)
    ground, _ = _polygons(left)
    gap, area = tree.query(ground, predicate="intersects")
    around = np.split(area, np.searchsorted(gap, np.arange(1, len(ground))))
    kind = np.full(len(ground), DefectKind.GAP, dtype=object)
    return kind, ground, [tuple(sorted(numbers.tolist())) for numbers in around[: len(ground)]]


def _outside(areas: Geometries, scope: shapely.Geometry) -> _Part:
    shapely.prepare(scope)
    leaving = np.flatnonzero(~shapely.covers(scope, areas))
    ground, of = _polygons(shapely.difference(areas[leaving], scope))
    kind = np.full(len(ground), DefectKind.OUTSIDE, dtype=object)
    return kind, ground, [(int(number),) for number in leaving[of]]


def _polygons(shapes: Geometries) -> tuple[Geometries, Ints]:
    """Take results of set operations apart; lines and points in them are no ground."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        of = of[inner]
    is_ground = shapely.area(parts) > 0
    return parts[is_ground], of[is_ground]
