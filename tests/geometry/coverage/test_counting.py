"""Totals counted cell by cell in whole millimetres, and ground that plain overlays lose."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.coverage import DefectKind, Defects, Tolerances, find_defects
from gisgov.testing import areas_from_grid
from gisgov.types import Bools, Geometries, Ints

EXACT = Tolerances(sliver_width_m=0.0, vertex_tolerance_m=1e-5)
"""Nothing but rounding is narrower: coordinates of tens of millions have eight decimals."""
DOUBLED = (DefectKind.OVERLAP, DefectKind.DUPLICATE, DefectKind.CONTAINED)


def total(found: Defects, *kinds: DefectKind) -> float:
    return float(found.area_m2[np.isin(found.kind, kinds)].sum())


millimetres = st.integers(-30_000, 30_000)


@given(
    st.sets(st.integers(0, 8), max_size=3),
    st.dictionaries(st.integers(0, 8), st.tuples(millimetres, millimetres), max_size=4),
    st.sets(st.integers(0, 8), max_size=2),
    st.integers(0, 150),
    st.sampled_from([(0.0, 0.0), (500_000.0, 3_300_000.0), (40_500_000.0, 4_400_000.0)]),
)
@settings(deadline=None, max_examples=120)
def test_exact_counting_confirms_every_total(
    missing: set[int],
    moved: dict[int, tuple[int, int]],
    doubled: set[int],
    hundredths: int,
    origin: tuple[float, float],
) -> None:
    """Faults at random: areas dropped, shifted as a whole and doubled, in a map turned by any angle.

    They are squares before the turn, so their overlay can be counted in whole millimetres. Overlay
    on free floats is no witness: on the way it lost whole squares of 10,000 m² in cases like these.
    """
    angle = hundredths / 100
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    squares = np.array(
        [
            (np.array([x, y, x + 100_000, y + 100_000]) + np.tile(moved.get(i, (0, 0)), 2))
            for i, (x, y) in enumerate(
                (x, y) for y in range(0, 300_000, 100_000) for x in range(0, 300_000, 100_000)
            )
            if i not in missing
            for _ in range(2 if i in doubled else 1)
        ]
    )

    def drawn(corners: Ints) -> Geometries:
        plain = np.asarray(shapely.box(*(np.atleast_2d(corners).T / 1000.0)))
        return np.asarray(shapely.transform(plain, lambda xy: xy @ turn + np.array(origin)))

    scope = np.array([0, 0, 300_000, 300_000])
    areas = drawn(squares)
    found = find_defects(areas, drawn(scope)[0], tolerances=EXACT)
    grounds = ((DefectKind.GAP,), DOUBLED, (DefectKind.OUTSIDE,))
    for kinds, expected in zip(grounds, counted(squares, scope), strict=True):
        assert total(found, *kinds) == pytest.approx(expected, abs=1e-3)
    for kind, polygon, numbers, x, y in zip(
        found.kind, found.polygon, found.areas, found.lon, found.lat, strict=True
    ):
        assert polygon is None or shapely.dwithin(polygon, shapely.Point(x, y), 1e-5)
        if kind in DOUBLED:
            assert numbers == tuple(np.flatnonzero(shapely.intersects(areas, shapely.Point(x, y))))


def counted(squares: Ints, scope: Ints) -> tuple[float, float, float]:
    """Count the square metres of gap, overlap and outside, cell by cell between all lines of the map."""
    lines = np.vstack((squares, scope))
    xs, ys = np.unique(lines[:, ::2]), np.unique(lines[:, 1::2])

    def covers(box: Ints) -> Bools:
        west, south, east, north = box
        return np.outer((xs[:-1] >= west) & (xs[1:] <= east), (ys[:-1] >= south) & (ys[1:] <= north))

    cell = np.outer(np.diff(xs), np.diff(ys)) / 1e6
    depth = np.sum([covers(box) for box in squares], axis=0)
    inside = covers(scope)
    return cell[inside & (depth == 0)].sum(), cell[depth > 1].sum(), cell[~inside & (depth > 0)].sum()


def test_ground_that_overlay_on_free_floats_loses_is_not_lost() -> None:
    """One square shifted by less than two metres; a plain difference reports 10,182.6 m² of gap."""
    turn = np.array([[np.cos(0.87), np.sin(0.87)], [-np.sin(0.87), np.cos(0.87)]])
    _, sound = areas_from_grid("ABC\nDEF\nGHI")
    sound[1] = shapely.affinity.translate(sound[1], 0.0, -1.826)
    areas = np.asarray(shapely.transform(sound, lambda xy: xy @ turn))
    scope = shapely.transform(shapely.box(0, 0, 300, 300), lambda xy: xy @ turn)
    found = find_defects(areas, scope, tolerances=EXACT)
    assert total(found, DefectKind.GAP) == pytest.approx(182.6)
    assert total(found, DefectKind.OVERLAP) == pytest.approx(182.6)
