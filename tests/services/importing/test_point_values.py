"""Values of events and buildings, and ids for rows that have none."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.services.importing.point_values import (
    RowFaults,
    ids_of_content,
    judge_ids,
    read_counts,
    read_level,
    read_state,
    read_words,
    source_word,
)


def texts(*values: str | None) -> np.ndarray:
    return np.array(values, dtype=object)


def faults(*ids: str | None) -> RowFaults:
    return RowFaults(np.arange(1, len(ids) + 1), texts(*ids))


def test_words_of_closed_lists() -> None:
    assert (read_level("二级"), read_level("九级")) == ("2", None)
    assert (read_state("已办结"), read_state("gone")) == ("closed", None)
    assert (source_word("12345 热线"), source_word(" nyc-311 ")) == ("hotline", "nyc-311")
    noted = faults("a", "b", "c")
    words = read_words(texts("一级", None, "?"), "level", read_level, noted)
    assert words.tolist() == ["1", None, None]
    assert [(one.row, one.code, one.message) for one in noted.found] == [
        (3, "c", "has '?' in 'level', which means nothing there")
    ]
    assert noted.bad_rows() == {3}


def test_counts() -> None:
    noted = faults("a", "b", "c", "d", "e")
    counts = read_counts(texts("7", "7.0", None, "-1", "99999999999"), "floors", noted)
    assert counts.tolist() == [7, 7, None, None, None]
    assert [one.row for one in noted.found] == [4, 5]
    assert read_counts(texts("0"), "floors", faults("a"), least=1).tolist() == [None]


def test_ids_of_content_are_the_same_in_every_import() -> None:
    point = shapely.Point(1, 2)
    ids = ids_of_content(
        [{"a": 1}, {"a": 1}, {"a": 2}, {"a": 1}], np.array([point, point, point, None], dtype=object)
    )
    assert ids[1] == f"{ids[0]}-2"
    assert len({*ids}) == 4
    again = ids_of_content([{"a": 1}], np.array([point], dtype=object))
    assert again[0] == ids[0]


def test_ids_are_judged_within_their_source() -> None:
    ids = texts("1", "1", "2", None, "a\nb", "1")
    noted = faults(*ids)
    judge_ids(ids, texts("x", "y", "x", "x", "x", "x"), noted, "id")
    assert sorted((one.row, one.kind) for one in noted.found) == [
        (1, "duplicate-id"), (4, "missing-id"), (5, "bad-value"), (6, "duplicate-id"),
    ]  # fmt: skip
