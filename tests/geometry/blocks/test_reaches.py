"""Rivers are cut across where a planner would: into pieces that are not long, at bridges if there are any."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_maps import (
    ADMINISTRATIVE,
    ARTERIAL,
    CELL,
    CELL_M,
    LOCAL,
    WATER,
    array,
    assert_sound,
    blocks_of,
    box,
    class_lengths,
    line,
    parents_of,
    picture_of,
    places,
    polygon,
)

from gisgov.geometry.blocks import BlockTolerances, BuiltBlocks, build_blocks
from gisgov.geometry.blocks.reaches import LONG, length_m, reaches_of
from gisgov.geometry.snap import snap
from gisgov.types import Geometries

TOWN = "\n".join(["A" * 20] * 6)  # 2.2 km by 0.7 km
REACH_M = 300.0
SHORT = BlockTolerances(reach_m=REACH_M)


def in_metres(geometries: Geometries) -> Geometries:
    """Drawn in metres; all maps here lie at the equator."""
    return np.asarray(shapely.transform(geometries, lambda xy: xy / CELL * CELL_M))


def outer(geometry: shapely.Polygon) -> shapely.Polygon:
    return shapely.Polygon(geometry.exterior)


def borders_between_reaches(
    built: BuiltBlocks, water: shapely.Geometry | None = None
) -> list[tuple[int, float]]:
    """Classes and cells of what lies inside the water, by default inside all blocks that are water."""
    wet = water or shapely.union_all(built.geometries[built.is_water], grid_size=1e-7)
    wet = shapely.buffer(wet, -1e-6)
    return [
        (kind, round(edge.length / CELL, 2))
        for edge, kind in zip(built.edges, built.edge_class.tolist(), strict=True)
        if shapely.length(shapely.intersection(edge, wet)) > 0.5 * edge.length
    ]


def test_a_straight_river_across_a_town_is_cut_into_equal_reaches() -> None:
    built = blocks_of(TOWN, water=array(box(0, 2, 20, 3)))
    # 2,226 m: two are longer than 900 m, four are not
    assert built.report.water == built.report.reaches == built.is_water.sum() == 4
    assert shapely.area(built.geometries[built.is_water]).tolist() == pytest.approx([5e-6] * 4)
    assert borders_between_reaches(built) == [(WATER, 1.0)] * 3
    assert picture_of(built, 20, 6).splitlines()[3] == "bbbbbcccccdddddeeeee"
    # both banks have the vertices
    for land in built.geometries[~built.is_water]:
        assert {10.005, 10.01, 10.015} <= {x for x, _ in land.exterior.coords}


def test_reaches_end_at_bridges_that_lie_near_their_middle() -> None:
    bridges = [(ARTERIAL, [(x, 0), (x, 6)]) for x in (4.0, 9.0, 16.5)]
    built = blocks_of(TOWN, *bridges, level=[1, 0, 1], water=array(box(0, 2, 20, 3)))
    assert sorted(shapely.area(built.geometries[built.is_water]) * 1e6) == pytest.approx([3.5, 4.0, 5.0, 7.5])
    assert borders_between_reaches(built) == [(WATER, 1.0)] * 3
    assert class_lengths(built)[ARTERIAL] == 3 * 5.0


@pytest.mark.parametrize(
    "street",
    [
        [(9, 0), (9, 2.4), (10, 2.6), (10, 6)],  # not straight
        [(9, 0), (9, 2.5)],  # a pier
        [(3, 0), (17, 6)],  # slanting: more than twice as long as the shortest way
        [(0.5, 0), (0.5, 6)],  # near the end
        [(5, 2), (15, 2)],  # along the bank
    ],
)
def test_other_streets_over_water_do_not_cut_it(street: list[tuple[float, float]]) -> None:
    built = blocks_of(TOWN, (LOCAL, street), water=array(box(0, 2, 20, 3)))
    assert shapely.area(built.geometries[built.is_water]).tolist() == pytest.approx([5e-6] * 4)


def test_where_the_banks_bend_a_bridge_that_leaves_the_water_is_none() -> None:
    hook = array(polygon((0, 1), (20, 1), (20, 5), (19.5, 5), (19.5, 2), (0.5, 2), (0.5, 5), (0, 5)))
    over = [(LOCAL, [(-1, 4.5), (21, 4.5)]), (LOCAL, [(10, 0), (10, 6)])]
    built = blocks_of(TOWN, *over, water=hook)
    assert any(abs(x - 10.01) < 1e-9 for x, _ in shapely.get_coordinates(built.geometries[built.is_water]))
    assert built.report.reaches >= 3


def test_a_bent_river_is_cut_along_its_bends() -> None:
    course = line((1, -1), (1, 4), (10, 4), (10, 1), (19, 1), (19, 7))
    river = array(shapely.buffer(course, 0.3 * CELL, cap_style="flat", join_style="mitre"))
    built = blocks_of(TOWN, water=river, tolerances=SHORT)
    wet = in_metres(built.geometries[built.is_water])
    length = course.length / CELL * CELL_M
    assert length / (LONG * REACH_M) <= built.report.reaches <= 2 * length / REACH_M
    assert max(length_m(outer(reach)) for reach in wet) <= LONG * REACH_M
    # none is cut lengthwise
    assert all(kind == WATER and across < 0.9 for kind, across in borders_between_reaches(built))
    assert len(borders_between_reaches(built)) == built.report.reaches - 1


@pytest.mark.parametrize(
    "lake",
    [
        shapely.Point(*places((10.0, 3.0))[0]).buffer(2.9 * CELL),
        box(2, 1, 17, 6.5),  # 3 times as long as wide at most
        box(2, 1, 10, 1.5),  # 890 m
    ],
)
def test_lakes_and_short_rivers_stay_whole(lake: shapely.Polygon) -> None:
    built = blocks_of(TOWN, (LOCAL, [(8, 0), (8, 6)]), water=array(lake))
    assert built.report.water == 1
    assert built.report.reaches == 0


def test_nothing_is_cut_where_that_is_not_wanted() -> None:
    built = blocks_of(TOWN, water=array(box(0, 2, 20, 3)), tolerances=BlockTolerances(reach_m=0.0))
    assert (built.report.water, built.report.reaches) == (1, 0)


def test_reaches_of_a_wide_river_are_about_square_and_not_cut_along_it() -> None:
    built = blocks_of(TOWN, water=array(box(0, 1, 20, 5)), tolerances=BlockTolerances(reach_m=50.0))
    assert shapely.area(built.geometries[built.is_water]).tolist() == pytest.approx([20e-6] * 4)


def test_cuts_go_over_islands_which_stay_land() -> None:
    islands = [box(9, 2.3, 11, 2.7), box(3, 2.4, 4, 2.6)]
    built = blocks_of(TOWN, water=array(box(0, 2, 20, 3) - shapely.union_all(islands)))
    assert built.report.reaches == 4
    assert borders_between_reaches(built).count((WATER, 0.3)) == 2  # on both sides of the larger island
    assert not shapely.contains_xy(built.geometries[built.is_water], *places((10.0, 2.5))[0]).any()


def test_a_pool_makes_a_river_no_lake() -> None:
    river = shapely.union(box(0, 2, 20, 2.5), box(9, 0.5, 12, 5))
    assert blocks_of(TOWN, water=array(river)).report.reaches >= 3


def test_only_reaches_that_are_blocks_are_counted() -> None:
    # the canal is a line on its bank; most of the river lies outside
    built = blocks_of("AAAA\nAAAA", water=array(box(-20, 0.9, 20, 1.1)))
    assert built.report.reaches == 0
    built = blocks_of("AAAA\nAAAA", water=array(box(-20, 0.5, 20, 1.5)))
    assert built.report.reaches == built.report.water >= 1


def test_water_too_narrow_for_the_grid_is_left_as_it_is() -> None:
    needle = shapely.Polygon(np.array([(45, 0), (31, 1), (31, 3), (57, 1)]) * 1e-7)
    pieces, is_reach = reaches_of(array(needle), array(), 1e-3)
    assert len(pieces) == len(is_reach) >= 1
    assert shapely.area(pieces).sum() == pytest.approx(needle.area, rel=0.5)


course = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda half: (half[0] / 2.0, half[1] / 2.0)),
    min_size=2,
    max_size=6,
    unique=True,
)


bridges_at = st.lists(st.integers(0, 200), max_size=4)


@settings(max_examples=60, deadline=None)
@given(course, st.floats(0.2, 1.5), bridges_at, st.sampled_from([200.0, 400.0]))
def test_no_reach_is_longer_than_the_bound(
    through: list[tuple[float, float]], half_width: float, at: list[int], reach_m: float
) -> None:
    # banks keep away from borders by more than a step, or else lie on them: the proof takes what is beside
    # one for the end of a street
    river = shapely.set_precision(shapely.buffer(line(*through), half_width * CELL), 1e-5)
    (river,) = snap(array(river))
    bridges = array(*(line((x / 10.0, -1), (x / 10.0 + 0.5, 7)) for x in at))
    pieces, is_reach = reaches_of(array(river), bridges, reach_m)
    assert shapely.area(pieces).sum() == pytest.approx(river.area, abs=1e-7 * river.length)
    assert is_reach.all() or len(pieces) == 1
    if len(pieces) > 1:
        for piece in in_metres(pieces):
            most = max(LONG * reach_m, (LONG * outer(piece).area) ** 0.5)
            assert length_m(outer(piece)) <= 1.02 * most  # another of two rectangles that are as small
    parents = parents_of(TOWN)
    kinds = [int(ARTERIAL)] * len(bridges)
    tolerances = BlockTolerances(carriageway_m=0.0, reach_m=reach_m)  # narrow water goes to its banks
    built = build_blocks(parents, bridges, kinds, water=array(river), tolerances=tolerances)
    assert_sound(built, parents)
    assert all(kind in (WATER, ADMINISTRATIVE) for kind, _ in borders_between_reaches(built, river))
    # neither the order nor the direction of bridges matters
    turned = build_blocks(
        parents, shapely.reverse(bridges[::-1]), kinds, water=array(river), tolerances=tolerances
    )
    assert turned.key.tolist() == built.key.tolist()
