"""What the demo tells of its year of events, and of what they may be about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventsSummary:
    """What became of the year of events.

    Attributes
    ----------
    sent, created, known : int
        How many were sent through the ingest, and how many of them were new, or known already.
    per_second : float
        How many were taken in per second.
    steps, whistles : int
        Steps that were taken with them, and calls of departments, in this run.
    reported, open, closed, rejected, merged, overdue : int
        Figures of all events in the database, as the statistics count them.
    disposal_rate, median_hours, median_working_hours : float or None
        Share of the closed ones, and how long half of them took from report to closing.
    outside, without_place : int
        Those outside every area, and those that nobody said the place of: they wait at the triage desk.
    """

    sent: int
    created: int
    known: int
    per_second: float
    steps: int
    whistles: int
    reported: int
    open: int
    closed: int
    rejected: int
    merged: int
    overdue: int
    disposal_rate: float | None
    median_hours: float | None
    median_working_hours: float | None
    outside: int
    without_place: int


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """The register of categories in force.

    Attributes
    ----------
    items, functions : int
        Its items, and the functions they belong to.
    departments : int
        Those that may answer for items.
    events : int
        Events of the demo's file.
    unclassified : int
        Events of the database whose words the register does not know.
    """

    items: int
    functions: int
    departments: int
    events: int
    unclassified: int


@dataclass(frozen=True, slots=True)
class HazardsSummary:
    """The hazards of buildings on record.

    Attributes
    ----------
    rows, inserted, unchanged : int
        Rows of the file; those that were new, and those that a former run brought.
    found, open, overdue, rectified, checked : int
        As of `gisgov.services.hazards.statistics.HazardFigures`, of all areas together.
    rectification_rate, on_time_rate, check_rate, median_days : float or None
        Likewise.
    """

    rows: int
    inserted: int
    unchanged: int
    found: int
    open: int
    overdue: int
    rectified: int
    checked: int
    rectification_rate: float | None
    on_time_rate: float | None
    check_rate: float | None
    median_days: float | None
