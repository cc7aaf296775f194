"""What can be said of reports without a database: words, times and coordinates."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from gisgov.errors import CrsError
from gisgov.geometry.systems import parse_crs
from gisgov.governance.events import EventLevel
from gisgov.services.assigning.points import placed
from gisgov.services.importing.point_values import source_word
from gisgov.services.ingesting.reports import EventReport, ItemFault, Unread
from gisgov.store.registers import StoredCategory

DECIMALS: Final = 7
"""Of degrees, as everything is stored."""

_AHEAD: Final = timedelta(hours=1)
"""How far the clock of a source may be ahead."""

_LONGEST: Final[Mapping[str, int]] = {
    "source": 100, "external_id": 200, "category": 200, "level": 20, "description": 10_000, "building": 200,
    "building_source": 100, "device": 200,
}  # fmt: skip
_LONGEST_ATTRIBUTES: Final = 20_000
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9999
"""In a year before the last one any offset leaves a moment in the calendar."""


@dataclass(slots=True)
class Judged:
    """One item on its way in: what it says, and what is wrong with it.

    Attributes
    ----------
    index : int
        Which item.
    source, external_id : str or None
        Its key, as it is stored.
    report : EventReport or None
        What it says; None where it could not be read.
    level : EventLevel or None
        The level that it names.
    occurred_at : datetime.datetime
        When it happened.
    lon, lat : float
        Where, WGS 84 as it is stored; NaN for no place.
    crs : str or None
        How its coordinate was read.
    item : StoredCategory or None
        The item of the register that it is of.
    building_id, device_id : int or None, str or None
        By what it says where it happened.
    said : str
        Fingerprint of what it says: the same for what is sent again.
    faults : list of ItemFault
        With pointers within the item.
    """

    index: int
    source: str | None
    external_id: str | None
    report: EventReport | None
    occurred_at: datetime
    level: EventLevel | None = None
    lon: float = math.nan
    lat: float = math.nan
    crs: str | None = None
    item: StoredCategory | None = None
    building_id: int | None = None
    device_id: str | None = None
    said: str = ""
    faults: list[ItemFault] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Source and id of an item that could be read."""
        return str(self.source), str(self.external_id)

    @property
    def has_place(self) -> bool:
        """Whether it is anywhere."""
        return not math.isnan(self.lon)

    def refuse(self, name: str, reason: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append(ItemFault(f"/{name}" if name else "", reason))


def judge(
    parts: Sequence[Sequence[EventReport | Unread]], *, now: datetime, timezone: ZoneInfo
) -> list[list[Judged]]:
    """Judge reports by themselves, those of each part apart.

    Parameters
    ----------
    parts : sequence of sequence of EventReport or Unread
        What came together.
    now : datetime.datetime
        With an offset.
    timezone : zoneinfo.ZoneInfo
        Of times without one.
    """
    judged = [[_one(index, one, now, timezone) for index, one in enumerate(part)] for part in parts]
    _place([item for part in judged for item in part])
    for part in judged:
        _refuse_twice(part)
    return judged


def key_of(report: EventReport) -> tuple[str, str]:
    """Return source and id of the event that a report tells of, as they are stored."""
    return source_word(report.source), report.external_id.strip()


def _one(index: int, report: EventReport | Unread, now: datetime, timezone: ZoneInfo) -> Judged:
    if isinstance(report, Unread):
        unread = Judged(index, report.source, report.external_id, None, now)
        unread.faults.extend(report.faults)
        return unread
    item = Judged(index, *key_of(report), report, now)
    item.said = hashlib.sha256(repr(report).encode("utf-8", "replace")).hexdigest()[:16]
    _check_texts(item, report)
    if report.level is not None:
        item.level = EventLevel.read(report.level)
        if item.level is None:
            item.refuse("level", f"{report.level[:40]!r} is no level: levels are 1, 2 and 3.")
    if report.occurred_at is not None:
        _check_time(item, report.occurred_at, now, timezone)
    ways = {"lon": report.x is not None or report.y is not None, "building": report.building is not None,
            "device": report.device is not None}  # fmt: skip
    if sum(ways.values()) > 1:
        named = " and ".join(name for name, is_given in ways.items() if is_given)
        item.refuse("", f"It says where it happened twice, by {named}: one place is enough.")
    return item


def _check_time(item: Judged, at: datetime, now: datetime, timezone: ZoneInfo) -> None:
    if at.year < _FIRST_YEAR:
        item.refuse("occurred_at", f"{at.isoformat()} is before anything was reported.")
        return
    # in UTC: the database takes no offset of 16 hours or more
    item.occurred_at = (at if at.tzinfo is not None else at.replace(tzinfo=timezone)).astimezone(UTC)
    if at.year >= _LAST_YEAR or item.occurred_at > now + _AHEAD:
        item.occurred_at = now
        item.refuse("occurred_at", f"{at.isoformat()} has not come yet.")


def _check_texts(item: Judged, report: EventReport) -> None:
    for name, most in _LONGEST.items():
        text: str | None = getattr(report, name)
        if text is None:
            continue
        if not text.strip() and name != "description":
            item.refuse(name, f"{name} is blank.")
        elif len(text) > most:
            item.refuse(name, f"{name} has {len(text)} characters; {most} are the most.")
        elif "\x00" in text or (name != "description" and not text.isprintable()):
            item.refuse(name, f"{name} holds a character that is none.")
    if report.attributes and len(json.dumps(report.attributes, ensure_ascii=False)) > _LONGEST_ATTRIBUTES:
        item.refuse("attributes", f"attributes are longer than {_LONGEST_ATTRIBUTES} characters.")


def _place(items: Sequence[Judged]) -> None:
    """Bring coordinates to WGS 84, those of one system together."""
    by_system: dict[str | int, list[Judged]] = defaultdict(list)
    for item in items:
        if item.report is None or (item.report.x is None and item.report.y is None):
            continue
        if item.report.x is None or item.report.y is None:
            missing = "lon" if item.report.x is None else "lat"
            item.refuse(missing, f"{missing} is missing.")
            continue
        by_system[item.report.crs].append(item)
    for crs, together in by_system.items():
        try:
            system = parse_crs(crs)
        except CrsError as error:
            for item in together:
                item.refuse("crs", error.message)
            continue
        x, y = (np.array([getattr(item.report, axis) for item in together]) for axis in ("x", "y"))
        lon, lat, _ = placed(x, y, system)
        for item, east, north in zip(together, lon.tolist(), lat.tolist(), strict=True):
            item.crs = system.name
            if math.isnan(east) and item.report is not None:
                item.refuse("lon", f"({item.report.x!r}, {item.report.y!r}) is no place in {system.title}.")
            elif (item.report is not None) and (item.report.x, item.report.y) != (0.0, 0.0):
                item.lon, item.lat = round(east, DECIMALS), round(north, DECIMALS)


def _refuse_twice(items: Sequence[Judged]) -> None:
    """Refuse what has the key of an earlier item and says otherwise."""
    first: dict[tuple[str | None, str | None], Judged] = {}
    for item in items:
        if item.report is None or item.faults:
            continue
        earlier = first.setdefault((item.source, item.external_id), item)
        if earlier is not item and earlier.report != item.report:
            item.refuse(
                "external_id",
                f"Item {earlier.index} has the same source and external_id and says otherwise: "
                "send corrections one after the other.",
            )
