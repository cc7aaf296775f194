"""Figures of a division, counted by hand on cells of 100 m."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.zoning.evaluate import evaluate
from gisgov.zoning.graph import Graph


def test_loads_borders_and_shapes_are_those_of_the_picture(lattice):
    drawn = lattice("AAAB\nAAAB")
    result = drawn.evaluate(np.array([0, 0, 1, 2, 0, 0, 1, 2]))
    assert result.blocks.tolist() == [4, 2, 2]
    assert result.perimeter_m.tolist() == [800, 600, 600]
    assert result.area_m2.tolist() == [40_000, 20_000, 20_000]
    assert result.polsby_popper[0] == pytest.approx(np.pi / 4)
    # A carries 6 in two areas: 4 is a third above 3, 2 a third below; B is alone
    assert result.deviation.tolist() == pytest.approx([1 / 3, -1 / 3, 0])
    assert result.cut_m == 400
    assert result.share_within(0.2) == pytest.approx(1 / 3)


def test_parts_are_counted(lattice):
    result = lattice("AAA").evaluate(np.array([0, 1, 0]))
    assert result.parts.tolist() == [2, 1]


def test_an_empty_division_has_no_figures():
    none = np.zeros(0, dtype=np.int64)
    graph = Graph(np.zeros(1, dtype=np.int64), none, none.astype(float))
    result = evaluate(
        graph,
        none,
        parent=none,
        load=none.astype(float),
        area_m2=none.astype(float),
        perimeter_m=none.astype(float),
    )
    assert len(result.blocks) == 0
    assert result.share_within(0.1) == 1.0
