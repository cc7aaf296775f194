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


def test_a_guess_that_does_not_hold_is_dropped(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat,level\n7,1,2,high\n")
    assert found.words("level", read_level) is None
    assert "level" not in found.choices
    assert found.faults.found == []
    named = reading(tmp_path, "id,lon,lat,level\n7,1,2,high\n", fields={"level": "level"})
    assert named.words("level", read_level) is not None
    assert [problem.kind for problem in named.faults.found] == ["bad-value"]


def test_what_no_column_holds_is_none(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat\n7,1,2\n")
    assert (found.texts("category"), found.counts("level")) == (None, None)


def test_a_row_without_a_place_keeps_its_coordinates(tmp_path: Path) -> None:
    found = reading(tmp_path, "id,lon,lat,x1\n7,1,2,a\n8,?,2,b\n")
    placed = np.array([True, False], dtype=object)
    assert found.attributes(placed) == [{"x1": "a"}, {"lon": "?", "lat": "2", "x1": "b"}]
