"""The changes of a layer: which plans ended on a day, which began, and what their areas took over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from gisgov.services.comparing import lineage_rows, overlaps_between
from gisgov.store import plans
from gisgov.store.cells import names_of_areas
from gisgov.store.lineage import LineageRow, lineage_between
from gisgov.store.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class Passage:
    """Ground that one area took over from another, with their plans and names; None where there is none."""

    row: LineageRow
    former_plan: StoredPlan | None
    former_name: str | None
    plan: StoredPlan | None
    name: str | None


@dataclass(slots=True)
class Step:
    """A day on which plans of a layer came into force, those that they followed, and what passed on."""

    day: date
    formers: tuple[StoredPlan, ...]
    laters: tuple[StoredPlan, ...]
    _passages: tuple[Passage, ...] | None = field(default=None, repr=False)

    def passages(self, connection: sa.Connection) -> tuple[Passage, ...]:
        """Return what publishing wrote down; for plans published before that was done, find it now."""
        if self._passages is None:
            self._passages = tuple(_passages(connection, self.formers, self.laters))
        return self._passages


def steps_of(connection: sa.Connection, layer: str) -> tuple[Step, ...]:
    """Return the changes of a layer in time.

    A plan follows those that ended on its first day, or else the one of its scope that ended last before it.
    """
    known = [one for one in plans.all_plans(connection, layer_name=layer) if was_in_force(one)]
    steps = []
    for day in sorted({one.valid_from for one in known if one.valid_from is not None}):
        laters = tuple(one for one in known if one.valid_from == day)
        formers = [one for one in known if one.valid_to == day]
        ended = {one.scope_code for one in formers}
        for scope in sorted({one.scope_code for one in laters} - ended):
            formers += _last_before(known, scope, day)
        if formers:
            steps.append(Step(day, tuple(formers), laters))
    return tuple(steps)


def was_in_force(plan: StoredPlan) -> bool:
    """Whether a plan was, is or will be in force; one taken back before its first day never was."""
    return plan.valid_from is not None and plan.valid_from != plan.valid_to


def _last_before(known: Sequence[StoredPlan], scope: str, day: date) -> list[StoredPlan]:
    ended = [
        (one.valid_to, one.id, one)
        for one in known
        if one.scope_code == scope and one.valid_to is not None and one.valid_to < day
    ]
    return [max(ended)[2]] if ended else []


def _written(
    connection: sa.Connection, formers: Sequence[StoredPlan], laters: Sequence[StoredPlan]
) -> list[LineageRow]:
    """Return what publishing wrote down; nothing unless it did of every plan of the two sides."""
    pairs = {
        (former.id, later.id): rows
        for former in formers
        for later in laters
        if (rows := lineage_between(connection, later.id, former.id)) is not None
    }
    of_all = {side for pair in pairs for side in pair} == {one.id for one in (*formers, *laters)}
    return [row for rows in pairs.values() for row in rows] if of_all else []


def _found(
    connection: sa.Connection, formers: Sequence[StoredPlan], laters: Sequence[StoredPlan]
) -> tuple[LineageRow, ...]:
    return lineage_rows(overlaps_between(connection, formers, laters))


def _passages(
    connection: sa.Connection, formers: Sequence[StoredPlan], laters: Sequence[StoredPlan]
) -> Iterator[Passage]:
    old = {one.id: names_of_areas(connection, [one.id]) for one in formers}
    new = {one.id: names_of_areas(connection, [one.id]) for one in laters}
    for row in _written(connection, formers, laters) or _found(connection, formers, laters):
        former = next((one for one in formers if row.former_code in old[one.id]), None)
        later = next((one for one in laters if row.code in new[one.id]), None)
        yield Passage(
            row,
            former,
            None if former is None else old[former.id][row.former_code or ""],
            later,
            None if later is None else new[later.id][row.code or ""],
        )
