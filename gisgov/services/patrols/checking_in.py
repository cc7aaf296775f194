"""Use case: take in where and when patrols checked in, each once, with a result for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np

from gisgov.geometry.systems import parse_crs
from gisgov.services.access import codes_reached
from gisgov.services.assigning.points import placed
from gisgov.services.days import AHEAD, LONG_AGO, moment_in
from gisgov.store.acting import as_owner
from gisgov.store.areas import codes_ever_in_force
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.layers import find_layer
from gisgov.store.patrols import CheckIn, insert_check_ins, known_check_ins

_DECIMALS: Final = 7


@dataclass(frozen=True, slots=True)
class SentCheckIn:
    """A check-in as it is sent.

    Attributes
    ----------
    external_id : str
        What it is called where it comes from.
    area : str
        Code of the area that was patrolled.
    at : datetime.datetime
        When; without an offset in the time zone of the place.
    x, y : float
        Where, in the coordinate system of the batch: longitude and latitude, or easting and northing.
    """

    external_id: str
    area: str
    at: datetime
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """What became of one check-in.

    Attributes
    ----------
    index : int
        Which, from 0.
    external_id : str
        What it is called.
    status : {"created", "known", "refused"}
        ``known``: it was there already, just so.
    reason : str or None
        Why it was refused.
    """

    index: int
    external_id: str
    status: Literal["created", "known", "refused"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CheckInsTaken:
    """What became of a batch of check-ins.

    Attributes
    ----------
    created, known, refused : int
        How many.
    items : tuple of CheckInResult
        One for each, in the order they came.
    """

    created: int
    known: int
    refused: int
    items: tuple[CheckInResult, ...]


def take_check_ins(
    database: Database,
    points: Sequence[SentCheckIn],
    *,
    source: str,
    layer: str,
    crs: str | int,
    now: datetime,
    timezone: ZoneInfo,
) -> CheckInsTaken:
    """Take check-ins in; sent again they change nothing.

    Parameters
    ----------
    database : Database
        Where to.
    points : sequence of SentCheckIn
        They.
    source : str
        Who tells of them; source and id together are one check-in.
    layer : str
        Name of the layer of their areas.
    crs : str or int
        What their coordinates are in.
    now : datetime.datetime
        With an offset; what has not come yet is refused.
    timezone : zoneinfo.ZoneInfo
        Of times without an offset.

    Raises
    ------
    NotFoundError
        There is no such layer.
    CrsError
        The coordinate system is not known.
    """
    system = parse_crs(crs)
    lon, lat, _ = placed([one.x for one in points], [one.y for one in points], system)
    at_zero = np.array([(one.x, one.y) == (0.0, 0.0) for one in points], dtype=np.bool_)
    lon = np.where(at_zero, np.nan, np.round(lon, _DECIMALS))
    read = [
        CheckIn(one.external_id.strip(), one.area, moment_in(one.at, timezone), x, y)
        for one, x, y in zip(points, lon.tolist(), np.round(lat, _DECIMALS).tolist(), strict=True)
    ]
    with database.begin() as connection:
        layer_id = find_layer(connection, layer).id
        reached = codes_reached(connection, "patrols.write", layer_id)
        lock_name(connection, "patrols", source)
        with as_owner(connection):
            codes = frozenset(codes_ever_in_force(connection, layer_id))
            known = known_check_ins(connection, source, [one.external_id for one in read])
            items, new = [], []
            for index, one in enumerate(read):
                reason = _fault(one, layer, codes, reached, now + AHEAD)
                item = _result(index, one, known.get(one.external_id), reason)
                items.append(item)
                if item.status == "created":
                    new.append(one)
                    known[one.external_id] = one
            insert_check_ins(connection, source, layer_id, new)
    counts = [item.status for item in items]
    return CheckInsTaken(
        counts.count("created"), counts.count("known"), counts.count("refused"), tuple(items)
    )


def _fault(
    one: CheckIn, layer: str, codes: frozenset[str], reached: frozenset[str] | None, latest: datetime
) -> str | None:
    """Say why a check-in cannot be; None where it can."""
    if not one.external_id:
        return "external_id is blank."
    if one.area_code not in codes:
        return f"{one.area_code} is no area of layer {layer}."
    if reached is not None and one.area_code not in reached:
        return f"You may not record patrols in {layer} {one.area_code}."
    if math.isnan(one.lon) or math.isnan(one.lat):
        return "Its coordinate is no place."
    if one.at > latest:
        return f"{one.at.isoformat()} has not come yet."
    if one.at < LONG_AGO:
        return f"{one.at.isoformat()} is too long ago."
    return None


def _result(index: int, one: CheckIn, before: CheckIn | None, reason: str | None) -> CheckInResult:
    if reason is not None:
        return CheckInResult(index, one.external_id, "refused", reason)
    if before is None:
        return CheckInResult(index, one.external_id, "created")
    if before == one:
        return CheckInResult(index, one.external_id, "known")
    told = "It was told of before, with another area, time or place; a check-in stays as it was."
    return CheckInResult(index, one.external_id, "refused", told)
