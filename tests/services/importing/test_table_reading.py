"""Columns of a table read, with the problems of their rows noted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gisgov.files.tables import read_points
from gisgov.services.importing.point_fields import EVENT_NAMES
from gisgov.services.importing.point_report import PointImport
from gisgov.services.importing.point_values import read_level
from gisgov.services.importing.table_reading import TableReading, begin_reading


def reading(folder: Path, text: str, **options: object) -> TableReading:
    path = folder / "a.events.rejects.csv"
    path.write_text(text, encoding="utf-8")
    request = PointImport(path, ZoneInfo("Asia/Shanghai"), date(2026, 3, 1), **options)  # type: ignore[arg-type]
    return begin_reading(read_points(path), request, EVENT_NAMES, "events")


def test_rows_are_called_by_source_and_id(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat,来源\n7,1,2,\n8,1,2,信访\n")
    assert found.ids.tolist() == ["7", "8"]
    # the source of mended rows is that of the file they were rejected from
    assert found.sources.tolist() == ["a", "petition"]
    assert reading(tmp_path, "id,lon,lat,来源\n7,1,2,x\n", source="y").sources.tolist() == ["y"]


def test_a_column_found_by_its_name_counts_as_one_that_was_named(tmp_path: Path) -> None:
    text = "id,lon,lat,level\n7,1,2,high\n8,1,2,一级\n"
    found = reading(tmp_path, text)
    named = reading(tmp_path, text, fields={"level": "level"})
    for one in (found, named):
        levels = one.words("level", read_level)
        assert levels is not None
        assert levels.tolist() == [None, "1"]
        assert [(problem.row, problem.kind) for problem in one.faults.found] == [(1, "bad-value")]
    assert found.notes == ["'level' was taken as level by its name: --level-field '' leaves it unread."]
    assert named.notes == []
    unread = reading(tmp_path, text, fields={"level": ""})
    assert unread.words("level", read_level) is None
    assert unread.faults.found == []


def test_an_id_that_repeats_is_still_the_id(tmp_path: Path) -> None:
    found = reading(tmp_path, "编号,lon,lat\n7,1,2\n7,3,4\n,3,4\n9,3,4\n")
    assert found.ids.tolist() == ["7", "7", None, "9"]
    assert sorted((one.row, one.kind) for one in found.faults.found) == [
        (1, "duplicate-id"), (2, "duplicate-id"), (3, "missing-id"),
    ]  # fmt: skip
    assert found.notes == ["'编号' was taken as id by its name: --id-field '' leaves it unread."]


def test_an_id_column_without_any_id_holds_none(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat\n,1,2\n,3,4\n")
    assert found.notes[0] == "'id' is not taken as id: it is empty in every row."
    assert (found.faults.found, len(set(found.ids))) == ([], 2)


def test_what_no_column_holds_is_none(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat\n7,1,2\n")
    assert (found.texts("category"), found.counts("level")) == (None, None)


def test_a_row_without_a_place_keeps_its_coordinates(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat,x1\n7,1,2,a\n8,?,2,b\n")
    placed = np.array([True, False], dtype=object)
    assert found.attributes(placed) == [{"x1": "a"}, {"lon": "?", "lat": "2", "x1": "b"}]
