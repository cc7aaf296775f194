"""Classes of edges and which of them counts."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.edge_classes import MAJOR, RANK, EdgeClass, precedence


def test_the_rank_names_every_class_once() -> None:
    assert sorted(RANK) == list(EdgeClass)


def test_precedence_is_the_place_in_the_rank() -> None:
    found = precedence(np.array(RANK))
    assert found.tolist() == list(range(len(RANK)))


def test_a_road_outranks_the_border_that_runs_along_it_and_water_the_road() -> None:
    places = precedence(np.arange(len(EdgeClass)))
    assert places[EdgeClass.WATER] < places[EdgeClass.RAIL] < places[EdgeClass.ARTERIAL]
    assert places[EdgeClass.LOCAL] < places[EdgeClass.ADMINISTRATIVE] < places[EdgeClass.UNCLASSIFIED]


def test_borders_should_run_along_what_is_seen_on_the_ground() -> None:
    assert set(MAJOR) == {EdgeClass.COLLECTOR, EdgeClass.ARTERIAL, EdgeClass.WATER}
