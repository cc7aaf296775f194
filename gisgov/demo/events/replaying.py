"""The year that the events of the demo had: every step through the loop, at its own time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from fixtures.district.handling import ANSWER, WHISTLE, Handling
from gisgov.demo.events.sending import Sent
from gisgov.governance.events import EventState
from gisgov.governance.limits import LimitPolicy
from gisgov.governance.loop import DeskKind, DeskName, Move
from gisgov.services.ingesting import DeskGiven, ItemResult
from gisgov.services.limits.calendars import ensure_calendar
from gisgov.services.loop import write_steps
from gisgov.services.policies import policy_in_force
from gisgov.store import whistles
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.types import Progress

_EVENTS_AT_ONCE: Final = 3_000
_AT_A_TIME: Final = 2
"""How many transactions run beside each other: the database works while steps are walked."""
_ANYTHING: Final = "street-office"
"""Who answers for what the register does not know."""
_REASONS: Final = {
    "reject": "不属于受理范围",
    "hand-over": "交由相邻网格或社区处理",
    "return": "不属于本单位职责",
    "suspend": "等待材料",
    "handle": "已处理",
    "rework": "复核不合格",
    WHISTLE: "网格无法单独解决",
    ANSWER: "已到场处理",
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was done with the events: how many steps were written, and how many whistles."""

    steps: int
    whistles: int


def replay_handling(
    database: Database,
    sent: Sent,
    handling: Handling,
    departments: Mapping[str, str],
    *,
    first_day: date,
    timezone: ZoneInfo,
    today: date,
    progress: Progress,
) -> Replayed:
    """Take the events through the year, each through all of it or not at all.

    Those that somebody took a step with stay so.

    Parameters
    ----------
    database : Database
        Where they are.
    sent : Sent
        The events, as they were taken in.
    handling : Handling
        What is done with them.
    departments : mapping
        Item of the register: who answers for it.
    first_day : datetime.date
        The day that times of steps are counted from.
    timezone : zoneinfo.ZoneInfo
        Of that day.
    today : datetime.date
        The day whose plans say which areas are above a desk.
    progress : Progress
        Told of every few thousand events.
    """
    year = _Year(sent, handling, departments, datetime.combine(first_day, time(), timezone))
    chunks = year.chunks()

    def take(steps: list[int]) -> int:
        with database.begin() as connection, as_owner(connection):
            policy: LimitPolicy = policy_in_force(connection, "time-limits")
            write_steps(connection, [year.move(connection, policy, step) for step in steps], today=today)
        return len(steps)

    if chunks:
        with database.begin() as connection:
            ensure_calendar(connection, policy_in_force(connection, "time-limits").calendar)
    with ThreadPoolExecutor(_AT_A_TIME) as together:
        taken = progress(together.map(take, chunks), label="handle events", total=len(chunks))
        return Replayed(sum(taken), len(year.called))


class _Year:
    """Turns drawn steps into those of stored events."""

    def __init__(
        self, sent: Sent, handling: Handling, departments: Mapping[str, str], start: datetime
    ) -> None:
        self._results = sent.results
        self._event, self._action = handling.event.tolist(), handling.action.tolist()
        self._day, self._other = handling.day.tolist(), handling.other.tolist()
        self._departments = departments
        self._start = start
        self._returned: set[int] = set()
        self.called: dict[int, int] = {}

    def chunks(self) -> list[list[int]]:
        """Return the steps of events that are as they came in, in the order of time.

        All steps of an event are in one part, with those of the events that are merged into it.
        """
        fresh = [one.outcome == "created" or one.state == EventState.REPORTED for one in self._results]
        merged = {event: other for event, other in zip(self._event, self._other, strict=True) if other >= 0}
        parts: dict[int, list[int]] = defaultdict(list)
        for step, event in enumerate(self._event):
            if fresh[event]:
                parts[merged.get(event, event) // _EVENTS_AT_ONCE].append(step)
        return [parts[part] for part in sorted(parts)]

    def move(self, connection: sa.Connection, policy: LimitPolicy, step: int) -> Move:
        """Return a step of an event."""
        result, action = self._results[self._event[step]], self._action[step]
        at = self._start + timedelta(seconds=round(self._day[step] * 86_400))
        reason = _REASONS.get(action)
        event_id = _id(result)
        if action == WHISTLE:
            return Move(event_id, "note", reason, details=self._call(connection, policy, step, at), at=at)
        if action == ANSWER:
            return Move(event_id, "note", reason, details=self._answer(connection, step, at), at=at)
        merged_into = _id(self._results[self._other[step]]) if action == "merge" else None
        return Move(event_id, action, reason, self._desk(action, result), merged_into, at=at)

    def _desk(self, action: str, result: ItemResult) -> DeskName | None:
        given = result.desk
        if action == "return":
            self._returned.add(_id(result))
        if action == "hand-over":
            return _beside(given) or self._department(result)
        if action != "dispatch":
            return None
        lies = given is not None and given.kind != DeskKind.TRIAGE and _id(result) not in self._returned
        return None if lies else self._department(result)

    def _code(self, result: ItemResult) -> str:
        return self._departments.get(str(result.category), _ANYTHING)

    def _department(self, result: ItemResult) -> DeskName:
        return DeskName(DeskKind.DEPARTMENT, department=self._code(result))

    def _call(
        self, connection: sa.Connection, policy: LimitPolicy, step: int, at: datetime
    ) -> dict[str, object]:
        result = self._results[self._event[step]]
        event_id, desk = _id(result), result.desk
        codes = [self._code(result)]
        whistle_id = whistles.add_whistle(
            connection,
            event_id,
            None if desk is None or desk.layer is None or desk.code is None else (desk.layer, desk.code),
            codes,
            reason=_REASONS[WHISTLE],
            same_day=event_id % 2 == 0,
            within=policy.whistle,
            calendar=policy.calendar,
            at=at,
        )
        self.called[event_id] = whistle_id
        return {"whistle": whistle_id, "called": codes}

    def _answer(self, connection: sa.Connection, step: int, at: datetime) -> dict[str, object]:
        result = self._results[self._event[step]]
        code, whistle_id = self._code(result), self.called[_id(result)]
        whistles.answer(connection, whistle_id, code, _REASONS[ANSWER], at=at)
        whistles.close(connection, whistle_id, at=at)
        return {"whistle": whistle_id, "answered": code}


def _id(result: ItemResult) -> int:
    assert result.event_id is not None  # noqa: S101 - nothing was refused
    return result.event_id


def _beside(desk: DeskGiven | None) -> DeskName | None:
    """Return the neighbour of an area's desk, or None."""
    if desk is None or not desk.neighbours:
        return None
    return DeskName(DeskKind.AREA, desk.neighbours[0].layer, desk.neighbours[0].code)
