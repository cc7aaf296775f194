"""Hazards of buildings, and what was done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gisgov.governance.access import Actor
from gisgov.governance.hazards import LEADS_TO, HazardKind, HazardState, HazardStep, Standing
from gisgov.store.acting import ACTING, who_acts
from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement
from gisgov.store.tables import building_area, hazard, hazard_step, plan

# before they are read: a statement that waited for a lock does not see the steps that were taken meanwhile
_LOCK_KNOWN: Final = sa.text(
    "SELECT FROM hazard WHERE source = :source AND external_id = ANY (CAST(:external_ids AS TEXT[])) "
    "ORDER BY id FOR UPDATE"
)
_LOCK: Final = sa.text("SELECT FROM hazard WHERE id = :id FOR UPDATE")
# told as an array, which is looked up row by row: of a subquery that planners expect few of they make a loop
_REACHED: Final = sa.text(
    "SELECT array_agg(DISTINCT building_id) FROM reached_building WHERE \"right\" = 'buildings.read'"
)


@dataclass(frozen=True, slots=True)
class KnownHazard:
    """A hazard as it stands, locked; ``step_number`` is that of its last step."""

    id: int
    external_id: str
    building_id: int
    kind: HazardKind
    event_id: int | None
    standing: Standing
    step_number: int


@dataclass(frozen=True, slots=True)
class NewHazard:
    """A hazard on its way in, with its steps and where it stands after them."""

    external_id: str
    building_id: int
    kind: HazardKind
    event_id: int | None
    description: str | None
    steps: tuple[HazardStep, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Taken:
    """Steps that are taken with a hazard, and where it stands after them."""

    known: KnownHazard
    steps: tuple[HazardStep, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class WantedHazards:
    """Which hazards somebody wants; None leaves a condition out."""

    before: int | None = None
    building_id: int | None = None
    kinds: Sequence[str] | None = None
    states: Sequence[str] | None = None
    is_overdue: bool | None = None
    layer_id: int | None = None
    code: str | None = None


def hazards_known(
    connection: sa.Connection, source: str, external_ids: Sequence[str]
) -> dict[str, KnownHazard]:
    """Return the hazards of a source that are known, by their ids there, and keep others from them.

    Inside `as_owner`.
    """
    given = {"source": source, "external_ids": array_literal(external_ids)}
    rows_of(connection, _LOCK_KNOWN, given)
    rows = rows_of(connection, statement("hazards_known"), given)
    return {row.external_id: _known(row) for row in rows}


def hazard_locked(connection: sa.Connection, hazard_id: int) -> KnownHazard:
    """Return a hazard that is there as it stands, and keep others from it; inside `as_owner`."""
    rows_of(connection, _LOCK, {"id": hazard_id})
    (row,) = rows_of(connection, statement("hazard_locked"), {"id": hazard_id})
    return _known(row)


def add_hazards(connection: sa.Connection, source: str, hazards: Sequence[NewHazard]) -> dict[str, int]:
    """Write new hazards with their steps, and return their ids by those of the source; inside `as_owner`."""
    if not hazards:
        return {}
    standings = [one.standing for one in hazards]
    given = {
        "source": source,
        "external_ids": array_literal(one.external_id for one in hazards),
        "building_ids": array_literal(one.building_id for one in hazards),
        "kinds": array_literal(one.kind.value for one in hazards),
        "event_ids": array_literal(one.event_id for one in hazards),
        "descriptions": array_literal(one.description for one in hazards),
        "found_on": _days(one.found_on for one in standings),
        "step_numbers": array_literal(len(one.steps) for one in hazards),
        **_settled(standings),
    }
    rows = rows_of(connection, statement("add_hazards"), given)
    ids = {row.external_id: row.id for row in rows}
    _add_steps(
        connection,
        [
            (ids[one.external_id], number, step)
            for one in hazards
            for number, step in enumerate(one.steps, start=1)
        ],
    )
    return ids


def settle_hazards(connection: sa.Connection, taken: Sequence[Taken]) -> None:
    """Write steps of hazards that are there, and where these stand now; inside `as_owner`."""
    if not taken:
        return
    given = {
        "ids": array_literal(one.known.id for one in taken),
        "step_numbers": array_literal(one.known.step_number + len(one.steps) for one in taken),
        **_settled([one.standing for one in taken]),
    }
    rows_of(connection, statement("settle_hazards"), given)
    _add_steps(
        connection,
        [
            (one.known.id, one.known.step_number + number, step)
            for one in taken
            for number, step in enumerate(one.steps, start=1)
        ],
    )


def hazard_page(
    connection: sa.Connection, wanted: WantedHazards, *, today: date, most: int, is_limited: bool
) -> list[int]:
    """Return the ids of some hazards, the latest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`: under the policies of accounts each hazard would be asked for
        its rights, also those of other areas.
    wanted : WantedHazards
        Which.
    today : datetime.date
        The day whose areas own buildings, and on which terms are over.
    most : int
        At most so many.
    is_limited : bool
        Whether whoever acts may see the buildings of some areas alone.
    """
    query = sa.select(hazard.c.id).where(*_conditions(wanted, today))
    if is_limited:
        reached = connection.scalar(_REACHED) or []
        query = query.where(hazard.c.building_id == sa.any_(sa.literal(reached, sa.ARRAY(sa.BigInteger))))
    return [*connection.scalars(query.order_by(hazard.c.id.desc()).limit(most))]


def hazards_told(connection: sa.Connection, ids: Sequence[int]) -> tuple[sa.RowMapping, ...]:
    """Return those of some hazards that whoever acts may see, the latest first."""
    return tuple(connection.execute(statement("hazards_told"), {"ids": array_literal(ids)}).mappings())


def steps_of_hazards(connection: sa.Connection, ids: Sequence[int]) -> Mapping[int, Sequence[sa.RowMapping]]:
    """Return what was done with hazards that whoever acts may see, in its order."""
    query = sa.select(hazard_step).where(hazard_step.c.hazard_id.in_(ids))
    found: dict[int, list[sa.RowMapping]] = {one: [] for one in ids}
    for row in connection.execute(query.order_by(hazard_step.c.hazard_id, hazard_step.c.number)).mappings():
        found[row["hazard_id"]].append(row)
    return found


def _conditions(wanted: WantedHazards, today: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        column.in_(words)
        for column, words in ((hazard.c.kind, wanted.kinds), (hazard.c.state, wanted.states))
        if words is not None
    ]
    if wanted.before is not None:
        conditions.append(hazard.c.id < wanted.before)
    if wanted.building_id is not None:
        conditions.append(hazard.c.building_id == wanted.building_id)
    if wanted.is_overdue is not None:
        overdue = (hazard.c.state == "found") & (hazard.c.due_on < today)
        conditions.append(overdue if wanted.is_overdue else overdue.is_not(True))
    if wanted.layer_id is not None:
        in_force = (plan.c.status != "draft") & sa.func.daterange(plan.c.valid_from, plan.c.valid_to).op(
            "@>"
        )(sa.cast(today, sa.Date))
        owned = sa.select(building_area.c.building_id).join(plan, plan.c.id == building_area.c.plan_id)
        of_area = (building_area.c.layer_id == wanted.layer_id) & (building_area.c.area_code == wanted.code)
        conditions.append(hazard.c.building_id.in_(owned.where(of_area, in_force)))
    return conditions


def _known(row: Any) -> KnownHazard:
    standing = Standing(
        state=HazardState(row.state),
        found_on=row.found_on,
        last_on=row.last_on,
        due_on=row.due_on,
        rectified_on=row.rectified_on,
        checked_on=row.checked_on,
        returned_on=row.returned_on,
    )
    return KnownHazard(
        id=row.id,
        external_id=row.external_id,
        building_id=row.building_id,
        kind=HazardKind(row.kind),
        event_id=row.event_id,
        standing=standing,
        step_number=row.step_number,
    )


def _settled(standings: Sequence[Standing]) -> dict[str, str]:
    return {
        "states": array_literal(one.state.value for one in standings),
        "due_on": _days(one.due_on for one in standings),
        "rectified_on": _days(one.rectified_on for one in standings),
        "checked_on": _days(one.checked_on for one in standings),
    }


def _days(days: Any) -> str:
    return array_literal(None if day is None else day.isoformat() for day in days)


def _add_steps(connection: sa.Connection, steps: Sequence[tuple[int, int, HazardStep]]) -> None:
    actor: Actor | None = connection.info.get(ACTING)
    given = {
        "hazard_ids": array_literal(key for key, _, _ in steps),
        "numbers": array_literal(number for _, number, _ in steps),
        "actions": array_literal(step.action.value for _, _, step in steps),
        "to_states": array_literal(LEADS_TO[step.action].value for _, _, step in steps),
        "days": _days(step.day for _, _, step in steps),
        "due_on": _days(step.due_on for _, _, step in steps),
        "reasons": array_literal(step.reason for _, _, step in steps),
        "by_name": who_acts(connection),
        "by_kind": "service" if actor is None else actor.kind.value,
    }
    rows_of(connection, statement("add_hazard_steps"), given)
