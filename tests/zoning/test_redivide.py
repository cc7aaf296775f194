"""Divisions of ground that can be judged by eye."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import Cancelled, InputError
from gisgov.zoning import (
    Aims,
    ObstacleKind,
    alternatives,
    change_count,
    redivide,
)

SQUARE = "\n".join(["A" * 12] * 12)


def test_a_square_in_four_is_four_squares(draw):
    found = redivide(draw(SQUARE), np.array([4]), aims=Aims(effort="quality"))
    assert found.figures.load.tolist() == [36, 36, 36, 36]
    assert found.figures.polsby_popper.tolist() == pytest.approx([np.pi / 4] * 4)
    assert found.obstacles == ()
    assert found.origin.tolist() == [-1] * 4
    assert (found.moved_population, found.moved_blocks) == (0, 0)


def test_borders_run_along_streets(draw):
    found = redivide(draw(SQUARE, street=0.3), np.array([6]), aims=Aims(streets=8, compactness=0.2))
    assert found.figures.share_along_streets > 0.6
    across = redivide(draw(SQUARE, street=0.999), np.array([6]))
    assert across.figures.share_along_streets < 0.6


def test_parents_keep_their_own_areas_and_numbers(draw):
    found = redivide(draw("AAAABB\nAAAABB\nCCCCBB\nCCCCBB"), np.array([2, 1, 2]))
    assert found.figures.parent.tolist() == [0, 0, 1, 2, 2]
    assert found.figures.deviation.tolist() == [0] * 5


def test_a_parent_without_blocks_gets_nothing(draw):
    found = redivide(draw("AAAA"), np.array([2, 0]))
    assert len(found.figures) == 2
    with pytest.raises(InputError, match="cannot make 1 areas"):
        redivide(draw("AAAA"), np.array([2, 1]))


@pytest.mark.parametrize("counts", [[0], [9], [-1], []])
def test_numbers_that_cannot_be_made(draw, counts):
    with pytest.raises(InputError) as caught:
        redivide(draw("AAAA\nAAAA"), np.array(counts, dtype=int))
    assert caught.value.field == "counts"


def test_as_many_areas_as_blocks(draw):
    assert sorted(redivide(draw("AAA\nAAA"), np.array([6])).labels) == list(range(6))


def test_nobody_lives_here_and_the_ground_is_divided(draw):
    found = redivide(draw("AAAA\nAAAA", people="0000\n0000"), np.array([2]))
    assert found.figures.blocks.tolist() == [4, 4]


def test_an_islet_goes_with_the_nearest_ground(draw):
    found = redivide(draw("AAAA.A\nAAAA.."), np.array([2]))
    assert sorted(found.figures.parts.tolist()) == [1, 2]
    assert found.labels[4] == found.labels[3]
    assert found.bounds.parts.tolist() == [2]


def test_pieces_that_cannot_be_even_are_explained(draw):
    # five and five in three areas: one piece has two areas, the other one
    found = redivide(draw("AAAAA.AAAAA"), np.array([3]))
    kinds = {one.kind for one in found.obstacles}
    assert kinds == {ObstacleKind.SEVERAL_PIECES}
    assert {one.needed for one in found.obstacles} == {2}
    assert max(one.value for one in found.obstacles) == pytest.approx(0.5)


def test_pieces_that_no_number_makes_even(draw):
    found = redivide(draw("AAAAAAA.AAA"), np.array([1]))
    assert found.obstacles == ()
    found = redivide(draw("AAAAAAA.AAAA"), np.array([2]))
    assert {one.needed for one in found.obstacles} == {3}  # 7 in two and 4 in one, or as 3.5 and 4
    found = redivide(draw("AAAAAAA.AAA"), np.array([2]))
    assert {one.needed for one in found.obstacles} == {0}


def test_a_giant_block_is_explained(draw):
    found = redivide(draw("AAAAAA", people="911111"), np.array([3]))
    (giant,) = [one for one in found.obstacles if one.kind == ObstacleKind.GIANT_BLOCK]
    assert (giant.block, giant.parent) == (0, 0)
    assert giant.value == pytest.approx(9 / (14 / 3))
    assert giant.needed == 1  # in one area of 14, or in areas of 8.2 and more


def test_what_a_giant_block_leaves_to_others_is_explained_with_it(draw):
    # 9 in one block, and three areas share the 5 of the others, which makes less than half the mean each
    found = redivide(draw("AAAAAA", people="911111"), np.array([4]))
    assert [(one.kind, one.block) for one in found.obstacles] == [(ObstacleKind.GIANT_BLOCK, 0)]


def test_another_number_that_comes_nearer_is_named(draw):
    found = redivide(draw("AAAAAAB\nAAAAAAB"), np.array([2, 1]))
    rounded = {one.parent: one.needed for one in found.obstacles if one.kind == ObstacleKind.NESTING_ROUNDING}
    # 14 in three areas are 4.67 each: A's 12 make 2.6 of them
    assert rounded == {0: 3, 1: 0}


def test_an_area_without_other_reason_is_said(draw):
    found = redivide(draw("AAA"), np.array([2]))
    assert {one.kind for one in found.obstacles} == {ObstacleKind.OUTSIDE_LIMIT}


def test_rounding_in_small_parents_is_explained(draw):
    found = redivide(draw("AAAB\nAAAB\nAAAB\nAAAB"), np.array([2, 1]))
    rounded = {one.parent: one for one in found.obstacles if one.kind == ObstacleKind.NESTING_ROUNDING}
    # 16 in three areas: 6 in A instead of 5.33, 4 in B
    assert rounded[0].value == pytest.approx(6 / (16 / 3) - 1)
    assert rounded[1].value == pytest.approx(4 / (16 / 3) - 1)
    assert (rounded[0].needed, rounded[1].needed) == (0, 0)  # nor do 3 and 2 come nearer


def test_a_division_that_holds_stays_as_it_is(draw, labels):
    blocks = draw("AAAA\nAAAA")
    current = labels("ABBA ABBA")[[0, 1, 1, 0, 0, 1, 1, 0]]
    current = labels("AABB AABB")
    found = redivide(blocks, np.array([2]), current=current)
    assert found.labels.tolist() == current.tolist()
    assert (found.moved_population, found.origin.tolist()) == (0, [0, 1])


def test_few_change_hands_where_a_load_grew(draw, labels):
    people = "1" * 12 + "\n" + "1" * 6 + "2" * 6
    current = labels("AAAAAABBBBBB AAAAAABBBBBB")
    found = redivide(draw("A" * 12 + "\n" + "A" * 12, people=people), np.array([2]), current=current)
    # 12 and 18: at least 1.5 must go for 16.5, two blocks of one
    assert np.abs(found.figures.deviation).max() <= 0.1
    assert found.moved_population == 2000
    assert found.bounds.least_moved_population == 1500


def test_without_a_price_of_movement_the_best_division_keeps_its_names(draw, labels):
    blocks = draw(SQUARE)
    current = labels("\n".join(["A" * 12] * 3 + ["B" * 12] * 3 + ["C" * 12] * 3 + ["D" * 12] * 3))
    found = redivide(blocks, np.array([4]), current=current, aims=Aims(movement=0, effort="quality"))
    assert found.figures.polsby_popper.min() == pytest.approx(np.pi / 4)
    assert sorted(found.origin) == [0, 1, 2, 3]
    assert found.moved_population == 72_000


def test_of_all_that_move_too_many_the_one_that_moves_fewest_is_kept(draw, labels):
    blocks = draw("AAAAAAAAAAAA\nAAAAAAAAAAAA", people="4" + "1" * 11 + "\n" + "1" * 12)
    current = labels("AAAAAABBBBBB AAAAAABBBBBB")
    counts = np.array([3])
    free = redivide(blocks, counts, current=current)
    capped = redivide(blocks, counts, current=current, aims=Aims(max_moved_share=0.01))
    assert capped.moved_population <= free.moved_population


def test_a_share_of_movement_that_is_too_small_is_said(draw, labels):
    people = "1" * 12 + "\n" + "1" * 6 + "2" * 6
    current = labels("AAAAAABBBBBB AAAAAABBBBBB")
    blocks = draw("A" * 12 + "\n" + "A" * 12, people=people)
    found = redivide(blocks, np.array([2]), current=current, aims=Aims(max_moved_share=0.01))
    (one,) = [one for one in found.obstacles if one.kind == ObstacleKind.MOVED_SHARE]
    assert one.value == pytest.approx(2 / 30)
    assert one.needed == pytest.approx(1.5 / 30)


def test_one_more_area_where_a_community_grows(draw, labels):
    blocks = draw("AAAAAAAABBBB\nAAAAAAAABBBB\nAAAAAAAABBBB")
    current = labels("AAAABBBBCCDD AAAABBBBCCDD AAAABBBBCCDD")
    found = change_count(blocks, current, parent=0, by=1)
    assert np.array_equal(found.origin[found.labels][current > 1], current[current > 1])
    assert found.figures.parent.tolist() == [0, 0, 0, 1, 1]
    assert found.figures.load[:3].tolist() == [8, 8, 8]
    # the new area has eight blocks, and nobody else moves
    assert found.moved_population == 8000
    assert found.origin.tolist() == [0, 1, -1, 2, 3]


def test_one_area_is_given_up(draw, labels):
    blocks = draw("AAAAAAAAA\nAAAAAAAAA")
    found = change_count(blocks, labels("AAABBBCCC AAABBBCCC"), parent=0, by=-1)
    assert found.figures.load.tolist() == [9, 9]
    assert found.moved_population == 6000
    assert -1 not in found.origin


@pytest.mark.parametrize(
    ("parent", "current", "message"),
    [(5, "AABB", "no parent 5"), (0, "AA-B", "Block 2 has no present area")],
)
def test_a_change_of_number_needs_a_parent_and_a_division(draw, labels, parent, current, message):
    with pytest.raises(InputError, match=message):
        change_count(draw("AAAA"), labels(current), parent=parent, by=1)


@pytest.mark.parametrize(
    ("current", "message"),
    [([0, 1], "4 blocks and 2 present areas"), ([0, 0, 0, 0], "parents 0 and 1")],
)
def test_a_present_division_of_other_ground_is_refused(draw, current, message):
    with pytest.raises(InputError, match=message):
        redivide(draw("AABB"), np.array([1, 1]), current=np.array(current))


def test_blocks_without_an_area_are_taken_in(draw, labels):
    found = redivide(draw("AAAA\nAAAA"), np.array([2]), current=labels("A--B A--B"))
    assert found.figures.load.tolist() == [4, 4]
    assert found.moved_population == 0


def test_a_present_area_in_pieces_becomes_whole(draw, labels):
    found = redivide(draw("AAAAAA\nAAAAAA"), np.array([2]), current=labels("AAABBA AABBBA"))
    assert found.figures.parts.tolist() == [1, 1]


def test_alternatives_differ(draw):
    found = alternatives(draw(SQUARE), np.array([5]), number=4, seed=3)
    assert 1 < len(found) <= 4
    assert found[0].labels.tolist() == redivide(draw(SQUARE), np.array([5]), seed=3).labels.tolist()
    assert len(alternatives(draw("AA"), np.array([2]), number=3)) == 1
    with pytest.raises(InputError, match="0 alternatives"):
        alternatives(draw("AA"), np.array([1]), number=0)


def test_progress_is_told_of_every_piece(draw):
    told = []

    def progress(items, *, label, total=None):
        told.append((label, total))
        yield from items

    redivide(draw("AA.AABB"), np.array([2, 1]), progress=progress)
    assert told == [("preparing the search (long only once)", 1), ("dividing", 3)]


def test_who_does_not_want_it_any_more_is_heard(draw):
    with pytest.raises(Cancelled):
        redivide(draw(SQUARE), np.array([5]), cancelled=lambda: True)
    # and the next one is not stopped by that
    assert len(redivide(draw(SQUARE), np.array([5])).figures) == 5


def test_seeds_below_zero_are_seeds(draw):
    one, other = (redivide(draw(SQUARE), np.array([5]), seed=seed).labels for seed in (-4, 4))
    assert one.tolist() != other.tolist()
