"""The machine of the loop told to clients: states, actions, stages of limits, and names of practices."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.events import EventState
from gisgov.governance.loop import Transition, loop_machine
from gisgov.governance.loop.machine import Stage
from gisgov.governance.loop.profiles import Practice, loop_practices


@dataclass(frozen=True, slots=True)
class LoopState:
    """A state; ``is_open``: somebody still has to do something."""

    state: str
    title_zh: str
    title_en: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class LoopAction:
    """Something that may be done with an event.

    Attributes
    ----------
    action, title_zh, title_en : str
        What.
    from_states : tuple of str
        Where it begins; empty: the event is new.
    to_state : str or None
        Where it leads; None: the event stays where it is.
    leads_back : bool
        Whether it leads to where the event was before; ``to_state`` where nobody knows.
    right : str or None
        Who may do it, where the event lies or on their desk; None: the service alone.
    needs : tuple of str
        What it cannot be done without: ``reason``, ``desk``, ``known-desk``, ``event``, ``person``,
        ``department``, ``category``, ``first-level``, ``limit``.
    moves_desk : bool
        Whether it may move the event to another desk.
    starts, ends, voids, pauses, resumes : tuple of str
        Stages whose limits do so; ``all`` for every one.
    """

    action: str
    title_zh: str
    title_en: str
    from_states: tuple[str, ...]
    to_state: str | None
    leads_back: bool
    right: str | None
    needs: tuple[str, ...]
    moves_desk: bool
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    voids: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoopInfo:
    """The closed loop as this service works by it.

    Attributes
    ----------
    states : tuple of LoopState
        All states, in the order of the way.
    actions : tuple of LoopAction
        All actions.
    stages : tuple of Stage
        What limits of time are about.
    practices : tuple of Practice
        Names that practices have for it.
    """

    states: tuple[LoopState, ...]
    actions: tuple[LoopAction, ...]
    stages: tuple[Stage, ...]
    practices: tuple[Practice, ...]


def describe_loop() -> LoopInfo:
    """Return the machine, the stages of limits and the names of practices."""
    machine = loop_machine()
    return LoopInfo(
        tuple(LoopState(one.value, one.title_zh, one.title_en, one.is_open) for one in EventState),
        tuple(_action(one) for one in machine.transitions.values()),
        tuple(machine.stages.values()),
        loop_practices(),
    )


def _action(one: Transition) -> LoopAction:
    return LoopAction(
        action=one.action,
        title_zh=one.title_zh,
        title_en=one.title_en,
        from_states=tuple(state.value for state in EventState if state in one.sources),
        to_state=None if one.target is None else one.target.value,
        leads_back=one.back,
        right=one.right,
        needs=tuple(need.value for need in one.needs),
        moves_desk=one.routes or one.to_triage,
        starts=one.starts,
        ends=one.ends,
        voids=one.voids,
        pauses=one.pauses,
        resumes=one.resumes,
    )
