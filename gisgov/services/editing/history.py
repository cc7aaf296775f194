"""The history of a draft: its log, and the operations that go back and forth in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

import sqlalchemy as sa

from gisgov.errors import ConflictError, DraftChanged, InputError
from gisgov.services.editing.change import Change
from gisgov.services.editing.deltas import read_facts
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Redo, Restore, Undo
from gisgov.services.editing.reports import LoggedOperation
from gisgov.store import drafts, drafts_log, drafts_snapshots
from gisgov.store.database import Database
from gisgov.store.drafts_foreign import OVERWRITTEN
from gisgov.store.drafts_log import Entry, Move, Said, Step
from gisgov.store.plans import find_plan

UNDO, REDO = "undo", "redo"
_FIRST, _PAGE, _MOST_TOLD = 5, 200, 100


def list_operations(
    database: Database, plan: str, *, limit: int = 100, before: int | None = None
) -> tuple[LoggedOperation, ...]:
    """Return the operations on a draft, the newest first.

    Parameters
    ----------
    database : Database
        Where it is.
    plan : str
        The draft, or a plan that was one.
    limit : int
        So many at most.
    before : int, optional
        Only those of revisions below this one: the page after one that ended with it.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    with database.begin() as connection:
        found = find_plan(connection, plan)
        return logged(connection, drafts_log.entries(connection, found.id, before=before, limit=limit))


def logged(connection: sa.Connection, entries: tuple[Entry, ...]) -> tuple[LoggedOperation, ...]:
    """Return rows of the log as they are told of."""
    counts = drafts_log.counts_of(connection, [one.id for one in entries])
    undone = drafts_log.revisions_of(connection, [one.undoes for one in entries if one.undoes is not None])
    return tuple(
        LoggedOperation(
            revision=one.revision,
            kind=one.kind,
            account=one.account,
            at=one.at,
            parameters=one.parameters,
            undoes=None if one.undoes is None else undone[one.undoes],
            blocks=counts[one.id][0],
            areas=counts[one.id][1],
        )
        for one in entries
    )


def refuse_stale(connection: sa.Connection, draft: OpenDraft, seen: int | None) -> None:
    """Refuse whoever saw another revision of a draft than it has; None saw whatever it is.

    Raises
    ------
    DraftChanged
        It was changed since; the error tells by which operations.
    """
    if seen is None or seen == draft.revision:
        return
    since = drafts_log.entries(connection, draft.id, after=seen, limit=_MOST_TOLD)
    raise DraftChanged(
        f"Draft {draft.plan.name!r} is at revision {draft.revision}, not {seen}.",
        revision=draft.revision,
        since=[
            {**asdict(one), "at": one.at.isoformat(), "areas": [*one.areas]}
            for one in reversed(logged(connection, since))
        ],
        hint="Look at what changed, and ask again with the revision that it has now.",
    )


def undoable(connection: sa.Connection, plan_id: int) -> Step | None:
    """Return the operation that undo would take back: the last that was done and not taken back."""
    last = _last_done(connection, plan_id)
    return None if last is None or last.kind == OVERWRITTEN else last


def redoable(connection: sa.Connection, plan_id: int) -> Step | None:
    """Return the undo that redo would take back: the last, unless something new was done since."""
    done_again = 0
    for one in _backwards(connection, plan_id):
        if one.kind == REDO:
            done_again += 1
        elif one.kind != UNDO:
            return None
        elif done_again:
            done_again -= 1
        else:
            return one
    return None


def kind_of(connection: sa.Connection, step: Step | Entry | None) -> str | None:
    """Return the kind of an operation; of one that was taken back or done again, what that was."""
    while step is not None and step.kind in (UNDO, REDO) and step.undoes is not None:
        step = drafts_log.entry_of(connection, step.undoes)
    return None if step is None else step.kind


def make_undo(connection: sa.Connection, draft: OpenDraft, _: Undo) -> Change:
    """Take back the last operation that was not taken back yet."""
    last = _last_done(connection, draft.id)
    if last is not None:
        _refuse_overwritten(connection, draft, last.revision - 1)
    if last is None:
        raise ConflictError(f"Nothing was done in draft {draft.plan.name!r} that could be taken back.")
    return _inverse(connection, draft, last)


