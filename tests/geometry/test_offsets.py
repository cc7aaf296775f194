"""GCJ-02 and BD-09: against the four libraries' own outputs, their city list, and themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.offsets import (
    CHINA_BOX,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_in_china,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from gisgov.types import Floats

Step = Callable[..., tuple[Floats, Floats]]
WEST, SOUTH, EAST, NORTH = CHINA_BOX
IN_BOX = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
STEPS: dict[str, Step] = {
    "w2g": wgs84_to_gcj02,
    "g2w": gcj02_to_wgs84,
    "w2b": wgs84_to_bd09,
    "g2b": gcj02_to_bd09,
    "b2g": bd09_to_gcj02,
}
THERE_AND_BACK = [(wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)]
# a metre is 9e-6 degrees, so 1e-9 degrees is a tenth of a millimetre
NEARER_THAN_A_MILLIMETRE = 1e-9


def metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Distance of near places."""
    east = (lon - other_lon) * 111_320.0 * np.cos(np.radians(lat))
    return np.hypot(east, (lat - other_lat) * 110_950.0)


@pytest.fixture(scope="module")
def vectors(realdata: Path) -> pd.DataFrame:
    return pd.read_csv(realdata / "coord_vectors.csv")


@pytest.mark.realdata
@pytest.mark.parametrize("library", ["gcoord", "coordtransform", "eviltransform_py", "prcoords"])
@pytest.mark.parametrize("op", ["w2g", "w2b", "g2b"])
def test_forward_is_within_1e_6_degrees_of_each_library(vectors: pd.DataFrame, library: str, op: str) -> None:
    rows = vectors[(vectors.library == library) & (vectors.op == op)]
    if op == "w2b" and library in {"gcoord", "prcoords"}:  # those shift BD-09 anywhere on Earth
        rows = rows[is_in_china(rows.in_lon, rows.in_lat)]
    lon, lat = STEPS[op](rows.in_lon, rows.in_lat)
    assert len(rows) >= 60 or (library, op) == ("coordtransform", "w2b")
    np.testing.assert_allclose(lon, rows.out_lon, rtol=0, atol=1e-6)
    np.testing.assert_allclose(lat, rows.out_lat, rtol=0, atol=1e-6)


@pytest.mark.realdata
def test_outside_china_nothing_moves_and_the_libraries_say_so_of_gcj02(vectors: pd.DataFrame) -> None:
    rows = vectors[~is_in_china(vectors.in_lon, vectors.in_lat) & (vectors.op == "w2g")]
    assert set(rows.name) >= {"london", "sydney", "tokyo_out_of_range_boundary"}
    assert (rows.in_lon == rows.out_lon).all()
    for step in (*STEPS.values(), bd09_to_wgs84):
        lon, lat = step(rows.in_lon, rows.in_lat)
        np.testing.assert_array_equal(lon, rows.in_lon)
        np.testing.assert_array_equal(lat, rows.in_lat)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("step", "source", "target"),
    [
        (wgs84_to_gcj02, "WGS84", "GCJ02"),
        (gcj02_to_wgs84, "GCJ02", "WGS84"),
        (gcj02_to_bd09, "GCJ02", "BD09"),
        (bd09_to_gcj02, "BD09", "GCJ02"),
        (wgs84_to_bd09, "WGS84", "BD09"),
        (bd09_to_wgs84, "BD09", "WGS84"),
    ],
)
def test_cities_are_within_a_metre(realdata: Path, step: Step, source: str, target: str) -> None:
    text = (realdata / "coord_gcoord_cities_sample.json").read_text(encoding="utf-8")
    cities = [city["coords"] for city in json.loads(text)]
    given_, expected = (np.array([city[name] for city in cities]).T for name in (source, target))
    assert len(cities) == 67
    assert metres(*step(*given_), *expected).max() < 1.0


@pytest.mark.realdata
def test_the_inverse_beats_every_library_on_the_libraries_own_points(vectors: pd.DataFrame) -> None:
    rows = vectors[vectors.op == "g2w"]
    theirs = metres(*wgs84_to_gcj02(rows.out_lon, rows.out_lat), rows.in_lon, rows.in_lat)
    lon, lat = gcj02_to_wgs84(rows.in_lon, rows.in_lat)
    ours = metres(*wgs84_to_gcj02(lon, lat), rows.in_lon, rows.in_lat)
    assert ours.max() < 1e-6
    assert pd.Series(theirs).groupby(rows.library.to_numpy()).max().min() > 1e-3


@pytest.mark.parametrize(("there", "back"), THERE_AND_BACK)
def test_inverse_undoes_forward_all_over_the_box_and_on_its_rim(there: Step, back: Step) -> None:
    lon, lat = (
        grid.ravel() for grid in np.meshgrid(np.linspace(WEST, EAST, 403), np.linspace(SOUTH, NORTH, 331))
    )
    found_lon, found_lat = back(*there(lon, lat))
    np.testing.assert_allclose(found_lon, lon, rtol=0, atol=NEARER_THAN_A_MILLIMETRE)
    np.testing.assert_allclose(found_lat, lat, rtol=0, atol=NEARER_THAN_A_MILLIMETRE)


