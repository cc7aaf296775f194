"""Blocks cut by a line stay an exact coverage, whatever the line."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.errors import InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.blocks.segments import in_degrees, on_grid, segments_of
from gisgov.geometry.cutting import ON_BORDER, OUTSIDE, Cut, cut_blocks
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.testing import areas_from_grid
from gisgov.types import Floats, Geometries, Ints

ROUNDS = int(os.environ.get("CUTTING_ROUNDS", "150"))
CELL = 1000
"""Steps of the storage grid that a cell of a map is wide: 11 m."""


def draw(picture: str) -> tuple[list[str], Geometries]:
    names, areas = areas_from_grid(picture, cell_m=CELL)
    return names.tolist(), shapely.transform(areas, lambda xy: in_degrees(xy.astype(np.int64)))


def at(*cells: tuple[float, float]) -> Floats:
    """Places in cells of a map, from its south-west corner."""
    return in_degrees(np.rint(np.array(cells) * CELL).astype(np.int64))


def twice_area(geometries: Geometries) -> Ints:
    """Twice the ground of each in squares of the grid, in whole numbers."""
    found = segments_of(geometries)
    cross = found.start[:, 0] * found.end[:, 1] - found.start[:, 1] * found.end[:, 0]
    sums = np.zeros(len(geometries), dtype=np.int64)
    np.add.at(sums, found.owner, cross)
    return sums


def outline(geometries: Geometries) -> dict[tuple[int, ...], int]:
    """Sides that no neighbour has the other way round, and how often."""
    found = segments_of(geometries)
    left: dict[tuple[int, ...], int] = {}
    for a, b in zip(found.start.tolist(), found.end.tolist(), strict=True):
        for key, step in (((*a, *b), 1), ((*b, *a), -1)):
            left[key] = left.get(key, 0) + step
    return {key: count for key, count in left.items() if count > 0}


def after(blocks: Geometries, cut: Cut) -> Geometries:
    stay = np.delete(blocks, np.unique(cut.block))
    return np.concatenate((stay, cut.piece))


def pieces_of(cut: Cut, number: int) -> Geometries:
    return np.asarray(cut.piece[cut.block == number], dtype=object)


def require_coverage(blocks: Geometries, cut: Cut) -> None:
    now = after(blocks, cut)
    assert shapely.is_valid(now).all()
    assert (twice_area(now) > 0).all()
    if not shapely.coverage_is_valid(now):
        # GEOS takes a hole that touches its shell for a fault: then no two may have ground in common
        assert shapely.get_num_interior_rings(shapely.get_parts(now)).any()
        in_steps = shapely.transform(now, lambda xy: on_grid(xy).astype(np.float64))
        assert shapely.area(shapely.union_all(in_steps)) == shapely.area(in_steps).sum()
    rim, former = outline(now), outline(blocks)
    assert set(rim.values()) <= {1}
    # the rim is the former one, but where straight parts of it got vertices
    bent: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for part, chain in zip(cut.parts, cut.bent, strict=True):
        (a, b), places = (on_grid(shapely.get_coordinates(one)).tolist() for one in (part, chain))
        assert (places[0], places[-1]) == (a, b)
        steps = list(itertools.pairwise(places))
        bent[(*a, *b)] = [(*p, *q) for p, q in steps]
        bent[(*b, *a)] = [(*q, *p) for p, q in steps]
        off = shapely.hausdorff_distance(shapely.LineString([a, b]), shapely.LineString(places))
        assert off < 0.71  # half a diagonal of a step
    expected = {side for key in former for side in bent.get(key, [key])}
    assert set(rim) == {one for one in expected if (*one[2:], *one[:2]) not in expected}
    assert twice_area(now).sum() == sum(a * d - b * c for a, b, c, d in rim)


@st.composite
def maps(draw_: st.DrawFn) -> tuple[Geometries, Ints, Floats, float]:
    """Quadrilaterals with shaken corners, some merged, and a line: through anything."""
    size = draw_(st.integers(2, 4))
    width = draw_(st.sampled_from([8, 60, 5000]))
    rng = np.random.default_rng(draw_(st.integers(0, 2**32 - 1)))
    corner = np.stack(np.meshgrid(np.arange(size + 1), np.arange(size + 1)), axis=-1) * width
    corner = corner + rng.integers(-(width // 4), width // 4 + 1, corner.shape)
    number = rng.integers(0, size * size, (size, size)) if rng.random() < 0.5 else None
    cells: dict[int, list[shapely.Polygon]] = {}
    for i in range(size):
        for j in range(size):
            ring = [corner[i, j], corner[i, j + 1], corner[i + 1, j + 1], corner[i + 1, j]]
            one = i * size + j if number is None else int(number[i, j])
            cells.setdefault(one, []).append(shapely.Polygon(in_degrees(np.array(ring))))
    blocks = np.array([shapely.coverage_union_all(some) for some in cells.values()], dtype=object)
    places = rng.integers(-width, (size + 1) * width, (int(rng.integers(2, 7)), 2))
    known = rng.random(len(places)) < draw_(st.sampled_from([0.0, 0.5, 1.0]))
    places[known] = corner.reshape(-1, 2)[rng.integers(0, (size + 1) ** 2, int(known.sum()))]
    places[0] += (places == places[0]).all()  # not all in one place
    chosen = np.flatnonzero(rng.random(len(blocks)) < draw_(st.sampled_from([0.6, 1.0])))
    return blocks, chosen, in_degrees(places), draw_(st.sampled_from([0.001, 0.05, 1.0]))


@settings(max_examples=ROUNDS, deadline=None)
@given(maps())
def test_any_line_leaves_a_coverage(case: tuple[Geometries, Ints, Floats, float]) -> None:
    blocks, chosen, line, reach_m = case
    cut = cut_blocks(blocks, chosen, line, reach_m)
    require_coverage(blocks, cut)
    number, count = np.unique(cut.block, return_counts=True)
    assert np.isin(number[count > 1], chosen).all()


def parts_beside(blocks: Geometries, cut: Cut) -> int:
    """Count the parts of the ground that are connected without crossing the line."""
    now = after(blocks, cut)
    edge_class = np.full(len(cut.along), EdgeClass.WATER, dtype=np.int64)
    lines = np.asarray(shapely.linestrings(cut.along), dtype=object)
    borders = shared_borders(now, edges=lines, edge_class=edge_class)
    beside = borders.class_length_m[:, EdgeClass.UNCLASSIFIED] > 0.0
    shape = (len(now), len(now))
    graph = coo_array((np.ones(beside.sum()), (borders.a[beside], borders.b[beside])), shape=shape)
    return int(connected_components(graph, directed=False)[0])


@settings(max_examples=ROUNDS // 3, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 8]))
def test_a_line_right_across_makes_two_sides(seed: int, size: int) -> None:
    # bends in every side: a line that is rounded may run along a border for a step
    rng = np.random.default_rng(seed)
    fine = np.stack(np.meshgrid(np.arange(2 * size + 1), np.arange(2 * size + 1)), axis=-1) * 5 * CELL
    fine = fine + rng.integers(-CELL, CELL + 1, fine.shape)
    around = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    rings = [
        [fine[i + di, j + dj] for di, dj in around]
        for i in range(0, 2 * size, 2)
        for j in range(0, 2 * size, 2)
    ]
    blocks = np.array([shapely.Polygon(in_degrees(np.array(ring))) for ring in rings], dtype=object)
    reach = 2 * size * 5 * CELL
    south, north = rng.integers(2 * CELL, reach - 2 * CELL, 2)
    line = in_degrees(np.array([(-2 * reach, south), (3 * reach, north)]))
    cut = cut_blocks(blocks, np.arange(len(blocks)), line)
    rim = shapely.boundary(shapely.union_all(blocks, grid_size=1e-7))
    crossings = shapely.get_num_geometries(shapely.intersection(rim, shapely.LineString(line)))
    assert parts_beside(blocks, cut) == 1 + crossings // 2


def test_a_line_cuts_what_it_crosses_and_gives_the_neighbours_vertices() -> None:
    names, blocks = draw("AB\nCC")
    cut = cut_blocks(blocks, np.array([0, 1]), at((0, 1.5), (2, 1.5)))
    assert [names[i] for i in cut.block] == ["A", "A", "B", "B"]
    assert twice_area(cut.piece).tolist() == [CELL * CELL] * 4
    assert cut.where.tolist() == [0, 1]
    require_coverage(blocks, cut)


def test_what_of_the_line_lies_beyond_the_chosen_blocks_does_nothing() -> None:
    names, blocks = draw("DAE\nDCE")
    cut = cut_blocks(blocks, np.array([names.index("A")]), at((-1, 1.5), (4, 1.5)))
    assert [names[i] for i in cut.block] == ["A", "A", "D", "E"]
    assert shapely.get_num_coordinates(pieces_of(cut, names.index("E"))).tolist() == [
        8
    ]  # one more than before
    assert cut.where.tolist() == [OUTSIDE, OUTSIDE, names.index("A"), OUTSIDE, OUTSIDE]
    require_coverage(blocks, cut)


def test_a_line_along_borders_cuts_nothing_and_tells_which_sides_lie_on_it() -> None:
    _, blocks = draw("AB\nCD")
    cut = cut_blocks(blocks, np.arange(4), at((1, 0), (1, 1), (2, 1)))
    assert len(cut.piece) == 0
    assert cut.where.tolist() == [ON_BORDER, ON_BORDER]
    sides = {tuple(sorted(map(tuple, one))) for one in cut.along.tolist()}
    assert sides == {((1e-4, 0.0), (1e-4, 1e-4)), ((1e-4, 1e-4), (2e-4, 1e-4))}


def test_a_line_half_a_metre_beside_a_border_is_that_border() -> None:
    _, blocks = draw("AB\nCD")
    cut = cut_blocks(blocks, np.arange(4), at((1.04, -0.5), (1.04, 2.5)))
    assert len(cut.piece) == 0
    assert len({tuple(sorted(map(tuple, one))) for one in cut.along.tolist()}) == 2


def test_a_line_to_the_middle_of_a_side_leaves_that_side_whole() -> None:
    _, blocks = draw("AB")
    cut = cut_blocks(blocks, np.arange(2), at((1, 0), (1, 0.6)))
    assert (len(cut.piece), len(cut.along), len(cut.loose)) == (0, 0, 0)


def test_an_end_near_a_border_reaches_it_and_one_inside_a_block_is_told() -> None:
    _, blocks = draw("AB")
    near = cut_blocks(blocks, np.arange(2), at((0.04, 0.5), (1.96, 0.5)))
    assert near.block.tolist() == [0, 0, 1, 1]
    assert len(near.loose) == 0
    short = cut_blocks(blocks, np.arange(2), at((0.5, 0.5), (2, 0.5)))
    assert short.block.tolist() == [0, 1, 1]
    assert short.loose.tolist() == [[0.5e-4, 0.5e-4]]
    require_coverage(blocks, short)


def test_a_closed_line_cuts_the_inside_out() -> None:
    _, blocks = draw("A")
    cut = cut_blocks(blocks, np.array([0]), at((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.2)))
    assert sorted(twice_area(cut.piece).tolist()) == [360 * CELL, 1640 * CELL]
    assert len(cut.loose) == 0
    require_coverage(blocks, cut)


def test_a_neighbour_of_several_parts_stays_one() -> None:
    names, blocks = draw("BAB")
    cut = cut_blocks(blocks, np.array([names.index("A")]), at((1, 0.3), (2, 0.7)))
    assert cut.block.tolist() == [0, 0, 1]
    assert shapely.get_num_geometries(cut.piece).tolist() == [1, 1, 2]
    require_coverage(blocks, cut)


@pytest.mark.parametrize("line", [at((9, 9), (8, 9)), at((0.01, 0.01), (0.02, 0.02))])
def test_a_line_that_meets_nothing_does_nothing(line: Floats) -> None:
    _, blocks = draw("A")
    cut = cut_blocks(blocks, np.array([0]), line)
    assert len(cut.piece) == len(cut.along) == len(cut.loose) == 0
    assert (cut.where == OUTSIDE).all()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ([(0.0, 0.0)], "two places"),
        ([(0.0, 0.0), (0.0, 91.0)], "none on Earth"),
        ([(0.0, 0.0), (np.nan, 1.0)], "none on Earth"),
        ([(0.0, 0.0), (150.0, 1.0)], "100 degrees"),
    ],
)
def test_a_line_that_is_none_is_refused(line: list[tuple[float, float]], word: str) -> None:
    _, blocks = draw("A")
    with pytest.raises(InputError, match=word):
        cut_blocks(blocks, np.array([0]), np.array(line))


def test_a_block_that_cannot_be_cut_exactly_is_named() -> None:
    corners = np.array([(0, 0), (1000, 1), (500, 1), (1000, -500), (0, -500)])
    rings = (in_degrees(corners[list(ring)]) for ring in ((0, 1, 2), (0, 4, 3, 1)))
    blocks = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    with pytest.raises(InputError, match=r"block at \(0.0000000, 0.0000000\)"):
        cut_blocks(blocks, np.array([1]), at((0.5, -1), (0.5, 1)), 0.001)
