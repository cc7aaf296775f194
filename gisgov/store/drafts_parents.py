"""Which area above each block of a draft lies in: as its area states, for no two files agree to the metre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.drafts import any_of
from gisgov.store.drafts_places import each_of
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, assignment, plan


def state_parents(connection: sa.Connection, plan_id: int) -> None:
    """Let blocks of which nobody said it lie where their area states, if that is one area above."""
    connection.execute(statement("state_parents"), {"plan_id": plan_id})


def stated_parents(connection: sa.Connection, plan_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Return the area above that each of these blocks of a draft lies in, where it is known."""
    given = each_of(ids, sa.BigInteger)
    own = sa.select(assignment.c.block_id, assignment.c.parent_code)
    own = own.where(assignment.c.plan_id == plan_id, assignment.c.block_id == given.c.value)
    place = own.limit(1).lateral()
    query = sa.select(place.c.block_id, place.c.parent_code).join_from(given, place, sa.true())
    found = connection.execute(query.where(place.c.parent_code.is_not(None)))
    return {row[0]: row[1] for row in found.all()}


def codes_in_force(
    connection: sa.Connection, layer_id: int, day: date, codes: Iterable[str]
) -> frozenset[str]:
    """Return those of some codes that areas of a layer in force on a day have."""
    query = sa.select(area.c.code).join_from(area, plan).where(plan.c.layer_id == layer_id, in_force_on(day))
    return frozenset(connection.scalars(query.where(area.c.code == any_of(codes, sa.Text))))


def put_parents(
    connection: sa.Connection, plan_id: int, ids: Sequence[int], parents: Sequence[str | None]
) -> None:
    """Write the area above that blocks of a draft lie in."""
    arrays = {"block_ids": array_literal(ids), "parent_codes": array_literal(parents)}
    given = {"plan_id": plan_id, **arrays}
    connection.execute(statement("put_parents"), given)
