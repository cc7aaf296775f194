"""What steps do to the limits of their events, for many events at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.governance.fields import Fields
from gisgov.governance.limits import Amount, LimitPolicy
from gisgov.governance.loop import Moved, Transition, loop_machine
from gisgov.services.limits.calendars import ensure_calendar
from gisgov.services.policies import policy_in_force
from gisgov.store import limits
from gisgov.store.limits import LimitStart

_ALL: Final = "all"
_EXTEND: Final = "extend"
_MOST_UNITS: Final = 1_000


def on_steps(connection: sa.Connection, moved: Sequence[Moved]) -> None:
    """Begin, end, void, pause, resume and extend limits as steps say.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction that wrote the steps, and inside `gisgov.store.acting.as_owner`.
    moved : sequence of Moved
        The steps; those of one event in their order.

    Raises
    ------
    InputError
        A limit is extended that does not run, or by no time.
    ConflictError
        The calendar of the policy is not there, or ends before a limit does.
    """
    policy: LimitPolicy = policy_in_force(connection, "time-limits")
    own = _own_limits(connection, moved)
    try:
        for wave in _waves(moved):
            _on_wave(connection, policy, wave, own)
    except sa.exc.IntegrityError as error:
        raise limits.ends_too_soon(policy.calendar) from error


def _on_wave(
    connection: sa.Connection,
    policy: LimitPolicy,
    wave: Sequence[Moved],
    own: Mapping[int, Mapping[str, Amount]],
) -> None:
    told = [(one, loop_machine().transition(one.action)) for one in wave]
    for change in ("end", "void", "pause", "resume"):
        stages = [(one, getattr(transition, f"{change}s")) for one, transition in told]
        pairs = [
            (one.event_id, None if stage == _ALL else stage, one.at)
            for one, names in stages
            for stage in names
        ]
        if pairs:
            limits.change_limits(connection, change, pairs)
    _start(connection, policy, told, own)
    for one in wave:
        if one.action == _EXTEND:
            _extend(connection, one)


def _waves(moved: Sequence[Moved]) -> Iterable[list[Moved]]:
    """Part steps so that no event has two in one part, and each event's come in their order."""
    waves: dict[int, list[Moved]] = defaultdict(list)
    seen: dict[int, int] = defaultdict(int)
    for one in moved:
        waves[seen[one.event_id]].append(one)
        seen[one.event_id] += 1
    return waves.values()


def _own_limits(connection: sa.Connection, moved: Sequence[Moved]) -> dict[int, Mapping[str, Amount]]:
    ids = {one.category_id for one in moved if one.category_id is not None}
    if not ids:
        return {}
    return {
        key: {stage: Amount.read(Fields(given, "category", stage)) for stage, given in stored.items()}
        for key, stored in limits.own_limits(connection, sorted(ids)).items()
    }


def _start(
    connection: sa.Connection,
    policy: LimitPolicy,
    told: Sequence[tuple[Moved, Transition]],
    own: Mapping[int, Mapping[str, Amount]],
) -> None:
    starts = []
    for one, transition in told:
        of_category = None if one.category_id is None else own.get(one.category_id)
        for stage in transition.starts:
            amount = policy.limit(stage, level=one.level, source=one.source, own=of_category)
            if amount is not None:
                starts.append(LimitStart(one.event_id, stage, one.at, amount))
    if not starts:
        return
    if any(one.amount.unit.needs_calendar for one in starts):
        ensure_calendar(connection, policy.calendar)
    limits.start_limits(connection, starts, calendar=policy.calendar, warn_share=policy.warn_share)


def _extend(connection: sa.Connection, one: Moved) -> None:
    stage, amount = one.details.get("stage"), _positive(one.details.get("amount"))
    if not isinstance(stage, str) or amount is None:
        raise InputError(
            "An extension names the stage and by how many units of its limit it is extended.",
            hint='An example: {"stage": "handling", "amount": 2}.',
            field="details",
        )
    if limits.extend_limit(connection, one.event_id, stage, amount) is None:
        raise InputError(f"No limit of the stage {stage!r} runs that could be extended.", field="details")


def _positive(amount: object) -> float | None:
    if not isinstance(amount, int | float) or isinstance(amount, bool):
        return None
    return float(amount) if 0 < amount <= _MOST_UNITS else None
