"""The closed loop as a state machine: what may be done with an event, by whom, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.events import EventState
from gisgov.governance.titles import Titled


class Need(Titled):
    """What a step cannot be taken without."""

    REASON = "reason", "须写明理由或结果", "Words: why, or what was done"
    DESK = "desk", "须指明去向", "To whose desk it goes"
    KNOWN_DESK = "known-desk", "须已有承办岗位", "A desk of an area or department that it lies on or goes to"
    EVENT = "event", "须指明并入的事件", "The event that it is merged into"
    FIRST_LEVEL = "first-level", "须为一级事件", "An event of level 1"
    PERSON = "person", "须由人员确认", "A person who decides: no program does"
    DEPARTMENT = (
        "department",
        "部门承办的，须由本部门或分拨人员办理",
        "Of its desk: the department, or who dispatches",
    )
    CATEGORY = "category", "须指明事项或级别", "An item of the register that is in force, or a level"
    LIMIT = "limit", "须指明环节与时长", "A stage, and by how much it is extended"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a limit of time is about: its name and titles."""

    name: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that may be done with an event.

    Attributes
    ----------
    action : str
        Its name.
    title_zh, title_en : str
        What people call it.
    sources : frozenset of EventState
        The states it starts from; empty: the event is new.
    target : EventState or None
        The state it leads to; None: the event stays where it is.
    right : str or None
        Who may do it; None: the service alone writes it, as follows from something else.
    needs : tuple of Need
        What it cannot be done without.
    starts, ends, voids, pauses, resumes : tuple of str
        Stages whose limits do so; ``all`` alone: every stage.
    routes : bool
        Whether it may move the event to another desk.
    to_triage : bool
        Whether it takes the event from its desk, back to whoever dispatches.
    back : bool
        Whether it leads to where the event was before it came to its state; ``target`` where nobody knows.
    """

    action: str
    title_zh: str
    title_en: str
    sources: frozenset[EventState]
    target: EventState | None
    right: str | None
    needs: tuple[Need, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    routes: bool = False
    to_triage: bool = False
    back: bool = False

    def leads_to(self, state: EventState, before: EventState | None = None) -> EventState:
        """Return the state after it.

        Parameters
        ----------
        state : EventState
            Where the event is.
        before : EventState, optional
            Where it was before it came there.

        Examples
        --------
        >>> from gisgov.governance.loop import loop_machine
        >>> resume = loop_machine().transition("resume")
        >>> resume.leads_to(EventState.SUSPENDED, EventState.HANDLING).value
        'handling'
        """
        if self.back and before is not None:
            return before
        return state if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class Machine:
    """All states and what leads from one to another.

    Attributes
    ----------
    transitions : mapping of str to Transition
        By action, in the order of the document.
    stages : mapping of str to Stage
        By name, in the order of the document.
    """

    transitions: Mapping[str, Transition]
    stages: Mapping[str, Stage]

    def transition(self, action: str) -> Transition:
        """Return what an action does; KeyError where there is none of that name."""
        return self.transitions[action]

    def legal(self, state: EventState) -> tuple[Transition, ...]:
        """Return what people may do with an event in a state, in the order of the document.

        Examples
        --------
        >>> from gisgov.governance.loop import loop_machine
        >>> [one.action for one in loop_machine().legal(EventState.CLOSED)]
        ['revisit', 'reopen', 'note']
        """
        return tuple(one for one in self.transitions.values() if one.right and state in one.sources)
