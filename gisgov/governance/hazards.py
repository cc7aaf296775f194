"""Hazards of buildings (隐患): found, rectified by a day, checked; and which step may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from gisgov.errors import ConflictError, InputError
from gisgov.governance.risk.origins import HazardKind
from gisgov.governance.titles import Titled

__all__ = ["HazardAction", "HazardKind", "HazardState", "HazardStep", "Standing", "find", "take"]


class HazardState(Titled):
    """How far a hazard is."""

    FOUND = "found", "未整改", "Found, not rectified"
    RECTIFIED = "rectified", "已整改待复查", "Rectified, not checked"
    CHECKED = "checked", "已复查销号", "Checked and closed"


class HazardAction(Titled):
    """What is done with a hazard."""

    FIND = "find", "发现", "Find"
    RECTIFY = "rectify", "整改", "Rectify"
    CHECK = "check", "复查通过", "Check, passed"
    RETURN = "return", "复查不合格退回", "Check, failed"
    EXTEND = "extend", "延期", "Extend the term"


LEGAL: Final[Mapping[HazardState, tuple[HazardAction, ...]]] = {
    HazardState.FOUND: (HazardAction.RECTIFY, HazardAction.EXTEND),
    HazardState.RECTIFIED: (HazardAction.CHECK, HazardAction.RETURN),
    HazardState.CHECKED: (),
}
"""What may be done with a hazard that is there."""

LEADS_TO: Final[Mapping[HazardAction, HazardState]] = {
    HazardAction.FIND: HazardState.FOUND,
    HazardAction.RECTIFY: HazardState.RECTIFIED,
    HazardAction.CHECK: HazardState.CHECKED,
    HazardAction.RETURN: HazardState.FOUND,
    HazardAction.EXTEND: HazardState.FOUND,
}

WITH_REASON: Final = frozenset({HazardAction.RETURN, HazardAction.EXTEND})
WITH_TERM: Final = frozenset({HazardAction.RETURN, HazardAction.EXTEND})
"""Steps that may set another day by which the hazard is to be rectified."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a hazard stands.

    Attributes
    ----------
    state : HazardState
        How far it is.
    found_on : datetime.date
        When it was found.
    last_on : datetime.date
        The day of its last step.
    due_on : datetime.date or None
        The last day on which it may be rectified in time; None: nobody set one.
    rectified_on, checked_on : datetime.date or None
        When that was done; after a failed check it is not rectified any more.
    returned_on : datetime.date or None
        When a check last failed.
    """

    state: HazardState
    found_on: date
    last_on: date
    due_on: date | None = None
    rectified_on: date | None = None
    checked_on: date | None = None
    returned_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether its term is over and it is not rectified."""
        return self.state is HazardState.FOUND and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class HazardStep:
    """What somebody did with a hazard, and on which day.

    Attributes
    ----------
    action : HazardAction
        What.
    day : datetime.date
        When.
    reason : str or None
        Why; a failed check and another term do not go without.
    due_on : datetime.date or None
        The term that is set by it.
    """

    action: HazardAction
    day: date
    reason: str | None = None
    due_on: date | None = None


def find(found_on: date, due_on: date | None, *, today: date) -> Standing:
    """Return where a hazard stands that was found.

    Raises
    ------
    InputError
        It was found after today, or its term is over before it was found.

    Examples
    --------
    >>> find(date(2026, 5, 1), date(2026, 5, 15), today=date(2026, 5, 2)).state.value
    'found'
    """
    if found_on > today:
        raise InputError(f"It cannot be found on {found_on}: today is {today}.", field="found_on")
    if due_on is not None and due_on < found_on:
        raise InputError(f"It is due on {due_on}, before it was found on {found_on}.", field="due_on")
    return Standing(HazardState.FOUND, found_on, found_on, due_on)


def take(standing: Standing, step: HazardStep, *, today: date) -> Standing:
    """Return where a hazard stands after a step.

    Parameters
    ----------
    standing : Standing
        Where it stands before.
    step : HazardStep
        What is done.
    today : datetime.date
        Nothing is done after it.

    Raises
    ------
    ConflictError
        That cannot be done with a hazard that stands so; the message names what can.
    InputError
        The day lies before the last step or after today, a reason is missing, or the term is none.

    Examples
    --------
    >>> found = find(date(2026, 5, 1), None, today=date(2026, 5, 9))
    >>> rectified = take(found, HazardStep(HazardAction.RECTIFY, date(2026, 5, 8)), today=date(2026, 5, 9))
    >>> rectified.state.value, rectified.rectified_on.isoformat()
    ('rectified', '2026-05-08')
    """
    _refuse_illegal(standing.state, step.action)
    _refuse_day(standing, step.day, today)
    if step.action in WITH_REASON and not (step.reason or "").strip():
        raise InputError(f"A reason is needed to {step.action.value} a hazard.", field="reason")
    due_on = _term(standing, step)
    after = replace(standing, state=LEADS_TO[step.action], last_on=step.day, due_on=due_on)
    if step.action is HazardAction.RECTIFY:
        return replace(after, rectified_on=step.day)
    if step.action is HazardAction.CHECK:
        return replace(after, checked_on=step.day)
    if step.action is HazardAction.RETURN:
        return replace(after, rectified_on=None, returned_on=step.day)
    return after


def _refuse_illegal(state: HazardState, action: HazardAction) -> None:
    legal = LEGAL[state]
    if action not in legal:
        named = " or ".join(one.value for one in legal)
        raise ConflictError(
            f"A hazard that is {state.value} cannot be taken through {action.value!r}.",
            hint=f"Possible is {named}." if named else "It is closed: a new finding is another hazard.",
            field="action",
        )


def _refuse_day(standing: Standing, day: date, today: date) -> None:
    if day < standing.last_on:
        raise InputError(f"{day} lies before its last step, of {standing.last_on}.", field="day")
    if day > today:
        raise InputError(f"{day} has not come yet: today is {today}.", field="day")


def _term(standing: Standing, step: HazardStep) -> date | None:
    """Return the term after a step."""
    if step.due_on is None:
        if step.action is HazardAction.EXTEND:
            raise InputError("To extend a term takes the new day, due_on.", field="due_on")
        return standing.due_on
    if step.action not in WITH_TERM:
        raise InputError(f"To {step.action.value} a hazard sets no term.", field="due_on")
    if step.due_on < step.day:
        raise InputError(f"The term {step.due_on} lies before {step.day}.", field="due_on")
    if step.action is HazardAction.EXTEND and standing.due_on is not None and step.due_on <= standing.due_on:
        raise InputError(
            f"The term {step.due_on} is no extension: it is {standing.due_on} already.", field="due_on"
        )
    return step.due_on
