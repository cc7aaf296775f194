"""What a report says against what is known of its event, and whether the difference may be taken in."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

from gisgov.governance.events import EventLevel, EventState
from gisgov.services.ingesting.judging import Judged
from gisgov.services.ingesting.reports import EventReport
from gisgov.store.ingesting import KnownEvent


class Change(IntEnum):
    """How much a report changes of its event, from nothing to where it belongs."""

    NOTHING = 0
    WORDS = 1
    """Its description, or what else its source says."""
    CORRECTED = 2
    """It was put right on the spot since."""
    ROUTE = 3
    """Its place, category, level or time: it is routed anew."""


def change_of(item: Judged, report: EventReport, known: KnownEvent) -> Change:
    """Return how much a report changes of its event; what a report leaves out it does not change.

    What its source said last changes nothing, whatever people decided since.
    """
    if known.said is not None and item.said == known.said:
        return Change.NOTHING
    if _is_elsewhere(item, report, known) or _is_of_another_kind(item, report, known):
        return Change.ROUTE
    if report.corrected and known.state == EventState.REPORTED:
        return Change.CORRECTED
    is_told_otherwise = report.description not in (None, known.description)
    if is_told_otherwise or dict(report.attributes) not in ({}, known.attributes):
        return Change.WORDS
    return Change.NOTHING


def fill_up(item: Judged, report: EventReport, known: KnownEvent) -> None:
    """Let an item say what is known of its event where it says nothing."""
    item.report = replace(
        report,
        category=known.category if report.category is None else report.category,
        description=known.description if report.description is None else report.description,
        attributes=known.attributes if not report.attributes else report.attributes,
    )
    if report.occurred_at is None:
        item.occurred_at = known.occurred_at
    if report.level is None and report.category is None and known.level is not None:
        item.level = EventLevel(known.level)
    if not _says_where(report):
        item.building_id, item.device_id = known.building_id, known.device_id
        if known.lon is not None and known.lat is not None:
            item.lon, item.lat = known.lon, known.lat


def _says_where(report: EventReport) -> bool:
    return any(one is not None for one in (report.x, report.y, report.building, report.device))


def refusal_of(change: Change, known: KnownEvent, who: str) -> str | None:
    """Return why a change is not taken in; None where it is."""
    if known.reported_by is None:
        return "The event came from a file, and says otherwise there: import the file again."
    if known.reported_by != who:
        return "The event was reported by somebody else, and says otherwise: only they correct it."
    if not EventState(known.state).is_open:
        return f"The event is {known.state}: what it says stays as it is."
    if change is Change.ROUTE and (known.is_touched or known.state != EventState.REPORTED):
        return (
            "The event is being dealt with: its place, category, level and time stay as they are. "
            "Hand it over to another desk instead."
        )
    return None


def _is_elsewhere(item: Judged, report: EventReport, known: KnownEvent) -> bool:
    if report.occurred_at is not None and item.occurred_at != known.occurred_at:
        return True
    if not _says_where(report):
        return False
    if (item.building_id, item.device_id) != (known.building_id, known.device_id):
        return True
    if item.building_id is not None or item.device_id is not None:
        return False  # it may stand elsewhere by now
    place = (item.lon, item.lat) if item.has_place else (None, None)
    return place != (known.lon, known.lat)


def _is_of_another_kind(item: Judged, report: EventReport, known: KnownEvent) -> bool:
    if report.level is not None and item.level != known.level:
        return True
    if report.category is None:
        return False
    codes = {report.category.strip(), None if item.item is None else item.item.code}
    return not codes & {known.category, known.category_code} - {None}
