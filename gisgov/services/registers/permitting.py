"""Use case: decide about items of the register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.governance.register import MOVES, Permit, PermitAct, legal_acts
from gisgov.services.access import require_everywhere
from gisgov.services.registers.listing import info_of
from gisgov.services.registers.reports import PermitDecision, PermitsGiven
from gisgov.store import permits
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.classifying import classify_events
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.permits import StoredVersion
from gisgov.store.registers import departments

REGISTER: Final = ("register", "categories")
"""What is locked while the register changes."""

_SINGLE: Final = (PermitAct.PROPOSE, PermitAct.PROPOSE_RETIREMENT)
_WAITING: Final = {
    PermitAct.APPROVE: Permit.PROPOSED,
    PermitAct.REFUSE: Permit.PROPOSED,
    PermitAct.ENFORCE: Permit.APPROVED,
}
_MOST_NAMED: Final = 5


def give_permits(
    database: Database, asked: PermitDecision, *, today: date, timezone: ZoneInfo, classifies: bool = True
) -> PermitsGiven:
    """Decide about versions of items: all that is asked for, or nothing.

    What is put in force ends the version that was, on the same day; events whose words the register knows
    from now on get their item. Nothing is deleted; who decided what and why is recorded.

    Parameters
    ----------
    database : Database
        Where the register is kept.
    asked : PermitDecision
        What is decided about which.
    today : datetime.date
        The day, where none was named.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.
    classifies : bool
        Whether events whose words the register knows from now on get their item at once; else
        `gisgov.services.registers.classifying.classify` is left to do.

    Raises
    ------
    InputError
        It does not say about which items, or a day where none counts.
    NotFoundError
        There is no such item.
    ConflictError
        One of them does not stand where this can be decided, or the days of its versions would overlap.
    NotAllowed
        Whoever acts may not.
    """
    _refuse_contradictions(asked)
    move = MOVES[asked.act]
    day = (asked.day or today) if move.needs_day else None
    with database.begin() as connection:
        require_everywhere(connection, "registers.approve")
        lock_name(connection, *REGISTER)
        known = permits.versions(connection, asked.codes or None)
        chosen = _waiting(known, asked) if asked.all else _named(known, asked)
        by = who_acts(connection)
        ids = [one.id for one in chosen]
        classified: int | None = 0
        closed: list[int] = []
        with as_owner(connection):
            if day is not None and asked.act is PermitAct.ENFORCE:
                closed = _close_former(connection, known, chosen, day, by)
                permits.set_permits(connection, ids, move.target, valid_from=day)
            elif day is not None:
                _refuse_later(chosen, day)
                permits.set_permits(connection, ids, move.target, valid_to=day)
            else:
                permits.set_permits(connection, ids, move.target)
            permits.record_permits(connection, ids, move.recorded, by=by, reason=asked.reason)
            if asked.act is PermitAct.ENFORCE:
                classified = classify_events(connection, timezone.key) if classifies else None
        now = {one.id: one for one in permits.versions(connection, {one.code for one in chosen})}
        titles = departments(connection)
    told = tuple(info_of(now[one], titles) for one in ids)
    return PermitsGiven(asked.act, day, told, tuple(info_of(now[one], titles) for one in closed), classified)


def _refuse_contradictions(asked: PermitDecision) -> None:
    if asked.all is bool(asked.codes):
        raise InputError(
            "It is decided about the items of some codes, or about all that wait.",
            hint="Name codes, or ask for all.",
            field="codes",
        )
    if asked.all and asked.act in _SINGLE:
        raise InputError(f"None waits to {asked.act}.", hint="Name the codes.", field="codes")
    if asked.source is not None and not asked.all:
        raise InputError("A source narrows all that wait.", hint="Leave out the codes.", field="source")
    if asked.version is not None and len(asked.codes) != 1:
        raise InputError("A version is of one item.", hint="Name one code.", field="version")
    if asked.day is not None and not MOVES[asked.act].needs_day:
        raise InputError(f"To {asked.act} holds at once.", hint="Leave out the day.", field="day")


def _waiting(known: Iterable[StoredVersion], asked: PermitDecision) -> list[StoredVersion]:
    waiting = _WAITING.get(asked.act)
    last = {
        one.code: one
        for one in known
        if (one.retirement_proposed if waiting is None else one.permit is waiting)
        and asked.source in (None, one.source)
    }
    if not last:
        raise ConflictError(f"There is nothing to {asked.act}: nothing waits for it.", field="act")
    return [*last.values()]


def _named(known: Sequence[StoredVersion], asked: PermitDecision) -> list[StoredVersion]:
    chosen = []
    for code in dict.fromkeys(asked.codes):
        own = [one for one in known if one.code == code and asked.version in (None, one.version)]
        if not own:
            which = "" if asked.version is None else f" in a version {asked.version}"
            raise NotFoundError(f"The register has no item {code!r}{which}.", field="codes")
        fitting = [one for one in own if one.permit in MOVES[asked.act].sources]
        if not fitting:
            raise _illegal(own[-1], asked.act)
        chosen.append(fitting[-1])
    return chosen


def _illegal(one: StoredVersion, act: PermitAct) -> ConflictError:
    legal = ", ".join(legal_acts(one.permit)) or "nothing any more"
    return ConflictError(
        f"Version {one.version} of item {one.code} is {one.permit}: to {act} is not what comes next.",
        hint=f"What may be decided about it: {legal}.",
        field="act",
    )


def _close_former(
    connection: sa.Connection,
    known: Iterable[StoredVersion],
    chosen: Sequence[StoredVersion],
    day: date,
    by: str,
) -> list[int]:
    """End the versions that those chosen follow, on the day that these begin; return their ids."""
    follows = {one.code: one.version for one in chosen}
    former = [
        one
        for one in known
        if one.code in follows and one.valid_from is not None and (one.valid_to is None or one.valid_to > day)
    ]
    _refuse_later(former, day)
    ids = [one.id for one in former]
    permits.set_permits(connection, ids, Permit.RETIRED, valid_to=day)
    for one in former:
        told = f"replaced by version {follows[one.code]}"
        permits.record_permits(connection, [one.id], "retired", by=by, reason=told)
    return ids


def _refuse_later(chosen: Iterable[StoredVersion], day: date) -> None:
    late = [one for one in chosen if one.valid_from is not None and one.valid_from > day]
    if late:
        named = ", ".join(f"{one.code} from {one.valid_from}" for one in late[:_MOST_NAMED])
        raise ConflictError(
            f"{len(late)} versions of these items begin after {day}: {named}.",
            hint="Name a later day.",
            field="day",
        )
