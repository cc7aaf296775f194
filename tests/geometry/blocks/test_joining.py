"""Ground that is no block of its own, and where it goes."""

from __future__ import annotations

import numpy as np
from street_maps import (
    ARTERIAL,
    CELL_M,
    COLLECTOR,
    LOCAL,
    array,
    assert_sound,
    blocks_of,
    box,
    class_lengths,
    line,
    picture_of,
)

from gisgov.geometry.blocks import BlockTolerances, build_blocks
from gisgov.geometry.blocks.regions import together

SQUARE = "AAAA\nAAAA\nAAAA\nAAAA"


def ring(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def test_things_that_are_paired_have_one_number() -> None:
    assert together(5, np.array([4, 0]), np.array([2, 1])).tolist() == [0, 0, 1, 2, 1]


def test_a_net_of_lanes_finer_than_a_block_goes_away() -> None:
    lanes = [(LOCAL, [(1 + i / 5, 0), (1 + i / 5, 4)]) for i in range(4)]
    across = [(LOCAL, [(1, 1 + i / 5), (1.6, 1 + i / 5)]) for i in range(4)]
    built = blocks_of(SQUARE, *lanes, *across)
    assert built.report.slivers > 4
    assert picture_of(built, 4, 4).splitlines()[0] == "abcc"


def test_a_traffic_island_of_collectors_is_smaller_than_one_of_arterials() -> None:
    for kind, side, is_block in ((COLLECTOR, 0.4, False), (COLLECTOR, 0.6, True), (ARTERIAL, 0.6, False)):
        streets = [(kind, ring(1, 1, 1 + side, 1 + side)), (kind, [(0, 1), (4, 1)])]
        built = blocks_of(SQUARE, *streets)
        assert len(built) == 2 + is_block
        assert built.report.carriageways == 1 - is_block


def test_ground_that_gets_one_block_all_around_it_goes_to_that() -> None:
    streets = [(LOCAL, ring(1, 1, 2, 2)), (LOCAL, ring(2, 1, 2.05, 2)), (LOCAL, [(2.05, 2), (2.05, 4)])]
    built = blocks_of(SQUARE, *streets)
    assert len(built) == 1
    assert built.report.slivers == 2


def test_a_strip_wider_than_the_tolerance_is_a_block() -> None:
    roads = [(ARTERIAL, [(0, y), (4, y)]) for y in (1.9, 2.1)]
    narrow = BlockTolerances(carriageway_m=0.19 * CELL_M)
    assert class_lengths(blocks_of(SQUARE, *roads, tolerances=narrow))[ARTERIAL] == 8.0
    wide = BlockTolerances(carriageway_m=0.21 * CELL_M)
    assert class_lengths(blocks_of(SQUARE, *roads, tolerances=wide))[ARTERIAL] == 4.0


def test_a_strip_amid_strips_goes_where_they_went() -> None:
    roads = [(ARTERIAL, [(0, y), (4, y)]) for y in (1.7, 1.9, 2.1, 2.3)]
    built = blocks_of(SQUARE, *roads)
    assert len(built) == 2
    assert built.report.carriageways == 3
    # one to the south, where it has its block; two to the north
    border = next(edge for edge, kind in zip(built.edges, built.edge_class, strict=True) if kind == ARTERIAL)
    assert border.bounds[1] == 0.0019


def test_a_parent_of_nothing_but_strips_is_one_block() -> None:
    parents = array(box(0, 0, 4, 0.6))
    roads = array(*(line((0, y), (4, y)) for y in (0.0, 0.2, 0.4, 0.6)))
    built = build_blocks(parents, roads, [ARTERIAL] * 4)
    assert_sound(built, parents)
    assert len(built) == 1
    assert built.report.carriageways == 2
