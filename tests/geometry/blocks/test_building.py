"""Blocks from drawn streets: what a reader of the map would expect."""

from __future__ import annotations

import pytest
import shapely
from street_maps import (
    ADMINISTRATIVE,
    ALL_STAYS,
    ARTERIAL,
    CELL_M,
    COLLECTOR,
    LOCAL,
    RAIL,
    WATER,
    array,
    blocks_of,
    box,
    class_lengths,
    line,
    parents_of,
    picture_of,
    polygon,
)

from gisgov.errors import InputError
from gisgov.geometry.blocks import BlockTolerances, build_blocks
from gisgov.geometry.edge_classes import EdgeClass

SQUARE = "AAAA\nAAAA\nAAAA\nAAAA"


def test_streets_from_border_to_border_cut_a_parent_into_blocks() -> None:
    built = blocks_of(SQUARE, (LOCAL, [(2, -1), (2, 5)]), (COLLECTOR, [(-1, 1), (5, 1)]))
    assert picture_of(built, 4, 4) == "aabb\naabb\naabb\nccdd"
    assert class_lengths(built) == {LOCAL: 4.0, COLLECTOR: 4.0, ADMINISTRATIVE: 16.0}
    assert built.report.lines == 2
    assert built.report.dangles == 0


def test_each_line_of_borders_ends_where_three_meet_or_the_class_changes() -> None:
    built = blocks_of("AABB", (LOCAL, [(1, 0), (1, 1)]), (ARTERIAL, [(2, 0), (2, 0.5)]))
    found = sorted(
        (round(edge.length * 1000, 3), kind) for edge, kind in zip(built.edges, built.edge_class, strict=True)
    )
    # the border of the parents is half a street; its dead end is a border all the same
    assert found == [
        (0.5, ARTERIAL),
        (0.5, ADMINISTRATIVE),
        (1.0, LOCAL),
        (1.0, ADMINISTRATIVE),
        (1.0, ADMINISTRATIVE),
        (3.0, ADMINISTRATIVE),
        (5.0, ADMINISTRATIVE),
    ]


def test_neighbours_in_another_parent_get_the_vertex_where_a_street_ends() -> None:
    built = blocks_of("A\nB", (LOCAL, [(0.4, 2), (0.4, 1)]))
    below = built.geometries[built.parent == 1][0]
    assert (10.0004, 0.001) in below.exterior.coords


def test_a_parent_without_streets_is_one_block_and_none_gives_none() -> None:
    parents = array(None, box(0, 0, 1, 1), shapely.Polygon())
    built = build_blocks(parents, array(), [])
    assert built.parent.tolist() == [1]
    assert built.geometries[0].equals(parents[1])
    assert len(build_blocks(array(), array(), [])) == 0


def test_a_parent_in_two_pieces_has_blocks_in_both() -> None:
    built = blocks_of("A.A", (LOCAL, [(0.5, -1), (0.5, 2)]))
    assert built.parent.tolist() == [0, 0, 0]


def test_missing_and_empty_lines_are_passed_over() -> None:
    lines = array(None, shapely.LineString(), line((2, 0), (2, 4)))
    built = build_blocks(parents_of(SQUARE), lines, [LOCAL, LOCAL, LOCAL])
    assert len(built) == 2
    assert built.report.lines == 1


def test_a_dead_end_bounds_nothing_and_is_measured() -> None:
    built = blocks_of(SQUARE, (LOCAL, [(2, -1), (2, 3)]), (LOCAL, [(2, 1), (3, 1)]))
    assert picture_of(built, 4, 4) == "aaaa\naaaa\naaaa\naaaa"
    assert built.report.dangles == 2
    assert built.report.dangle_m == pytest.approx(4 * CELL_M)  # not the cell outside


def test_a_loop_that_hangs_on_one_street_is_a_block_if_it_is_large() -> None:
    loop = (LOCAL, [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)])
    stem = (LOCAL, [(2, 0), (2, 1)])
    assert picture_of(blocks_of(SQUARE, loop, stem), 4, 4) == "aaaa\nabba\nabba\naaaa"
    tolerant = BlockTolerances(enclosed_area_m2=5 * CELL_M**2)
    built = blocks_of(SQUARE, loop, stem, tolerances=tolerant)
    assert picture_of(built, 4, 4) == "aaaa\naaaa\naaaa\naaaa"
    assert built.report.slivers == 1


