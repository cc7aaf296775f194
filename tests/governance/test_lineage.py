"""Where areas come from, on rows of blocks that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.governance.lineage import trace


def numbers(text: str) -> np.ndarray:
    """Blocks in a row: ``AAB.`` is 0, 0, 1, −1."""
    return np.array([-1 if one == "." else ord(one) - ord("A") for one in text], dtype=np.int64)


@pytest.mark.parametrize(
    ("former", "now", "keeps", "origin"),
    [
        # nothing moves, though the numbers do
        ("AABB", "BBAA", [1, 0], "kept kept"),
        # one block moves
        ("AAABBB", "AABBBB", [0, 1], "reshaped reshaped"),
        # a half splits off: the larger part keeps the code
        ("AAAAA", "ABBBA", [-1, 0], "split reshaped"),
        # of two equal halves the first number keeps it
        ("AABB", "ABCC", [0, -1, 1], "reshaped split kept"),
        # one takes the other over, and what it keeps is the larger one's code
        ("AABBBCC", "AAAAABB", [1, 2], "merged kept"),
        # made of a little of each
        ("AAABBBCCC", "AADBBDCCD", [0, 1, 2, -1], "reshaped reshaped reshaped new"),
        # ground that nobody had
        ("AA..", "AABB", [0, -1], "kept new"),
        ("AA..", "AAAA", [0], "reshaped"),
        ("....", "AABB", [-1, -1], "new new"),
        # no more than half of either: nothing goes on
        ("AABB", "ABAB", [-1, -1], "new new"),
    ],
)
def test_codes_go_on_where_the_ground_does(former: str, now: str, keeps: list[int], origin: str) -> None:
    found = trace(numbers(former), numbers(now), np.ones(len(now)))
    assert (found.keeps.tolist(), " ".join(found.origin)) == (keeps, origin)


def test_a_part_lost_is_no_area_kept() -> None:
    """The rest of A lies in no area now: the blocks that are left are not what A was."""
    found = trace(numbers("AAAB"), numbers("AABB"), np.array([5.0, 1.0, 1.0, 9.0]))
    assert found.keeps.tolist() == [0, 1]
    assert [str(one) for one in found.origin] == ["reshaped", "reshaped"]


def test_what_weighs_decides() -> None:
    former, now = numbers("AAAA"), numbers("AABB")
    assert trace(former, now, np.array([1.0, 1, 5, 1])).keeps.tolist() == [-1, 0]


def test_sources_are_told_with_their_shares() -> None:
    found = trace(numbers("AAAB."), numbers("AABBB"), np.ones(5))
    assert found.sources == (((0, 1.0),), ((0, pytest.approx(1 / 3)), (1, pytest.approx(1 / 3))))


def test_no_blocks_come_from_nowhere() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    found = trace(nothing, nothing, np.zeros(0))
    assert (len(found.keeps), found.origin, found.sources) == (0, (), ())
