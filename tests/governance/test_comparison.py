"""Areas of two plans held against each other, drawn as grids whose cells can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.governance.comparison import Overlaps, compare


def overlaps(before: str, after: str, people: str | None = None) -> Overlaps:
    """Return what areas drawn as letters have in common: a cell is 1 m², ``.`` is no area.

    ``people`` draws how many live in each cell; by default one in each.
    """
    old, new = before.split(), after.split()
    cells = [pair for a, b in zip(old, new, strict=True) for pair in zip(a, b, strict=True)]
    lives = [int(one) for one in "".join(people.split())] if people else [1] * len(cells)
    names = [sorted({letter for letter in "".join(rows) if letter != "."}) for rows in (old, new)]
    found: dict[tuple[int, int], list[int]] = {}
    for (a, b), count in zip(cells, lives, strict=True):
        if (a, b) != (".", "."):
            key = tuple(-1 if one == "." else of.index(one) for one, of in zip((a, b), names, strict=True))
            found.setdefault(key, []).append(count)  # type: ignore[arg-type]
    pairs = sorted(found)
    return Overlaps(
        former_codes=np.array(names[0], dtype=object),
        codes=np.array(names[1], dtype=object),
        former=np.array([a for a, _ in pairs], dtype=np.int64),
        area=np.array([b for _, b in pairs], dtype=np.int64),
        ground_m2=np.array([float(len(found[one])) for one in pairs]),
        people=np.array([sum(found[one]) for one in pairs], dtype=np.int64),
        blocks=np.array([len(found[one]) for one in pairs], dtype=np.int64),
    )


@pytest.mark.parametrize(
    ("before", "after", "fate", "origin"),
    [
        ("AAB ACB", "AAB ACB", "A kept, B kept, C kept", "A kept, B kept, C kept"),
        # another code on the same ground
        ("AAB", "AAX", "A kept, B kept", "A kept, X kept"),
        ("AAABBB", "AABBBB", "A reshaped, B reshaped", "A reshaped, B reshaped"),
        # the smaller part keeps its code, because it has that
        ("AAAAA", "AAXXX", "A split", "A reshaped, X split"),
        ("AAAAAA", "XXYYZZ", "A split", "X reshaped, Y split, Z split"),
        ("AABBB", "BBBBB", "A merged, B reshaped", "B merged"),
        # a little of everybody
        ("AAABBBCCC", "AAXBBXCCX", "A reshaped, B reshaped, C reshaped",
         "A reshaped, B reshaped, C reshaped, X new"),
        # taken apart by its neighbours
        ("AADBBDCCD", "AAABBBCCC", "A reshaped, B reshaped, C reshaped, D gone",
         "A reshaped, B reshaped, C reshaped"),
        # ground given up, and taken
        ("AAB.", "AA.C", "A kept, B gone", "A kept, C new"),
        ("AA..", "AAA.", "A reshaped", "A reshaped"),
    ],
)  # fmt: skip
def test_each_area_is_told_from_both_sides(before: str, after: str, fate: str, origin: str) -> None:
    told = compare(overlaps(before, after))
    sides = [(told.overlaps.former_codes, told.fate), (told.overlaps.codes, told.origin)]
    assert [
        ", ".join(f"{code} {word}" for code, word in zip(*side, strict=True)) for side in sides
    ] == [fate, origin]  # fmt: skip


def test_the_same_seen_backwards_exchanges_split_and_merged() -> None:
    there = compare(overlaps("AAAAB", "AAXXB"))
    back = compare(there.overlaps.backwards())
    assert [[str(one) for one in side] for side in (there.fate, there.origin)] == [
        ["split", "kept"],
        ["reshaped", "kept", "split"],
    ]
    assert [[str(one) for one in side] for side in (back.fate, back.origin)] == [
        ["reshaped", "kept", "merged"],
        ["merged", "kept"],
    ]


def test_people_count_as_much_as_ground() -> None:
    """Of A the east is a third of the ground, and where nearly everybody lives."""
    empty = compare(overlaps("AAAAAA", "XXXXYY", "000000"))
    lived = compare(overlaps("AAAAAA", "XXXXYY", "100099"))
    assert empty.keeps.tolist() == [0, -1]
    assert lived.keeps.tolist() == [-1, 0]
    assert compare(lived.overlaps, people_weight=0.0).keeps.tolist() == [0, -1]
    assert np.isnan(empty.shares.people).all()


def test_shares_add_up_to_each_area_both_ways() -> None:
    told = compare(overlaps("AAAB. AABB.", "AABB. A.BBC", "12345 67890"))
    pairs = [told.overlaps.code_of(i) for i in range(len(told.overlaps))]
    assert pairs == [(None, "C"), ("A", None), ("A", "A"), ("A", "B"), ("B", "B")]
    assert told.shares.former_ground.tolist() == [pytest.approx(one, nan_ok=True) for one in
                                                  (np.nan, 0.2, 0.6, 0.2, 1.0)]  # fmt: skip
    assert told.shares.people.tolist() == [pytest.approx(one, nan_ok=True) for one in
                                           (np.nan, np.nan, 1.0, 3 / 24, 21 / 24)]  # fmt: skip
    assert told.changes_hands.tolist() == [True, True, False, True, False]
    assert [told.goes_on(i) for i in range(5)] == [False, False, True, False, True]


def test_no_areas_have_nothing_in_common() -> None:
    nothing = compare(overlaps(".", "."))
    assert (len(nothing.overlaps), nothing.origin, nothing.fate) == (0, (), ())
