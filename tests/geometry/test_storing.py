"""The whole way from a drawing to storage."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.coverage import certify, find_defects
from gisgov.geometry.crs import GCJ02, WGS84, CoordinateSystem, parse_crs
from gisgov.geometry.snap import GRID_DEG
from gisgov.geometry.storing import to_storage
from gisgov.geometry.validity import find_invalid
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

ZONE = parse_crs(4549)
FEET = parse_crs(2232)
MAP = "AAAA\nBCDE\nBFFE\nGGGE"


def drawn_in(system: CoordinateSystem, cell_m: float) -> Geometries:
    """A slanting map without vertices on straight sides, drawn where the system is at home."""
    unit = 1.0 if system != FEET else 1 / 0.3048
    _, areas = areas_from_grid(MAP, cell_m=cell_m * unit)
    turn = np.array([[0.96, 0.28], [-0.28, 0.96]])
    origin = np.array([3_100_000.0, 1_700_000.0] if system == FEET else [500_000.0, 3_300_000.0])
    plane = np.asarray(
        shapely.transform(np.asarray(shapely.simplify(areas, 0.0)), lambda xy: xy @ turn + origin)
    )
    if system in (WGS84, GCJ02):
        degrees = np.array([120.0, 30.0])
        return np.asarray(shapely.transform(plane, lambda xy: (xy - origin) / 100_000.0 + degrees))
    return plane


@pytest.mark.parametrize("system", [ZONE, FEET, WGS84, GCJ02], ids=lambda system: system.title)
@pytest.mark.parametrize("cell_m", [70.0, 10_000.0])
def test_neighbours_in_the_drawing_share_every_vertex_in_storage(
    system: CoordinateSystem, cell_m: float
) -> None:
    stored = to_storage(drawn_in(system, cell_m), system)
    assert shapely.is_valid(stored).all()
    assert shapely.coverage_is_valid(stored)
    found = find_defects(stored, system=WGS84)
    assert (len(found), found.below) == (0, {"min_gap_m2": 0, "vertex_tolerance_m": 0})
    assert certify(stored, shapely.coverage_union_all(stored)).holds
    steps = shapely.get_coordinates(stored) / GRID_DEG
    np.testing.assert_allclose(steps, np.round(steps), rtol=0, atol=1e-5)


def test_storing_what_is_stored_changes_nothing() -> None:
    once = to_storage(drawn_in(ZONE, 10_000.0), ZONE)
    assert all(shapely.equals_identical(to_storage(once, WGS84), once))


def test_bad_rows_pass_through_and_harm_no_neighbour() -> None:
    areas = drawn_in(ZONE, 70.0)
    bow_tie = shapely.Polygon([(5e5, 3.3e6), (5e5 + 9, 3.3e6 + 9), (5e5 + 9, 3.3e6), (5e5, 3.3e6 + 9)])
    swapped = shapely.box(3.3e6, 5e9, 3.4e6, 6e9)
    lost = shapely.transform(shapely.box(0, 0, 1, 1), lambda xy: xy * [[1, 0]] + np.array([[0.0, np.inf]]))
    bad = [None, shapely.Polygon(), bow_tie, swapped, lost, shapely.Point(5e5, 3.3e6)]
    stored = to_storage(np.array([*areas[1:], *bad], dtype=object), ZONE)
    assert np.unique(find_invalid(stored).index).tolist() == list(range(6, 12))
    assert shapely.coverage_is_valid(stored[:6])
    assert shapely.get_num_coordinates(stored).max() <= 4 * 1024 + 1  # also of what lies nowhere on Earth


def test_nothing_is_nothing() -> None:
    assert to_storage(np.zeros(0, dtype=object), ZONE).shape == (0,)