@pytest.mark.parametrize(("there", "back"), [*THERE_AND_BACK, (gcj02_to_bd09, bd09_to_gcj02)])
@given(place=IN_BOX)
@settings(deadline=None)
def test_inverse_undoes_forward_at_any_place(there: Step, back: Step, place: tuple[float, float]) -> None:
    start = wgs84_to_gcj02(*place) if there is gcj02_to_bd09 else place
    lon, lat = back(*there(*start))
    assert abs(lon[0] - np.ravel(start[0])[0]) < NEARER_THAN_A_MILLIMETRE
    assert abs(lat[0] - np.ravel(start[1])[0]) < NEARER_THAN_A_MILLIMETRE


@given(place=IN_BOX)
@settings(deadline=None)
def test_two_steps_to_bd09_are_the_one_step(place: tuple[float, float]) -> None:
    once, twice = wgs84_to_bd09(*place), gcj02_to_bd09(*wgs84_to_gcj02(*place))
    np.testing.assert_array_equal(once, twice)
    np.testing.assert_allclose(
        bd09_to_wgs84(*once), gcj02_to_wgs84(*bd09_to_gcj02(*once)), rtol=0, atol=1e-11
    )


def test_at_105_east_where_the_slope_of_the_formula_is_unbounded() -> None:
    off = np.r_[-np.logspace(-16, -3, 100), 0.0, np.logspace(-16, -3, 100)]
    lon, lat = 105.0 + off, 35.0 + off[::-1]
    found_lon, found_lat = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    np.testing.assert_allclose(found_lon, lon, rtol=0, atol=1e-11)
    np.testing.assert_allclose(found_lat, lat, rtol=0, atol=1e-11)


def test_a_shifted_coordinate_beyond_the_rim_is_recognised() -> None:
    """Near the east rim at 40°N the shift is eastward: the coordinate leaves the box, its place does not."""
    lon, lat = wgs84_to_gcj02([EAST - 0.001], [40.0])
    assert lon[0] > EAST
    assert gcj02_to_wgs84(lon, lat)[0][0] == pytest.approx(EAST - 0.001, abs=1e-9)
    on_lon, on_lat = gcj02_to_bd09(lon, lat)
    assert bd09_to_wgs84(on_lon, on_lat)[0][0] == pytest.approx(EAST - 0.001, abs=1e-9)


def test_beyond_the_reach_of_the_shift_coordinates_stand_for_themselves() -> None:
    assert gcj02_to_wgs84([EAST + 0.012], [40.0])[0][0] == EAST + 0.012
    assert bd09_to_wgs84([EAST + 0.029], [40.0])[0][0] == EAST + 0.029


@given(
    st.tuples(st.floats(WEST - 0.03, EAST + 0.03), st.sampled_from([SOUTH, NORTH]), st.floats(-0.03, 0.03)),
)
@settings(deadline=None, max_examples=300)
def test_at_the_rim_the_answer_is_a_place_that_gives_the_coordinate_wherever_there_is_one(
    at: tuple[float, float, float],
) -> None:
    """Outside the box every coordinate stands for some place: itself, or one inside that was shifted."""
    lon, lat = at[0], at[1] + at[2]
    if not is_in_china([lon], [lat])[0]:
        found_lon, found_lat = wgs84_to_gcj02(*gcj02_to_wgs84([lon], [lat]))
        assert found_lon[0] == pytest.approx(lon, abs=2e-9)
        assert found_lat[0] == pytest.approx(lat, abs=2e-9)


def test_a_shape_across_the_strip_that_stands_for_no_place_keeps_its_order() -> None:
    lon = np.linspace(WEST, WEST + 0.02, 200)  # the shift is eastward here: the first ones stand for no place
    assert gcj02_to_wgs84(lon[:1], [40.0])[0][0] < WEST
    assert (np.diff(gcj02_to_wgs84(lon, np.full(200, 40.0))[0]) > 0).all()


@pytest.mark.parametrize("step", [*STEPS.values(), bd09_to_wgs84])
def test_nan_and_infinity_pass_through_and_harm_no_neighbour(step: Step) -> None:
    lon, lat = step([np.nan, 116.0, np.inf, 116.0], [39.0, np.nan, 39.0, 39.0])
    assert np.isnan(lon[0])
    assert np.isnan(lat[1])
    assert np.isinf(lon[2])
    np.testing.assert_array_equal((lon[3], lat[3]), np.ravel(step([116.0], [39.0])))


@pytest.mark.parametrize("step", [*STEPS.values(), bd09_to_wgs84])
def test_input_is_not_changed_and_empty_is_allowed(step: Step) -> None:
    lon, lat = np.array([116.0]), np.array([39.0])
    step(lon, lat)
    assert (lon[0], lat[0]) == (116.0, 39.0)
    assert step([], [])[0].shape == (0,)


def test_equal_places_give_equal_bits_wherever_they_stand_in_the_array() -> None:
    """Shared vertices stay shared only if the result does not depend on the neighbours in the array."""
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(WEST, EAST, 1003), rng.uniform(SOUTH, NORTH, 1003)
    for step in (*STEPS.values(), bd09_to_wgs84):
        whole = np.stack(step(lon, lat))
        for size in (1, 3, 8, 13):
            np.testing.assert_array_equal(whole[:, -size:], np.stack(step(lon[-size:], lat[-size:])))


def test_is_in_china_holds_the_rim_and_no_nan() -> None:
    lon = [WEST, EAST, WEST - 1e-6, 100.0, np.nan, 100.0]
    lat = [SOUTH, NORTH, 30.0, NORTH + 1e-6, 30.0, np.inf]
    assert is_in_china(lon, lat).tolist() == [True, True, False, False, False, False]
