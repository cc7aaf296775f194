"""The bare formulas: how far they reach, and that the solver gives up nowhere."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.offsets import CHINA_BOX
from gisgov.geometry.shifts import REACH_DEG, bd_forward, gcj_forward, undo
from gisgov.types import Floats


def box() -> tuple[Floats, Floats]:
    west, south, east, north = CHINA_BOX
    lon, lat = np.meshgrid(np.linspace(west, east, 301), np.linspace(south, north, 301))
    return lon.ravel(), lat.ravel()


def test_no_shift_reaches_further_than_stated() -> None:
    lon, lat = box()
    gcj = gcj_forward(lon, lat)
    bd = bd_forward(*gcj)
    furthest = max(np.abs(np.subtract(there, (lon, lat))).max() for there in (gcj, bd))
    assert 0.015 < furthest < REACH_DEG


def test_the_shift_changes_by_less_than_three_percent_of_a_step() -> None:
    """What the solver's convergence rests on."""
    lon, lat = box()
    step = 1e-6
    for forward in (gcj_forward, bd_forward):
        here = np.subtract(forward(lon, lat), (lon, lat))
        for east, north in ((step, 0.0), (0.0, step)):
            there = np.subtract(forward(lon + east, lat + north), (lon + east, lat + north))
            assert np.abs(there - here).max() < 0.03 * step


def test_undo_stops_although_the_forward_step_never_settles() -> None:
    def restless(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        return -lon, -lat

    lon, lat = undo(restless, np.array([1.0]), np.array([2.0]))
    assert np.isfinite([lon, lat]).all()


def test_undo_of_nothing_is_nothing() -> None:
    lon, lat = undo(gcj_forward, np.zeros(0), np.zeros(0))
    assert lon.size == lat.size == 0
