"""What blocks are used for by plans, and what is forgotten with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.statements import statement


@dataclass(frozen=True, slots=True)
class Use:
    """A plan that is made of blocks or their pieces, or was before it was edited: how many, and the first."""

    plan: str
    status: str
    blocks: int
    example: str


def uses_of_blocks(connection: sa.Connection, ids: Sequence[int]) -> list[Use]:
    """Return the plans that need blocks, by name, whoever may see them."""
    if not ids:
        return []
    with as_owner(connection):
        rows = connection.execute(statement("uses_of_blocks"), {"ids": [*ids]}).all()
    return [Use(*row) for row in rows]


def forget_pieces(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Delete the pieces of blocks that no plan needs: those that drafts left which are no more."""
    if ids:
        with as_owner(connection):
            connection.execute(statement("forget_pieces"), {"ids": [*ids]})
