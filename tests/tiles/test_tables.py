"""Tables of attributes take turns, and whoever reads an older one never sees a newer word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gisgov.tiles import finding
from gisgov.tiles.tables import TableTurns


@pytest.mark.parametrize("is_expected", [False, True])
def test_a_table_that_nobody_reads_is_changed_next(is_expected: bool) -> None:
    turns, rng = TableTurns(), np.random.default_rng(1)
    table = np.zeros((50, 2), dtype=np.int64)
    if is_expected:
        turns.expect(table)
    right, places, held = table.copy(), [], []
    for turn in range(1, 21):
        rows = rng.choice(50, 7, replace=False)
        words = np.full(7, turn)
        right[rows, turn % 2] = words
        table = turns.changed(table, rows, {turn % 2: words})
        places.append(table.ctypes.data)
        assert np.array_equal(table, right)
        if turn in (8, 9, 15):  # somebody reads it for longer: all of it, or a view of a part
            reader = table if turn != 15 else table[3:]
            held.append((reader, reader.copy()))
    assert all(np.array_equal(kept, then) for kept, then in held)
    assert len(set(places[:7])) == 2, "two take turns"
    assert len(set(places)) == 2 + len(held), "and one more for each that is held"


def test_what_is_another_table_or_of_other_memory_is_copied() -> None:
    turns, memory = TableTurns(), np.zeros((4, 2), dtype=np.int64)
    none, row = np.zeros(0, dtype=np.int64), np.array([0])
    first = turns.changed(memory[1:], row, {0: np.array([1])})
    second = turns.changed(first, row, {0: np.array([2])})
    assert not memory.any(), "a view is not written to, though nobody holds it any more"
    del first
    another = np.full((3, 2), 9, dtype=np.int64)
    assert turns.changed(another, none, {}).tolist() == another.tolist(), "not what follows the one before"
    assert second[0].tolist() == [2, 0]


@pytest.mark.parametrize(
    "find", [finding.find_rows, getattr(finding.find_rows, "py_func", finding.find_rows)]
)
@pytest.mark.parametrize("reach", [40, 3000, 10**14])
def test_rows_are_found_by_their_ids(find: Any, reach: int) -> None:
    rng = np.random.default_rng(reach)
    for count in (0, 1, 2, 30):
        ids = rng.permutation(np.unique((rng.random(count) ** 6 * reach).astype(np.int64)))
        is_live = rng.random(len(ids)) < 0.8
        sought = np.concatenate((ids, ids + 1, ids - 1, [-1, 2**62]))
        rows = np.empty(len(sought), dtype=np.int64)
        find(ids, np.argsort(ids).astype(np.int32), is_live, sought, rows)
        right = {one: row for row, one in enumerate(ids.tolist()) if is_live[row]}
        assert rows.tolist() == [right.get(one, -1) for one in sought.tolist()]
