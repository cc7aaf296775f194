from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.zoning.apportion import apportion, workload


def test_load_is_half_people_half_ground():
    assert workload([5000, 0, 2500], [0.0, 500_000.0, 250_000.0]).tolist() == [0.5, 0.5, 0.5]


def test_weights_and_targets_are_settings():
    load = workload(
        [4000], [1e6], target_population=2000, target_area_km2=1, weight_population=1, weight_area=0
    )
    assert load.tolist() == [2.0]


@pytest.mark.parametrize(
    "setting",
    [
        {"target_population": 0},
        {"target_area_km2": -1},
        {"weight_area": -0.1},
        {"weight_population": 0, "weight_area": 0},
    ],
)
def test_settings_that_measure_nothing_are_refused(setting):
    with pytest.raises(InputError):
        workload([1], [1.0], **setting)


@pytest.mark.parametrize(
    ("people", "ground", "name"), [([-1], [1.0], "population"), ([1], [math.nan], "area")]
)
def test_sizes_that_are_none_are_refused(people, ground, name):
    with pytest.raises(InputError, match=f"Block 0 has {name}") as caught:
        workload(people, ground)
    assert caught.value.field == name


def test_webster_rounds_at_the_half():
    # 1.4 and 1.6 of three seats: the remainder of .6 earns the third
    assert apportion([1.4, 1.6], 3).tolist() == [1, 2]


def test_every_parent_gets_one_even_an_empty_one():
    assert apportion([9.0, 0.0, 0.0], 5).tolist() == [3, 1, 1]


def test_without_a_total_the_loads_say_how_many():
    assert apportion([2.6, 3.6]).tolist() == [3, 3]
    assert apportion([0.1, 0.1]).tolist() == [1, 1]
    assert apportion([50.0], at_most=[4]).tolist() == [4]


def test_a_full_parent_passes_its_seats_on():
    assert apportion([9.0, 1.0, 1.0], 6, at_most=[2, 9, 9]).tolist() == [2, 2, 2]


@pytest.mark.parametrize("total", [1, 7])
def test_a_total_out_of_reach_is_refused_with_the_reach(total):
    with pytest.raises(InputError, match="take 2 to 6"):
        apportion([1.0, 1.0], total, at_most=[3, 3])


def test_a_parent_without_room_for_its_minimum_is_named():
    with pytest.raises(InputError, match="Parent 1 can hold 0 areas"):
        apportion([1.0, 1.0], at_most=[1, 0])


def test_a_load_that_is_no_size_is_named():
    with pytest.raises(InputError, match="Parent 1"):
        apportion([1.0, math.inf])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.integers(0, 60))
def test_no_seat_could_go_elsewhere_with_better_right(loads, extra):
    """Webster's test: no parent's last seat was worth less than one more would be elsewhere."""
    seats = apportion(loads, len(loads) + extra)
    assert seats.sum() == len(loads) + extra
    load = np.array(loads)
    next_worth = (load / (2 * seats + 1)).max()
    last_worth = np.where(seats > 1, load / (2 * seats - 1), np.inf).min()
    assert last_worth >= next_worth - 1e-9
