"""What is told of whistles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store import whistles
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True)
class DepartmentCall:
    """A department that was called.

    Attributes
    ----------
    department, title : str
        Its code and title.
    due_at : datetime.datetime
        By when it has to answer.
    state : str
        ``running``, ``overdue``, ``kept`` (answered in time), ``missed`` (answered late) or ``void`` (the
        whistle was closed without its answer).
    answered_at : datetime.datetime or None
        When it answered.
    answered_by, answer : str or None
        Who answered for it, and what.
    on_behalf : bool
        Whether that was none of its people, but somebody who dispatches, in its name.
    """

    department: str
    title: str
    due_at: datetime
    state: str
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None
    on_behalf: bool


@dataclass(frozen=True, slots=True)
class WhistleInfo:
    """A call of departments to an event.

    Attributes
    ----------
    id : int
        Its number.
    event_id : int
        The event.
    layer, area : str or None
        The area that calls; None where the event lies on no area's desk.
    reason : str
        Why.
    same_day : bool
        Whether the answers were due at the end of the working day.
    called_at, called_by : datetime.datetime, str
        When, and who did.
    closed_at : datetime.datetime or None
        When the last department answered, or whoever called closed it; None: it is open.
    calls : tuple of DepartmentCall
        The departments, by code.
    """

    id: int
    event_id: int
    layer: str | None
    area: str | None
    reason: str
    same_day: bool
    called_at: datetime
    called_by: str
    closed_at: datetime | None
    calls: tuple[DepartmentCall, ...]


def list_whistles(
    database: Database,
    *,
    department: str | None = None,
    event_id: int | None = None,
    is_open: bool | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[WhistleInfo, ...]:
    """Return whistles for events that whoever asks may see, the latest first.

    Parameters
    ----------
    database : Database
        Where they are.
    department : str, optional
        Only those that call this department.
    event_id : int, optional
        Only those for this event.
    is_open : bool, optional
        Only those that the department still has to answer (or has not); without a department those that are
        not closed (or are).
    before : int, optional
        Only those with a lower id: where the page before ended.
    limit : int
        At most so many.
    """
    with database.begin() as connection:
        rows = whistles.whistles(
            connection,
            department_code=department,
            event_id=event_id,
            is_open=is_open,
            before=before,
            most=limit,
        )
    return tuple(info_of(row) for row in rows)


def whistle_info(connection: sa.Connection, whistle_id: int) -> WhistleInfo:
    """Return a whistle.

    Raises
    ------
    NotFoundError
        There is none of that number for an event that whoever acts may see.
    """
    rows = whistles.whistles(connection, whistle_id=whistle_id)
    if not rows:
        raise NotFoundError(f"There is no whistle {whistle_id} where you may see events.", field="id")
    return info_of(rows[0])


def info_of(row: sa.RowMapping) -> WhistleInfo:
    """Return a whistle as it is told."""
    return WhistleInfo(
        id=row["id"],
        event_id=row["event_id"],
        layer=row["layer"],
        area=row["area_code"],
        reason=row["reason"],
        same_day=row["same_day"],
        called_at=row["called_at"],
        called_by=row["called_by"],
        closed_at=row["closed_at"],
        calls=tuple(_call(one) for one in row["calls"]),
    )


def _call(told: dict[str, Any]) -> DepartmentCall:
    answered = told["answered_at"]
    return DepartmentCall(
        department=told["department"],
        title=told["title"],
        due_at=datetime.fromisoformat(told["due_at"]),
        state=told["state"],
        answered_at=None if answered is None else datetime.fromisoformat(answered),
        answered_by=told["answered_by"],
        answer=told["answer"],
        on_behalf=told["on_behalf"],
    )
