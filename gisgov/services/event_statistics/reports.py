"""What statistics of events tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EventFigures:
    """Figures of events; shares are None where there is nothing to take them of.

    Attributes
    ----------
    reported : int
        All events: ``open``, ``closed``, ``rejected`` and ``merged`` together.
    open, closed, rejected, merged : int
        Those somebody still has to deal with; those that were closed, revisited ones too; those that were not
        accepted; duplicates that were merged into another event.
    disposal_rate : float or None
        Share of the closed ones among those that should be handled: all but the rejected and the merged.
    overdue, overdue_now : int
        Those of which some stage took or takes longer than it may; those of which one does now.
    median_hours, median_working_hours : float or None
        Half of the closed ones took longer from report to closing: by the clock, and in the working calendar
        of the policy of time limits.
    solved : int
        Closed on the desk of an area of the layer or of a layer below, with nobody called and nothing handed
        up.
    solved_share : float or None
        Their share among the closed ones.
    escalated : int
        Those that departments were called to, or that an area handed up to a department or an area of a
        layer above.
    escalated_share : float or None
        Their share among the reported ones.
    per_1000_people, per_km2 : float or None
        Reported ones; None where nobody said how many people there are, or there is no ground.
    """

    reported: int
    open: int
    closed: int
    rejected: int
    merged: int
    disposal_rate: float | None
    overdue: int
    overdue_now: int
    median_hours: float | None
    median_working_hours: float | None
    solved: int
    solved_share: float | None
    escalated: int
    escalated_share: float | None
    per_1000_people: float | None
    per_km2: float | None


@dataclass(frozen=True, slots=True)
class EventChanges:
    """By how many per cent figures changed since the year before; None where there was nothing then.

    Attributes
    ----------
    reported, closed, overdue, escalated : float or None
        Per cent; negative: there are fewer.
    """

    reported: float | None
    closed: float | None
    overdue: float | None
    escalated: float | None


@dataclass(frozen=True, slots=True)
class EventPart:
    """A part of the events.

    Attributes
    ----------
    key : str or None
        Which source, level, category, group, function or month; None: events that have none.
    title_zh, title_en : str
        What it is called.
    """

    key: str | None
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class EventStatisticsRow:
    """Figures of the events of a place, or of a part of them.

    Attributes
    ----------
    place : str
        ``area``; ``beyond``: areas where whoever asks sees single events alone; ``outside`` of every area;
        ``no-place``: nobody said where; ``all`` together.
    code, name, plan : str or None
        The area.
    part : EventPart or None
        The part; None is all of them.
    figures : EventFigures
        Of the period.
    former : EventFigures or None
        Of the same days a year before, on the same areas; None where that was not asked for.
    change : EventChanges or None
        From those to these.
    """

    place: str
    code: str | None
    name: str | None
    plan: str | None
    part: EventPart | None
    figures: EventFigures
    former: EventFigures | None
    change: EventChanges | None


@dataclass(frozen=True, slots=True)
class EventStatistics:
    """Statistics of the events of a layer; the rows of places, and of parts, add up to those of all.

    Attributes
    ----------
    layer : str
        The layer.
    at : datetime.date
        The day whose areas stand here: one set, for both years.
    first, last : datetime.date or None
        First and last day of the events; None where that is open.
    former_first, former_last : datetime.date or None
        The same a year before; None where that was not asked for.
    by : str or None
        By what events are parted; None: they are not.
    calendar : str
        The calendar of the working hours.
    plans : tuple of str
        The plans whose areas stand here.
    rows : tuple of EventStatisticsRow
        Areas by code, then the others; of each all of its events, then its parts that have any.
    """

    layer: str
    at: date
    first: date | None
    last: date | None
    former_first: date | None
    former_last: date | None
    by: str | None
    calendar: str
    plans: tuple[str, ...]
    rows: tuple[EventStatisticsRow, ...]
