"""Use case: what several requests of one actor report at one moment, taken in by one transaction.

Most of what a single report costs is the same for many: the transaction, its settings, the head of the audit
that is held until it is on the disk.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import structlog

from gisgov.errors import DatabaseUnavailable, TookTooLong
from gisgov.services.ingesting.ingest import ingest_events, ingest_parts
from gisgov.services.ingesting.judging import key_of
from gisgov.services.ingesting.own_days import Days
from gisgov.services.ingesting.reports import EventReport, Ingested, Unread
from gisgov.store.database import Database

MOST_TOGETHER: Final = 500
"""How many reports share a transaction: more would let the first of them wait for the last."""

_MOST_SLOW: Final = 2
"""Where so many take too long by themselves, what holds them up holds up the others: nobody waits for all."""

Outcome: TypeAlias = Ingested | Exception
"""What became of what was sent together, or why nothing did."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.ingesting")


@dataclass(frozen=True, slots=True)
class Sending:
    """What one request reports.

    Attributes
    ----------
    database : Database
        In the hands of whoever reports.
    reports : sequence of EventReport or Unread
        What came, in its order.
    """

    database: Database
    reports: Sequence[EventReport | Unread]

    @property
    def whose(self) -> Hashable:
        """Say who is acting, and what about: only sendings that are alike in it share a transaction."""
        errand = self.database.errand
        return self.database.actor, errand.operation, errand.origin, errand.limit_s

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """The events that it tells of."""
        return frozenset(key_of(one) for one in self.reports if isinstance(one, EventReport))


def shared(sendings: Sequence[Sending]) -> int:
    """Return how many of the first sendings may share a transaction: at least one, if there is any.

    What tells of an event that one before it tells of comes after it: it may be a correction.
    """
    seen: set[tuple[str, str]] = set()
    reports = 0
    for number, one in enumerate(sendings):
        keys, reports = one.keys, reports + len(one.reports)
        if number and (reports > MOST_TOGETHER or not seen.isdisjoint(keys)):
            return number
        seen |= keys
    return len(sendings)


def ingest_together(
    days: Days, sendings: Sequence[Sending], *, timezone: ZoneInfo, now: datetime | None = None
) -> list[Outcome]:
    """Take in what was sent together, each as `gisgov.services.ingesting.ingest_events` would by itself.

    What would let the common transaction fail harms no other: then each has one of its own. A database that
    does not answer is not asked again, nor one in which two of them took too long by themselves.

    Parameters
    ----------
    days : callable
        Returns the indexes of a day, as `gisgov.services.indexes.LiveIndexes.on` does.
    sendings : sequence of Sending
        Alike in `Sending.whose`, and as many as `shared` says. The audit tells the ids of all their requests.
    timezone : zoneinfo.ZoneInfo
        Where the day begins at midnight.
    now : datetime.datetime, optional
        What time it is.

    Returns
    -------
    list of Ingested or Exception
        Of each, in their order; an error is the one that the sending would have ended with.
    """
    if len(sendings) > 1:
        try:
            return [
                *ingest_parts(
                    _common(sendings), days, [one.reports for one in sendings], timezone=timezone, now=now
                )
            ]
        except Exception as error:  # whose fault it is shows as each is taken in by itself
            if isinstance(error, DatabaseUnavailable) and not isinstance(error, TookTooLong):
                return [error] * len(sendings)
            _log.info("reports are taken in one by one", sendings=len(sendings), reason=type(error).__name__)
    outcomes: list[Outcome] = []
    slow = 0
    for one in sendings:
        outcome = _alone(days, one, timezone, now)
        outcomes.append(outcome)
        slow += isinstance(outcome, TookTooLong)
        if isinstance(outcome, DatabaseUnavailable) and slow in (0, _MOST_SLOW):
            return outcomes + [outcome] * (len(sendings) - len(outcomes))
    return outcomes


def _alone(days: Days, sending: Sending, timezone: ZoneInfo, now: datetime | None) -> Outcome:
    try:
        return ingest_events(sending.database, days, sending.reports, timezone=timezone, now=now)
    except Exception as error:  # told to whoever sent it
        return error


def _common(sendings: Sequence[Sending]) -> Database:
    """Return the database in the hands of who sent them, with the ids of all requests."""
    common = sendings[0].database
    if common.actor is None:
        return common
    ids = ",".join(one.database.errand.request_id for one in sendings)
    return common.acting(common.actor, replace(common.errand, request_id=ids))
