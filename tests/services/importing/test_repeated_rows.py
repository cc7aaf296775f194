"""Codes that stand in several rows."""

from __future__ import annotations

import numpy as np

from gisgov.services.importing.repeated_rows import SeenRows, judge_repeats

# row, code, name, what it says; None says that the row is not sound
Row = tuple[int, str | None, str | None, bytes | None]


def seen(*rows: Row) -> SeenRows:
    told = SeenRows()
    for row, code, name, digest in rows:
        told.add([row], np.array([code], dtype=object))
        if digest is not None:
            told.add_sound([row], np.array([code], dtype=object), np.array([name], dtype=object), [digest])
    return told


def test_rows_with_codes_of_their_own_are_let_be() -> None:
    found = judge_repeats(
        seen((1, "a", "x", b"1"), (2, "b", "x", b"2"), (3, None, "x", None)), merge_parts=True
    )
    assert (found.problems, found.parts) == ([], {})


def test_a_code_of_two_units_keeps_neither() -> None:
    found = judge_repeats(seen((1, "a", "x", b"1"), (2, "a", "y", b"2")), merge_parts=True)
    assert [(one.row, one.kind, one.message) for one in found.problems] == [
        (1, "duplicate-code", "shares its code with row 2"),
        (2, "duplicate-code", "shares its code with row 1"),
    ]


def test_parts_of_one_unit_are_told_from_it() -> None:
    rows = seen((1, "a", "x", b"1"), (2, "a", "x", b"2"), (3, "a", "x", b"3"))
    found = judge_repeats(rows, merge_parts=False)
    assert {one.kind for one in found.problems} == {"several-rows"}
    assert found.problems[0].message == (
        "shares its code and name with rows 2, 3: parts of one unit? Joining them is --merge-parts"
    )
    assert judge_repeats(rows, merge_parts=True).parts == {"a": [1, 2, 3]}


def test_parts_are_joined_only_when_all_are_sound() -> None:
    found = judge_repeats(seen((1, "a", "x", b"1"), (2, "a", "x", None)), merge_parts=True)
    assert found.parts == {}
    assert [one.row for one in found.problems] == [1, 2]


def test_a_row_twice_is_kept_once() -> None:
    found = judge_repeats(seen((1, "a", "x", b"1"), (2, "a", "x", b"1")), merge_parts=False)
    assert [(one.row, one.kind, one.message) for one in found.problems] == [
        (2, "repeated-row", "repeats row 1 entirely")
    ]


def test_a_row_without_code_twice_is_kept_once() -> None:
    found = judge_repeats(seen((1, None, "x", b"1"), (2, None, "x", b"1")), merge_parts=False)
    assert [one.row for one in found.problems] == [2]


def test_many_rows_are_not_all_named() -> None:
    found = judge_repeats(seen(*((i, "a", str(i), bytes([i])) for i in range(1, 12))), merge_parts=False)
    assert found.problems[0].message == "shares its code with rows 2, 3, 4, 5, 6, 7, 8, 9 …"
