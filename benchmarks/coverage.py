"""Coverage checks against shapely's validity functions and a plain exact overlay, on jagged areas.

A sound coverage first: all must call it clean. Then one with injected faults: the overlay and `find_defects`
must find the same square metres of gap, overlap and outside, and shapely must call it invalid. Only then are
times compared. The needs are those of the coverage engine that is to come; until then some bars are short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.bars import QUICK, Bar, show, timed
from benchmarks.jagged import jagged_areas
from gisgov.geometry.coverage import DefectKind, Defects, find_defects
from gisgov.types import Geometries

_COUNTS = (1_209,) if QUICK else (1_209, 10_000)
_FAULTS_OF_A_KIND = 4
_MIN_WIDTH_M = 0.001
_AGREE_M2 = 1e-3


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a plain overlay finds: square metres per kind."""

    gap_m2: float
    overlap_m2: float
    outside_m2: float


def overlay(areas: Geometries, scope: shapely.Geometry) -> Overlay:
    """Find gaps, overlaps and ground outside as one writes it with an STRtree and set operations."""
    tree = shapely.STRtree(areas)
    a, b = tree.query(areas, predicate="intersects")
    once = a < b
    shared = shapely.intersection(areas[a[once]], areas[b[once]])
    shared = shared[shapely.area(shared) > 0]
    covered = shapely.union_all(areas)
    return Overlay(
        gap_m2=shapely.difference(scope, covered).area,
        overlap_m2=shapely.union_all(shared).area,
        outside_m2=shapely.difference(covered, scope).area,
    )


def with_faults(areas: Geometries, *, seed: int) -> Geometries:
    """Break a coverage in known ways: shrunk, grown, missing, doubled and far-off areas, a torn sliver."""
    rng = np.random.default_rng(seed)
    broken = areas.copy()
    chosen = rng.choice(len(areas), size=(6, _FAULTS_OF_A_KIND), replace=False)
    shrunk, grown, missing, doubled, thrown, torn = chosen
    broken[shrunk] = shapely.buffer(areas[shrunk], -5, join_style="mitre")
    broken[grown] = shapely.buffer(areas[grown], 5, join_style="mitre", mitre_limit=2)
    broken[torn] = [_moved_vertex(area, 0.25) for area in areas[torn]]
    far_off = shapely.transform(areas[thrown], lambda xy: xy + np.array([60_000.0, 0.0]))
    kept = np.delete(broken, missing)
    return np.concatenate([kept, areas[doubled], far_off])


def _moved_vertex(area: shapely.Polygon, metres: float) -> shapely.Polygon:
    """Pull one vertex inwards, so that a sliver of that width opens."""
    ring = shapely.get_coordinates(area)
    towards = np.array(area.centroid.coords[0]) - ring[3]
    ring[3] += metres * towards / np.hypot(*towards)
    return shapely.Polygon(ring)


def totals(defects: Defects) -> Overlay:
    """Add up our defects per kind."""

    def of(kind: DefectKind) -> float:
        return float(defects.area_m2[defects.kind == kind].sum())

    return Overlay(of(DefectKind.GAP), of(DefectKind.OVERLAP), of(DefectKind.OUTSIDE))


def agree(ours: Overlay, theirs: Overlay) -> bool:
    """Whether both found the same ground."""
    pairs = (
        (ours.gap_m2, theirs.gap_m2),
        (ours.overlap_m2, theirs.overlap_m2),
        (ours.outside_m2, theirs.outside_m2),
    )
    return all(abs(a - b) <= _AGREE_M2 for a, b in pairs)


def compare(count: int) -> None:
    """Compare answers, then times, on one size."""
    areas, scope = jagged_areas(count)
    runs = 3 if count < 5_000 else 1
    ours_s, clean = timed(lambda: find_defects(areas, scope, min_width=_MIN_WIDTH_M), runs=runs)
    assert len(clean) == 0, f"a sound coverage has {len(clean)} defects"
    valid_s, valid = timed(lambda: shapely.coverage_is_valid(areas))
    assert valid
    show(Bar(f"coverage-clean-{count}", ours_s, "coverage_is_valid", valid_s, need=15))

    broken = with_faults(areas, seed=2)
    ours_s, defects = timed(lambda: find_defects(broken, scope, min_width=_MIN_WIDTH_M), runs=runs)
    overlay_s, expected = timed(lambda: overlay(broken, scope), runs=runs)
    found = totals(defects)
    assert agree(found, expected), f"{found} is not {expected}"
    edges_s, edges = timed(lambda: shapely.coverage_invalid_edges(broken, gap_width=10.0))
    assert (~shapely.is_empty(edges)).any()
    show(Bar(f"coverage-defects-{count}", ours_s, "overlay", overlay_s, need=10))
    show(Bar(f"coverage-defects-{count}", ours_s, "coverage_invalid_edges", edges_s, need=1))


def main() -> None:
    """Run all sizes."""
    for count in _COUNTS:
        compare(count)


if __name__ == "__main__":
    main()
