"""Segments of borders: who shares them, what lies along them, and whether one lacks a vertex."""

from __future__ import annotations

import json

import numpy as np
import pytest
import segment_answers
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from uncompiled import answers_as_written

from gisgov.errors import InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.noding import find_missing_vertices
from gisgov.geometry.segment_kernels import in_marked_cells, mark_cells
from gisgov.geometry.segments import segments_of
from gisgov.testing import areas_from_grid


def test_compiled_kernels_answer_as_they_are_written() -> None:
    """The process without a compiler is also what shows which lines of the kernels are reached."""
    written = answers_as_written(segment_answers.__file__)
    assert written == json.loads(json.dumps(segment_answers.answers()))


def test_two_squares_share_one_segment() -> None:
    _, areas = areas_from_grid("AB")
    found = segments_of(areas)
    assert len(found.first) == 6
    assert [found.owner[pair].tolist() for pair in found.pairs] == [[0, 1]]
    assert len(found.alone) == 6
    assert found.lengths(found.pairs[:, 0], None).tolist() == [100.0]


def test_segments_without_length_and_places_that_are_nowhere_are_left_out() -> None:
    odd = segment_answers.maps()[5]
    found = segments_of(odd)
    # the third area has one segment that is somewhere: the one it shares with the second
    assert found.owner[found.pairs].tolist() == [[0, 1], [1, 2]]
    assert found.owner[found.alone].tolist() == [0, 0, 0, 1, 1]
    assert not found.lack_vertices(1e-7)


def test_a_seam_inside_one_area_is_shared_with_nobody() -> None:
    seam = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    found = segments_of(np.array([seam], dtype=object))
    assert len(found.pairs) == 0
    assert len(found.alone) == 8


def test_minus_zero_is_zero() -> None:
    left, right = shapely.box(-1, 0, -0.0, 1), shapely.box(0.0, 0, 1, 1)
    assert len(segments_of(np.array([left, right], dtype=object)).pairs) == 1


def test_areas_on_one_ground_are_paired_each_with_each() -> None:
    box = shapely.box(0, 0, 1, 1)
    found = segments_of(np.array([box] * 4, dtype=object))
    assert len(found.pairs) == 6 * 4
    assert len(found.alone) == 0


def test_of_two_lines_on_a_segment_the_one_of_higher_rank_counts() -> None:
    _, areas = areas_from_grid("A")
    lines = shapely.linestrings(
        [[(0, 0), (100, 0)], [(100, 0), (0, 0)], [(0, 0), (0, 100)], [(5, 5), (9, 9)]]
    )
    classes = np.array([EdgeClass.LOCAL, EdgeClass.RAIL, EdgeClass.ADMINISTRATIVE, EdgeClass.WATER])
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        found = segments_of(areas, lines[order], classes[order])
        assert sorted(found.edge_class[found.alone].tolist()) == [
            0,
            0,
            EdgeClass.RAIL,
            EdgeClass.ADMINISTRATIVE,
        ]


def test_lines_and_classes_must_be_as_many() -> None:
    _, areas = areas_from_grid("A")
    with pytest.raises(InputError, match="There are 0 edges and 2 edge classes"):
        segments_of(areas, None, np.array([1, 2]))


def test_nothing_lacks_a_vertex_where_nobody_is_alone() -> None:
    box = shapely.box(0, 0, 1, 1)
    assert not segments_of(np.array([box, box], dtype=object)).lack_vertices(0.1)
    assert not segments_of(np.zeros(0, dtype=object)).lack_vertices(0.1)


@pytest.mark.parametrize("tolerance", [0.0, 0.1])
def test_flat_areas_lack_vertices_like_others(tolerance: float) -> None:
    flat, other = shapely.Polygon([(0, 0), (0, 4), (0, 9)]), shapely.Polygon([(0, 5), (0, 6), (0, 7)])
    assert segments_of(np.array([flat, other], dtype=object)).lack_vertices(tolerance)
    assert not segments_of(np.array([flat], dtype=object)[:0]).lack_vertices(tolerance)


@given(
    st.lists(st.text(alphabet="ABCD.", min_size=5, max_size=5), min_size=1, max_size=5),
    st.floats(0.0, 0.3),
    st.booleans(),
)
@settings(deadline=None)
def test_a_vertex_is_lacking_wherever_noding_finds_one(rows: list[str], nudge: float, bare: bool) -> None:
    """Also of corners that lie beside the border, as far as the tolerance reaches."""
    picture = "\n".join(rows)
    if not picture.strip("\n."):
        return
    _, areas = areas_from_grid(picture, cell_m=1.0)
    shapes = np.asarray(shapely.simplify(areas, 0.0)) if bare else areas
    moved = shapely.transform(shapes[:1], lambda xy: xy + nudge)
    shapes = np.concatenate((moved, shapes[1:]))
    if len(find_missing_vertices(shapes, 0.25)):
        assert segments_of(shapes).lack_vertices(0.25)


coordinate = st.floats(-10.0, 10.0, allow_subnormal=False)
point = st.tuples(coordinate, coordinate)


@given(point, point, st.floats(0.0, 1.0), st.floats(0.0, 6.3), st.floats(0.0, 2.0))
@settings(deadline=None)
def test_every_point_within_reach_of_a_segment_is_in_a_marked_cell(
    a: tuple[float, float], b: tuple[float, float], along: float, angle: float, reach: float
) -> None:
    frame, cells = np.array([-10.0, -10.0, 1.0, 2.0]), np.zeros((20, 10), dtype=bool)
    mark_cells(np.array([a]), np.array([b]), frame, reach, cells)
    p = np.array(a) + along * (np.array(b) - np.array(a)) + reach * np.array([np.cos(angle), np.sin(angle)])
    is_in = np.zeros(1, dtype=bool)
    in_marked_cells(p[None, :], frame, cells, is_in)
    assert is_in[0]
