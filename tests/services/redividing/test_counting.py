"""How many areas each parent gets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.services.redividing import HowMany
from gisgov.services.redividing.counting import Parents, count_areas
from gisgov.services.redividing.present import Present, present_areas

# loads 5.3, 2.4 and 0.1
PARENTS = Parents(
    codes=np.array(["A", "B", "C"], dtype=object),
    load=np.array([5.3, 2.4, 0.1]),
    population=np.array([30_000.0, 12_000, 0]),
    area_m2=np.array([2e6, 3e6, 1e5]),
    blocks=np.array([20, 20, 3]),
)
# 4 areas in A, 3 in B, none in C
PRESENT = Present(np.zeros(0, dtype=np.int64), np.arange(7), np.array([0, 0, 0, 0, 1, 1, 1]))


@pytest.mark.parametrize(
    ("asked", "present", "by", "counts"),
    [
        (HowMany(), None, "rule", [5, 2, 1]),
        (HowMany(by="rule"), PRESENT, "rule", [5, 2, 1]),
        # as many as there are, and where there is none as the rule gives
        (HowMany(), PRESENT, "current", [4, 3, 1]),
        (HowMany(by="current"), PRESENT, "current", [4, 3, 1]),
        (HowMany(total=10), None, "total", [6, 3, 1]),
        (HowMany(counts={"B": 7}), None, "rule", [5, 7, 1]),
        (HowMany(counts={"B": 7}), PRESENT, "current", [4, 7, 1]),
        (HowMany(one_more="B"), PRESENT, "one-more", [4, 4, 1]),
        (HowMany(one_fewer="A"), PRESENT, "one-fewer", [3, 3, 1]),
        # 30,000 / 5,000 = 6; 12,000 / 5,000 = 2.4, but 3 km² at 1 km² each are 3; at least 1
        (HowMany(population_target=5000, area_cap_km2=1.0), None, "population", [6, 3, 1]),
    ],
)
def test_numbers_of_areas(asked: HowMany, present: Present | None, by: str, counts: list[int]) -> None:
    found = count_areas(asked, PARENTS, present)
    assert (found.by, found.counts.tolist()) == (by, counts)
    assert found.by_rule.tolist() == [5, 2, 1]


@pytest.mark.parametrize(
    ("asked", "present", "message", "field"),
    [
        ({"total": 9, "by": "rule"}, None, "total and how_many ask for different", "how_many"),
        ({"one_more": "A", "one_fewer": "B"}, PRESENT, "one_more and one_fewer", "one_fewer"),
        ({"total": 9, "counts": {"A": 1}}, None, "total and count ask", "count"),
        ({"area_cap_km2": 1.0}, None, "is for a population target", "area_cap"),
        ({"population_target": 5000.0}, None, "needs an area cap", "area_cap"),
        ({"one_more": "A"}, None, "changes the areas of a plan, and none is named", "one_more"),
        ({"by": "current"}, None, "no present areas", "how_many"),
        ({"counts": {"X": 1}}, None, "No parent that is divided has the code 'X'", "count"),
        ({"counts": {"A": 0}}, None, "A has 20 blocks, which cannot make 0 areas", "count"),
        ({"counts": {"C": 4}}, None, "C has 3 blocks, which cannot make 4 areas", "count"),
        ({"one_fewer": "C"}, PRESENT, "C has 3 blocks, which cannot make 0 areas", "one_fewer"),
        ({"total": 2}, None, "2 areas cannot be given", "total"),
    ],
)
def test_wishes_that_cannot_be_had(asked: Any, present: Present | None, message: str, field: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        count_areas(HowMany(**asked), PARENTS, present)
    assert caught.value.field == field


def test_areas_are_at_home_where_most_of_them_lies() -> None:
    area, parent = np.array([7, 7, 3, 3, -1]), np.array([0, 0, 0, 1, 1])
    found = present_areas(area, parent, np.array([1.0, 1, 1, 2, 1]))
    assert (found.label.tolist(), found.area.tolist(), found.counts(2).tolist()) == (
        [0, 0, -1, 1, -1],
        [7, 3],
        [1, 1],
    )
    nobody = present_areas(np.array([-1, -1]), np.array([0, 1]), np.ones(2))
    assert (nobody.label.tolist(), nobody.counts(2).tolist()) == ([-1, -1], [0, 0])