def make_redo(connection: sa.Connection, draft: OpenDraft, _: Redo) -> Change:
    """Do again what was taken back last."""
    last = redoable(connection, draft.id)
    if last is None:
        raise ConflictError(f"Nothing was taken back in draft {draft.plan.name!r} since the last change.")
    return _inverse(connection, draft, last)


def make_restore(connection: sa.Connection, draft: OpenDraft, operation: Restore) -> Change:
    """Make the draft what it was at a snapshot or at a revision."""
    revision = revision_named(connection, draft.id, draft.revision, operation.snapshot, operation.revision)
    return change_since(connection, draft, revision)


def change_since(connection: sa.Connection, draft: OpenDraft, revision: int) -> Change:
    """Return the change that makes a draft what it was at a revision.

    Raises
    ------
    ConflictError
        It was written since by what left no trace of what was before.
    """
    _refuse_overwritten(connection, draft, revision)
    based_on = drafts_log.based_on_before(connection, draft.id, revision)
    return _back(
        connection,
        draft,
        drafts_log.moves_since(connection, draft.id, revision),
        drafts_log.said_since(connection, draft.id, revision),
        based_on,
    )


def revision_named(
    connection: sa.Connection, plan_id: int, newest: int, snapshot: str | None, revision: int | None
) -> int:
    """Return the revision of a snapshot, or check that there is the one that was given.

    Raises
    ------
    InputError
        Neither, or both, are given, or there was no such revision.
    NotFoundError
        The draft has no snapshot of that name.
    """
    if (snapshot is None) == (revision is None):
        raise InputError("Name a snapshot or a revision, one of both.", field="snapshot")
    if snapshot is not None:
        return drafts_snapshots.snapshot_revision(connection, plan_id, snapshot)
    if revision is None or not 0 <= revision <= newest:
        raise InputError(f"The draft has revisions 0 to {newest}, not {revision}.", field="revision")
    return revision


def _last_done(connection: sa.Connection, plan_id: int) -> Step | None:
    taken_back = 0
    for one in _backwards(connection, plan_id):
        if one.kind == UNDO:
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        else:
            return one
    return None


def _refuse_overwritten(connection: sa.Connection, draft: OpenDraft, revision: int) -> None:
    """Refuse to get back to a revision behind which the log has a gap."""
    gap = drafts_log.was_overwritten(connection, draft.id, revision)
    if gap is not None:
        raise ConflictError(
            f"Draft {draft.plan.name!r} was written otherwise than by operations at revision {gap.revision}, "
            f"by {gap.account}: what was before cannot be put back.",
            hint=f"It goes back to revision {gap.revision} at most. What it began as can be branched again.",
        )


def _inverse(connection: sa.Connection, draft: OpenDraft, step: Step) -> Change:
    """Return the change that takes back an operation which all later ones left as it was."""
    entry = drafts_log.entry_of(connection, step.id)
    moves, said = drafts_log.moves_of(connection, entry.id), drafts_log.said_of(connection, entry.id)
    before = entry.parameters.get(drafts_log.BASED_ON, [None])[0]
    return replace(_back(connection, draft, moves, said, before), undoes=entry.id)


def _back(
    connection: sa.Connection,
    draft: OpenDraft,
    moves: tuple[Move, ...],
    said: tuple[Said, ...],
    based_on: int | None,
) -> Change:
    now = drafts.areas_of_blocks(connection, draft.id, [one.block_id for one in moves])
    for one in moves:
        if (one.block_id in now, now.get(one.block_id)) != (one.is_in, one.to_code):
            raise ConflictError(
                f"Draft {draft.plan.name!r} was written otherwise than by operations since, by an import or "
                "a re-division in place: what was before cannot be put back.",
            )
    return Change(
        moved={one.block_id: one.from_code for one in moves if one.was_in and one.is_in},
        entering={one.block_id: one.from_code for one in moves if one.was_in and not one.is_in},
        leaving=frozenset(one.block_id for one in moves if one.is_in and not one.was_in),
        areas={one.code: read_facts(one.before) for one in said},
        based_on=based_on,
        keeps_locks=False,
    )


def _backwards(connection: sa.Connection, plan_id: int) -> Iterator[Step]:
    before, limit = None, _FIRST
    while True:
        page = drafts_log.steps(connection, plan_id, before=before, limit=limit)
        yield from page
        if len(page) < limit:
            return
        before, limit = page[-1].revision, _PAGE
