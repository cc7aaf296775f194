"""Use case: list devices, with the area of a layer that each lies in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.devices import DeviceState, kind_of_device, title_of_device
from gisgov.services.area_records import check_bbox, check_limit
from gisgov.store.areas import codes_ever_in_force
from gisgov.store.database import Database
from gisgov.store.devices import LocatedDevice, WantedDevices, located_devices
from gisgov.store.layers import find_layer
from gisgov.types import BBox


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """Which devices are asked for; conditions of several kinds hold together.

    Attributes
    ----------
    kinds, states : tuple of str
        Of one of these; none of them named: of any.
    bbox : tuple of float or None
        ``(west, south, east, north)``, EPSG:4326.
    before : datetime.datetime or None
        Not heard of since then.
    layer, area : str or None
        The layer whose areas they are given to, and the one of these that they lie in.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[DeviceState, ...] = ()
    bbox: BBox | None = None
    before: datetime | None = None
    layer: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device.

    Attributes
    ----------
    id : str
        What it is called.
    kind : str
        Such as ``camera``.
    kind_title_zh, kind_title_en : str
        What that is called.
    title : str or None
        Where or what it is, in words.
    state : DeviceState
        How it is, as it was last heard of.
    state_at : datetime.datetime
        When that was.
    source : str
        Where it was brought in from.
    lon, lat : float
        Where it stands (WGS 84).
    area_code : str or None
        The area of the layer that was asked for; None where none has it, or no layer was asked for.
    """

    id: str
    kind: str
    kind_title_zh: str
    kind_title_en: str
    title: str | None
    state: DeviceState
    state_at: datetime
    source: str
    lon: float
    lat: float
    area_code: str | None


@dataclass(frozen=True, slots=True)
class DevicePage:
    """A page of devices.

    Attributes
    ----------
    devices : tuple of DeviceInfo
        The devices, by id.
    after : str or None
        What the next page begins behind; None: this is the last one.
    """

    devices: tuple[DeviceInfo, ...]
    after: str | None


def parse_devices(
    *,
    kind: str | None = None,
    state: str | None = None,
    bbox: BBox | None = None,
    before: datetime | None = None,
    layer: str | None = None,
    area: str | None = None,
    timezone: ZoneInfo,
) -> DeviceFilter:
    """Read which devices are asked for; words of one kind are separated by commas.

    Raises
    ------
    InputError
        A state is none, the box is none, or an area is named without its layer.
    """
    states = []
    for word in _words(state):
        known = DeviceState.read(word)
        if known is None:
            hint = f"States are {', '.join(DeviceState)}."
            raise InputError(f"{word!r} is no state of a device.", hint=hint, field="state")
        states.append(known)
    if bbox is not None:
        check_bbox(bbox)
    if area is not None and layer is None:
        raise InputError("An area is named without its layer.", hint="Name the layer too.", field="layer")
    moment = before.replace(tzinfo=timezone) if before is not None and before.tzinfo is None else before
    kinds = tuple(kind_of_device(word) for word in _words(kind))
    return DeviceFilter(kinds, tuple(states), bbox, moment, layer, area)


def list_devices(
    database: Database, asked: DeviceFilter, *, at: date, after: str | None = None, limit: int = 100
) -> DevicePage:
    """Return a page of devices by id; those that whoever asks may not see are left out.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    asked : DeviceFilter
        Which devices.
    at : datetime.date
        The day whose areas they are given to.
    after : str, optional
        The id that the page before ended with.
    limit : int
        Most devices on the page, 1 to 1000.

    Raises
    ------
    InputError
        ``limit`` is out of range.
    NotFoundError
        There is no such layer, or no area of it ever had the code.
    """
    check_limit(limit)
    with database.begin() as connection:
        wanted = _wanted(asked)
        if asked.layer is not None:
            layer_id = find_layer(connection, asked.layer).id
            if asked.area is not None and asked.area not in codes_ever_in_force(connection, layer_id):
                told = f"No area of layer {asked.layer} has the code {asked.area!r}."
                raise NotFoundError(told, field="area")
            wanted = replace(wanted, layer_id=layer_id, day=at, area_code=asked.area)
        found = located_devices(connection, wanted, after=after, limit=limit + 1)
    devices = tuple(_info(one) for one in found[:limit])
    return DevicePage(devices, devices[-1].id if len(found) > limit else None)


def _wanted(asked: DeviceFilter) -> WantedDevices:
    return WantedDevices(
        kinds=asked.kinds or None,
        states=tuple(one.value for one in asked.states) or None,
        bbox=asked.bbox,
        before=asked.before,
    )


def _info(one: LocatedDevice) -> DeviceInfo:
    return DeviceInfo(
        id=one.id,
        kind=one.kind,
        kind_title_zh=title_of_device(one.kind, "zh"),
        kind_title_en=title_of_device(one.kind, "en"),
        title=one.title,
        state=DeviceState(one.state),
        state_at=one.state_at,
        source=one.source,
        lon=one.lon,
        lat=one.lat,
        area_code=one.area_code,
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
