"""Certify a sound coverage, and anew after one area was edited: against shapely's validity functions.

`coverage_is_valid` compares neighbours and looks at neither rings nor scope. Our certificate judges all
three, so `is_valid` of every area is added for a figure that is nearer to the same question. Kernels are
compiled before the clock starts.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import shapely

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.jagged import jagged_areas
from gisgov.geometry.coverage import Certificate, certify
from gisgov.types import Geometries

COUNT = 10_000 if QUICK else 100_000
_EDITS = 200
_EDIT_LIMIT_S = 0.005


def certificates(areas: Geometries, scope: shapely.Geometry) -> Certificate:
    """Compare the times of whole certificates, from shapes and from bytes."""
    wkb, scope_wkb = shapely.to_wkb(areas).tolist(), shapely.to_wkb(scope)
    shapes_s, certificate = timed(lambda: certify(areas, scope), runs=7)
    bytes_s, from_bytes = timed(lambda: certify(wkb, scope_wkb), runs=7)
    valid_s, valid = timed(lambda: bool(shapely.coverage_is_valid(areas)))
    rings_s, rings_valid = timed(lambda: bool(shapely.is_valid(areas).all()))
    read_s, _ = timed(lambda: shapely.from_wkb(wkb))
    assert valid, "shapely calls it invalid"
    assert rings_valid, "shapely calls a ring invalid"
    assert certificate.holds, certificate.figure
    assert from_bytes.figure == certificate.figure, from_bytes.figure
    name = f"coverage-certify-{COUNT}"
    show(Bar(f"{name}-shapes", shapes_s, "coverage_is_valid", valid_s, need=15))
    show(Bar(f"{name}-wkb", bytes_s, "coverage_is_valid", valid_s, need=50))
    note(f"{name} {certificate.figure}")
    both_s, read_too_s = valid_s + rings_s, valid_s + rings_s + read_s
    note(
        f"{name} coverage_is_valid+is_valid, which judge rings too: {both_s:.3f}s, "
        f"ratio {both_s / shapes_s:.1f}; with from_wkb before them {read_too_s:.3f}s, "
        f"ratio {read_too_s / bytes_s:.1f} from WKB"
    )
    return certificate


def missing_piece(areas: Geometries, scope: shapely.Geometry) -> None:
    """Show what the peer's answer is worth when an area in the middle is missing."""
    middle = int(shapely.STRtree(areas).nearest(scope.centroid))
    holed = np.delete(areas, middle)
    peer, ours = bool(shapely.coverage_is_valid(holed)), certify(holed, scope).holds
    assert not ours, "the certificate must not hold without one of the areas"
    note(f"coverage-certify-{COUNT} without one area: coverage_is_valid says {peer}, the certificate {ours}")


def edits(certificate: Certificate, areas: Geometries, full_s: float) -> None:
    """Move a vertex of one area after another, and back: each time one answer from the certificate."""
    rng = np.random.default_rng(1)
    times = []
    for number in rng.choice(len(areas), _EDITS, replace=False).tolist():
        xy = shapely.get_coordinates(areas[number])
        xy[3] += 0.001
        edit_s, holds = timed(partial(_recheck, certificate, number, shapely.Polygon(xy)))
        times.append(edit_s)
        assert not holds, "a moved vertex must show"
        moved_back = certificate.replace(number, shapely.Polygon(xy)).replace(number, areas[number])
        assert moved_back.holds, "moved back, all must be well again"
    name = f"coverage-edit-1-of-{len(areas)}"
    show(Bar(name, max(times), "certify", full_s, need=1, limit_s=_EDIT_LIMIT_S))
    note(f"{name} median {1e6 * float(np.median(times)):.0f} µs; the bar is the worst of {_EDITS} edits")


def _recheck(certificate: Certificate, number: int, edited: shapely.Polygon) -> bool:
    return certificate.replace(number, edited).holds


def main() -> None:
    """Run all of it on one coverage."""
    areas, scope = jagged_areas(COUNT)
    few, their_scope = jagged_areas(50)
    certify(few, their_scope).replace(0, few[0])
    certify(shapely.to_wkb(few).tolist(), shapely.to_wkb(their_scope))

    certificate = certificates(areas, scope)
    missing_piece(areas, scope)
    full_s, _ = timed(lambda: certify(areas, scope))
    edits(certificate, areas, full_s)


if __name__ == "__main__":
    main()
