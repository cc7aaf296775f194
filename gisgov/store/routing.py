"""What routing asks the database: exceptions at places, and who was told of events near their border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement


@dataclass(frozen=True, slots=True)
class ExceptionAt:
    """An exception that holds at a place: the area, the department or both that answer there."""

    title: str
    layer: str | None
    area_code: str | None
    department_code: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An area that is told of an event: it has it on its desk, is above the desk, or its border is near."""

    event_id: int
    layer_id: int
    area_code: str
    why: str
    distance_m: float | None = None


def exceptions_at(
    connection: sa.Connection,
    lons: Sequence[float],
    lats: Sequence[float],
    items: Sequence[str | None],
    *,
    day: date,
) -> dict[int, ExceptionAt]:
    """Return the exceptions that hold at places (EPSG:4326) for items, by number of the place."""
    if not len(lons):
        return {}
    asked = {
        "lons": _floats(lons),
        "lats": _floats(lats),
        "items": array_literal(items),
        "day": day,
    }
    rows = rows_of(connection, statement("exceptions_at"), asked)
    return {
        row.number - 1: ExceptionAt(row.title, row.layer, row.area_code, row.department_code) for row in rows
    }


_TELL = sa.text(
    "INSERT INTO event_told (event_id, layer_id, area_code, why, distance_m) "
    "SELECT event_id, layer_id, area_code, why, metres "
    "FROM unnest(CAST(:events AS BIGINT[]), CAST(:layers AS INTEGER[]), CAST(:codes AS TEXT[]), "
    "CAST(:why AS TEXT[]), CAST(:metres AS DOUBLE PRECISION[])) "
    "AS told (event_id, layer_id, area_code, why, metres) "
    "ON CONFLICT ON CONSTRAINT event_told_pkey DO UPDATE SET distance_m = excluded.distance_m"
)
_FORGET = sa.text(
    "DELETE FROM event_told WHERE event_id = ANY (CAST(:events AS BIGINT[])) AND why = 'neighbour'"
)


def tell_areas(connection: sa.Connection, told: Sequence[Told]) -> None:
    """Let areas see events; inside `gisgov.store.acting.as_owner`."""
    if told:
        given = {
            "events": array_literal(one.event_id for one in told),
            "layers": array_literal(one.layer_id for one in told),
            "codes": array_literal(one.area_code for one in told),
            "why": array_literal(one.why for one in told),
            "metres": _floats([one.distance_m for one in told]),
        }
        rows_of(connection, _TELL, given)


def forget_neighbours(connection: sa.Connection, event_ids: Sequence[int]) -> None:
    """Let areas see events near their border no more; inside `gisgov.store.acting.as_owner`."""
    connection.execute(_FORGET, {"events": array_literal(event_ids)})


def _floats(values: Sequence[float | None]) -> str:
    return "{" + ",".join("NULL" if one is None else repr(float(one)) for one in values) + "}"
