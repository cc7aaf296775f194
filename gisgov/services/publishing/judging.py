"""Whether a draft can be put into force on some terms, and what gives way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from gisgov.errors import (
    ConflictError,
    DefectsFound,
    GisgovError,
    InputError,
    NotAllowed,
    ValidityOverlap,
)
from gisgov.governance.defects import DefectTitle
from gisgov.governance.draft_problems import DraftProblemTitle
from gisgov.services.access import require_own_areas
from gisgov.services.checking import CheckReport, check_stored
from gisgov.services.defect_reports import counted
from gisgov.services.editing.problems import draft_problems
from gisgov.services.editing.reports import DraftProblem
from gisgov.services.publishing.off_blocks import refuse_off_blocks
from gisgov.services.publishing.stale_base import refuse_stale_base
from gisgov.services.publishing.terms import PUBLISH, Terms, refuse_ended
from gisgov.services.shared_ground import SharedGround, shared_ground
from gisgov.store import plans, succession
from gisgov.store.layers import find_layer
from gisgov.store.plans import StoredPlan
from gisgov.types import Progress


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft on the terms of its publication.

    Attributes
    ----------
    plan : StoredPlan
        The draft.
    terms : Terms
        The terms, with the end of validity of a plan that is corrected.
    report : CheckReport
        What the check of its coverage found.
    shared : tuple of SharedGround
        Ground of other scopes that it covers.
    problems : tuple of DraftProblem
        What planners were told of while they drew it.
    ends : StoredPlan or None
        The plan that ends on its first day.
    corrects : StoredPlan or None
        The plan that it takes back or corrects.
    refusals : tuple of GisgovError
        Why it is not published so; nothing is in the way without any.
    is_placed : bool
        Whether its validity is free, so that at least it can be tried.
    """

    plan: StoredPlan
    terms: Terms
    report: CheckReport
    shared: tuple[SharedGround, ...]
    problems: tuple[DraftProblem, ...]
    ends: StoredPlan | None
    corrects: StoredPlan | None
    refusals: tuple[GisgovError, ...]
    is_placed: bool


def judge(
    connection: sa.Connection, plan: StoredPlan, terms: Terms, *, today: date, progress: Progress
) -> Judged:
    """Judge a draft, and change nothing.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service that holds the lock of the layer.
    plan : StoredPlan
        The draft.
    terms : Terms
        On which it is to be published.
    today : datetime.date
        Today.
    progress : Progress
        Told how the check advances.

    Raises
    ------
    NotFoundError
        There is no plan to correct.
    InputError
        The plan has no areas.
    """
    report = check_stored(connection, plan, day=terms.valid_from, progress=progress)
    problems = (
        () if terms.restores else draft_problems(connection, plan.id, find_layer(connection, plan.layer))
    )
    refusals = [*_faults(connection, plan, terms, report, problems)]
    corrects, ends, misplaced = None, None, False
    try:
        corrects = None if terms.corrects is None else _corrected(connection, plan, terms, today)
        if corrects is not None and terms.valid_to is None:
            terms = _ending_with(terms, corrects.valid_to)
        ends = _giving_way(connection, plan, terms, corrects)
    except (ConflictError, InputError) as error:
        refusals.append(error)
        misplaced = True
    if not misplaced:
        refusals += refuse_stale_base(connection, plan, terms, ends)
    shared = shared_ground(connection, plan, terms.valid_from, terms.valid_to)
    refusals += _doubled(plan, shared, accepts=terms.restores or terms.accept_defects is not None)
    return Judged(
        plan, terms, report, shared, problems, ends, corrects, tuple(refusals), is_placed=not misplaced
    )


