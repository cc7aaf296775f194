"""Segments cut where they meet: on a small lattice everything that can coincide does."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gisgov.geometry.blocks.snap_rounding import Pieces, cut_where_they_meet
from gisgov.types import Floats, Ints

place = st.tuples(st.integers(0, 9), st.integers(0, 9))
segment = st.tuples(place, place).filter(lambda ends: ends[0] != ends[1])
segments = st.lists(segment, min_size=1, max_size=7)
Drawn = list[tuple[tuple[int, int], tuple[int, int]]]


def cut(drawn: Drawn) -> Pieces:
    ends = np.array(drawn, dtype=np.int64)
    return cut_where_they_meet(ends[:, 0], ends[:, 1])


def ends_of(pieces: Pieces) -> Ints:
    return np.stack((pieces.xy[pieces.start], pieces.xy[pieces.end]), axis=1)


def inner_meetings(ends: Ints) -> int:
    """How many pairs of different pieces meet elsewhere than at common ends."""
    once = np.unique(
        np.sort(np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)[1].reshape(-1, 2)), axis=0
    )
    xy = np.unique(ends.reshape(-1, 2), axis=0).astype(float)
    lines = shapely.linestrings(xy[once])
    one, other = np.triu_indices(len(lines), 1)
    common = shapely.intersection(lines[one], lines[other])
    tips = shapely.multipoints(xy[once])
    at_ends = shapely.intersection(tips[one], tips[other])
    return int((~shapely.equals(common, at_ends) & ~shapely.is_empty(common)).sum())


@settings(max_examples=400)
@given(segments)
@example([((0, 0), (9, 7)), ((0, 1), (9, 6)), ((4, 0), (5, 9))])
def test_pieces_meet_at_their_ends_only(drawn: Drawn) -> None:
    assert inner_meetings(ends_of(cut(drawn))) == 0


@given(segments)
def test_pieces_lead_from_start_to_end_of_their_segment_beside_it(drawn: Drawn) -> None:
    pieces = cut(drawn)
    ends = ends_of(pieces)
    assert pieces.segment.tolist() == sorted(pieces.segment.tolist())
    for number, (start, end) in enumerate(drawn):
        mine: Floats = ends[pieces.segment == number].astype(float)
        assert tuple(mine[0, 0]) == start
        assert tuple(mine[-1, 1]) == end
        assert np.array_equal(mine[1:, 0], mine[:-1, 1])
        away = shapely.distance(shapely.LineString([start, end]), shapely.points(mine.reshape(-1, 2)))
        assert away.max() <= np.sqrt(0.5) + 1e-9


@given(segments, st.randoms(use_true_random=False))
def test_neither_order_nor_direction_matters(drawn: Drawn, random: object) -> None:
    turned = [ends[::-1] if number % 2 else ends for number, ends in enumerate(drawn)]
    random.shuffle(turned)  # type: ignore[attr-defined]
    one, other = cut(drawn), cut(turned)
    assert np.array_equal(one.xy, other.xy)
    found = [
        {(min(ends), max(ends)) for ends in zip(some.start.tolist(), some.end.tolist(), strict=True)}
        for some in (one, other)
    ]
    assert found[0] == found[1]


def test_crossings_inside_both_are_told() -> None:
    pieces = cut([((0, 0), (4, 4)), ((4, 0), (0, 4)), ((0, 0), (0, 4)), ((0, 2), (2, 2))])
    assert pieces.crossing.tolist() == [[0, 1]] or pieces.crossing.tolist() == [[1, 0]]


def test_segments_of_city_size_are_cut_exactly() -> None:
    """Products of their coordinates pass 2⁵³."""
    pieces = cut([((0, 0), (300_000_001, 200_000_003)), ((0, 200_000_003), (300_000_001, 0))])
    assert pieces.xy.tolist()[2] == [150_000_001, 100_000_002]
