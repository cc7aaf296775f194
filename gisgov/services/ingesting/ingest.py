"""Use case: events come in, one or ten thousand; each is taken in once, and lands on somebody's desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.governance.routing import RoutingPolicy
from gisgov.services.days import local_day
from gisgov.services.ingesting.answering import answer
from gisgov.services.ingesting.comparing import Change
from gisgov.services.ingesting.judging import judge
from gisgov.services.ingesting.lookups import look_up
from gisgov.services.ingesting.own_days import Days, own_days
from gisgov.services.ingesting.reports import EventReport, Ingested, Unread
from gisgov.services.ingesting.taking import Taken, firsts, refuse_again, sort_out
from gisgov.services.ingesting.writing import (
    correct_known,
    enter_new,
    hold_corrected,
    tell,
    write_all_steps,
    write_areas,
)
from gisgov.services.policies import policy_in_force
from gisgov.services.routing import Asked, Desk, desks_of, with_posts
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.directly import plan_once
from gisgov.store.ingesting import known_events

_FEW: Final = 200
"""Up to so many reports, plans that fit any number are as good as those of their own."""


def ingest_events(
    database: Database,
    days: Days,
    reports: Sequence[EventReport | Unread],
    *,
    timezone: ZoneInfo,
    now: datetime | None = None,
    is_history: bool = False,
) -> Ingested:
    """Take in events, in one transaction; what cannot be taken in is told of and harms no other.

    Whoever sends the same again changes nothing. Whoever reported an event may correct it: its words while it
    is open, its place, category, level and time as long as nobody dealt with it. A new event gets the areas
    of its own day, and the desk that follows from those of today.

    Parameters
    ----------
    database : Database
        In the hands of whoever reports.
    days : callable
        Returns the indexes of a day, as `gisgov.services.indexes.LiveIndexes.on` does.
    reports : sequence of EventReport or Unread
        What came, in its order.
    timezone : zoneinfo.ZoneInfo
        Where the day begins at midnight.
    now : datetime.datetime, optional
        What time it is.
    is_history : bool
        Whether each was received when it happened, not now: a past that is told again.

    Returns
    -------
    Ingested
        A result for each.

    Raises
    ------
    DatabaseUnavailable
        The database does not answer; nothing was taken in.
    """
    (done,) = ingest_parts(database, days, [reports], timezone=timezone, now=now, is_history=is_history)
    return done


def ingest_parts(
    database: Database,
    days: Days,
    parts: Sequence[Sequence[EventReport | Unread]],
    *,
    timezone: ZoneInfo,
    now: datetime | None = None,
    is_history: bool = False,
) -> tuple[Ingested, ...]:
    """Take in events that came in several parts, in one transaction, and answer each part by itself.

    No two parts may tell of one event: within a part that is a fault. All else is as in `ingest_events`.
    """
    moment = datetime.now(timezone) if now is None else now
    judged = judge(parts, now=moment, timezone=timezone)
    items = [item for part in judged for item in part]
    known = own_days(database, days, items, today=local_day(moment, timezone), timezone=timezone)
    with database.begin() as connection:
        who = who_acts(connection)
        if len(items) <= _FEW:
            plan_once(connection)
        with as_owner(connection):
            policy: RoutingPolicy = policy_in_force(connection, "routing")
            look_up(connection, items, policy=policy, timezone=timezone)
            first = firsts(items)
            taken = sort_out(first, known_events(connection, [*first]), who)
            hold_corrected(connection, taken, who)
            routed = [one for one in taken.values() if one.change is Change.ROUTE]
            asked = [_asked(one, policy) for one in routed]
            _put(routed, desks_of(connection, known.today, asked, policy=policy))
            begun = enter_new(connection, taken, who, None if is_history else moment)
            refuse_again(items, first, taken)
            every = [*taken.values()]
            correct_known(connection, every)
            write_areas(connection, every, known, timezone)
            tell(connection, every)
            write_all_steps(connection, every, begun, known)
        routed = [one for one in every if one.desk is not None]
        _put(routed, with_posts(connection, [one.desk for one in routed if one.desk], known.today.day))
    return tuple(answer(part, taken) for part in judged)


def _asked(one: Taken, policy: RoutingPolicy) -> Asked:
    item = one.item
    return Asked(item.lon, item.lat, item.level or policy.unclassified, item.item)


def _put(routed: Sequence[Taken], desks: Sequence[Desk]) -> None:
    for one, desk in zip(routed, desks, strict=True):
        one.desk = desk
