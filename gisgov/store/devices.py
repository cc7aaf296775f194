"""Devices as they are kept: where each stands, which area has it, and how it was last heard of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from gisgov.store.statements import statement
from gisgov.store.tables import device
from gisgov.types import BBox


@dataclass(frozen=True, slots=True)
class LocatedDevice:
    """A device; ``area_code`` is None where no area has it, ``state_at`` when it was last heard of."""

    id: str
    kind: str
    title: str | None
    state: str
    state_at: datetime
    source: str
    lon: float
    lat: float
    area_code: str | None


@dataclass(frozen=True, slots=True)
class DeviceCount:
    """Devices of an area (None: of none), of a kind and in a state; when they were last heard of."""

    area_code: str | None
    kind: str
    state: str
    devices: int
    heard_from: datetime
    heard_to: datetime


@dataclass(frozen=True, slots=True)
class WantedDevices:
    """Which devices are asked for; what is None is not asked.

    Attributes
    ----------
    kinds, states : tuple of str or None
        Of one of these.
    bbox : tuple of float or None
        ``(west, south, east, north)``, EPSG:4326.
    before : datetime.datetime or None
        Not heard of since.
    layer_id, day : int or None, datetime.date or None
        The layer and the day whose areas they are given to; without a layer to none.
    area_code : str or None
        In this area of the layer.
    """

    kinds: tuple[str, ...] | None = None
    states: tuple[str, ...] | None = None
    bbox: BBox | None = None
    before: datetime | None = None
    layer_id: int | None = None
    day: date | None = None
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """What a report of its state is held against."""

    state: str
    state_at: datetime


def located_devices(
    connection: sa.Connection, wanted: WantedDevices, *, after: str | None = None, limit: int | None = None
) -> tuple[LocatedDevice, ...]:
    """Return devices by id, behind the id ``after``, ``limit`` of them at most."""
    rows = connection.execute(_LISTED, {**_given(wanted), "after": after, "limit": limit})
    return tuple(LocatedDevice(**row) for row in rows.mappings())


def count_devices(connection: sa.Connection, wanted: WantedDevices) -> tuple[DeviceCount, ...]:
    """Return how many devices there are by area, kind and state; in no order."""
    rows = connection.execute(_COUNTED, {**_given(wanted), "after": None, "limit": None})
    return tuple(DeviceCount(**row) for row in rows.mappings())


_LISTED: Final = statement(
    "located_devices",
    told="seen.id, seen.kind, seen.title, seen.state, seen.state_at, seen.source, ST_X(seen.geom) AS lon,"
    " ST_Y(seen.geom) AS lat, owner.code AS area_code",
    ending="ORDER BY seen.id LIMIT CAST(:limit AS INTEGER)",
)
_COUNTED: Final = statement(
    "located_devices",
    told="owner.code AS area_code, seen.kind, seen.state, count(*) AS devices,"
    " min(seen.state_at) AS heard_from, max(seen.state_at) AS heard_to",
    ending="GROUP BY owner.code, seen.kind, seen.state",
)


def _given(wanted: WantedDevices) -> dict[str, Any]:
    west, south, east, north = wanted.bbox or (None,) * 4
    return {
        "kinds": None if wanted.kinds is None else list(wanted.kinds),
        "states": None if wanted.states is None else list(wanted.states),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "before": wanted.before,
        "layer_id": wanted.layer_id,
        "day": wanted.day,
        "area_code": wanted.area_code,
    }


def hold_devices(connection: sa.Connection, ids: Collection[str]) -> dict[str, KnownDevice]:
    """Return the devices of these ids, locked in the order of their ids; inside `as_owner`."""
    asked = sa.literal(sorted(ids), sa.ARRAY(sa.Text))
    query = (
        sa.select(device.c.id, device.c.state, device.c.state_at)
        .where(device.c.id == sa.any_(asked))
        .order_by(device.c.id)
        .with_for_update(key_share=True)  # events that they tell of go in meanwhile
    )
    return {row.id: KnownDevice(row.state, row.state_at) for row in connection.execute(query)}


def write_device_states(connection: sa.Connection, states: Iterable[tuple[str, str, datetime]]) -> None:
    """Write the states of devices that are held, each with its moment; inside `as_owner`."""
    rows = list(states)
    if rows:
        ids, told, moments = (list(column) for column in zip(*rows, strict=True))
        connection.execute(statement("write_device_states"), {"ids": ids, "states": told, "moments": moments})
