from __future__ import annotations

from datetime import date
from pathlib import Path

import hazard_ground
import pandas as pd
import pytest
from hazard_ground import TODAY, ZONE

from gisgov.errors import InputError, RowsRefused
from gisgov.services.hazards import import_hazards, list_hazards, parse_hazards
from gisgov.services.hazards import importing as importing_module
from gisgov.services.place_imports import PlacesImport, PlacesImportReport
from gisgov.store.database import Database

CSV = """隐患编号,楼栋编号,隐患类型,发现日期,整改期限,整改日期,复查日期,隐患描述
1,a1,消防,2026-05-01,2026-05-05,,,楼道堆物
2,a2,electrical,2026-05-01,,2026-05-03,2026-05-04,
3,b1,漏水,2026-05-01,,,,
4,b1,other,2026-13-01,,,,
5,none,other,2026-05-01,,,,
,b1,other,2026-05-01,,,,
6,b1,other,2026-05-04,,2026-05-03,,
"""


def bring_in(database: Database, path: Path, **more: object) -> PlacesImportReport:
    asked = PlacesImport(path, source="inspection", **more)  # type: ignore[arg-type]
    return import_hazards(database, asked, today=TODAY, timezone=ZONE)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with sound rows and others; rejected ones are written beside it, where the test works."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hazards.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_rows_come_in_or_are_told_what_is_wrong(
    database: Database, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hazard_ground.settle(database)
    monkeypatch.setattr(importing_module, "AT_ONCE", 2)
    report = bring_in(database, table)
    assert (report.inserted, report.updated, report.unchanged, report.rejected) == (2, 0, 0, 5)
    assert [(one.row, one.kind, one.message) for one in report.problems] == [
        (
            3,
            "bad-value",
            "names 漏水, which is none of fire, electrical, structure, dangerous-goods, work-safety, other",
        ),
        (4, "bad-date", "has '2026-13-01' as found_on, which is no day"),
        (5, "bad-value", "is refused: There is no building none where you may see buildings."),
        (6, "missing-id", "names no external id"),
        (7, "bad-value", "is refused: 2026-05-03 lies before its last step, of 2026-05-04."),
    ]
    assert report.rejects_path is not None
    assert len(Path(report.rejects_path).read_text(encoding="utf-8-sig").splitlines()) == 6
    told = list_hazards(database, parse_hazards(), today=TODAY).hazards
    assert [(one.external_id, one.state, one.description) for one in told] == [
        ("2", "checked", None),
        ("1", "found", "楼道堆物"),
    ]
    assert hazard_ground.ratings(database, "a1")[-1][0] == "warning"


def test_a_second_import_changes_nothing_and_a_later_file_carries_on(
    database: Database, table: Path, tmp_path: Path
) -> None:
    hazard_ground.settle(database)
    bring_in(database, table)
    again = bring_in(database, table)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
    later = tmp_path / "later.parquet"
    frame = pd.DataFrame(
        {"external_id": ["1"], "building": ["a1"], "kind": ["fire"], "found_on": [date(2026, 5, 1)]}
    )
    frame.assign(rectified_on=[date(2026, 5, 9)]).to_parquet(later)
    carried = bring_in(database, later)
    assert (carried.updated, carried.rejected) == (1, 0)
    assert hazard_ground.ratings(database, "a1")[-1][0] == "safe"


def test_a_dry_run_and_a_strict_import_change_nothing(database: Database, table: Path) -> None:
    hazard_ground.settle(database)
    assert bring_in(database, table, dry_run=True).inserted == 2
    with pytest.raises(RowsRefused, match="5 of the 7 rows"):
        bring_in(database, table, strict=True)
    assert list_hazards(database, parse_hazards(), today=TODAY).hazards == ()
    assert len(hazard_ground.ratings(database, "a1")) == 1


def test_a_workbook_with_columns_of_other_names(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hazard_ground.settle(database, with_rules=False)
    event_id = hazard_ground.event(database, "e")
    path = tmp_path / "hazards.xlsx"
    row = {"no": "1", "house": "a1", "sort": "消防", "found_on": "2026-05-01", "event": event_id}
    pd.DataFrame([row]).to_excel(path, index=False)
    with pytest.raises(InputError, match="called like the external_id of a hazard") as told:
        bring_in(database, path)
    assert (told.value.hint or "").startswith("Say --external-id-field; its columns: no, house")
    fields = {"external_id": "no", "building": "house", "kind": "sort"}
    assert bring_in(database, path, fields=fields).inserted == 1
    assert list_hazards(database, parse_hazards(), today=TODAY).hazards[0].event_id == event_id