@pytest.mark.parametrize(("gap", "snapped"), [(0.04, 1), (0.05, 0)])
def test_an_end_that_misses_a_line_by_less_than_the_tolerance_is_drawn_on(gap: float, snapped: int) -> None:
    built = blocks_of(SQUARE, (LOCAL, [(0, 2), (4, 2)]), (LOCAL, [(2, 0), (2, 2 - gap)]))
    assert len(built) == 2 + snapped
    assert built.report.snapped_ends == snapped


def test_the_strip_between_carriageways_goes_to_the_north_all_along() -> None:
    south, north = 1.9, 2.1
    built = blocks_of(
        SQUARE,
        (ARTERIAL, [(0, south), (4, south)]),
        (ARTERIAL, [(0, north), (4, north)]),
        (LOCAL, [(1, 0), (1, south)]),
        (LOCAL, [(2, north), (2, 4)]),
        (LOCAL, [(3, 0), (3, 4)]),
    )
    assert picture_of(built, 4, 4) == "aabc\naabc\ndeef\ndeef"
    assert class_lengths(built)[ARTERIAL] == 4.0
    # cut below the street that ends on its north side, and at the one that crosses it
    assert built.report.carriageways == 4


def test_side_roads_make_strips_too_and_streets_are_carried_on_across_all_of_them() -> None:
    roads = [(ARTERIAL, [(0, y), (4, y)]) for y in (1.7, 1.9, 2.1, 2.3)]
    built = blocks_of(SQUARE, *roads, (LOCAL, [(2, 0), (2, 1.7)]), (LOCAL, [(3, 1.9), (3, 4)]))
    assert len(built) == 4
    assert class_lengths(built)[ARTERIAL] == 4.0


def test_where_two_double_roads_cross_four_blocks_meet_in_a_point() -> None:
    roads = [(ARTERIAL, [(0, y), (4, y)]) for y in (1.9, 2.1)] + [
        (ARTERIAL, [(x, 0), (x, 4)]) for x in (1.9, 2.1)
    ]
    built = blocks_of(SQUARE, *roads)
    assert picture_of(built, 4, 4) == "aabb\naabb\nccdd\nccdd"
    assert class_lengths(built)[ARTERIAL] == 8.0


def test_a_strip_goes_across_the_lower_class_whatever_side_that_is_on() -> None:
    built = blocks_of(SQUARE, (COLLECTOR, [(0, 1.9), (4, 1.9)]), (ARTERIAL, [(0, 2.1), (4, 2.1)]))
    assert class_lengths(built) == {ARTERIAL: 4.0, ADMINISTRATIVE: 16.0}


def test_a_border_of_parents_beside_an_avenue_is_that_avenue() -> None:
    built = blocks_of("AA\nAA\nBB\nBB", (ARTERIAL, [(0, 2.2), (2, 2.2)]))
    assert len(built) == 2
    assert class_lengths(built) == {ARTERIAL: 2.0, ADMINISTRATIVE: 12.0}


def test_slivers_go_to_the_longest_border_inside_their_parent() -> None:
    built = blocks_of("AAAA\nAAAA\nBBBB", (LOCAL, [(0, 1.05), (4, 1.05)]), (LOCAL, [(1, 1.05), (1, 3)]))
    assert picture_of(built, 4, 3) == "abbb\nabbb\ncccc"
    assert built.report.slivers == 1


def test_a_parent_that_is_a_sliver_stays_one_block() -> None:
    parents = array(box(0, 0, 1, 0.05), box(0, 0.05, 1, 1))
    built = build_blocks(parents, array(), [])
    assert built.parent.tolist() == [0, 1]
    assert built.report.small_left == 1


def test_tunnels_divide_nothing() -> None:
    built = blocks_of(SQUARE, (RAIL, [(0, 2), (4, 2)]), (LOCAL, [(2, 0), (2, 4)]), level=[-1, 0])
    assert picture_of(built, 4, 4) == "aabb\naabb\naabb\naabb"
    assert built.report.tunnels == 1
    assert built.report.overpasses == 0


def test_an_overpass_divides_the_ground_below_where_nothing_else_does() -> None:
    built = blocks_of(SQUARE, (ARTERIAL, [(0, 2), (4, 2)]), (LOCAL, [(2, 0), (2, 4)]), level=[1, 0])
    assert picture_of(built, 4, 4) == "aabb\naabb\nccdd\nccdd"
    assert built.report.overpasses == 1
    assert built.report.elevated_left_out_m == 0.0


