"""The log of a draft: written an operation at a time, read backwards from what the draft is now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import distinct_on

from gisgov.store.array_literals import array_literal
from gisgov.store.drafts import any_of
from gisgov.store.drafts_foreign import OVERWRITTEN
from gisgov.store.statements import statement
from gisgov.store.tables import draft_area, draft_move, draft_operation
from gisgov.types import Json

BASED_ON = "based_on"
"""Parameter of operations that put a draft on to another plan."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a block was and is: ``was_in`` and ``is_in`` the draft, in which area; None is in none."""

    block_id: int
    was_in: bool
    is_in: bool
    from_code: str | None
    to_code: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of an area before and after; None where there was, or is, no such area."""

    code: str
    before: Json | None
    after: Json | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log; ``undoes`` is the id of the operation that it takes back or does again."""

    id: int
    revision: int
    kind: str
    account: str
    at: datetime
    parameters: Json
    undoes: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What tells how far undo and redo reach; see `Entry`."""

    id: int
    revision: int
    kind: str
    undoes: int | None


def log_operation(
    connection: sa.Connection,
    plan_id: int,
    *,
    revision: int,
    kind: str,
    account: str,
    parameters: Json,
    undoes: int | None,
    moves: Sequence[Move],
    said: Sequence[Said],
) -> None:
    """Add an operation to the log of a draft."""
    values = {
        "plan_id": plan_id,
        "revision": revision,
        "kind": kind,
        "account": account,
        "parameters": parameters,
        "undoes": undoes,
    }
    added = sa.insert(draft_operation).values(values).returning(draft_operation.c.id)
    log_changes(connection, connection.execute(added).scalar_one(), moves, said)


def log_changes(
    connection: sa.Connection, operation_id: int, moves: Sequence[Move], said: Sequence[Said]
) -> None:
    """Add to a logged operation what it moved, and what else is said of areas."""
    if moves:
        connection.execute(
            statement("log_moves"),
            {
                "operation_id": operation_id,
                "block_ids": array_literal(one.block_id for one in moves),
                "was_in": array_literal(one.was_in for one in moves),
                "is_in": array_literal(one.is_in for one in moves),
                "from_codes": array_literal(one.from_code for one in moves),
                "to_codes": array_literal(one.to_code for one in moves),
            },
        )
    if said:
        connection.execute(
            statement("log_areas"),
            {
                "operation_id": operation_id,
                "codes": [one.code for one in said],
                "before": [_text(one.before) for one in said],
                "after": [_text(one.after) for one in said],
            },
        )


def said_json(
    name: str, attributes: Json, locked: bool, stated: tuple[int | None, int | None] | None = None
) -> Json:
    """Return what people say of an area as the log keeps it; ``stated`` is what it states of its people."""
    found = {"name": name, "attributes": attributes, "locked": locked}
    return found if stated is None else {**found, "stated": [*stated]}


def was_overwritten(connection: sa.Connection, plan_id: int, revision: int) -> Entry | None:
    """Return the last entry after a revision that says that no trace is left of what was before it."""
    columns = [draft_operation.c[name] for name in Entry.__dataclass_fields__]
    query = sa.select(*columns).where(
        draft_operation.c.plan_id == plan_id,
        draft_operation.c.revision > revision,
        draft_operation.c.kind == OVERWRITTEN,
    )
    row = connection.execute(query.order_by(draft_operation.c.revision.desc()).limit(1)).one_or_none()
    return None if row is None else Entry(*row)


def entries(
    connection: sa.Connection,
    plan_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int | None = None,
) -> tuple[Entry, ...]:
    """Return operations of a draft, the newest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_id : int
        The draft.
    before, after : int, optional
        Only those of revisions below, or above, this one.
    limit : int, optional
        The first so many of them.
    """
    columns = [draft_operation.c[name] for name in Entry.__dataclass_fields__]
    query = sa.select(*columns).where(draft_operation.c.plan_id == plan_id)
    if before is not None:
        query = query.where(draft_operation.c.revision < before)
    if after is not None:
        query = query.where(draft_operation.c.revision > after)
    rows = connection.execute(query.order_by(draft_operation.c.revision.desc()).limit(limit))
    return tuple(Entry(*row) for row in rows)


def entry_of(connection: sa.Connection, operation_id: int) -> Entry:
    """Return an operation by its id."""
    columns = [draft_operation.c[name] for name in Entry.__dataclass_fields__]
    return Entry(*connection.execute(sa.select(*columns).where(draft_operation.c.id == operation_id)).one())


def revisions_of(connection: sa.Connection, operation_ids: Sequence[int]) -> dict[int, int]:
    """Return the revisions of operations by their ids."""
    query = sa.select(draft_operation.c.id, draft_operation.c.revision)
    chosen = draft_operation.c.id == any_of(operation_ids, sa.BigInteger)
    return {row[0]: row[1] for row in connection.execute(query.where(chosen))}


def based_on_before(connection: sa.Connection, plan_id: int, revision: int) -> int | None:
    """Return the id of the plan that a draft was based on when it had a revision; None if it is so still.

    What changes that says so in its parameters: ``based_on`` has the ids before and after.
    """
    query = (
        sa.select(draft_operation.c.parameters[BASED_ON][0].as_integer())
        .where(draft_operation.c.plan_id == plan_id, draft_operation.c.revision > revision)
        .where(draft_operation.c.parameters.has_key(BASED_ON))
        .order_by(draft_operation.c.revision)
        .limit(1)
    )
    return connection.scalar(query)


def steps(connection: sa.Connection, plan_id: int, *, before: int | None, limit: int) -> tuple[Step, ...]:
    """Return operations of a draft without what was asked for, the newest first; see `entries`."""
    columns = [draft_operation.c[name] for name in Step.__dataclass_fields__]
    query = sa.select(*columns).where(draft_operation.c.plan_id == plan_id)
    if before is not None:
        query = query.where(draft_operation.c.revision < before)
    rows = connection.execute(query.order_by(draft_operation.c.revision.desc()).limit(limit))
    return tuple(Step(*row) for row in rows)


def moves_of(connection: sa.Connection, operation_id: int) -> tuple[Move, ...]:
    """Return what an operation moved, by block."""
    query = sa.select(*_MOVE).where(draft_move.c.operation_id == operation_id)
    return tuple(Move(*row) for row in connection.execute(query.order_by(draft_move.c.block_id)).all())


def said_of(connection: sa.Connection, operation_id: int) -> tuple[Said, ...]:
    """Return what an operation changed of areas besides their ground, by code."""
    query = sa.select(*_SAID).where(draft_area.c.operation_id == operation_id)
    return tuple(Said(*row) for row in connection.execute(query.order_by(draft_area.c.code)))


def moves_since(connection: sa.Connection, plan_id: int, revision: int) -> tuple[Move, ...]:
    """Return where blocks were at a revision and are now, for each that moved since."""
    first, last = _ends(draft_move, draft_move.c.block_id, _MOVE, plan_id, revision)
    query = sa.select(
        first.c.block_id, first.c.was_in, last.c.is_in, first.c.from_code, last.c.to_code
    ).join_from(first, last, first.c.block_id == last.c.block_id)
    return tuple(Move(*row) for row in connection.execute(query.order_by(first.c.block_id)).all())


def said_since(connection: sa.Connection, plan_id: int, revision: int) -> tuple[Said, ...]:
    """Return what was said of areas at a revision and is now, for each of which it changed since."""
    first, last = _ends(draft_area, draft_area.c.code, _SAID, plan_id, revision)
    query = sa.select(first.c.code, first.c.before, last.c.after)
    query = query.join_from(first, last, first.c.code == last.c.code)
    return tuple(Said(*row) for row in connection.execute(query.order_by(first.c.code)))


def counts_of(
    connection: sa.Connection, operation_ids: Sequence[int]
) -> Mapping[int, tuple[int, tuple[str, ...]]]:
    """Return for each operation how many blocks it moved, and the codes of the areas that it changed."""
    chosen = any_of(operation_ids, sa.BigInteger)
    rows = connection.execute(
        sa.select(
            draft_move.c.operation_id,
            draft_move.c.from_code,
            draft_move.c.to_code,
            func.count(),
        )
        .where(draft_move.c.operation_id == chosen)
        .group_by(draft_move.c.operation_id, draft_move.c.from_code, draft_move.c.to_code)
    )
    blocks: dict[int, int] = dict.fromkeys(operation_ids, 0)
    codes: dict[int, set[str]] = {one: set() for one in operation_ids}
    for operation_id, before, now, count in rows:
        blocks[operation_id] += count
        codes[operation_id] |= {before, now} - {None}
    said = sa.select(draft_area.c.operation_id, draft_area.c.code)
    for operation_id, code in connection.execute(said.where(draft_area.c.operation_id == chosen)):
        codes[operation_id].add(code)
    return {one: (blocks[one], tuple(sorted(codes[one]))) for one in operation_ids}


_MOVE = (
    draft_move.c.block_id,
    draft_move.c.was_in,
    draft_move.c.is_in,
    draft_move.c.from_code,
    draft_move.c.to_code,
)
_SAID = (draft_area.c.code, draft_area.c.before, draft_area.c.after)


def _ends(
    table: sa.Table, key: sa.Column[Any], columns: Sequence[sa.Column[Any]], plan_id: int, revision: int
) -> tuple[sa.Subquery, sa.Subquery]:
    """Return the first and the last row of each key since a revision."""
    query = (
        sa.select(*columns)
        .join_from(table, draft_operation)
        .where(draft_operation.c.plan_id == plan_id, draft_operation.c.revision > revision)
        .ext(distinct_on(key))
    )
    number = draft_operation.c.revision
    return query.order_by(key, number).subquery(), query.order_by(key, number.desc()).subquery()


def _text(said: Json | None) -> str | None:
    return None if said is None else json.dumps(said, ensure_ascii=False)
