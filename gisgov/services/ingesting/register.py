"""The register of categories as it was on each day, kept until anything in it changes."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

import sqlalchemy as sa

from gisgov.store.ingesting import categories_ever_in_force, register_state
from gisgov.store.registers import Categories, StoredCategory


class RegisterOfDays:
    """Which version of each item is in force on a day.

    Parameters
    ----------
    versions : list of tuple
        Versions with their first day and the first day after; None is open.
    """

    def __init__(self, versions: list[tuple[StoredCategory, date, date | None]]) -> None:
        self._versions = versions
        days = {day for _, begin, end in versions for day in (begin, end) if day is not None}
        self._changes = sorted(days)  # between them every day is alike
        self._spans: dict[int, Categories] = {}

    def on(self, day: date) -> Categories:
        """Return what is in force on a day."""
        span = bisect_right(self._changes, day)
        if span not in self._spans:
            self._spans[span] = Categories(
                one for one, begin, end in self._versions if begin <= day and (end is None or day < end)
            )
        return self._spans[span]


_KEPT: dict[tuple[object, ...], RegisterOfDays] = {}


def register_of_days(connection: sa.Connection) -> RegisterOfDays:
    """Return the register as a transaction sees it; read anew only where it changed since."""
    state = register_state(connection)
    known = _KEPT.get(state)
    if known is None:
        known = RegisterOfDays(categories_ever_in_force(connection))
        _KEPT.clear()
        _KEPT[state] = known
    return known
