from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import hazard_ground
import loop_ground
import openpyxl
import pytest
from hazard_ground import TODAY, ZONE

from gisgov.errors import InputError
from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardKind
from gisgov.services.hazards import (
    SentHazard,
    hazard_statistics,
    hazard_table,
    record_hazards,
)
from gisgov.services.hazards.statistics import HazardRow
from gisgov.store.database import Database

# building, kind, found, due, rectified, checked: days of May
HAZARDS = (
    ("a1", "fire", 1, 5, 4, 6),  # in time, checked
    ("a1", "fire", 1, 5, 9, None),  # late
    ("a2", "electrical", 2, 9, None, None),  # overdue
    ("a2", "fire", 3, 20, None, None),  # open, not over
    ("b1", "other", 4, None, 5, 5),  # without a term
    ("lost", "other", 4, 6, None, None),
)


@pytest.fixture(scope="module")
def counted(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    hazard_ground.settle(database, with_rules=False)
    sent = [
        SentHazard(
            f"h{number}",
            building,
            HazardKind(kind),
            HazardReport(*(None if day is None else date(2026, 5, day) for day in days)),  # type: ignore[arg-type]
        )
        for number, (building, kind, *days) in enumerate(HAZARDS)
    ]
    taken = record_hazards(database, "inspection", sent, today=TODAY, timezone=ZONE)
    assert taken.created == len(HAZARDS), taken
    yield database
    database.dispose()


def rows(database: Database, layer: str = "grid", **asked: date) -> dict[str, HazardRow]:
    found = hazard_statistics(database, layer, at=TODAY, today=TODAY, **asked)
    return {row.code or row.place: row for row in found.rows}


def test_figures_are_those_that_one_counts_by_hand(counted: Database) -> None:
    found = rows(counted)
    assert [*found] == ["A", "B", "C", "outside", "no-place", "all"]
    a = found["A"].figures
    assert (a.found, a.open, a.overdue, a.rectified, a.checked) == (4, 2, 1, 2, 1)
    assert (a.rectification_rate, a.check_rate, a.median_days) == (0.5, 0.5, 5.5)
    assert a.on_time_rate == pytest.approx(1 / 3, abs=1e-6)  # of one in time, one late and one overdue
    assert [(one.kind, one.figures.found) for one in found["A"].kinds] == [("fire", 3), ("electrical", 1)]
    b = found["B"].figures
    assert (b.on_time_rate, b.rectification_rate, b.median_days) == (None, 1.0, 1.0)
    c = found["C"].figures
    assert (c.found, c.rectification_rate, c.on_time_rate, c.check_rate, c.median_days) == (0, *[None] * 4)
    assert found["no-place"].figures.overdue == 1


@pytest.mark.parametrize("layer", ["grid", "street"])
def test_parts_add_up_to_the_whole(counted: Database, layer: str) -> None:
    found = rows(counted, layer)
    whole = found.pop("all")
    for name in ("found", "open", "overdue", "rectified", "checked"):
        assert sum(getattr(row.figures, name) for row in found.values()) == getattr(whole.figures, name)
        for row in (*found.values(), whole):
            kinds = sum(getattr(one.figures, name) for one in row.kinds)
            assert kinds == getattr(row.figures, name)
    assert whole.figures.found == len(HAZARDS)


def test_a_period_takes_those_that_were_found_in_it(counted: Database) -> None:
    assert rows(counted, since=date(2026, 5, 2), until=date(2026, 5, 3))["all"].figures.found == 2
    with pytest.raises(InputError, match="ends before it begins"):
        rows(counted, since=date(2026, 5, 2), until=date(2026, 5, 1))


def test_whoever_sees_some_areas_has_their_rows_and_the_sum_of_these(counted: Database) -> None:
    people = loop_ground.people(counted)
    found = rows(people["officer-a"])
    assert [*found] == ["A", "all"]
    assert found["all"].figures == found["A"].figures
    assert [*rows(people["officer-c"])] == ["C", "all"]


def test_buildings_that_no_plan_was_joined_with_lie_where_they_stand(counted: Database) -> None:
    with counted.begin() as connection:
        connection.exec_driver_sql("DELETE FROM building_area")
    found = rows(counted)
    assert [found[code].figures.found for code in ("A", "B", "C", "outside", "no-place")] == [4, 1, 0, 0, 1]


def test_the_table_is_written_as_csv_and_as_a_workbook(counted: Database, tmp_path: Path) -> None:
    found = hazard_statistics(counted, "grid", at=TODAY, today=TODAY)
    hazard_table(found, "en").write(tmp_path / "h.csv")
    lines = (tmp_path / "h.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == (
        'code,name,kind,found,open,overdue,rectified,checked,"rectified, %","in time, %","checked, %",'
        "median days"
    )
    assert lines[1] == "A,grid A,all,4,2,1,2,1,50.0,33.33,50.0,5.5"
    assert lines[2].startswith("A,grid A,Fire,3,1,0,2,1,66.67,50.0,50.0,5.5")
    book = openpyxl.load_workbook(io.BytesIO(hazard_table(found).file("xlsx")))
    assert [cell.value for cell in book.active[1]][:4] == ["区域编码", "区域名称", "隐患类型", "发现数"]
    assert [cell.value for cell in book.active[book.active.max_row]][:4] == [None, "合计", "其他", 2]
