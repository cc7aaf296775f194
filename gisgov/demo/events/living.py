"""A year of events in the demo: taken in, handled, counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from fixtures.district import District
from gisgov.demo.event_report import EventsSummary
from gisgov.demo.events.replaying import Replayed, replay_handling
from gisgov.demo.events.sending import Sent, send_events
from gisgov.demo.stopwatch import Stopwatch
from gisgov.services.event_statistics import EventsAsked, event_statistics
from gisgov.services.registers.listing import list_categories
from gisgov.store.database import Database
from gisgov.types import Progress


def live_year(
    database: Database,
    district: District,
    path: Path,
    *,
    indexes: Path,
    layer: str,
    days: tuple[date, date],
    timezone: ZoneInfo,
    watch: Stopwatch,
    progress: Progress,
) -> EventsSummary:
    """Send the events of a district through the ingest, take them through the loop, and count them.

    Parameters
    ----------
    database : Database
        With plans and register in force.
    district : District
        Tells what is done with the events.
    path : pathlib.Path
        Its file of events.
    indexes : pathlib.Path
        Folder of the indexes of areas.
    layer : str
        The layer by whose areas they are counted.
    days : tuple of datetime.date
        The first and the last day of the year.
    timezone : zoneinfo.ZoneInfo
        Of these days.
    watch : Stopwatch
        Times two steps.
    progress : Progress
        Told of the work.
    """
    first, last = days
    with watch.step("take in a year of events"):
        sent = send_events(
            database,
            path,
            district.handling,
            indexes=indexes,
            last_day=last,
            timezone=timezone,
            progress=progress,
        )
    items = list_categories(database, at=last)
    answering = {one.code: one.department_code for one in items if one.department_code is not None}
    with watch.step("handle them through the closed loop"):
        replayed = replay_handling(
            database,
            sent,
            district.handling,
            answering,
            first_day=first,
            timezone=timezone,
            today=last,
            progress=progress,
        )
    return _summary(database, sent, replayed, layer=layer, at=last, timezone=timezone)


def _summary(
    database: Database, sent: Sent, replayed: Replayed, *, layer: str, at: date, timezone: ZoneInfo
) -> EventsSummary:
    counted = event_statistics(database, layer, EventsAsked(), at=at, timezone=timezone)
    rows = {one.place: one.figures for one in counted.rows if one.place != "area"}
    figures = rows["all"]
    return EventsSummary(
        sent=len(sent.results),
        created=sent.created,
        known=sent.known,
        per_second=round(len(sent.results) / max(sent.seconds, 1e-3), 1),
        steps=replayed.steps,
        whistles=replayed.whistles,
        reported=figures.reported,
        open=figures.open,
        closed=figures.closed,
        rejected=figures.rejected,
        merged=figures.merged,
        overdue=figures.overdue,
        disposal_rate=figures.disposal_rate,
        median_hours=figures.median_hours,
        median_working_hours=figures.median_working_hours,
        outside=rows["outside"].reported,
        without_place=rows["no-place"].reported,
    )
