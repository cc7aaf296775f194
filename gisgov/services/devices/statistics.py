"""Use case: count the devices of the areas of a layer by kind and state, and the share that is online."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from gisgov.governance.devices import DeviceState, kind_of_device, online_share, title_of_device
from gisgov.services.access import codes_reached
from gisgov.services.statistics.counting import plans_on
from gisgov.store.acting import as_owner
from gisgov.store.cells import names_of_areas
from gisgov.store.database import Database
from gisgov.store.devices import DeviceCount, WantedDevices, count_devices
from gisgov.store.layers import find_layer

RIGHT: Final = "devices.read"


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """How many devices there are.

    Attributes
    ----------
    devices : int
        ``online + offline + retired``.
    online, offline, retired : int
        How they were last heard of.
    online_share : float or None
        Online of online and offline, 0..1; None where none is in use.
    """

    devices: int
    online: int
    offline: int
    retired: int
    online_share: float | None


@dataclass(frozen=True, slots=True)
class DeviceKindFigures:
    """How many devices of a kind there are.

    Attributes
    ----------
    kind, title_zh, title_en : str
        The kind.
    figures : DeviceFigures
        How many.
    """

    kind: str
    title_zh: str
    title_en: str
    figures: DeviceFigures


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """The devices of one area, of what lies in none, or all.

    Attributes
    ----------
    place : {"area", "outside", "all"}
        Which of these.
    code, name : str or None
        The area.
    figures : DeviceFigures
        All kinds together.
    kinds : tuple of DeviceKindFigures
        By kind, those with most devices in all first; they add up to ``figures``.
    """

    place: Literal["area", "outside", "all"]
    code: str | None
    name: str | None
    figures: DeviceFigures
    kinds: tuple[DeviceKindFigures, ...]


@dataclass(frozen=True, slots=True)
class DeviceStatistics:
    """The devices of the areas of a layer.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer and its titles.
    at : datetime.date
        The day whose areas are counted. States are those last heard of, whatever the day.
    heard_from, heard_to : datetime.datetime or None
        When the devices in use were last heard of: the one longest ago, and the latest.
    kinds : tuple of str
        The kinds that there are, those with most devices first.
    rows : tuple of DeviceRow
        The areas by code, with and without devices; then what lies in none of them, and all. Whoever holds
        the right in some areas has the rows of those, and all of them.
    """

    layer: str
    title_zh: str
    title_en: str
    at: date
    heard_from: datetime | None
    heard_to: datetime | None
    kinds: tuple[str, ...]
    rows: tuple[DeviceRow, ...]


def device_statistics(
    database: Database, layer: str, *, at: date, kinds: tuple[str, ...] = ()
) -> DeviceStatistics:
    """Count devices by area, kind and state.

    Parameters
    ----------
    database : Database
        Where they are kept, in the hands of whoever asks.
    layer : str
        Name of the layer.
    at : datetime.date
        The day whose areas are counted.
    kinds : tuple of str
        Of these kinds alone; none: of all.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    with database.begin() as connection:
        found = find_layer(connection, layer)
        plans = plans_on(connection, layer, at)
        reached = codes_reached(connection, RIGHT, found.id)
        wanted = WantedDevices(
            kinds=tuple(kind_of_device(kind) for kind in kinds) or None, layer_id=found.id, day=at
        )
        names = names_of_areas(connection, tuple(plan.id for plan in plans))
        with as_owner(connection):
            devices = count_devices(connection, wanted)
    if reached is not None:
        names = {code: name for code, name in names.items() if code in reached}
        devices = tuple(one for one in devices if one.area_code in names)
    of_kind = Counter[str]()
    for one in devices:
        of_kind[one.kind] += one.devices
    order = tuple(kind for kind, _ in sorted(of_kind.items(), key=_most_first))
    by_area: dict[str | None, list[DeviceCount]] = {code: [] for code in sorted(names)}
    outside: list[DeviceCount] = []
    for one in devices:
        by_area.get(one.area_code, outside).append(one)
    rows = [_row("area", code, names[str(code)], own, order) for code, own in by_area.items()]
    if reached is None:
        rows.append(_row("outside", None, None, outside, order))
    rows.append(_row("all", None, None, devices, order))
    in_use = [one for one in devices if one.state != DeviceState.RETIRED]
    return DeviceStatistics(
        layer=found.name,
        title_zh=found.title_zh,
        title_en=found.title_en,
        at=at,
        heard_from=min((one.heard_from for one in in_use), default=None),
        heard_to=max((one.heard_to for one in in_use), default=None),
        kinds=order,
        rows=tuple(rows),
    )


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    kind, count = counted
    return -count, kind


def _row(
    place: Literal["area", "outside", "all"],
    code: str | None,
    name: str | None,
    devices: Iterable[DeviceCount],
    order: tuple[str, ...],
) -> DeviceRow:
    counts = Counter[tuple[str, str]]()
    for one in devices:
        counts[one.kind, one.state] += one.devices
    by_kind = {kind: {state: counts[kind, state.value] for state in DeviceState} for kind in order}
    whole = {state: sum(own[state] for own in by_kind.values()) for state in DeviceState}
    kinds = tuple(
        DeviceKindFigures(kind, title_of_device(kind, "zh"), title_of_device(kind, "en"), _figures(own))
        for kind, own in by_kind.items()
        if any(own.values())
    )
    return DeviceRow(place, code, name, _figures(whole), kinds)


def _figures(states: dict[DeviceState, int]) -> DeviceFigures:
    online, offline, retired = (states[one] for one in DeviceState)
    return DeviceFigures(online + offline + retired, online, offline, retired, online_share(online, offline))
