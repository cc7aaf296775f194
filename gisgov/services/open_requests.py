"""Use cases of Open311 clients: which services there are, and requests by their filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from gisgov.errors import NotFoundError
from gisgov.services.loop import EventInfo, event_infos
from gisgov.services.loop.writing import unknown_event
from gisgov.store.database import Database
from gisgov.store.open_requests import requests_found
from gisgov.store.registers import StoredCategory, categories_in_force

__all__ = [
    "MOST",
    "WINDOW",
    "RequestFilter",
    "StoredCategory",
    "find_request",
    "find_service",
    "list_requests",
    "list_services",
]

MOST: Final = 1_000
"""Requests in one answer: those that happened last."""
WINDOW: Final = timedelta(days=90)
"""What is answered where neither ids nor dates are asked for, before the moment of asking."""


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are asked for; None asks for all.

    Attributes
    ----------
    ids : tuple of int or None
        These alone; nothing else is looked at then.
    services : tuple of str or None
        Codes of categories.
    begins, ends : datetime.datetime or None
        When they happened.
    is_open : bool or None
        Whether somebody still has to deal with them.
    """

    ids: tuple[int, ...] | None = None
    services: tuple[str, ...] | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    is_open: bool | None = None


def list_services(database: Database, *, day: date) -> tuple[StoredCategory, ...]:
    """Return the items of the register in force on a day, by code."""
    with database.begin() as connection:
        known = categories_in_force(connection, day)
        return tuple(known[code] for code in sorted(known))


def find_service(database: Database, code: str, *, day: date) -> StoredCategory:
    """Return one item of the register in force.

    Raises
    ------
    NotFoundError
        There is no item of that code in force.
    """
    with database.begin() as connection:
        found = categories_in_force(connection, day).get(code)
    if found is None:
        raise NotFoundError(f"No service {code!r} is in force.", hint="The list of services names all.")
    return found


def list_requests(database: Database, asked: RequestFilter, *, now: datetime) -> tuple[EventInfo, ...]:
    """Return requests, the latest first and `MOST` of them at most."""
    begins, ends = asked.begins, asked.ends
    if asked.ids is None and begins is None:
        begins = _before(ends or now)
    with database.begin() as connection:
        ids = requests_found(
            connection,
            ids=asked.ids,
            categories=None if asked.ids is not None else asked.services,
            begins=None if asked.ids is not None else begins,
            ends=None if asked.ids is not None else ends,
            is_open=None if asked.ids is not None else asked.is_open,
            most=MOST,
        )
        return event_infos(connection, ids)


def find_request(database: Database, event_id: int) -> EventInfo:
    """Return one request.

    Raises
    ------
    EventUnknown
        There is none where whoever asks may see events.
    """
    with database.begin() as connection:
        found: Sequence[EventInfo] = event_infos(connection, [event_id])
    if not found:
        raise unknown_event(event_id)
    return found[0]


def _before(moment: datetime) -> datetime | None:
    """Return when the window before a moment begins; None where no calendar reaches."""
    try:
        return moment - WINDOW
    except OverflowError:
        return None
