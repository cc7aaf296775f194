"""Figures of a division, counted by hand on cells of 100 m."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.zoning import Blocks, evaluate, graph_from_borders


def test_loads_borders_and_shapes_are_those_of_the_picture(draw, labels):
    result = evaluate(draw("AAAB\nAAAB", street=0.5), labels("AABC AABC"))
    assert len(result) == 3
    assert result.parent.tolist() == [0, 0, 1]
    assert result.blocks.tolist() == [4, 2, 2]
    assert result.population.tolist() == [4000, 2000, 2000]
    assert result.perimeter_m.tolist() == [800, 600, 600]
    assert result.area_m2.tolist() == [40_000, 20_000, 20_000]
    assert result.polsby_popper[0] == pytest.approx(np.pi / 4)
    # A carries 6 in two areas: 4 is a third above 3, 2 a third below; B is alone
    assert result.deviation.tolist() == pytest.approx([1 / 3, -1 / 3, 0])
    assert (result.cut_m, result.inner_cut_m, result.major_cut_m) == (400, 200, 0)
    assert result.border_m.tolist() == [200, 400, 200]
    assert result.share_within(0.2) == pytest.approx(1 / 3)


def test_borders_along_streets_are_their_share(draw, labels):
    result = evaluate(draw("AA\nAA", street=0.5), labels("AB CC"))
    # 200 m run east to west, along the street, and 100 m from north to south
    assert result.share_along_streets == pytest.approx(2 / 3)
    assert result.major_m.tolist() == [100, 100, 200]
    assert math.isnan(evaluate(draw("AA"), labels("AA")).share_along_streets)


def test_parts_are_counted(draw, labels):
    assert evaluate(draw("AAA"), labels("ABA")).parts.tolist() == [2, 1]


def test_a_parent_without_load_has_no_deviation(draw, labels):
    assert np.isnan(evaluate(draw("AA", people="00"), labels("AB")).deviation).all()


def test_an_empty_division_has_no_figures():
    none, empty = np.zeros(0, dtype=np.int64), np.zeros(0)
    blocks = Blocks(
        graph_from_borders(none, none, [], count=0), none, empty, empty, none, empty, empty, empty
    )
    assert blocks.parents == 0
    result = evaluate(blocks, none)
    assert len(result) == 0
    assert result.share_within(0.1) == 1.0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("load", [1.0], "2 blocks and 1 values of load"),
        ("load", [1.0, -1.0], "Block 1 has load -1.0"),
        ("x", [np.nan, 0.0], "Block 0 has x nan"),
        ("population", [-5, 0], "Block 0 has population -5"),
    ],
)
def test_columns_that_cannot_be_are_named(draw, field, value, message):
    good = draw("AA")
    columns = {name: getattr(good, name) for name in good.__slots__}
    with pytest.raises(InputError, match=message) as caught:
        Blocks(**{**columns, field: np.array(value)})
    assert caught.value.field == field