@pytest.mark.parametrize("north_is_above", [True, False])
def test_a_viaduct_beside_a_road_on_the_ground_divides_nothing(north_is_above: bool) -> None:
    built = blocks_of(
        SQUARE,
        (ARTERIAL, [(0, 2.1), (4, 2.1)]),
        (ARTERIAL, [(0, 1.9), (4, 1.9)]),
        level=[1, 0] if north_is_above else [0, 1],
    )
    assert class_lengths(built)[ARTERIAL] == 4.0
    assert built.report.elevated_left_out_m == pytest.approx(4 * CELL_M)
    border = next(edge for edge, kind in zip(built.edges, built.edge_class, strict=True) if kind == ARTERIAL)
    assert border.bounds[1] == (0.0019 if north_is_above else 0.0021)


def test_water_is_a_block_that_bridges_do_not_cut() -> None:
    river = array(box(-1, 1.5, 5, 2.5))
    built = blocks_of(SQUARE, (ARTERIAL, [(2, 0), (2, 4)]), level=[1], water=river)
    assert picture_of(built, 4, 4, per_cell=2).splitlines()[1:7] == [
        "aaaabbbb",
        "aaaabbbb",
        "cccccccc",
        "cccccccc",
        "ddddeeee",
        "ddddeeee",
    ]
    assert built.is_water.sum() == built.report.water == 1
    assert len(built) == 5
    assert class_lengths(built)[WATER] == 8.0
    assert built.report.elevated_left_out_m == pytest.approx(CELL_M)


def test_water_that_crosses_a_border_of_parents_is_a_block_in_each() -> None:
    built = blocks_of("AB", water=array(box(0.5, 0.2, 1.5, 0.8)))
    assert sorted(built.parent[built.is_water].tolist()) == [0, 1]


def test_a_canal_is_a_line_on_one_of_its_banks() -> None:
    built = blocks_of(
        SQUARE,
        (LOCAL, [(2, 0), (2, 4)]),
        water=array(box(-1, 1.9, 5, 2.1), None, polygon((0, 0), (9, 9), (0, 0))),
    )
    assert picture_of(built, 4, 4) == "aabb\naabb\nccdd\nccdd"
    assert class_lengths(built)[WATER] == 4.0
    assert not built.is_water.any()


def test_a_river_drawn_as_a_line_divides() -> None:
    built = blocks_of(SQUARE, (WATER, [(0, 2), (4, 2.5)]))
    assert len(built) == 2
    assert WATER in class_lengths(built)


def test_local_streets_inside_a_compound_divide_nothing() -> None:
    streets = ((LOCAL, [(2, 0), (2, 4)]), (COLLECTOR, [(0, 2), (4, 2)]))
    built = blocks_of(SQUARE, *streets, compounds=array(box(1, 1, 3, 3)))
    assert picture_of(built, 4, 4) == "aabb\naccb\ndeef\nddff"
    assert built.report.compound_m == pytest.approx(2 * CELL_M)
    assert EdgeClass.UNCLASSIFIED in class_lengths(built)


def test_contested_ground_goes_to_the_parent_with_the_lower_number() -> None:
    parents = array(box(0, 0, 2, 1), box(1, 0, 3, 1))
    built = build_blocks(parents, array(), [], tolerances=ALL_STAYS)
    assert built.parent.tolist() == [0, 1]
    assert shapely.area(built.geometries).tolist() == pytest.approx([2e-6, 1e-6])
    assert built.report.contested_m2 == pytest.approx(CELL_M**2)


def test_progress_hears_of_every_step() -> None:
    heard = []

    class Listener:
        def __call__(self, items, *, label: str, total: int | None = None):  # type: ignore[no-untyped-def]
            for item in items:
                heard.append((label, total))
                yield item

    build_blocks(parents_of("A"), array(), [], progress=Listener())
    assert heard == [("blocks", 6)] * 6


def test_faulty_parents_and_lengths_are_refused() -> None:
    bow = polygon((0, 0), (1, 1), (1, 0), (0, 1))
    with pytest.raises(InputError, match="Parent 1 is not a valid polygon"):
        build_blocks(array(box(0, 0, 1, 1), bow), array(), [])
    with pytest.raises(InputError, match="1 lines and 2 values"):
        build_blocks(parents_of("A"), array(line((0, 0), (1, 1))), [1, 1])
    with pytest.raises(InputError, match="1 lines and 0 values"):
        build_blocks(parents_of("A"), array(line((0, 0), (1, 1))), [1], line_level=[])
    with pytest.raises(InputError, match="no class 9"):
        build_blocks(parents_of("A"), array(line((0, 0), (1, 1))), [9])


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_tolerances_are_numbers_from_zero(value: float) -> None:
    with pytest.raises(InputError, match="snap_m"):
        BlockTolerances(snap_m=value)
