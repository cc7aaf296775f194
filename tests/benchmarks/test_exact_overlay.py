from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks.exact_overlay import overlay
from gisgov.geometry.coverage import Tolerances
from gisgov.testing import areas_from_grid


def _found(areas, scope, **widths):
    findings = overlay(areas, scope, Tolerances(**widths))
    return [
        (str(kind), int(cover), float(polygon.area), numbers)
        for kind, cover, polygon, numbers in zip(
            findings.kind, findings.cover, findings.polygon, findings.areas, strict=True
        )
    ]


def test_nothing_is_found_in_a_sound_coverage():
    _, areas = areas_from_grid("AAB\nACB")
    assert _found(areas, shapely.box(0, 0, 300, 200)) == []


def test_gaps_overlaps_and_ground_outside_are_found_with_their_areas():
    _, areas = areas_from_grid("AAB\nA.B\nACC")
    areas[1] = areas[1].union(shapely.box(100, 200, 200, 300)).union(shapely.box(300, 100, 350, 200))
    assert _found(areas, shapely.box(0, 0, 300, 300)) == [
        ("overlap", 2, 10_000.0, (0, 1)),
        ("gap", 0, 10_000.0, (0, 1, 2)),
        ("outside", 1, 5_000.0, (1,)),
    ]


def test_areas_within_others_are_told_apart():
    scope = shapely.box(0, 0, 100, 100)
    areas = np.array([scope, shapely.box(20, 20, 40, 40)])
    assert _found(areas, scope) == [("contained", 2, 400.0, (0, 1))]
    assert _found(areas[::-1], scope) == [("contained", 2, 400.0, (0, 1))]
    assert _found(np.array([scope, scope]), scope) == [("duplicate", 2, 10_000.0, (0, 1))]


def test_what_is_narrow_is_a_sliver_and_what_is_narrower_is_left_out():
    scope = shapely.box(0, 0, 200, 100)
    areas = np.array([shapely.box(0, 0, 99.9, 100), shapely.box(100, 0, 200, 100)])
    (found,) = _found(areas, scope)
    assert found == ("sliver", 0, pytest.approx(10.0), (0, 1))
    assert _found(areas, scope, vertex_tolerance_m=0.2) == []
    assert _found(areas, scope, sliver_width_m=0.05)[0][0] == "gap"
