"""Whistles: departments that were called to events, and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from gisgov.governance.limits import Amount
from gisgov.store.acting import who_acts
from gisgov.store.array_literals import array_literal
from gisgov.store.statements import statement
from gisgov.store.tables import department, event, event_told, layer, whistle, whistle_call


def desk_area(connection: sa.Connection, event_id: int) -> tuple[str, str] | None:
    """Return layer and code of the area on whose desk an event lies; None where it is no area's."""
    query = sa.select(layer.c.name, event.c.desk_area_code).join_from(
        event, layer, layer.c.id == event.c.desk_layer_id
    )
    row = connection.execute(query.where(event.c.id == event_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def lies_on_desk(connection: sa.Connection, event_id: int, layer_name: str, code: str) -> bool:
    """Whether an event lies on the desk of an area, or of one below it."""
    told = sa.select(event_told.c.event_id).join_from(event_told, layer, layer.c.id == event_told.c.layer_id)
    query = told.where(
        event_told.c.event_id == event_id,
        event_told.c.why.in_(("desk", "above")),
        event_told.c.area_code == code,
        layer.c.name == layer_name,
    )
    return bool(connection.scalar(sa.select(query.exists())))


def unknown_departments(connection: sa.Connection, codes: Sequence[str]) -> list[str]:
    """Return those of the codes that no department has."""
    known = set(connection.scalars(sa.select(department.c.code).where(department.c.code.in_(codes))))
    return [one for one in codes if one not in known]


def still_called(connection: sa.Connection, event_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Return which of some departments still owe an answer about an event, each with its whistle."""
    query = (
        sa.select(whistle_call.c.department_code, whistle.c.id)
        .join_from(whistle_call, whistle)
        .where(
            whistle.c.event_id == event_id,
            whistle.c.closed_at.is_(None),
            whistle_call.c.answered_at.is_(None),
            whistle_call.c.department_code.in_(codes),
        )
    )
    return {row.department_code: row.id for row in connection.execute(query)}


def add_whistle(
    connection: sa.Connection,
    event_id: int,
    area: tuple[str, str] | None,
    departments: Sequence[str],
    *,
    reason: str,
    same_day: bool,
    within: Amount,
    calendar: str,
    at: datetime | None = None,
) -> int:
    """Call departments to an event, in the name of whoever acts; return the id of the whistle.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    event_id : int
        The event.
    area : tuple of str or None
        Layer and code of the area that calls.
    departments : sequence of str
        Their codes, each once.
    reason : str
        Why.
    same_day : bool
        Whether the answer is due at the end of the working day, not ``within`` so much.
    within : Amount
        How long they may take.
    calendar : str
        In which working time is counted.
    at : datetime.datetime, optional
        When they are called; None: now.
    """
    layer_id = None if area is None else sa.select(layer.c.id).where(layer.c.name == area[0])
    values = {
        "event_id": event_id,
        "layer_id": None if layer_id is None else layer_id.scalar_subquery(),
        "area_code": None if area is None else area[1],
        "reason": reason,
        "same_day": same_day,
        "called_by": who_acts(connection),
        "called_at": at or sa.func.clock_timestamp(),
    }
    whistle_id = int(connection.scalar(sa.insert(whistle).values(**values).returning(whistle.c.id)) or 0)
    given = {
        "whistle_id": whistle_id,
        "departments": array_literal(departments),
        "amount": within.number,
        "unit": within.unit.value,
        "calendar": calendar,
    }
    connection.execute(statement("call_departments"), given)
    return whistle_id


def answer(
    connection: sa.Connection,
    whistle_id: int,
    code: str,
    words: str,
    *,
    on_behalf: bool = False,
    at: datetime | None = None,
) -> bool:
    """Write the answer of a department that has not answered; return whether it was the last one.

    Inside `gisgov.store.acting.as_owner`.
    """
    connection.execute(
        sa.update(whistle_call)
        .where(whistle_call.c.whistle_id == whistle_id, whistle_call.c.department_code == code)
        .values(
            answered_at=at or sa.func.clock_timestamp(),
            answered_by=who_acts(connection),
            answer=words,
            on_behalf=on_behalf,
        )
    )
    owed = sa.select(whistle_call.c.whistle_id).where(
        whistle_call.c.whistle_id == whistle_id, whistle_call.c.answered_at.is_(None)
    )
    return not connection.scalar(sa.select(owed.exists()))


def close(connection: sa.Connection, whistle_id: int, at: datetime | None = None) -> None:
    """Close a whistle; inside `gisgov.store.acting.as_owner`."""
    closed = sa.update(whistle).where(whistle.c.id == whistle_id)
    connection.execute(closed.values(closed_at=at or sa.func.clock_timestamp()))


def whistles(
    connection: sa.Connection,
    *,
    whistle_id: int | None = None,
    event_id: int | None = None,
    department_code: str | None = None,
    is_open: bool | None = None,
    before: int | None = None,
    most: int = 1,
) -> Sequence[sa.RowMapping]:
    """Return whistles as far as whoever acts may see their events, the latest first.

    Of a department ``is_open`` asks whether it still owes an answer; without one whether the whistle is open.
    """
    given = {
        "whistle_id": whistle_id,
        "event_id": event_id,
        "department": department_code,
        "is_open": is_open,
        "before": before,
        "most": most,
    }
    return connection.execute(statement("whistles_told"), given).mappings().all()
