"""Counting events in places and parts at once: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.governance.events import EventState
from gisgov.store.event_statistics import EventColumns
from gisgov.types import Bools, Floats, Ints

STATES: Final = tuple(EventState)

_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures by place and part, one more of each than there are: the last is all of them.

    Attributes
    ----------
    counts : mapping of str to Ints, shape (places + 1, parts + 1)
        How many events there are: ``reported``, ``open``, ``closed``, ``rejected``, ``merged``, ``overdue``,
        ``overdue_now``, ``solved`` and ``escalated``.
    medians : mapping of str to Floats, of the same shape
        ``median_hours`` and ``median_working_hours`` of the closed ones; NaN where there are none.
    """

    counts: Mapping[str, Ints]
    medians: Mapping[str, Floats]


def tally(events: EventColumns, place: Ints, part: Ints, worked: Floats, shape: tuple[int, int]) -> Tally:
    """Count events.

    Parameters
    ----------
    events : EventColumns
        The events.
    place, part : Ints
        Of each event.
    worked : Floats
        For how many seconds of working time each was dealt with; NaN: nobody knows.
    shape : (int, int)
        How many places and parts there are.
    """
    marks = _marks(events)
    places, parts = shape
    width = parts + 1
    # each event counts in its place and part, in all of its place, in its part of all places, and in all
    groups = np.concatenate(
        [
            place * width + part,
            place * width + parts,
            places * width + part,
            np.full(len(place), places * width + parts),
        ]
    )
    size = (places + 1) * width
    counts = {
        name: np.bincount(groups[np.tile(mark, 4)], minlength=size).reshape(places + 1, width)
        for name, mark in marks.items()
    }
    closed = np.flatnonzero(marks["closed"])
    by_group = groups.reshape(4, -1)
    medians = {
        name: _medians(by_group[:, closed], seconds[closed] / _HOUR, size).reshape(places + 1, width)
        for name, seconds in (
            ("median_hours", np.maximum(events.ended - events.started, 0.0)),
            ("median_working_hours", worked),
        )
    }
    return Tally(counts, medians)


def _marks(events: EventColumns) -> dict[str, Bools]:
    closed = _in(events, EventState.CLOSED, EventState.REVISITED)
    rejected, merged = _in(events, EventState.REJECTED), _in(events, EventState.MERGED)
    return {
        "reported": np.ones(len(closed), dtype=np.bool_),
        "open": ~(closed | rejected | merged),
        "closed": closed,
        "rejected": rejected,
        "merged": merged,
        "overdue": events.is_late,
        "overdue_now": events.is_late_now,
        "solved": closed & events.is_own_desk & ~events.is_escalated,
        "escalated": events.is_escalated,
    }


def _in(events: EventColumns, *states: EventState) -> Bools:
    return np.isin(events.state, [STATES.index(one) for one in states])


def _medians(groups: Ints, values: Floats, size: int) -> Floats:
    """Return the median of each group; events stand in several, one row of ``groups`` for each."""
    known = np.flatnonzero(~np.isnan(values))
    # sorted once by value, and then by group alone, which keeps the order of the values
    order = known[np.argsort(values[known], kind="stable")]
    flat, sorted_values = groups[:, order].ravel(), np.tile(values[order], len(groups))
    by_group = np.argsort(flat, kind="stable")
    sorted_values = sorted_values[by_group]
    counts = np.bincount(flat, minlength=size)
    starts = np.cumsum(counts) - counts
    found = np.full(size, np.nan)
    some = np.flatnonzero(counts)
    low, high = starts[some] + (counts[some] - 1) // 2, starts[some] + counts[some] // 2
    found[some] = (sorted_values[low] + sorted_values[high]) / 2
    return found
