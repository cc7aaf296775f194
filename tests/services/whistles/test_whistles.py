"""Departments that are called to events: who may, by when they answer, and what the history tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from loop_ground import TODAY, area, department, report

from fixtures.shipped import LIMITS
from gisgov.errors import ConflictError, EventUnknown, GisgovError, InputError, NotAllowed, NotFoundError
from gisgov.governance.loop import Step
from gisgov.services.limits import import_calendar
from gisgov.services.loop import event_history, take_step
from gisgov.services.whistles import (
    WhistleInfo,
    answer_whistle,
    call_departments,
    close_whistle,
    list_whistles,
)
from gisgov.store.database import Database
from gisgov.store.statements import statement


def call(database: Database, event_id: int, *departments: str, **more: Any) -> WhistleInfo:
    given = {"reason": "积水", "today": TODAY, **more}
    return call_departments(database, event_id, departments, **given)


def test_departments_answer_and_the_last_one_closes(ground: Database, hands: dict[str, Database]) -> None:
    event = report(ground, "called")
    officer = hands["officer-a"]
    called = call(officer, event, "water", "parks", "water", same_day=True)
    assert (called.layer, called.area, called.called_by, called.same_day) == ("grid", "A", "officer-a", True)
    assert [(one.department, one.title, one.state) for one in called.calls] == [
        ("parks", "公园中心", "running"),
        ("water", "水务局", "running"),
    ]
    with pytest.raises(ConflictError, match="has not answered"):
        call(officer, event, "water")
    for other in (
        officer,
        hands["officer-parks"],
    ):  # whoever whistled does not answer, nor another department
        with pytest.raises(NotAllowed, match="does not act for department water"):
            answer_whistle(other, called.id, "water", "done", today=TODAY)
    assert {one.state for one in list_whistles(officer, event_id=event)[0].calls} == {"running"}
    half = answer_whistle(hands["officer-water"], called.id, "water", " 两小时内到场 ", today=TODAY)
    water = half.calls[1]
    assert (water.state, water.answer, water.answered_by) == ("kept", "两小时内到场", "officer-water")
    assert not water.on_behalf
    assert half.closed_at is None
    assert [one.id for one in list_whistles(officer, department="parks", is_open=True)] == [called.id]
    assert list_whistles(officer, department="water", is_open=True) == ()
    with pytest.raises(ConflictError, match="answered whistle"):
        answer_whistle(hands["officer-water"], called.id, "water", "again", today=TODAY)
    done = answer_whistle(hands["dispatcher-s"], called.id, "parks", "done", today=TODAY)
    assert done.closed_at is not None
    assert (done.calls[0].answered_by, done.calls[0].on_behalf) == ("dispatcher-s", True)
    with pytest.raises(ConflictError, match="was closed"):
        close_whistle(officer, called.id, "over", today=TODAY)
    assert list_whistles(officer, event_id=event) == (done,)
    assert list_whistles(officer, event_id=event, before=called.id) == ()
    assert list_whistles(officer, event_id=event, is_open=True) == ()
    assert list_whistles(hands["officer-c"], event_id=event) == ()  # it sees no event of A
    told = [(one.action, one.reason, dict(one.details)) for one in event_history(officer, event)]
    assert told[1:] == [
        ("note", "积水", {"whistle": called.id, "called": ["water", "parks"]}),
        ("note", "两小时内到场", {"whistle": called.id, "answered": "water"}),
        ("note", "done", {"whistle": called.id, "answered": "parks", "on_behalf": True}),
    ]


def test_a_street_calls_for_its_grid_and_closes_what_is_not_needed(
    ground: Database, hands: dict[str, Database]
) -> None:
    event = report(ground, "of the street")
    called = call(hands["dispatcher-s"], event, "water", area=("street", "S"))
    assert (called.layer, called.area, called.same_day) == ("street", "S", False)
    with pytest.raises(NotAllowed):  # the grid did not call
        close_whistle(hands["officer-a"], called.id, "rain is over", today=TODAY)
    closed = close_whistle(hands["manager"], called.id, "rain is over", today=TODAY)
    assert [one.state for one in closed.calls] == ["void"]
    assert list_whistles(ground, department="water", event_id=event, is_open=False) == (closed,)
    with pytest.raises(ConflictError, match="was closed"):
        answer_whistle(hands["manager"], called.id, "water", "late", today=TODAY)


@pytest.mark.parametrize(
    ("who", "cell", "departments", "more", "refusal"),
    [
        ("viewer", 0, ("water",), {}, NotAllowed),
        ("officer-c", 0, ("water",), {}, EventUnknown),
        ("officer-a", 0, ("water",), {"area": ("street", "S")}, NotAllowed),
        ("manager", 0, ("water",), {"area": ("grid", "B")}, ConflictError),
        ("manager", 0, ("fire",), {}, NotFoundError),
        ("manager", 0, (), {}, InputError),
        ("manager", 0, ("water",), {"reason": " "}, InputError),
    ],
)
def test_others_call_nobody(
    ground: Database,
    hands: dict[str, Database],
    who: str,
    cell: int,
    departments: tuple[str, ...],
    more: dict[str, Any],
    refusal: type[GisgovError],
) -> None:
    event = report(ground, f"refused {who} {departments} {sorted(more)}", cell=cell)
    with pytest.raises(refusal):
        call(hands[who], event, *departments, **more)
    assert list_whistles(ground, event_id=event) == ()


def test_what_lies_on_no_areas_desk_is_called_for_by_nobodys_area(
    ground: Database, hands: dict[str, Database]
) -> None:
    event = report(ground, "with a department", desk=department("parks"))
    called = call(hands["officer-a"], event, "water")
    assert (called.layer, called.area) == (None, None)
    with pytest.raises(NotFoundError, match="does not call"):
        answer_whistle(hands["officer-a"], called.id, "parks", "here", today=TODAY)
    with pytest.raises(InputError, match="says something"):
        answer_whistle(hands["officer-a"], called.id, "water", " ", today=TODAY)
    with pytest.raises(InputError, match="reason"):
        close_whistle(hands["officer-a"], called.id, "", today=TODAY)
    with pytest.raises(NotFoundError, match="no whistle 0"):
        close_whistle(hands["officer-a"], 0, "none", today=TODAY)
    assert close_whistle(hands["officer-a"], called.id, "seen to", today=TODAY).closed_at is not None


def test_nobody_is_called_to_what_is_over(ground: Database, hands: dict[str, Database]) -> None:
    event = report(ground, "over", level="1", desk=area("A"))
    take_step(hands["officer-a"], event, Step("correct-on-the-spot"), today=TODAY)
    with pytest.raises(ConflictError, match="nobody is called"):
        call(hands["officer-a"], event, "water")


@pytest.mark.parametrize(
    ("called_at", "same_day", "hours_later"),
    [
        (datetime(2026, 3, 2, 1, 30, tzinfo=UTC), True, 8.5),  # Monday 09:30 in Shanghai: by 18:00
        (datetime(2026, 3, 2, 4, 30, tzinfo=UTC), True, 5.5),  # at noon nobody works, and the day goes on
        (datetime(2026, 3, 6, 12, 0, tzinfo=UTC), True, 70),  # Friday evening: by Monday 18:00
        (
            datetime(2026, 3, 2, 3, 0, tzinfo=UTC),
            False,
            4,
        ),  # two working hours, and noon
    ],
)
def test_a_call_is_due_by_the_end_of_the_working_day(
    ground: Database, called_at: datetime, same_day: bool, hours_later: float
) -> None:
    event = report(ground, f"due {called_at} {same_day}")
    import_calendar(ground, LIMITS / "calendar.yaml", LIMITS / "calendar_days.csv")
    with ground.begin() as connection:
        given = {"event": event, "at": called_at, "same_day": same_day}
        key = connection.scalar(
            sa.text(
                "INSERT INTO whistle (event_id, reason, same_day, called_at, called_by)"
                " VALUES (:event, 'late', :same_day, :at, 'test') RETURNING id"
            ),
            given,
        )
        due = {"whistle_id": key, "departments": "{water}", "amount": 2.0, "unit": "working-hours"}
        connection.execute(statement("call_departments"), {**due, "calendar": "example"})
    (found,) = list_whistles(ground, event_id=event)
    assert found.calls[0].due_at - called_at == timedelta(hours=hours_later)
    assert found.calls[0].state == "overdue"
