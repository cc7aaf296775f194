"""Use case: let a draft become one of the alternatives that a re-division computed for it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.services.editing.answering import report
from gisgov.services.editing.applying import Entry, apply_change
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.history import refuse_stale
from gisgov.services.editing.open_draft import OpenDraft, open_draft
from gisgov.services.editing.preparing import prepare
from gisgov.services.editing.reports import EditReport
from gisgov.services.redividing.kept_divisions import KeptDivision
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.drafts import areas_by_code, areas_of_all_blocks, codes_of_blocks
from gisgov.types import Json

_KIND = "redivide"
_AGAIN = "Ask for the re-division again: it starts from the draft as it is."


def choose_division(
    database: Database,
    plan: str,
    division: KeptDivision,
    *,
    asked: Json,
    seen: int | None,
    today: date,
    timezone: ZoneInfo,
) -> EditReport:
    """Let a draft become an alternative, as one operation, which can be undone.

    Areas that it has go on with what is said of them now. What was done since the alternatives were computed
    is written over where it is inside the areas that were divided; what reaches beyond them, or cut their
    blocks, makes the alternatives void.

    Parameters
    ----------
    database : Database
        Where it is.
    plan : str
        The draft.
    division : KeptDivision
        The alternative.
    asked : dict
        What the log tells of it, besides its kind.
    seen : int or None
        The revision that whoever asks has seen; None takes it as it is.
    today : datetime.date
        Areas of the layer above are those in force on this day.
    timezone : zoneinfo.ZoneInfo
        Where days begin.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to draft is not held in the scope of the plan.
    PlanPublished
        It is no draft any more.
    DraftChanged
        Somebody changed it since it was seen; the error tells what.
    ConflictError
        The draft is no longer what was divided, a locked area would change, or it is the alternative already.
    """
    with database.begin() as connection:
        draft = open_draft(connection, plan, today=today, timezone=timezone)
        refuse_stale(connection, draft, seen)
        account = who_acts(connection)
        with as_owner(connection):
            prepare(connection, draft)
            change = _change(connection, draft, division)
            entry = Entry(_KIND, account, {"kind": _KIND, **asked})
            return report(connection, apply_change(connection, draft, change, entry), _KIND)


def _change(connection: sa.Connection, draft: OpenDraft, division: KeptDivision) -> Change:
    if division.plan_id not in (None, draft.id):  # plans go by their names, which can be given again
        raise ConflictError(
            f"Draft {draft.plan.name!r} is another one than that which was divided.",
            hint=_AGAIN,
            field="alternative",
        )
    now = areas_of_all_blocks(connection, draft.id)
    codes = [division.areas[number].code for number in division.area]
    goes = dict(zip(division.blocks, codes, strict=True))
    if now:
        _refuse_other_blocks(connection, draft, now, goes)
        _refuse_beyond(draft, now, goes)
    areas = areas_by_code(connection, draft.id)
    new = {one.code: AreaFacts(one.name, one.attributes) for one in division.areas if one.code not in areas}
    moved = {block: code for block, code in goes.items() if block in now and now[block] != code}
    if now and not moved:
        raise ConflictError(f"Draft {draft.plan.name!r} is this alternative already.", field="alternative")
    return Change(moved=moved, entering={} if now else goes, areas=new)


def _refuse_other_blocks(
    connection: sa.Connection, draft: OpenDraft, now: dict[int, str | None], goes: dict[int, str]
) -> None:
    """Refuse where blocks that were divided are not there any more."""
    missing = [block for block in goes if block not in now]
    if missing:
        first = codes_of_blocks(connection, missing[:1])
        raise ConflictError(
            f"Draft {draft.plan.name!r} was changed since it was divided: {len(missing)} of the blocks were "
            f"cut, or put together, among them {first[missing[0]]!r}.",
            hint=_AGAIN,
            field="alternative",
        )


def _refuse_beyond(draft: OpenDraft, now: dict[int, str | None], goes: dict[int, str]) -> None:
    """Refuse where areas that were divided reach beyond the blocks that were."""
    divided = {now[block] for block in goes} | set(goes.values())
    others = {code for block, code in now.items() if block not in goes and code is not None}
    beyond = sorted(others & divided)
    if beyond:
        raise ConflictError(
            f"Draft {draft.plan.name!r} was changed since it was divided: area {beyond[0]!r} has blocks now "
            "that were not divided with it.",
            hint=_AGAIN,
            field="alternative",
        )
