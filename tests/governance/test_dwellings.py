"""How many live in buildings, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fixtures import shipped
from gisgov.governance.dwellings import BuildingFacts, dwellers

POLICY = replace(
    shipped.population_policy(),
    floor_m2_per_person=40.0,
    people_per_household=2.5,
    metres_per_floor=3.0,
    floors_where_unknown=2.0,
    least_footprint_m2=25.0,
)


def facts(*rows: tuple[float, float, float, str | None, int, int]) -> BuildingFacts:
    """Buildings: footprint, floors, height, use, population, households."""
    footprint, floors, height, use, population, households = zip(*rows, strict=True)
    return BuildingFacts(
        np.array(footprint, dtype=float),
        np.array(floors, dtype=float),
        np.array(height, dtype=float),
        np.array(use, dtype=object),
        np.array(population),
        np.array(households),
    )


NAN = float("nan")


@pytest.mark.parametrize(
    ("row", "people", "households", "expected_people", "expected_households"),
    [
        ((200, 6, NAN, "apartments", -1, -1), 0, 0, 30, 12),  # 1,200 m² of floor
        ((200, 6, NAN, "商住", -1, -1), 0, 0, 15, 6),
        ((200, 6, NAN, "garage", -1, -1), 0, 0, 0, 0),
        ((20, 6, NAN, None, -1, -1), 0, 0, 0, 0),  # too small
        ((0, 6, NAN, None, -1, -1), 0, 0, 0, 0),  # a point
        ((200, NAN, 11.0, None, -1, -1), 0, 0, 20, 8),  # 11 m are 4 floors
        ((200, 0, 1.0, None, -1, -1), 0, 0, 5, 2),  # at least one
        ((200, 0, 0, None, -1, -1), 0, 0, 10, 4),  # as where unknown
        ((200, 6, NAN, "garage", 7, -1), 7, 0, 0, 2.8),  # what is known is known
        ((200, 6, NAN, None, -1, 4), 0, 4, 10, 0),
        ((200, 6, NAN, None, 0, -1), 0, 0, 0, 0),
        ((0, NAN, NAN, None, 12, 5), 12, 5, 0, 0),
    ],
)
def test_people_of_a_building(
    row: tuple[float, float, float, str | None, int, int],
    people: int,
    households: int,
    expected_people: float,
    expected_households: float,
) -> None:
    found = dwellers(facts(row), POLICY)
    assert (found.population.tolist(), found.households.tolist()) == ([people], [households])
    assert found.expected_population == pytest.approx([expected_people])
    assert found.expected_households == pytest.approx([expected_households])


def test_where_floors_come_from() -> None:
    many = facts(
        (100, 3, 30.0, None, -1, -1), (100, NAN, 9.0, "loft", -1, -1), (100, NAN, NAN, "loft", -1, -1)
    )
    found = dwellers(many, POLICY)
    assert found.by_height.tolist() == [False, True, False]
    assert found.by_default.tolist() == [False, False, True]
    assert found.unlisted == {"loft": 2}
    assert found.dwelling_m2.tolist() == [300.0, 0.0, 0.0]


def test_no_buildings() -> None:
    nothing = np.zeros(0)
    empty = BuildingFacts(
        nothing, nothing, nothing, np.zeros(0, dtype=object), nothing.astype(int), nothing.astype(int)
    )
    assert dwellers(empty, POLICY).expected_population.size == 0
