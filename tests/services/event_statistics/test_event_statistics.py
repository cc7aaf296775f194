"""Statistics of events that can be counted by hand, and parts that add up to the whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import planted_layers
import pytest
import sqlalchemy as sa
from loop_ground import TODAY, ZONE, area, department, drawn, people, report, settle
from openpyxl import load_workbook
from pydantic import TypeAdapter

from fixtures.shipped import LIMITS
from gisgov.errors import FileError, InputError, NotFoundError
from gisgov.governance.loop import Step
from gisgov.services.audit import Period
from gisgov.services.event_reading import list_events, parse_filter
from gisgov.services.event_statistics import (
    EventFigures,
    EventParting,
    EventsAsked,
    EventStatistics,
    EventStatisticsRow,
    event_statistics,
    statistics_table,
)
from gisgov.services.limits import import_calendar
from gisgov.services.loop import take_step
from gisgov.services.whistles import call_departments
from gisgov.store import joining
from gisgov.store.database import Database

COUNTS = (
    "reported",
    "open",
    "closed",
    "rejected",
    "merged",
    "overdue",
    "overdue_now",
    "solved",
    "escalated",
)


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    """Grids of which A is new in 2026; two kinds of events; events of two years."""
    database = Database(module_database_url)
    settle(database)
    import_calendar(database, LIMITS / "calendar.yaml", LIMITS / "calendar_days.csv")
    with database.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # its plan is published
        connection.execute(sa.text("UPDATE area SET population = 2000 WHERE code IN ('A', 'S')"))
        connection.execute(sa.text("SET LOCAL session_replication_role = origin"))
        connection.execute(
            sa.text(
                "INSERT INTO category (code, version, title, title_en, function, grp, kind, level, permit,"
                " valid_from, source) VALUES"
                " ('w1', 1, '积水', 'Flood', '城管', '排水', 'event', '2', 'in-force', '2025-01-01', 't'),"
                " ('p1', 1, '树木', NULL, '城管', '绿化', 'event', '2', 'in-force', '2025-01-01', 't')"
            )
        )
    days = {"valid_from": date(2025, 1, 1), "valid_to": date(2026, 1, 1)}
    planted_layers.plant(database, "grid", drawn("BBBC"), plan="grid-2025", **days)
    _events(database)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def hands(ground: Database) -> dict[str, Database]:
    return people(ground)


def _events(database: Database) -> None:
    def step(event: int, action: str, reason: str | None = None, **more: Any) -> None:
        take_step(database, event, Step(action, reason, **more), today=TODAY)

    spot = report(database, "corrected on the spot", level="1")
    step(spot, "correct-on-the-spot")
    up = report(database, "handed up to the street")
    step(up, "hand-over", desk=area("S", "street"))
    called = report(database, "called for")
    call_departments(database, called, ["water"], reason="积水", today=TODAY)
    down = report(database, "given down to the grid", desk=area("S", "street"))
    step(down, "hand-over", desk=area("B"))
    given = report(database, "a department's", cell=3, desk=department("parks"))
    step(given, "accept")
    step(given, "dispatch")
    step(given, "handle", "cut")
    step(given, "review")
    step(given, "close")
    step(report(database, "refused", cell=2), "reject", "none of ours")
    step(report(database, "a duplicate", cell=2), "merge", merged_into=called)
    report(database, "beside all areas", cell=7, desk=department("water"))
    with database.begin() as connection:
        run = connection.execute
        run(
            sa.text(
                "UPDATE event SET category_id = (SELECT id FROM category WHERE code = 'w1') WHERE id <= 3"
            )
        )
        run(
            sa.text("UPDATE event SET category_id = (SELECT id FROM category WHERE code = 'p1') WHERE id = 5")
        )
        run(sa.text("UPDATE event SET level = NULL, occurred_at = '2026-04-30 23:30+08' WHERE id = 6"))
        # from half past eight on a Monday until ten: an hour of work, and an hour and a half by the clock
        run(
            sa.text(
                "UPDATE event SET received_at = '2026-05-11 08:30+08', closed_at = '2026-05-11 10:00+08'"
                " WHERE id = 1"
            )
        )
        # written down afterwards: from when it happened, noon of a Saturday, until Monday at ten
        run(sa.text("UPDATE event SET closed_at = '2026-05-11 10:00+08' WHERE id = 5"))
        run(
            sa.text(
                "INSERT INTO event (external_id, source, level, state, occurred_at, problem, crs) VALUES"
                " ('nowhere', 'patrol', '2', 'handling', '2026-05-01 00:00+08', 'no-coordinate', 'wgs84'),"
                " ('elsewhen', 'patrol', '2', 'handling', '2026-06-01 00:00+08', 'no-coordinate', 'wgs84')"
            )
        )
        # of the year before, and given to B as it was then: counted in A, where they lie
        former = run(
            sa.text(
                "INSERT INTO event (external_id, source, level, state, occurred_at, geom, crs)"
                " SELECT 'former ' || i, 'hotline', '2', 'closed', '2025-05-09 12:00+08',"
                " ST_SetSRID(ST_MakePoint(114.005, 22.505), 4326), 'wgs84' FROM generate_series(1, 2) AS i"
                " RETURNING id"
            )
        )
        joining.join_events(connection, timezone=ZONE, ids=[*former.scalars()])
        run(sa.text("DELETE FROM event_limit"))
        run(
            sa.text(
                "INSERT INTO event_limit (event_id, stage, started_at, amount, unit, due_at, met_at, void_at)"
                " VALUES (2, 'case', '2026-05-09', 1, 'hours', '2026-05-10', NULL, NULL),"
                " (2, 'notice', '2026-05-09', 1, 'hours', '2026-05-10', '2026-05-11', NULL),"
                " (3, 'handling', '2026-05-09', 1, 'hours', '2026-05-10', '2026-05-11', NULL),"
                # done again, and in time: late it was all the same
                " (4, 'handling', '2026-05-09', 1, 'hours', '2026-05-10', '2026-05-11', NULL),"
                " (4, 'handling', '2026-05-11', 1, 'hours', '2099-05-10', '2026-05-12', NULL),"
                " (5, 'handling', '2026-05-09', 1, 'hours', '2026-05-10', NULL, '2026-05-12')"
            )
        )


MAY = {"first": date(2026, 5, 1), "last": date(2026, 5, 31)}


def asked(database: Database, layer: str = "grid", **more: Any) -> EventStatistics:
    given = EventsAsked(**(MAY | more))
    found = event_statistics(database, layer, given, at=TODAY, timezone=ZONE)
    TypeAdapter(EventStatistics).dump_json(found, warnings="error")
    return found


def whole(found: EventStatistics) -> dict[str, EventFigures]:
    """Return the figures of places, all parts together."""
    return {one.code or one.place: one.figures for one in found.rows if one.part is None}


def parts(found: EventStatistics, place: str) -> dict[str | None, EventFigures]:
    rows = [one for one in found.rows if (one.code or one.place) == place]
    return {one.part.key: one.figures for one in rows if one.part is not None}


def test_what_became_of_events_is_counted_where_they_lie(ground: Database) -> None:
    figures = whole(asked(ground))
    assert [*figures] == ["A", "B", "C", "outside", "no-place", "all"]
    a = figures["A"]
    assert [getattr(a, name) for name in COUNTS] == [4, 3, 1, 0, 0, 3, 1, 1, 2]
    assert (a.disposal_rate, a.solved_share, a.escalated_share) == (0.25, 1.0, 0.5)
    assert (a.median_hours, a.median_working_hours) == (1.5, 1.0)
    assert a.per_1000_people == 2.0
    assert a.per_km2 is not None
    b = figures["B"]
    assert (b.reported, b.merged, b.disposal_rate, b.per_1000_people) == (1, 1, None, None)
    c = figures["C"]
    assert (c.closed, c.solved, c.solved_share, c.escalated) == (1, 0, 0.0, 0)
    assert (c.median_hours, c.median_working_hours) == (46.0, 5.0)  # the Saturday was a swapped working day
    assert (figures["outside"].reported, figures["no-place"].reported) == (1, 1)
    total = figures["all"]
    assert (total.reported, total.median_hours, total.disposal_rate) == (8, 23.75, round(2 / 7, 6))
    assert total.per_1000_people == 4.0


def test_what_was_late_is_listed_as_it_is_counted(ground: Database) -> None:
    may = Period(datetime(2026, 5, 1, tzinfo=ZONE), datetime(2026, 6, 1, tzinfo=ZONE))
    counted = whole(asked(ground))

    def listed(standing: str, **place: Any) -> int:
        return len(list_events(ground, parse_filter(period=may, limit_state=standing, **place)).events)

    for code in "ABC":
        place = {"layer": "grid", "area": code, "of": "in"}
        assert listed("late", **place) == counted[code].overdue
        assert listed("overdue", **place) == counted[code].overdue_now
    assert listed("late") == counted["all"].overdue > listed("overdue") == counted["all"].overdue_now > 0


def test_what_lies_on_a_grids_desk_is_solved_in_its_street_too(ground: Database) -> None:
    figures = whole(asked(ground, "street"))
    assert (figures["S"].reported, figures["S"].solved, figures["T"].solved) == (5, 1, 0)


@pytest.mark.parametrize("by", EventParting)
@pytest.mark.parametrize("layer", ["grid", "street"])
def test_parts_add_up_to_the_whole(ground: Database, by: EventParting, layer: str) -> None:
    found = asked(ground, layer, by=by, first=None, last=None)
    whole_rows = [one for one in found.rows if one.part is None]
    for row in whole_rows:
        own = [one for one in found.rows if (one.place, one.code) == (row.place, row.code) and one.part]
        assert sums(own) == sums([row])
    assert sums([one for one in whole_rows if one.place != "all"]) == sums(whole_rows[-1:])
    with ground.begin() as connection:
        assert whole_rows[-1].figures.reported == connection.scalar(sa.text("SELECT count(*) FROM event"))
    for row in found.rows:
        one = row.figures
        assert one.reported == one.open + one.closed + one.rejected + one.merged


def sums(rows: list[EventStatisticsRow]) -> list[int]:
    return [sum(getattr(one.figures, name) for one in rows) for name in COUNTS]


def test_events_are_parted_by_kind_and_by_what_they_lack(ground: Database) -> None:
    of_a = parts(asked(ground, by=EventParting.CATEGORY), "A")
    assert {key: one.reported for key, one in of_a.items()} == {"w1": 3, None: 1}
    titled = asked(ground, by=EventParting.CATEGORY).rows[1].part
    assert titled is not None
    assert (titled.title_zh, titled.title_en) == ("积水", "Flood")
    groups = parts(asked(ground, by=EventParting.GROUP), "all")
    assert {key: one.reported for key, one in groups.items()} == {"城管 / 排水": 3, "城管 / 绿化": 1, None: 4}
    levels = asked(ground, by=EventParting.LEVEL, first=None, last=None)
    assert [(one.part.key, one.part.title_zh) for one in levels.rows if one.place == "all" and one.part] == [
        ("1", "一级"),
        ("2", "二级"),
        (None, "未定级"),
    ]
    months = parts(asked(ground, by=EventParting.MONTH, first=date(2026, 4, 1), last=None), "all")
    assert {key: one.reported for key, one in months.items()} == {"2026-04": 1, "2026-05": 8, "2026-06": 1}


def test_some_events_alone_are_counted(ground: Database) -> None:
    def reported(**more: Any) -> int:
        return whole(asked(ground, **more))["all"].reported

    assert reported(sources=("patrol",)) == 1
    assert reported(levels=("1",)) == 1
    assert reported(categories=("w1", "p1")) == 4
    assert reported(functions=("城管",), sources=("hotline",)) == 4
    assert reported(categories=("none",)) == 0
    assert reported(first=date(2027, 1, 1), last=None) == 0


def test_two_years_stand_on_one_set_of_areas(ground: Database) -> None:
    found = asked(ground, compare_year=True, by=EventParting.MONTH)
    assert (found.former_first, found.former_last) == (date(2025, 5, 1), date(2025, 5, 31))
    rows = {(one.code or one.place, one.part and one.part.key): one for one in found.rows}
    of_a = rows["A", None]
    assert of_a.former is not None
    assert of_a.change is not None
    assert (of_a.former.reported, of_a.former.closed) == (2, 2)
    assert (of_a.change.reported, of_a.change.closed, of_a.change.overdue) == (100.0, -50.0, None)
    same_month = rows["A", "2026-05"].former
    assert same_month is not None
    assert same_month.reported == 2
    leap = EventsAsked(date(2028, 2, 29), date(2028, 2, 29), compare_year=True)
    assert event_statistics(ground, "grid", leap, at=TODAY, timezone=ZONE).former_last == date(2027, 2, 28)


def test_everybody_counts_what_they_may_see(ground: Database, hands: dict[str, Database]) -> None:
    of_officer = whole(asked(hands["officer-a"]))
    assert [*of_officer] == ["A", "outside", "no-place", "all"]
    assert (of_officer["A"].reported, of_officer["all"].reported) == (4, 4)
    assert of_officer["A"] == whole(asked(ground))["A"]
    of_its_street = whole(asked(hands["officer-a"], "street"))
    assert (of_its_street["beyond"].reported, of_its_street["all"].per_1000_people) == (4, None)
    assert whole(asked(hands["viewer"])) == whole(asked(ground))


def test_what_nobody_would_read_is_refused(ground: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = len(asked(ground, by=EventParting.LEVEL).rows)
    monkeypatch.setattr("gisgov.services.event_statistics.rows.MOST_ROWS", rows - 1)
    with pytest.raises(InputError, match=f"That would be {rows} rows"):
        asked(ground, by=EventParting.LEVEL)


def test_what_is_no_question_is_refused(ground: Database) -> None:
    with pytest.raises(InputError, match="ends before"):
        asked(ground, last=date(2026, 4, 1))
    with pytest.raises(InputError, match="first and the last"):
        asked(ground, compare_year=True, last=None)
    with pytest.raises(NotFoundError):
        asked(ground, "none")


def test_tables_hold_every_figure(ground: Database, tmp_path: Path) -> None:
    found = asked(ground, by=EventParting.SOURCE, compare_year=True)
    statistics_table(found).write(tmp_path / "events.csv")
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:5] == ["区域编码", "区域名称", "分项编码", "来源", "上报数"]
    assert len(header) == 4 + len(fields(EventFigures)) + 8
    assert [row[:5] for row in rows[:2]] == [
        ["A", "grid A", "", "全部", "4"],
        ["A", "grid A", "hotline", "12345 热线", "4"],
    ]
    assert rows[0][header.index("办结率（%）")] == "25.0"
    assert rows[0][-8:-4] == ["2", "100.0", "2", "-50.0"]
    assert rows[-1][1] == "合计"
    (tmp_path / "events.xlsx").write_bytes(statistics_table(asked(ground), "en").file("xlsx"))
    sheet = load_workbook(tmp_path / "events.xlsx").active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][:3] == ["code", "name", "reported"]
    assert [row[1] for row in cells[-3:]] == ["outside every area", "no place", "all"]
    assert (cells[1][2], cells[1][cells[0].index("median hours")]) == (4, 1.5)
    with pytest.raises(FileError):
        statistics_table(found).write(tmp_path / "events.ods")
