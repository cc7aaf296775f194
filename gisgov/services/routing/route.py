"""From places, levels and items to desks, for many events at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.governance.loop import DeskKind
from gisgov.governance.routing import RoutingPolicy, choose_desk
from gisgov.services.indexes import DayIndexes
from gisgov.services.policies import policy_in_force
from gisgov.services.routing.areas import DayAreas
from gisgov.services.routing.desks import Asked, Desk, NearArea
from gisgov.services.staffing.serving import serving_posts
from gisgov.store.acting import as_owner
from gisgov.store.routing import ExceptionAt, exceptions_at

POLICY = "routing"
"""The kind of the policy."""


@dataclass(frozen=True, slots=True)
class _Round:
    """What is known of all events that are routed together."""

    policy: RoutingPolicy
    areas: DayAreas
    exceptions: Mapping[int, ExceptionAt]


def route(
    connection: sa.Connection, day: DayIndexes, asked: Sequence[Asked], *, policy: RoutingPolicy | None = None
) -> tuple[Desk, ...]:
    """Say on whose desk each event lands, and who serves there.

    An exception that holds at the place goes before the policy. What lies outside every area goes to triage
    and is never given to the nearest area by itself.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of whoever acts: of posts those phones are told that they may see.
    day : DayIndexes
        The areas in force today, by which desks are given, whenever the event happened.
    asked : sequence of Asked
        The events.
    policy : RoutingPolicy, optional
        By default the one in force.

    Returns
    -------
    tuple of Desk
        In the order of the events.
    """
    return with_posts(connection, desks_of(connection, day, asked, policy=policy), day.day)


def desks_of(
    connection: sa.Connection, day: DayIndexes, asked: Sequence[Asked], *, policy: RoutingPolicy | None = None
) -> tuple[Desk, ...]:
    """Do what `route` does, but for who serves there."""
    if not asked:
        return ()
    lon, lat = (np.array([getattr(one, axis) for one in asked], dtype=np.float64) for axis in ("lon", "lat"))
    known = _Round(
        policy_in_force(connection, POLICY) if policy is None else policy,
        DayAreas(day, lon, lat),
        _exceptions(connection, asked, day),
    )
    desks = [_desk(known, place, one) for place, one in enumerate(asked)]
    return tuple(_with_others(connection, known, asked, desks))


def with_posts(connection: sa.Connection, desks: Sequence[Desk], day: date) -> tuple[Desk, ...]:
    """Add to desks of areas who serves there on a day, with the phones that whoever acts may see."""
    keys = {
        (desk.layer_id, desk.area_code)
        for desk in desks
        if desk.layer_id is not None and desk.area_code is not None
    }
    posts = serving_posts(connection, keys, day=day) if keys else {}
    return tuple(
        desk
        if desk.layer_id is None or desk.area_code is None
        else replace(desk, posts=posts.get((desk.layer_id, desk.area_code), ()))
        for desk in desks
    )


def _exceptions(connection: sa.Connection, asked: Sequence[Asked], day: DayIndexes) -> dict[int, ExceptionAt]:
    placed = [place for place, one in enumerate(asked) if one.has_place]
    with as_owner(connection):  # they hold whoever asks
        found = exceptions_at(
            connection,
            [asked[place].lon for place in placed],
            [asked[place].lat for place in placed],
            [None if (item := asked[place].item) is None else item.code for place in placed],
            day=day.day,
        )
    return {placed[number]: one for number, one in found.items()}


def _desk(known: _Round, place: int, asked: Asked) -> Desk:
    """Choose the desk of one event."""
    areas, item = known.areas, asked.item
    department = None if item is None else item.department_code
    exception = known.exceptions.get(place)
    if exception is not None:
        excepted = _excepted(areas, exception, department)
        if excepted is not None:
            return excepted
    covering = (
        [name for name in areas.partitions if areas.area_of(name, place) >= 0] if asked.has_place else []
    )
    is_outside = asked.has_place and not covering
    choice = choose_desk(known.policy, asked.level, item, covering, is_outside=is_outside)
    if choice.kind is not DeskKind.AREA or choice.layer is None:
        return Desk(choice.kind, department_code=department)
    return _of_area(areas, choice.layer, areas.area_of(choice.layer, place), department)


def _excepted(areas: DayAreas, exception: ExceptionAt, department: str | None) -> Desk | None:
    """Return the desk that an exception names; None where its area is in force no more."""
    department = exception.department_code or department
    if exception.layer is None or exception.area_code is None:
        return Desk(DeskKind.DEPARTMENT, department_code=department, exception=exception.title)
    row = areas.row_of(exception.layer, exception.area_code)
    if row is None:
        return None
    return replace(_of_area(areas, exception.layer, row, department), exception=exception.title)


def _of_area(areas: DayAreas, layer: str, row: int, department: str | None) -> Desk:
    index = areas.day.layers[layer]
    return Desk(
        DeskKind.AREA,
        layer=layer,
        layer_id=index.layer.id,
        area_code=index.codes[row],
        area_name=index.names[row],
        department_code=department,
    )


def _with_others(
    connection: sa.Connection, known: _Round, asked: Sequence[Asked], desks: Sequence[Desk]
) -> Iterable[Desk]:
    """Add to desks who is above and who is near."""
    areas = known.areas
    near = _near(known, asked, desks)
    outside = [
        place
        for place, desk in enumerate(desks)
        if desk.kind is DeskKind.TRIAGE
        and asked[place].has_place
        and all(areas.area_of(name, place) < 0 for name in areas.partitions)
    ]
    nearest = areas.nearest(outside) if outside else {}
    for place, desk in enumerate(desks):
        if desk.layer is None or desk.layer_id is None or desk.area_code is None:
            yield replace(desk, nearest=nearest[place]) if place in nearest else desk
            continue
        yield replace(
            desk,
            neighbours=tuple(one for one in near.get(place, ()) if one.code != desk.area_code),
            above=areas.above(connection, desk.layer, desk.area_code),
        )


def _near(known: _Round, asked: Sequence[Asked], desks: Sequence[Desk]) -> dict[int, tuple[NearArea, ...]]:
    """Return the neighbours of events on desks of areas, among the areas of the same layer."""
    by_layer: dict[str, list[int]] = {}
    for place, desk in enumerate(desks):
        if desk.layer in known.areas.partitions and asked[place].has_place:
            by_layer.setdefault(str(desk.layer), []).append(place)
    found: dict[int, tuple[NearArea, ...]] = {}
    for layer, places in by_layer.items():
        found |= known.areas.near(layer, places, known.policy.border_m)
    return found
