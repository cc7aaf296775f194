"""Where events stand, for whoever asks: many at once with few questions to the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from gisgov.governance.events import EventLevel, EventState
from gisgov.governance.loop import Need, Transition, loop_machine
from gisgov.governance.loop.walking import owning_department
from gisgov.services.access import is_program, rights_in_events
from gisgov.services.access.departments import DISPATCH
from gisgov.services.loop.reports import (
    EventAreaInfo,
    EventCategory,
    EventDesk,
    EventInfo,
    EventLimit,
    EventPlace,
    NextStep,
)
from gisgov.store import event_rows
from gisgov.store.accounts import acting_department
from gisgov.store.event_rows import Row


def event_infos(connection: sa.Connection, ids: Sequence[int]) -> tuple[EventInfo, ...]:
    """Return events and where they stand, in the order of their ids as given.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that knows whose it is.
    ids : sequence of int
        The events; those that whoever acts cannot see are left out.
    """
    rows = event_rows.event_rows(connection, ids)
    if not rows:
        return ()
    seen = [one for one in ids if one in rows]
    areas, limits = (
        event_rows.areas_of_events(connection, seen),
        event_rows.limits_of_events(connection, seen),
    )
    rights = {one.right for one in loop_machine().transitions.values() if one.right}
    held = rights_in_events(connection, rights, seen)
    program = is_program(connection)
    own = acting_department(connection)
    return tuple(
        _info(
            rows[one],
            areas.get(one, ()),
            limits.get(one, ()),
            tuple(_next_steps(rows[one], held[one], program, own)),
        )
        for one in seen
    )


def desk_of(row: Row) -> EventDesk | None:
    """Return whose desk a row tells of."""
    if row["desk_kind"] is None:
        return None
    return EventDesk(
        kind=row["desk_kind"],
        layer=row["desk_layer"],
        code=row["desk_code"],
        name=row["desk_name"],
        department=row["department_code"],
        department_title=row["department_title"],
    )


_SAME = (
    "id", "source", "external_id", "category_text", "level", "state", "step_number", "occurred_at",
    "received_at", "changed_at", "closed_at", "description", "merged_into", "duplicates", "dispute_grade",
)  # fmt: skip


def _info(row: Row, areas: Iterable[Row], limits: Iterable[Row], steps: tuple[NextStep, ...]) -> EventInfo:
    return EventInfo(
        **{name: row[name] for name in _SAME},
        category=_category(row),
        place=EventPlace(row["lon"], row["lat"], row["problem"], row["building_id"], row["device_id"]),
        desk=desk_of(row),
        areas=tuple(
            EventAreaInfo(one["layer"], one["plan"], one["code"], one["name"], one["orphan_reason"])
            for one in areas
        ),
        limits=tuple(
            EventLimit(one["stage"], one["started_at"], one["warn_at"], one["due_at"], one["state"])
            for one in limits
        ),
        next_steps=steps,
    )


def _category(row: Row) -> EventCategory | None:
    if row["category_code"] is None:
        return None
    return EventCategory(
        row["category_code"], row["category_title"], row["category_title_en"], row["category_version"]
    )


def _next_steps(row: Row, rights: frozenset[str], program: bool, own: str | None) -> Iterable[NextStep]:
    state = EventState(row["state"])
    for one in loop_machine().legal(state):
        department = owning_department(one, row["desk_kind"], row["department_code"])
        is_theirs = department in (None, own) or DISPATCH in rights
        if one.right in rights and is_theirs and _is_for(one, row["level"], program):
            to = None if one.back else one.leads_to(state).value
            yield NextStep(one.action, one.title_zh, one.title_en, to, tuple(one.needs))


def _is_for(transition: Transition, level: str | None, program: bool) -> bool:
    if program and Need.PERSON in transition.needs:
        return False
    return Need.FIRST_LEVEL not in transition.needs or level == EventLevel.FIRST.value
