"""Events in: rows that cannot go in, ids, and which column holds what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from point_files import FOUR, asked, csv, events

from gisgov.errors import FileError, InputError, RowsRefused
from gisgov.services.importing.points import import_events
from gisgov.store.database import Database
from gisgov.store.tables import event


def test_rows_that_cannot_be_stored_are_rejected_and_mended(ground: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        "1,2026-02-01 08:30,120.0005,30.0005,a,,",
        ",2026-02-01 08:30,120.0005,30.0005,a,,",
        "3,soon,120.0005,30.0005,a,,",
        "4,,120.0005,30.0005,a,,",
        "5,2026-02-01 08:30,120.0005,30.0005,a,九级,",
        "6,2026-02-01 08:30,120.0005,30.0005,a",
        "7,2026-02-01 08:30,120.0005,30.0005,a,,",
        "7,2026-02-01 08:30,120.0005,30.0005,b,,",
        f"{'x' * 201},2026-02-01 08:30,120.0005,30.0005,b,,",
    )
    fields = {"id": "编号", "level": "等级"}
    report = import_events(ground, asked(path, fields=fields))
    assert [(one.row, one.kind, one.message[:60]) for one in report.problems] == [
        (2, "missing-id", "has no id in '编号'"),
        (3, "bad-time", "has 'soon' in '时间', which is no time as ISO 8601 has it"),
        (4, "bad-time", "has no time in '时间'"),
        (5, "bad-value", "has '九级' in '等级', which means nothing there"),
        (6, "ragged-row", "has 5 cells where the header has 7"),
        (7, "duplicate-id", "shares its id '7' with row 8"),
        (8, "duplicate-id", "shares its id '7' with row 7"),
        (9, "bad-value", "has an id that is no id: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    ]
    assert (report.inserted, report.rejected) == (1, 8)
    assert report.rejects_path == "a.events.rejects.csv"
    rejects = pd.read_csv("a.events.rejects.csv", dtype=str)
    assert list(rejects.columns) == [
        *["编号", "时间", "经度", "纬度", "事项", "等级", "备注"],
        "gisgov_row",
        "gisgov_problem",
    ]
    assert rejects["gisgov_row"].tolist() == ["2", "3", "4", "5", "6", "7", "8", "9"]
    rejects["编号"] = [f"m{i}" for i in range(8)]
    rejects["时间"], rejects["等级"] = "2026-02-01 08:30", None
    rejects.to_csv("a.events.rejects.csv", index=False)
    mended = import_events(ground, asked(Path("a.events.rejects.csv"), fields=fields))
    assert (mended.inserted, mended.rejected) == (8, 0)
    assert {row["source"] for row in events(ground).values()} == {"a"}
    assert "gisgov_row" not in events(ground)["m0"]["attributes"]


def test_strict_and_dry_run(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", FOUR[0], "2,soon,120.0005,30.0005,a,,")
    with pytest.raises(
        RowsRefused, match=r"1 of the 2 rows of a\.csv has problems, so nothing was imported; row 2"
    ):
        import_events(ground, asked(path, strict=True))
    assert events(ground) == {}
    report = import_events(ground, asked(path, dry_run=True))
    assert (report.inserted, report.rejected, report.rejects_path) == (1, 1, None)
    assert report.joined[1].joined == 1
    assert events(ground) == {}
    bad = csv(tmp_path / "b.csv", "1,soon,120.0005,30.0005,a,,", "2,2026-02-01,120.0005,30.0005,a,9级,")
    with pytest.raises(RowsRefused, match=r"2 of the 2 rows of b\.csv have problems") as told:
        import_events(ground, asked(bad, fields={"level": "等级"}, rejects_path=tmp_path / "r.csv"))
    assert told.value.hint == f"All are in {tmp_path / 'r.csv'}."


def test_ids_belong_to_their_source(ground: Database, tmp_path: Path) -> None:
    header = "id,time,lon,lat,来源"
    rows = (
        "1,2026-02-01,120.0005,30.0005,12345 热线",
        "1,2026-02-01,120.0005,30.0005,网格巡查",
        "2,2026-02-01,1,1,",
    )
    path = csv(tmp_path / "a.csv", *rows, header=header)
    report = import_events(ground, asked(path))
    assert (report.inserted, report.rejected) == (3, 0)
    with ground.begin() as connection:
        sources = connection.scalars(sa.select(event.c.source).order_by(event.c.id)).all()
    assert sources == ["hotline", "patrol", "a"]
    other = import_events(ground, asked(path, fields={"id": "id"}, source="camera"))
    assert [one.kind for one in other.problems] == ["duplicate-id", "duplicate-id"]
    assert other.inserted == 1


def test_rows_without_an_id_are_known_by_their_content(ground: Database, tmp_path: Path) -> None:
    header = "time,lon,lat,type"
    row = "2026-02-01,120.0005,30.0005,a"
    path = csv(tmp_path / "a.csv", row, row, "2026-02-02,120.0005,30.0005,a", header=header)
    report = import_events(ground, asked(path))
    assert report.inserted == 3
    assert report.notes == (
        "Rows are recognised by all they say, since no column was named that holds an id.",
    )
    assert import_events(ground, asked(path)).unchanged == 3
    assert {len(key) for key in events(ground)} == {16, 18}
    doubled = csv(tmp_path / "b.csv", f"{row},7", f"{row},7", header=f"{header},id")
    with pytest.raises(RowsRefused, match="shares its id '7' with row 2") as told:
        import_events(ground, asked(doubled))
    assert "--id-field '' leaves it unread" in str(told.value.hint)
    assert import_events(ground, asked(doubled, fields={"id": ""})).inserted == 2


def test_one_bad_cell_costs_its_row_and_not_the_column(ground: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        "1,2026-02-01,120.0005,30.0005,一级",
        "2,2026-02-01,120.0005,30.0005,九级",
        "3,2026-02-01,120.0005,30.0005,",
        header="编号,时间,经度,纬度,级别",
    )
    report = import_events(ground, asked(path))
    assert [(one.row, one.kind) for one in report.problems] == [(2, "bad-value")]
    assert {key: row["level"] for key, row in events(ground).items()} == {"1": "1", "3": None}
    mended = csv(
        Path("a.events.rejects.csv"), "2,2026-02-01,120.0005,30.0005,三级", header="编号,时间,经度,纬度,级别"
    )
    assert import_events(ground, asked(mended)).inserted == 1
    # all of it again: the ids are those of the file, so nothing doubles
    again = import_events(ground, asked(path))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
    assert len(events(ground)) == 3


def test_a_column_that_only_happens_to_be_called_so(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,2026-02-01,120.0005,30.0005,Open", header="id,time,lon,lat,status")
    with pytest.raises(RowsRefused, match="has 'Open' in 'status'") as told:
        import_events(ground, asked(path))
    assert "--state-field '' leaves it unread" in str(told.value.hint)
    report = import_events(ground, asked(path, fields={"state": ""}))
    assert (report.inserted, report.notes) == (1, ())
    assert events(ground)["1"]["attributes"] == {"status": "Open"}


def test_days_as_excel_counts_them(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,46054.3541666667,120.0005,30.0005", header="id,time,lon,lat")
    assert import_events(ground, asked(path)).time_format == "days since 1899-12-30 (Excel)"
    assert events(ground)["1"]["occurred_at"] == datetime(2026, 2, 1, 0, 30, tzinfo=UTC)


def test_columns_that_are_missing(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,120,30", header="id,lon,lat")
    with pytest.raises(
        InputError, match=r"No column of a\.csv is called like a time\. Say --time-field; its columns: id"
    ):
        import_events(ground, asked(path))
    with pytest.raises(InputError, match="has no field 'when'"):
        import_events(ground, asked(path, fields={"time": "when"}))
    with pytest.raises(InputError, match="A column cannot hold 'colour'"):
        import_events(ground, asked(path, fields={"colour": "id"}))
    with pytest.raises(FileError, match=r"b\.csv holds no rows"):
        import_events(ground, asked(csv(tmp_path / "b.csv", header="id,time,lon,lat")))
