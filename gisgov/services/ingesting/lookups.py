"""What reports name, looked up: items of the register, buildings, devices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import shapely
import sqlalchemy as sa

from gisgov.governance.events import EventLevel
from gisgov.governance.routing import RoutingPolicy, level_of
from gisgov.services.access import places_beyond
from gisgov.services.days import local_day
from gisgov.services.ingesting.judging import DECIMALS, Judged
from gisgov.services.ingesting.register import register_of_days
from gisgov.store import ingesting as store
from gisgov.store.arrivals import hex_ewkb
from gisgov.store.ingesting import PlaceOf
from gisgov.store.registers import category_of

_HANDLE: Final = "events.handle"


def look_up(
    connection: sa.Connection, items: Sequence[Judged], *, policy: RoutingPolicy, timezone: ZoneInfo
) -> None:
    """Find what items name, and refuse those that name what is not there.

    A category that the register does not know, or not on that day, leaves an event unclassified: it is taken
    in all the same. A building or a device that is not known is no place, and refused.
    """
    reports = [(item, item.report) for item in items if item.report is not None and not item.faults]
    register = register_of_days(connection) if any(one.category for _, one in reports) else None
    buildings = store.buildings_named(
        connection, [one.building.strip() for _, one in reports if one.building]
    )
    devices = store.devices_named(connection, [one.device.strip() for _, one in reports if one.device])
    for item, report in reports:
        if register is not None:
            item.item = category_of(register.on(local_day(item.occurred_at, timezone)), report.category)
        if report.building is not None:
            _at_building(item, report.building.strip(), report.building_source, buildings)
        if report.device is not None:
            found = devices.get(report.device.strip())
            if found is None:
                item.refuse("device", f"No device is called {report.device!r}.")
            else:
                item.device_id = str(found.id)
                _put(item, found)
        item.level = level_of(policy, item.level, item.item)
        if report.corrected and item.level is not EventLevel.FIRST:
            item.refuse("corrected", f"It is of level {item.level}: only level 1 is closed on the spot.")
    _check_corrected(connection, [item for item, report in reports if report.corrected and not item.faults])


def _check_corrected(connection: sa.Connection, items: Sequence[Judged]) -> None:
    """Refuse to close on the spot where whoever reports may not deal with events."""
    if not items:
        return
    points = shapely.points([(item.lon, item.lat) if item.has_place else (0, 0) for item in items])
    known = [place if item.has_place else None for item, place in zip(items, hex_ewkb(points), strict=True)]
    for item, is_beyond in zip(items, places_beyond(connection, _HANDLE, known), strict=True):
        if is_beyond:
            item.refuse("corrected", f"Only who holds {_HANDLE} where it happened closes it on the spot.")


def _at_building(
    item: Judged, name: str, source: str | None, known: Mapping[str, Mapping[str, PlaceOf]]
) -> None:
    found = known.get(name, {})
    if source is not None:
        found = {key: one for key, one in found.items() if key == source.strip()}
    if not found:
        item.refuse("building", f"No building is called {name!r}.")
    elif len(found) > 1:
        of = ", ".join(sorted(found))
        item.refuse("building", f"{name!r} is a building of several sources ({of}): say which.")
    else:
        (one,) = found.values()
        item.building_id = int(one.id)
        _put(item, one)


def _put(item: Judged, place: PlaceOf) -> None:
    if place.lon is None or place.lat is None:
        item.lon = item.lat = math.nan
    else:
        item.lon, item.lat = round(place.lon, DECIMALS), round(place.lat, DECIMALS)
