"""Events that come in one by one or in batches, written set by set by the service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.registers import StoredCategory
from gisgov.store.statements import statement
from gisgov.store.tables import building, category, device, plan
from gisgov.types import Json

Key = tuple[str, str]
"""Source and id there."""


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that is there already.

    ``reported_by`` is None for one that came from a file; ``is_touched`` tells whether anybody but whoever
    reported it took a step with it; ``said`` is the fingerprint of what its source said last.
    """

    id: int
    source: str
    external_id: str
    category: str | None
    category_code: str | None
    category_id: int | None
    level: str | None
    state: str
    occurred_at: datetime
    description: str | None
    lon: float | None
    lat: float | None
    problem: str | None
    attributes: Json
    building_id: int | None
    device_id: str | None
    reported_by: str | None
    is_touched: bool
    said: str | None


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """A building or a device by which a place is named; no coordinate where it has none."""

    id: int | str
    lon: float | None
    lat: float | None


@dataclass(slots=True)
class EventAreas:
    """Rows of events and layers as columns: an owner, or why there is none and which area is nearest."""

    event_id: list[int] = field(default_factory=list)
    layer_id: list[int] = field(default_factory=list)
    plan_id: list[int | None] = field(default_factory=list)
    area_code: list[str | None] = field(default_factory=list)
    on_border: list[bool] = field(default_factory=list)
    candidates: list[tuple[str, ...]] = field(default_factory=list)
    orphan_reason: list[str | None] = field(default_factory=list)
    nearest_code: list[str | None] = field(default_factory=list)


_LOCK = "FOR NO KEY UPDATE OF event"


def known_events(
    connection: sa.Connection, keys: Sequence[Key], *, locks: bool = False
) -> dict[Key, KnownEvent]:
    """Return those of the events that are there already, by their keys; locked, they stay as they are."""
    asked = {
        "sources": array_literal(source for source, _ in keys),
        "ids": array_literal(key for _, key in keys),
    }
    rows = rows_of(connection, statement("events_known", locking=_LOCK if locks else ""), asked)
    return {(row.source, row.external_id): KnownEvent(*row) for row in rows}


# the numbers of the transactions that wrote the rows
_REGISTER = sa.text(
    "SELECT current_database(), count(*), sum(CAST(CAST(xmin AS TEXT) AS BIGINT)) FROM category"
)


def register_state(connection: sa.Connection) -> tuple[object, ...]:
    """Return what changes whenever anything in the register of categories does."""
    return tuple(rows_of(connection, _REGISTER, {})[0])


def categories_ever_in_force(connection: sa.Connection) -> list[tuple[StoredCategory, date, date | None]]:
    """Return all versions of items that were in force ever, with their first day and the first day after."""
    names = [*StoredCategory.__dataclass_fields__]
    columns = [category.c[name] for name in (*names, "valid_from", "valid_to")]
    rows = connection.execute(sa.select(*columns).where(category.c.valid_from.is_not(None)))
    return [
        (StoredCategory(**{name: row[name] for name in names}), row["valid_from"], row["valid_to"])
        for row in rows.mappings()
    ]


def buildings_named(connection: sa.Connection, ids: Iterable[str]) -> dict[str, dict[str, PlaceOf]]:
    """Return buildings by the ids their sources gave them, then by source; their place is inside them."""
    asked = sorted(set(ids))
    if not asked:
        return {}
    place = sa.func.ST_PointOnSurface(building.c.geom)
    query = sa.select(
        building.c.id,
        building.c.source,
        building.c.external_id,
        sa.func.ST_X(place).label("lon"),
        sa.func.ST_Y(place).label("lat"),
    ).where(sa.text("external_id = ANY (CAST(:ids AS TEXT[]))"))
    found: dict[str, dict[str, PlaceOf]] = {}
    for row in connection.execute(query, {"ids": array_literal(asked)}):
        found.setdefault(row.external_id, {})[row.source] = PlaceOf(row.id, row.lon, row.lat)
    return found


def devices_named(connection: sa.Connection, ids: Iterable[str]) -> dict[str, PlaceOf]:
    """Return devices that are not retired, by their ids."""
    asked = sorted(set(ids))
    if not asked:
        return {}
    query = sa.select(
        device.c.id, sa.func.ST_X(device.c.geom).label("lon"), sa.func.ST_Y(device.c.geom).label("lat")
    ).where(sa.text("id = ANY (CAST(:ids AS TEXT[]))"), device.c.state != "retired")
    rows = connection.execute(query, {"ids": array_literal(asked)})
    return {row.id: PlaceOf(row.id, row.lon, row.lat) for row in rows}


def enter_events(connection: sa.Connection, events: Sequence[Mapping[str, Any]]) -> dict[Key, int]:
    """Write new events and return their ids by their keys; what somebody was faster with is left out."""
    rows = rows_of(connection, statement("enter_events"), {"events": json.dumps(events)})
    return {(row.source, row.external_id): row.id for row in rows}


def correct_events(connection: sa.Connection, events: Sequence[Mapping[str, Any]]) -> None:
    """Write anew what sources say of events that are there."""
    connection.execute(statement("correct_events"), {"events": json.dumps(events)})


def forget_areas(connection: sa.Connection, event_ids: Sequence[int]) -> None:
    """Forget which areas events belong to."""
    connection.execute(statement("forget_joined", subject="event"), {"ids": list(event_ids)})


def enter_areas(connection: sa.Connection, rows: EventAreas) -> None:
    """Write which areas events belong to, or which are nearest."""
    if rows.event_id:
        given = {
            "event_ids": array_literal(rows.event_id),
            "layer_ids": array_literal(rows.layer_id),
            "plan_ids": array_literal(rows.plan_id),
            "codes": array_literal(rows.area_code),
            "borders": array_literal(rows.on_border),
            "candidates": array_literal(array_literal(one) if one else None for one in rows.candidates),
            "reasons": array_literal(rows.orphan_reason),
            "nearest": array_literal(rows.nearest_code),
        }
        rows_of(connection, statement("enter_event_areas"), given)


def days_of_change(connection: sa.Connection) -> tuple[date, ...]:
    """Return the days on which plans in force change, in their order: between them every day is alike."""
    days = (plan.c.valid_from, plan.c.valid_to)
    each = (sa.select(one).where(plan.c.status != "draft", one.is_not(None)) for one in days)
    return tuple(sorted(connection.scalars(sa.union(*each))))
