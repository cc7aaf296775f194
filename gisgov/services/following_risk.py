"""Use case: let ratings follow what they rest on: events, buildings, and the days that pass.

Hazards need no following: whoever records one, or takes a step with it, rates its building in the same
transaction. Only that a term is over comes with the day alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.governance.risk import EventCount, RiskRules
from gisgov.services.rating import rate_some, rules_in_force
from gisgov.store.changes import changes_since
from gisgov.store.database import Database
from gisgov.store.event_buildings import (
    all_events,
    buildings_of_events,
    events_by_buildings,
    events_that_count,
    link_events,
    stale_events,
)
from gisgov.store.risk import lock_ratings
from gisgov.store.risk_following import (
    Cursor,
    all_buildings,
    buildings_changed,
    buildings_overdue,
    cursor,
    follow_alone,
    move_cursor,
)

_AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Followed:
    """What following did.

    Attributes
    ----------
    events : int
        Events whose building was looked for.
    buildings : int
        Buildings that were rated, whatever came of it.
    rated : int
        Those whose rating is another than before, or rests on other facts.
    """

    events: int = 0
    buildings: int = 0
    rated: int = 0


def follow_risk(database: Database, *, today: date, timezone: ZoneInfo, within_m: float) -> Followed:
    """Link events to buildings, and rate the buildings that something changed for.

    Meant to be called every second: where nothing is new it is one small query. Several workers may call it
    at once; one of them does it. What it writes itself does not make it run again.

    Parameters
    ----------
    database : Database
        In the hands of the service itself.
    today : datetime.date
        The day; hazards become overdue with it, and events leave the windows of the rules.
    timezone : zoneinfo.ZoneInfo
        Whose day that is.
    within_m : float
        How far from the nearest building an event may lie and still concern it, metres.

    Notes
    -----
    All buildings are rated the first time, where the log of changes does not reach back, and where a change
    may be of any building; the first time all events there are are linked too.
    """
    with database.own.begin() as connection:
        known = cursor(connection)
        if (known.now, today) == (known.seen, known.day) or not follow_alone(connection):
            return Followed()
        # what comes in while rules are put in force is to be judged by these: they may look farther
        lock_ratings(connection)
        known = cursor(connection)  # as whoever followed meanwhile left it
        rules = rules_in_force(connection)
        following = _Following(connection, rules, today, timezone, within_m)
        concerned = following.concerned(known)
        if rules is None:
            concerned = set()
        told = all_buildings(connection) if concerned is None else sorted(concerned)
        rated = rate_some(connection, told, today=today, timezone=timezone) if told else 0
        move_cursor(connection, known.now, today)
    return Followed(following.linked, len(told), rated)


def link_new_events(database: Database, *, within_m: float) -> int:
    """Link the events that are new or others since they were linked, and return how many.

    For whoever rates all buildings and has no worker that follows; it rates nothing.
    """
    with database.own.begin() as connection:
        stale = stale_events(connection, None)
        _link(connection, stale, within_m)
    return len(stale)


def follow_from_now(database: Database, *, today: date) -> None:
    """Let ratings follow what happens from now on, and be what they are until then.

    For whoever rated all buildings for a day of the past that is to stand, as the demo does: else all are
    rated for today the first time that anybody follows.

    Parameters
    ----------
    database : Database
        In the hands of the service itself.
    today : datetime.date
        The day that it is; days that pass count from it.
    """
    with database.own.begin() as connection:
        move_cursor(connection, cursor(connection).now, today)


class _Following:
    """Finds out which buildings something changed for, and links events on the way."""

    def __init__(
        self,
        connection: sa.Connection,
        rules: RiskRules | None,
        today: date,
        timezone: ZoneInfo,
        within_m: float,
    ) -> None:
        self._connection, self._today, self._timezone = connection, today, timezone
        self._within_m = within_m
        facts = () if rules is None else rules.facts
        self._counts = [fact.origin for fact in facts if isinstance(fact.origin, EventCount)]
        self.linked = 0

    def concerned(self, known: Cursor) -> set[int] | None:
        """Return the buildings to rate; None: all."""
        if known.seen is None or known.day is None:
            self._link(stale_events(self._connection, None))
            return None
        rows = changes_since(self._connection, known.seen).rows
        buildings: list[int] | None = []
        if rows.get("building", frozenset()) is None:
            buildings = None
        elif "building" in rows:
            buildings = buildings_changed(self._connection, known.seen, known.now)
        told = rows.get("event", frozenset())
        stale = [] if told == frozenset() else stale_events(self._connection, told)
        if buildings is None:
            self._link(all_events(self._connection))
            return None
        found = {*buildings, *self._of_events(stale, buildings)}
        return found | self._of_days(known.day, self._today)

    def _of_events(self, stale: list[int], buildings: Collection[int]) -> set[int]:
        """Link events again, and return the buildings that they concern or lie near to, before and now."""
        around = []
        if buildings:
            around = events_by_buildings(self._connection, buildings, within_m=self._within_m)
        found = self._near(stale) | self._near(around, within_m=0.0)
        self._link(sorted({*stale, *around}))
        return found | self._near(self._counted(stale)) | self._near(self._counted(around), within_m=0.0)

    def _of_days(self, day: date, today: date) -> set[int]:
        """Return the buildings that days which passed change something for."""
        if today <= day:
            return set()
        one = timedelta(days=1)
        # one day more: what was recorded before midnight may have come in after that day was followed
        found = {*buildings_overdue(self._connection, day - one, today)}
        for count in self._counts:
            long = timedelta(days=count.days - 1)
            for first, last in ((day - long, today - long - one), (day + one, today)):
                ids = self._events(None, [count], first, last)
                found |= self._near(ids, within_m=count.within_m)
        return found

    def _counted(self, ids: list[int]) -> list[int]:
        """Return those of some events that a count of the rules may have."""
        if not ids or not self._counts:
            return []
        longest = max(count.days for count in self._counts)
        return self._events(ids, self._counts, self._today - timedelta(days=longest - 1), self._today)

    def _events(
        self, ids: list[int] | None, counts: Collection[EventCount], first: date, last: date
    ) -> list[int]:
        categories = {one for count in counts for one in count.categories}
        begins = datetime.combine(first, time(), self._timezone)
        ends = datetime.combine(last + timedelta(days=1), time(), self._timezone)
        return events_that_count(self._connection, ids, categories, begins, ends)

    def _near(self, ids: list[int], *, within_m: float | None = None) -> set[int]:
        if not self._counts:
            return set()
        widest = max(count.within_m for count in self._counts) if within_m is None else within_m
        return {*buildings_of_events(self._connection, ids, within_m=widest)}

    def _link(self, ids: list[int]) -> None:
        _link(self._connection, ids, self._within_m)
        self.linked += len(ids)


def _link(connection: sa.Connection, ids: list[int], within_m: float) -> None:
    for first in range(0, len(ids), _AT_ONCE):
        link_events(connection, ids[first : first + _AT_ONCE], within_m=within_m)
