"""Layers and their targets."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.governance.layers import Layer, LayerKind, Targets


def test_the_load_of_an_average_area_is_one() -> None:
    targets = Targets(area_km2=0.5, population=5000, weight_area=0.3, weight_population=0.7)
    assert targets.load(500_000.0, 5000) == pytest.approx(1.0)


def test_the_load_is_a_weighted_sum() -> None:
    targets = Targets(area_km2=0.5, population=5000, weight_area=0.5, weight_population=0.5)
    load = targets.load(np.array([0.0, 1_000_000.0, 250_000.0]), np.array([10_000, 0, np.nan]))
    np.testing.assert_allclose(load, [1.0, 1.0, np.nan])


def test_a_measure_without_target_weighs_nothing() -> None:
    people = Targets(area_km2=None, population=4000, weight_area=0.0, weight_population=1.0)
    assert people.load([np.nan, 1e9], [2000, 8000]).tolist() == [0.5, 2.0]
    ground = Targets(area_km2=2.0, population=None, weight_area=1.0, weight_population=0.0)
    assert ground.load([1_000_000.0], [np.nan]).tolist() == [0.5]


def test_a_layer_has_titles_in_both_languages() -> None:
    layer = Layer("grid", "网格", "Grid", LayerKind.PARTITION)
    assert (layer.titled("zh"), layer.titled("en")) == ("网格", "Grid")
    assert layer.parent is None
