"""One step of one event: whether it may be taken, and where the event stands after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from gisgov.errors import IllegalTransition, InputError
from gisgov.governance.events import EventLevel, EventState
from gisgov.governance.fields import listed
from gisgov.governance.loop.machine import Machine, Need, Transition
from gisgov.governance.loop.steps import TRIAGE, DeskKind, DeskName, Item, Move, Moved


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an event stands.

    Attributes
    ----------
    event_id : int
        The event.
    state : EventState
        How far it has come.
    number : int
        Number of its last step; 0: none was written.
    before : EventState or None
        Of a suspended one: where it was before, as far as its history tells.
    source, level, category_id
        As of the event.
    desk_kind : DeskKind or None
        What sort of desk it lies on.
    department : str or None
        Code of the department that deals with it.
    closed_at : datetime.datetime or None
        When it was closed, rejected or merged.
    merged_into : int or None
        The event that it is a duplicate of.
    item : Item or None
        What it was classified as by the steps that were walked; None: what it was.
    """

    event_id: int
    state: EventState
    number: int
    source: str
    before: EventState | None = None
    level: str | None = None
    category_id: int | None = None
    desk_kind: DeskKind | None = None
    department: str | None = None
    closed_at: datetime | None = None
    merged_into: int | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """A step that may be taken: what is written of it, whose desk it goes to, where the event then stands."""

    moved: Moved
    desk: DeskName | None
    standing: Standing


def walk(machine: Machine, standing: Standing, move: Move, at: datetime) -> Walked:
    """Take one step, or refuse it.

    Parameters
    ----------
    machine : Machine
        What may be done.
    standing : Standing
        Where the event stands.
    move : Move
        The step.
    at : datetime.datetime
        When it is taken, if the step does not say.

    Raises
    ------
    IllegalTransition
        Where the event stands it cannot be taken; the legal ones are named.
    InputError
        There is no such action, or something that it needs is missing, or it takes no desk or other event.
    """
    transition = known_action(machine, move.action)
    if not _fits(transition, standing):
        refuse(machine, standing, move.action)
    _check_given(transition, standing, move)
    to = transition.leads_to(standing.state, standing.before)
    when = move.at or at
    moved = Moved(
        standing.event_id,
        standing.number + 1,
        move.action,
        standing.state if transition.sources else None,
        to,
        when,
        standing.category_id,
        standing.source,
        standing.level,
        move.details,
    )
    desk = TRIAGE if transition.to_triage else move.desk
    after = replace(
        standing,
        state=to,
        level=_level(transition, move) or standing.level,
        item=move.item or standing.item,
        number=moved.number,
        before=standing.state if to != standing.state else standing.before,
        desk_kind=standing.desk_kind if desk is None else desk.kind,
        department=(desk and desk.department) or standing.department,
        closed_at=None if to.is_open else standing.closed_at or when,
        merged_into=move.merged_into if Need.EVENT in transition.needs else _still(standing, to),
    )
    return Walked(moved, desk, after)


def owning_department(transition: Transition, kind: str | None, department: str | None) -> str | None:
    """Return the department whose people take a step, by the desk that an event lies on; None: of none.

    Examples
    --------
    >>> from gisgov.governance.loop import loop_machine
    >>> owning_department(loop_machine().transition("start"), "department", "water")
    'water'
    """
    return department if Need.DEPARTMENT in transition.needs and kind == DeskKind.DEPARTMENT else None


def known_action(machine: Machine, action: str) -> Transition:
    """Return what an action does; InputError where there is none of that name."""
    if action not in machine.transitions:
        named = [one.action for one in machine.transitions.values() if one.right]
        raise InputError(
            f"{action!r} is nothing that is done with events.",
            hint=f"Actions are {listed(named)}.",
            field="action",
        )
    return machine.transition(action)


def refuse(machine: Machine, standing: Standing, action: str) -> NoReturn:
    """Refuse an action for where an event stands, and name what may be done instead."""
    legal = [one.action for one in machine.legal(standing.state) if _fits(one, standing)]
    raise IllegalTransition(
        f"Event {standing.event_id} is {standing.state.value}, from which it is not possible to {action}"
        + (" unless it is of level 1." if action in _at_first_level(machine, standing) else "."),
        event_id=standing.event_id,
        state=standing.state.value,
        action=action,
        legal=legal,
        hint=f"Now one may {listed(legal)}.",
    )


def _fits(transition: Transition, standing: Standing) -> bool:
    """Whether an event stands where an action may be taken."""
    if Need.FIRST_LEVEL in transition.needs and standing.level != EventLevel.FIRST.value:
        return False
    if not transition.sources:
        return standing.number == 0 and standing.state is transition.target
    return standing.state in transition.sources


def _at_first_level(machine: Machine, standing: Standing) -> set[str]:
    return {one.action for one in machine.legal(standing.state) if Need.FIRST_LEVEL in one.needs}


def _check_given(transition: Transition, standing: Standing, move: Move) -> None:
    """Refuse a step that lacks what it needs, or brings what it does not take."""
    needs, action = transition.needs, transition.action
    if Need.REASON in needs and not (move.reason or "").strip():
        _lacks(action, "a reason: why, or what was done", "reason")
    if Need.DESK in needs and move.desk is None:
        _lacks(action, "a desk that the event goes to", "desk")
    kind = standing.desk_kind if move.desk is None else move.desk.kind
    if Need.KNOWN_DESK in needs and kind in (None, DeskKind.TRIAGE):
        _lacks(action, "the desk of an area or a department", "desk")
    if (Need.EVENT in needs) != (move.merged_into is not None):
        if move.merged_into is None:
            _lacks(action, "the event that this one is a duplicate of", "merged_into")
        raise InputError(f"To {action} an event takes no other one.", field="merged_into")
    if move.desk is not None and not transition.routes:
        raise InputError(f"To {action} an event does not move it to another desk.", field="desk")
    if Need.CATEGORY in needs and not {"category", "level"} & set(move.details):
        _lacks(action, "an item of the register, or a level", "category")
    if Need.LIMIT in needs and not {"stage", "amount"} <= set(move.details):
        _lacks(action, "a stage, and by how much it is extended", "stage")


def _level(transition: Transition, move: Move) -> str | None:
    """Return the level that a step gives an event; None: it keeps its own."""
    if Need.CATEGORY not in transition.needs or "level" not in move.details:
        return None
    given = move.details["level"]
    level = EventLevel.read(str(given))
    if level is None:
        raise InputError(
            f"{given!r} is no level.", hint=f"Levels are {listed([*EventLevel])}.", field="level"
        )
    return level.value


def _lacks(action: str, what: str, field: str) -> NoReturn:
    raise InputError(f"To {action} an event takes {what}.", field=field)


def _still(standing: Standing, to: EventState) -> int | None:
    return standing.merged_into if to is EventState.MERGED else None
