"""Points in JSON, one value each: ``{"lon": …, "lat": …, "id": …}`` or ``[lon, lat]``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from api.batches.points import Fault, Points
from gisgov.services.assigning import Status

_SHOWN = 40


class PointObject(msgspec.Struct, gc=False):
    """A point with names; other members are passed over."""

    lon: float
    lat: float
    id: str | int | None = None


Element = PointObject | tuple[float, float]
one_element: Final = msgspec.json.Decoder(Element)
list_of_elements: Final = msgspec.json.Decoder(list[Element])
_anything: Final = msgspec.json.Decoder()


def points_of(elements: Sequence[Element]) -> Points:
    """Return values that were read without a fault as points."""
    kinds = set(map(type, elements))
    if kinds == {tuple}:
        pairs = np.array(elements, dtype=np.float64)
        return Points(pairs[:, 0].copy(), pairs[:, 1].copy())
    objects = [one if isinstance(one, PointObject) else PointObject(*one) for one in elements]
    x = np.array([one.lon for one in objects], dtype=np.float64)
    y = np.array([one.lat for one in objects], dtype=np.float64)
    return Points(x, y, [one.id for one in objects])


def points_one_by_one(values: Iterable[bytes]) -> Points:
    """Read values one by one: those with faults are told from those without."""
    objects, faults = [], {}
    for place, value in enumerate(values):
        found, fault = _read(value)
        objects.append(found)
        if fault is not None:
            faults[place] = fault
    points = points_of(objects)
    points.faults = faults
    return points


def unreadable(reason: str) -> Points:
    """Return one row that holds no point."""
    return Points(np.array([np.nan]), np.array([np.nan]), [None], {0: Fault(Status.UNREADABLE, reason)})


def _read(value: bytes) -> tuple[Element, Fault | None]:
    try:
        return one_element.decode(value), None
    except (msgspec.DecodeError, RecursionError):
        pass
    nowhere = PointObject(math.nan, math.nan)
    try:
        document = _anything.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        return nowhere, Fault(Status.UNREADABLE, f"It is no JSON: {error}.")
    if isinstance(document, list) and len(document) == 2:
        document = {"lon": document[0], "lat": document[1]}
    if not isinstance(document, dict):
        return nowhere, Fault(Status.UNREADABLE, "It is neither {lon, lat} nor [lon, lat].")
    given = document.get("id")
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int)):
        return nowhere, Fault(Status.UNREADABLE, "id is neither text nor a whole number.")
    nowhere.id = given
    return nowhere, _fault_of(document)


def _fault_of(document: dict[str, Any]) -> Fault:
    for name in ("lon", "lat"):
        value = document.get(name)
        if value is None:
            return Fault(Status.NO_COORDINATE, f"{name} is missing.")
        if isinstance(value, bool) or not isinstance(value, float | int):
            return Fault(Status.BAD_COORDINATE, f"{name} is {shown(value)}, which is no number.")
    return Fault(Status.BAD_COORDINATE, "A number is too large.")


def shown(value: object) -> str:
    """Return a value as a message shows it: short, and as JSON would write it."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
