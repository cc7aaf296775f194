"""Which area above each block of a draft lies in: as its area states, for no two files agree to the metre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from gisgov.store.drafts import any_of
from gisgov.store.statements import statement
from gisgov.store.tables import assignment


def state_parents(connection: sa.Connection, plan_id: int) -> None:
    """Let blocks of which nobody said it lie where their area states, if that is one area above."""
    connection.execute(statement("state_parents"), {"plan_id": plan_id})


def stated_parents(connection: sa.Connection, plan_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Return the area above that each of these blocks of a draft lies in, where it is known."""
    query = sa.select(assignment.c.block_id, assignment.c.parent_code)
    chosen = (assignment.c.plan_id == plan_id, assignment.c.block_id == any_of(ids, sa.BigInteger))
    found = connection.execute(query.where(*chosen, assignment.c.parent_code.is_not(None)))
    return {row[0]: row[1] for row in found}


def put_parents(
    connection: sa.Connection, plan_id: int, ids: Sequence[int], parents: Sequence[str | None]
) -> None:
    """Write the area above that blocks of a draft lie in."""
    given = {"plan_id": plan_id, "block_ids": [*ids], "parent_codes": [*parents]}
    connection.execute(statement("put_parents"), given)
