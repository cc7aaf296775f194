"""Use case: take a published plan back, by publishing again what was in force before it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError
from gisgov.services.days import local_day
from gisgov.services.publishing.carrying_out import carry_out
from gisgov.services.publishing.judging import judge
from gisgov.services.publishing.reports import PlanPublication
from gisgov.services.publishing.seen import Seen
from gisgov.services.publishing.terms import Terms, allowed, lock_plan, refuse_ended
from gisgov.store import plans, publications, succession
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan
from gisgov.types import Progress, silent


def withdraw_plan(
    database: Database,
    name: str,
    *,
    reason: str,
    effective: date | None = None,
    new_name: str | None = None,
    decision: str | None = None,
    author: str | None = None,
    decided_on: date | None = None,
    timezone: ZoneInfo,
    today: date | None = None,
    progress: Progress = silent,
) -> PlanPublication:
    """Take a published plan back: publish the content of the plan before it once more, with a reason.

    Nothing is deleted: the plan stays on record with its areas, and the new one says what it corrects. A plan
    that has not begun never begins: it holds on no day. One that began today may be taken back today; it then
    holds on no day either.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        A published plan.
    reason : str
        Why it is taken back.
    effective : datetime.date, optional
        Day on which it ends and the former areas are in force again. By default today, or its first day if
        that is still to come.
    new_name : str, optional
        Name of the plan that follows; by default that of the one before it, with the day.
    decision, author, decided_on : optional
        The decision that this rests on, who made it, and when.
    timezone : zoneinfo.ZoneInfo
        Its calendar says which day is today.
    today : datetime.date, optional
        By default what the clock says.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    PlanPublication
        The publication of the plan that follows.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to publish is not held in its scope.
    ConflictError
        It is a draft, or no plan was in force before it.
    PlanPublished
        It has ended already.
    NameTaken
        A plan of the new name exists.
    InputError
        The reason is blank, or the day does not end it.
    """
    day = today or local_day(None, timezone)
    with database.begin() as connection, allowed(connection, name):
        plan = lock_plan(connection, name)
        begins = _first_day(plan, day)
        first = max(effective or day, begins) if begins >= day else effective or day
        if first <= begins < day or (plan.valid_to is not None and first >= plan.valid_to):
            raise InputError(
                f"Plan {name!r} is in force from {begins} to {plan.valid_to or 'open end'}; "
                f"{first} does not end it.",
                field="effective",
            )
        terms = Terms(
            first,
            decision=decision,
            author=author,
            decided_on=decided_on,
            corrects=name,
            reason=reason,
            keep_codes=True,
            restores=True,
        )
        terms.refuse_unsound()
        again = _again(connection, plan, begins, first, new_name)
        judged = judge(connection, again, terms, today=day, progress=progress)
        if judged.refusals:
            raise judged.refusals[0]
        done = carry_out(connection, judged, today=day, timezone=timezone)
        return Seen.of(connection, judged.plan.scope_code).publication(done)


def _first_day(plan: StoredPlan, day: date) -> date:
    if plan.status == "draft" or plan.valid_from is None:
        raise ConflictError(
            f"Plan {plan.name!r} is a draft and was never in force.", hint="Delete it instead."
        )
    refuse_ended(plan, day)
    return plan.valid_from


def _again(
    connection: sa.Connection, plan: StoredPlan, begins: date, day: date, name: str | None
) -> StoredPlan:
    """Return a draft with the content of the plan before this one."""
    content = succession.plan_before(connection, plan.layer_id, plan.scope_code, begins, but=plan.id)
    if content is None:
        raise ConflictError(
            f"No plan was in force before {plan.name!r}, so there is none to go back to.",
            hint=f"End it instead: `gisgov plan retire {plan.name} --to DATE`.",
        )
    chosen = _free_name(connection, f"{content.name}@{day}") if name is None else name.strip()
    publications.draft_again(connection, content, chosen)
    return plans.find_plan(connection, chosen, for_change=True)


def _free_name(connection: sa.Connection, wanted: str) -> str:
    name, number = wanted, 1
    while plans.has_plan(connection, name):
        number += 1
        name = f"{wanted}-{number}"
    return name
