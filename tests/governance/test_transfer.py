"""Figures put onto the areas of another plan: divided as people live, and nothing lost."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gisgov.errors import InputError
from gisgov.governance.comparison import Overlaps
from gisgov.governance.transfer import put_onto, transfer_weights


def overlaps(pairs: dict[tuple[str | None, str | None], tuple[float, int]]) -> Overlaps:
    """Return pairs of codes with their ground and people."""
    old, new = (sorted({pair[i] for pair in pairs if pair[i]}) for i in (0, 1))
    numbers = [
        [-1 if pair[i] is None else of.index(pair[i]) for pair in pairs] for i, of in ((0, old), (1, new))
    ]
    return Overlaps(
        np.array(old, dtype=object),
        np.array(new, dtype=object),
        np.array(numbers[0], dtype=np.int64),
        np.array(numbers[1], dtype=np.int64),
        np.array([ground for ground, _ in pairs.values()]),
        np.array([people for _, people in pairs.values()], dtype=np.int64),
        np.ones(len(pairs), dtype=np.int64),
    )


# A goes to X and Y, where it has 3 and 1 people; nobody lives in B, whose ground goes to Y and nowhere
PAIRS = {("A", "X"): (1.0, 3), ("A", "Y"): (9.0, 1), ("B", "Y"): (3.0, 0), ("B", None): (1.0, 0),
         (None, "Y"): (5.0, 50)}  # fmt: skip


def decimals(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_people_weigh_and_ground_where_there_are_none() -> None:
    common = overlaps(PAIRS)
    assert transfer_weights(common).tolist() == [3.0, 1.0, 3.0, 1.0, 0.0]
    found = put_onto(decimals("8", "-2"), common)
    assert found.placed == (Decimal(6), Decimal("0.5"))
    assert (found.in_no_area, found.remainder) == (Decimal("-0.5"), 0)
    assert put_onto(decimals("0.00000003", "0"), common).placed[0] == Decimal("0.00000002")


def test_whole_numbers_stay_whole_on_request() -> None:
    found = put_onto(decimals("7", "3"), overlaps(PAIRS), whole=True)
    assert (found.placed, found.in_no_area) == ((5, 4), 1)  # 5¼ and 1¾, 2¼ and ¾
    with pytest.raises(InputError, match=r"1\.5 is no whole number"):
        put_onto(decimals("1.5", "0"), overlaps(PAIRS), whole=True)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="is no number"):
        put_onto(decimals(value, "0"), overlaps(PAIRS))
    with pytest.raises(InputError, match="too large"):
        put_onto(decimals("1e13", "0"), overlaps(PAIRS))


def test_an_area_without_anything_in_common_is_in_no_area() -> None:
    alone = overlaps(PAIRS)
    alone = Overlaps(np.array(["A", "B", "C"], dtype=object), alone.codes, alone.former, alone.area,
                     alone.ground_m2, alone.people, alone.blocks)  # fmt: skip
    assert put_onto(decimals("0", "0", "4"), alone).in_no_area == 4


@given(
    people=arrays.arrays(np.int64, (4, 3), elements=st.integers(0, 4)),
    values=st.lists(st.decimals(-9999, 9999, places=3), min_size=4, max_size=4),
)
def test_nothing_is_lost_there_and_back(people: np.ndarray, values: list[Decimal]) -> None:
    former, area = (one.ravel() for one in np.indices(people.shape))
    codes = [np.array([str(i) for i in range(count)], dtype=object) for count in people.shape]
    common = Overlaps(*codes, former, area, np.ones(12), people.ravel(), np.ones(12, dtype=np.int64))
    there = put_onto(values, common)
    back = put_onto(there.placed, common.backwards())
    assert sum(there.placed) == sum(back.placed) == sum(values)
    assert there.remainder == back.remainder == there.in_no_area == 0
