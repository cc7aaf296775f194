"""What a source tells of a hazard, all days at once, as the steps that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.errors import ConflictError, InputError
from gisgov.governance.hazards import HazardAction, HazardState, HazardStep, Standing, find, take


@dataclass(frozen=True, slots=True)
class HazardReport:
    """The days of a hazard as a source tells them.

    Attributes
    ----------
    found_on : datetime.date
        When it was found.
    due_on : datetime.date or None
        By when it is to be rectified.
    rectified_on, checked_on : datetime.date or None
        When it was rectified and when that was checked, as far as it was.
    """

    found_on: date
    due_on: date | None = None
    rectified_on: date | None = None
    checked_on: date | None = None


def begin(report: HazardReport, *, today: date) -> tuple[Standing, tuple[HazardStep, ...]]:
    """Return where a hazard stands that nobody told of before, and the steps that led there.

    Raises
    ------
    InputError
        A day lies before the one that it follows, or after today, or it was checked and not rectified.

    Examples
    --------
    >>> report = HazardReport(date(2026, 5, 1), None, date(2026, 5, 3))
    >>> standing, steps = begin(report, today=date(2026, 5, 9))
    >>> standing.state.value, [step.action.value for step in steps]
    ('rectified', ['find', 'rectify'])
    """
    found = find(report.found_on, report.due_on, today=today)
    first = HazardStep(HazardAction.FIND, report.found_on, due_on=report.due_on)
    standing, steps = _forward(found, report, today)
    return standing, (first, *steps)


def carry_on(
    standing: Standing, report: HazardReport, *, today: date
) -> tuple[Standing, tuple[HazardStep, ...]]:
    """Return where a known hazard stands after what is told of it, and the steps that are new.

    A report carries a hazard on and never back: what was known already gives no step. The term is that which
    the hazard has here; another one takes a step with a reason.

    Parameters
    ----------
    standing : Standing
        Where it stands.
    report : HazardReport
        What is told.
    today : datetime.date
        Nothing was done after it.

    Raises
    ------
    ConflictError
        It was found, rectified or checked on another day, by what is known.
    InputError
        See `begin`.
    """
    if report.found_on != standing.found_on:
        raise ConflictError(
            f"It was found on {standing.found_on}, not on {report.found_on}.", field="found_on"
        )
    begin(report, today=today)  # the days are in order
    if _is_old(standing, report):
        return standing, ()
    known = {"rectified": standing.rectified_on, "checked": standing.checked_on}
    for word, told in (("rectified", report.rectified_on), ("checked", report.checked_on)):
        if told is not None and known[word] not in (None, told):
            raise ConflictError(f"It was {word} on {known[word]}, not on {told}.", field=f"{word}_on")
    return _forward(standing, report, today)


def _is_old(standing: Standing, report: HazardReport) -> bool:
    """Whether the check of what is told failed since: that it was rectified before is no news."""
    returned, rectified = standing.returned_on, report.rectified_on
    return returned is not None and rectified is not None and rectified <= returned


def _forward(
    standing: Standing, report: HazardReport, today: date
) -> tuple[Standing, tuple[HazardStep, ...]]:
    if report.checked_on is not None and report.rectified_on is None:
        raise InputError("It is told of as checked, and not as rectified.", field="rectified_on")
    steps: list[HazardStep] = []
    if standing.state is HazardState.FOUND and report.rectified_on is not None:
        steps.append(HazardStep(HazardAction.RECTIFY, report.rectified_on))
        standing = take(standing, steps[-1], today=today)
    if standing.state is HazardState.RECTIFIED and report.checked_on is not None:
        steps.append(HazardStep(HazardAction.CHECK, report.checked_on))
        standing = take(standing, steps[-1], today=today)
    return standing, tuple(steps)
