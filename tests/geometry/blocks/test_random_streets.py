"""What is true of blocks whatever the streets are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_maps import ALL_STAYS, array, assert_sound, box, line, parents_of

from gisgov.geometry.blocks import BlockTolerances, BuiltBlocks, build_blocks
from gisgov.types import Geometries, Ints

PICTURES = ("AAAA\nAAAA\nAAAA", "AABB\nACCB\nACCB", "A.BB\nAABB\nC.DD", "AAAA\nABBA\nAAAA")
coordinate = st.integers(-4, 36).map(lambda tenth: tenth / 10.0 + 0.003 * (tenth % 3))
place = st.tuples(coordinate, coordinate)
street = st.tuples(
    st.lists(place, min_size=2, max_size=4, unique=True), st.integers(1, 5), st.integers(-1, 1)
)
streets = st.lists(street, max_size=14)
rectangle = st.tuples(coordinate, coordinate, st.floats(0.1, 2.0), st.floats(0.1, 2.0))
Street = tuple[list[tuple[float, float]], int, int]
Rectangle = tuple[float, float, float, float]


def rectangles(drawn: list[Rectangle]) -> Geometries:
    return array(*(box(x, y, x + width, y + height) for x, y, width, height in drawn))


def build(parents: Geometries, drawn: list[Street], **more: Any) -> BuiltBlocks:
    lines = array(*(line(*xy) for xy, _, _ in drawn))
    kinds: Ints = np.array([kind for _, kind, _ in drawn], dtype=np.int64)
    return build_blocks(parents, lines, kinds, line_level=[level for _, _, level in drawn], **more)


def facts(built: BuiltBlocks) -> tuple[object, ...]:
    return (
        shapely.to_wkb(built.geometries).tolist(),
        built.parent.tolist(),
        built.key.tolist(),
        built.is_water.tolist(),
        shapely.to_wkb(built.edges).tolist(),
        built.edge_class.tolist(),
        built.report,
    )


def about(report: tuple[object, ...]) -> tuple[object, ...]:
    """Without the metres, which are added up in another order."""
    return report[:-1]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PICTURES),
    streets,
    st.lists(rectangle, max_size=2),
    st.lists(rectangle, max_size=2),
    st.sampled_from([BlockTolerances(), ALL_STAYS, BlockTolerances(20.0, 60.0, 20.0, 5000.0, 50_000.0)]),
)
def test_every_place_lies_in_one_block_and_every_border_has_one_class(
    picture: str,
    drawn: list[Street],
    water: list[Rectangle],
    compounds: list[Rectangle],
    tolerances: BlockTolerances,
) -> None:
    parents = parents_of(picture)
    more = {"water": rectangles(water), "compounds": rectangles(compounds), "tolerances": tolerances}
    assert_sound(build(parents, drawn, **more), parents)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PICTURES), streets, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_direction_of_lines_matters(
    picture: str, drawn: list[Street], random: Any
) -> None:
    parents = parents_of(picture)
    turned = [(xy[::-1] if number % 2 else xy, kind, level) for number, (xy, kind, level) in enumerate(drawn)]
    random.shuffle(turned)
    assert about(facts(build(parents, drawn))) == about(facts(build(parents, turned)))


@settings(max_examples=60, deadline=None)
@given(streets)
def test_an_edit_in_one_parent_changes_no_key_in_another(drawn: list[Street]) -> None:
    parents = parents_of("AAA...B\nAAA...B")
    there = [(((6.5, -1.0), (6.5, 3.0)), 1, 0)]
    before, after = build(parents, drawn), build(parents, [*drawn, *there])  # type: ignore[list-item]
    assert before.key[before.parent == 0].tolist() == after.key[after.parent == 0].tolist()
    assert (after.parent == 1).sum() == 2


def faces_by_geos(parents: Geometries, drawn: list[Street]) -> int:
    lines = [*(line(*xy) for xy, _, level in drawn if level >= 0), *shapely.boundary(parents)]
    on_grid: Callable[[Any], Any] = lambda xy: np.rint(xy * 1e7)  # noqa: E731
    noded = shapely.union_all(shapely.transform(np.array(lines, dtype=object), on_grid), grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts([noded])))
    scope = shapely.union_all(shapely.transform(parents, on_grid))
    return int(shapely.contains(scope, shapely.point_on_surface(faces)).sum())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PICTURES), streets)
def test_where_nothing_is_put_together_there_are_as_many_blocks_as_geos_finds_faces(
    picture: str, drawn: list[Street]
) -> None:
    parents = parents_of(picture)
    assert len(build(parents, drawn, tolerances=ALL_STAYS)) == faces_by_geos(parents, drawn)