def _faults(
    connection: sa.Connection,
    plan: StoredPlan,
    terms: Terms,
    report: CheckReport,
    problems: tuple[DraftProblem, ...],
) -> Iterator[GisgovError]:
    for problem in problems:
        always = problem.kind == DraftProblemTitle.UNASSIGNED
        if problem.refused and (always or terms.accept_defects is None):
            words = "`gisgov draft show` shows them" + (
                "." if always else "; --accept-defects REASON publishes it all the same."
            )
            yield DefectsFound(f"Plan {plan.name!r}: {problem.sentence_en}", hint=words)
    if not terms.restores:
        yield from refuse_off_blocks(connection, plan)
    if not report.clean and terms.accept_defects is None and not terms.restores:
        yield DefectsFound(
            f"Plan {plan.name!r} has {counted(report.counts)}.",
            hint=f"`gisgov check {plan.name}` shows them; --accept-defects REASON publishes it all the same.",
        )
    try:
        require_own_areas(connection, PUBLISH, plan.id, outside=report.counts.get(DefectTitle.OUTSIDE, 0))
    except NotAllowed as error:
        yield error


def _corrected(connection: sa.Connection, plan: StoredPlan, terms: Terms, today: date) -> StoredPlan:
    """Return the plan that is corrected, which can be."""
    other = plans.find_plan(connection, str(terms.corrects))  # locked below: not what is of another scope
    if (other.layer_id, other.scope_code) != (plan.layer_id, plan.scope_code):
        raise ConflictError(
            f"Plan {other.name!r} is of another layer or scope than {plan.name!r}.", field="corrects"
        )
    other = plans.find_plan(connection, other.name, for_change=True)
    if other.status == "draft" or other.valid_from is None:
        raise ConflictError(f"Plan {other.name!r} is a draft: there is nothing to correct.", field="corrects")
    refuse_ended(other, today)
    began = other.valid_from < today
    if terms.valid_from < other.valid_from or (terms.valid_from == other.valid_from and began):
        raise InputError(
            f"Plan {other.name!r} begins on {other.valid_from}; {terms.valid_from} does not end it.",
            hint="Choose a later day." if began else "Choose that day, and it never begins, or a later one.",
            field="valid_from",
        )
    return other


def _ending_with(terms: Terms, valid_to: date | None) -> Terms:
    if valid_to is not None and valid_to <= terms.valid_from:
        raise InputError(f"The plan to correct ends before {terms.valid_from}.", field="valid_from")
    return replace(terms, valid_to=valid_to)


def _giving_way(
    connection: sa.Connection, plan: StoredPlan, terms: Terms, corrects: StoredPlan | None
) -> StoredPlan | None:
    """Return the plan that is to end on the first day; None where none is in the way."""
    others = succession.plans_in_the_way(
        connection, plan.layer_id, plan.scope_code, terms.valid_from, terms.valid_to
    )
    others = tuple(one for one in others if corrects is None or one.id != corrects.id)
    if not others:
        return corrects
    first = others[0]
    # an open-ended one leaves no room for others behind it
    if first.valid_to is None and first.valid_from is not None and first.valid_from < terms.valid_from:
        return first
    hint = "Choose a validity that does not meet it; only an open-ended plan that began earlier gives way."
    if first.valid_from is not None and first.valid_from <= terms.valid_from:
        hint += f" To put this one in its place: `--corrects {first.name} --reason TEXT`."
    raise ValidityOverlap(
        f"Plan {first.name!r} of layer {plan.layer!r} is in force from {first.valid_from} to "
        f"{first.valid_to or 'open end'}.",
        hint=hint,
    )


def _doubled(plan: StoredPlan, shared: tuple[SharedGround, ...], *, accepts: bool) -> Iterator[GisgovError]:
    """Let no place have two owners; flaws along the border with another scope may be accepted."""
    for other in shared:
        words = (
            f"Plan {plan.name!r} covers {other.area_m2:,.0f} m² of plan {other.plan!r} of the same layer, "
            f"which is in force from {other.valid_from} to {other.valid_to or 'open end'}"
        )
        if other.doubled:
            yield ValidityOverlap(
                f"{words}; {len(other.doubled)} of its areas are in force there already.",
                hint="Choose another validity, or end that one first: "
                f"`gisgov plan retire {other.plan} --to DATE`.",
            )
        elif not accepts:
            yield DefectsFound(
                f"{words}.",
                hint="Mend the border between them; --accept-defects REASON publishes it all the same.",
            )
