"""Limits in the database: looked up as by hand, and what steps do to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sqlalchemy as sa

from fixtures.shipped import LIMITS, read_document
from gisgov.errors import ConflictError, InputError, RowsRefused
from gisgov.governance.events import EventState
from gisgov.governance.limits import Amount, TimeUnit, due_at, parse_calendar, working_spans
from gisgov.governance.loop import Moved, loop_machine
from gisgov.services.limits import import_calendar, list_calendars, on_steps
from gisgov.services.policies import adopt_policy
from gisgov.store.database import Database
from tests.governance.limits.test_documents import POLICY

HOURS = LIMITS / "calendar.yaml"
DAYS = LIMITS / "calendar_days.csv"
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine in the morning in Shanghai


@pytest.fixture(scope="module")
def kept(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    import_calendar(opened, HOURS, DAYS)
    yield opened
    opened.dispose()


@pytest.fixture
def connection(kept: Database) -> Iterator[sa.Connection]:
    """A transaction that is undone."""
    with kept.engine.connect() as session, session.begin() as whole:
        yield session
        whole.rollback()


def an_event(connection: sa.Connection, number: int = 1) -> int:
    return int(
        connection.scalar(
            sa.text(
                "INSERT INTO event (source, external_id, state, occurred_at, crs, problem) "
                "VALUES ('hotline', :name, 'reported', now(), 'EPSG:4326', 'no-coordinate') RETURNING id"
            ),
            {"name": f"E{number}"},
        )
    )


def moved(event_id: int, action: str, at: datetime, **more: Any) -> Moved:
    target = loop_machine().transition(action).target or EventState.HANDLING
    given = {"number": 1, "category_id": None, "source": "hotline", "level": "2", "from_state": None, **more}
    return Moved(event_id=event_id, action=action, to_state=target, at=at, **given)


def standing(connection: sa.Connection, event_id: int) -> dict[str, tuple[str, datetime]]:
    rows = connection.execute(
        sa.text("SELECT stage, state, due_at FROM event_limit_state WHERE event_id = :id ORDER BY id"),
        {"id": event_id},
    )
    return {row.stage: (row.state, row.due_at.astimezone(UTC)) for row in rows}


def test_the_database_looks_limits_up_as_they_are_counted(connection: sa.Connection) -> None:
    calendar = parse_calendar(read_document(HOURS))
    stored = connection.execute(sa.text("SELECT day, is_working FROM calendar_day"))
    object.__setattr__(calendar, "days", {row.day: row.is_working for row in stored})
    spans = working_spans(calendar, date(2025, 1, 1), date(2027, 12, 31))
    rng = np.random.default_rng(7)
    asked = [
        (
            datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=int(rng.integers(0, 60 * 24 * 500))),
            Amount(int(rng.integers(0, 40)), unit),
        )
        for unit in TimeUnit
        for _ in range(60)
    ]
    # numbers of days and seconds differ from ours by those before 2025; what is due does not
    found = connection.scalars(
        sa.text(
            "SELECT limit_due(one.at, one.amount, one.unit, 'example') "
            "FROM unnest(CAST(:at AS TIMESTAMPTZ[]), CAST(:amount AS FLOAT8[]), "
            "CAST(:unit AS TEXT[])) WITH ORDINALITY AS one (at, amount, unit, n) "
            "ORDER BY n"
        ),
        {
            "at": [at for at, _ in asked],
            "amount": [one.number for _, one in asked],
            "unit": [one.unit.value for _, one in asked],
        },
    ).all()
    assert [one.astimezone(UTC) for one in found] == [due_at(at, one, spans, calendar) for at, one in asked]


def test_a_public_request_is_limited_from_its_report_to_its_end(connection: sa.Connection) -> None:
    event = an_event(connection)
    on_steps(connection, [moved(event, "report", MONDAY)])
    limits = standing(connection, event)
    assert limits["notice"][1] == MONDAY + timedelta(minutes=10)
    assert limits["acceptance"][1] == MONDAY + timedelta(hours=1)
    assert set(limits) == {"case", "notice", "acceptance"}
    assert limits["case"][0] == "overdue"  # March is over
    on_steps(connection, [moved(event, "accept", MONDAY + timedelta(minutes=20), number=2)])
    limits = standing(connection, event)
    assert [limits[stage][0] for stage in ("notice", "acceptance", "dispatch")] == [
        "missed",
        "kept",
        "overdue",
    ]
    on_steps(connection, [moved(event, "dispatch", MONDAY + timedelta(minutes=30), number=3)])
    assert standing(connection, event)["handling"][1] == MONDAY + timedelta(days=3, hours=9)
    on_steps(connection, [moved(event, "return", MONDAY + timedelta(hours=2), number=4)])
    assert standing(connection, event)["handling"][0] == "void"


def test_what_stands_still_has_as_much_left_when_it_goes_on(connection: sa.Connection) -> None:
    event = an_event(connection)
    on_steps(connection, [moved(event, "dispatch", MONDAY)])
    on_steps(connection, [moved(event, "suspend", MONDAY + timedelta(days=1))])
    assert standing(connection, event)["handling"][0] == "paused"
    on_steps(connection, [moved(event, "resume", MONDAY + timedelta(days=8))])
    # one of three working days was over, two are left: Tuesday of the week after, and two days
    assert standing(connection, event)["handling"][1] == MONDAY + timedelta(days=10, hours=9)
    # thirty minutes of the appointment were over before, and stay over
    assert standing(connection, event)["appointment"][1] == MONDAY + timedelta(minutes=30)
    on_steps(connection, [moved(event, "extend", MONDAY, details={"stage": "handling", "amount": 1})])
    assert standing(connection, event)["handling"][1] == MONDAY + timedelta(days=11, hours=9)


@pytest.mark.parametrize(
    ("resumed", "over"),
    [
        pytest.param("2026-03-06T14:00", "03-06 18:00", id="the same day"),
        pytest.param("2026-03-07T10:00", "03-09 18:00", id="on a Saturday"),
        pytest.param("2026-03-09T20:00", "03-10 18:00", id="after work"),
    ],
)
def test_a_last_day_that_was_begun_is_left_on_the_next_that_is_worked(
    connection: sa.Connection, resumed: str, over: str
) -> None:
    due = connection.scalar(
        sa.text(
            "SELECT limit_resumed('2026-03-06T18:00+08', '2026-03-06T10:00+08', "
            "CAST(:at AS TIMESTAMPTZ), 'working-days', 'example')"
        ),
        {"at": f"{resumed}+08"},
    )
    assert due.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M") == over


def test_an_extension_beyond_the_calendar_is_refused_in_words(connection: sa.Connection) -> None:
    event = an_event(connection)
    on_steps(connection, [moved(event, "dispatch", MONDAY)])
    further = {"stage": "handling", "amount": 1000}
    with pytest.raises(ConflictError, match="does not reach to the end of a limit"):
        on_steps(connection, [moved(event, "extend", MONDAY, number=n, details=further) for n in range(9)])


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"stage": "handling"},
        {"stage": "handling", "amount": -1},
        {"stage": "review", "amount": 1},
    ],
)
def test_an_extension_of_nothing_is_refused(connection: sa.Connection, details: dict[str, Any]) -> None:
    event = an_event(connection)
    on_steps(connection, [moved(event, "dispatch", MONDAY)])
    with pytest.raises(InputError, match="extend"):
        on_steps(connection, [moved(event, "extend", MONDAY, details=details)])


def test_many_events_with_several_steps_each_are_taken_in_order(connection: sa.Connection) -> None:
    events = [an_event(connection, number) for number in range(3)]
    steps = [moved(one, "report", MONDAY, level="1") for one in events]
    steps += [moved(one, "correct-on-the-spot", MONDAY, level="1", number=2) for one in events]
    on_steps(connection, steps)
    assert {standing(connection, one)["case"][0] for one in events} == {"kept"}


def test_a_category_has_limits_of_its_own(connection: sa.Connection) -> None:
    category = connection.scalar(
        sa.text(
            "INSERT INTO category (code, version, title, function, grp, kind, level, limits, source) VALUES "
            "('01', 1, '井盖', '设施', '道路', 'component', '2', "
            """CAST('{"acceptance": {"amount": 5, "unit": "minutes"}}' AS JSONB), 'test') RETURNING id"""
        )
    )
    event = an_event(connection)
    on_steps(connection, [moved(event, "report", MONDAY, category_id=category)])
    assert standing(connection, event)["acceptance"][1] == MONDAY + timedelta(minutes=5)


def test_the_shipped_calendar_is_there_when_it_is_first_needed(database: Database) -> None:
    with database.begin() as connection:
        on_steps(connection, [moved(an_event(connection), "report", MONDAY)])
    (calendar,) = list_calendars(database)
    assert (calendar.name, calendar.is_example, calendar.last_day) == ("example", True, date(2026, 10, 10))
    with pytest.raises(ConflictError, match="not reach"), database.begin() as connection:
        on_steps(connection, [moved(an_event(connection, 2), "dispatch", MONDAY.replace(year=2090))])
    adopt_policy(database, "time-limits", POLICY)
    with pytest.raises(ConflictError, match="'office', which is not there"), database.begin() as connection:
        on_steps(connection, [moved(an_event(connection, 3), "dispatch", MONDAY)])
    with pytest.raises(ConflictError, match="said something else"):
        adopt_policy(database, "time-limits", {**POLICY, "warn_share": 0.5})
    assert not adopt_policy(database, "time-limits", POLICY).is_new


def test_a_calendar_with_a_wrong_row_is_refused_whole(kept: Database, tmp_path: Path) -> None:
    days = tmp_path / "days.csv"
    days.write_text(
        "日期,是否工作日\n2026-10-01,否\n2026/10/01,是\n10月2日,否\n2026-10-03,也许\n", encoding="utf-8"
    )
    with pytest.raises(RowsRefused, match="3 of the 4 rows of days") as refused:
        import_calendar(kept, HOURS, days)
    assert "row 2 (2026/10/01): the day 2026-10-01 stands in an earlier row" in str(refused.value)
    assert "row 4" in str(refused.value.hint)
    assert list_calendars(kept)[0].days > 0
