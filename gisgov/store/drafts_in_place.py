"""Drafts that are written in place, with a log of what that moves: it can be undone like an operation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.store import drafts
from gisgov.store.acting import as_owner
from gisgov.store.drafts import DraftArea
from gisgov.store.drafts_foreign import WRITTEN, has_past, log_written, written_otherwise
from gisgov.store.drafts_log import Move, Said, log_changes, said_json
from gisgov.types import Json


@contextmanager
def written_in_place(
    connection: sa.Connection,
    plan_id: int,
    kind: str = WRITTEN,
    parameters: Json | None = None,
    *,
    keeps_figures: bool = False,
) -> Iterator[None]:
    """Log what the block does to a draft, as an operation of whoever acts.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that holds the lock of the draft.
    plan_id : int
        The draft.
    kind : str
        What the log calls it.
    parameters : dict, optional
        What was asked for.
    keeps_figures : bool
        The areas stay what they are, and nothing need be measured anew.
    """
    if not has_past(connection, plan_id):  # nothing to get back to
        yield
        return
    before = _state(connection, plan_id)
    if set(before.areas) - set(before.places.values()):  # areas of no blocks: nothing says what they were
        written_otherwise(connection, plan_id)
        yield
        return
    operation_id = log_written(connection, plan_id, kind, parameters or {}, keeps_figures=keeps_figures)
    yield
    after = _state(connection, plan_id)
    with as_owner(connection):
        log_changes(connection, operation_id, _moves(before, after), _said(before, after))


@dataclass(frozen=True, slots=True)
class _State:
    places: dict[int, str | None]
    areas: dict[str, DraftArea]


def _state(connection: sa.Connection, plan_id: int) -> _State:
    areas = drafts.areas_by_code(connection, plan_id)
    return _State(drafts.areas_of_all_blocks(connection, plan_id), areas)


def _moves(before: _State, after: _State) -> list[Move]:
    old, new = before.places, after.places
    moves = (Move(one, one in old, one in new, old.get(one), new.get(one)) for one in sorted({*old, *new}))
    return [one for one in moves if (one.was_in, one.from_code) != (one.is_in, one.to_code)]


def _said(before: _State, after: _State) -> list[Said]:
    found = []
    for code in sorted({*before.areas, *after.areas}):
        old, new = before.areas.get(code), after.areas.get(code)
        counts = [None if one is None else (one.population, one.households) for one in (old, new)]
        stated = None if old is None or counts[0] == counts[1] else old.stated
        was = None if old is None else said_json(old.name, old.attributes, old.locked, stated)
        states = new.stated if new is not None and old is None else None  # an area that got another code
        now = None if new is None else said_json(new.name, new.attributes, new.locked, states)
        if was != now:
            found.append(Said(code, was, now))
    return found
