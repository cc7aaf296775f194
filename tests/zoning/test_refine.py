"""Refinement: better borders, areas kept whole."""

from __future__ import annotations

import numpy as np

from gisgov.zoning.refine import refine


def square(side: int) -> str:
    return "\n".join(["A" * side] * side)


def test_refining_straightens_a_ragged_border(lattice):
    drawn = lattice(square(6))
    ragged = np.where(drawn.x + 100 * (np.arange(36) // 6 % 2) < 300, 0, 1)
    before = drawn.evaluate(ragged)
    after = drawn.evaluate(
        refine(
            drawn.graph, ragged, load=drawn.load, area_m2=drawn.area_m2,
            perimeter_m=drawn.perimeter_m, sweeps=30, seed=1,
        )
    )  # fmt: skip
    assert after.cut_m < before.cut_m
    assert after.parts.tolist() == [1, 1]


def test_no_sweep_no_change(lattice):
    drawn = lattice("AAAA")
    labels = np.array([0, 1, 1, 1])
    same = refine(
        drawn.graph,
        labels,
        load=drawn.load,
        area_m2=drawn.area_m2,
        perimeter_m=drawn.perimeter_m,
        sweeps=0,
    )
    assert same.tolist() == labels.tolist()


def test_an_area_in_parts_is_not_torn_further(lattice):
    drawn = lattice("AAA")
    labels = np.array([0, 1, 0])
    same = refine(drawn.graph, labels, load=drawn.load, area_m2=drawn.area_m2, perimeter_m=drawn.perimeter_m)
    assert same.tolist() == labels.tolist()
