"""Use case: end the validity of a plan."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from gisgov.errors import ConflictError, InputError, PlanPublished
from gisgov.services.days import local_day
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.services.publishing.effect import tell
from gisgov.services.publishing.terms import allowed, lock_plan
from gisgov.store import joining, plans, succession
from gisgov.store.database import Database


def retire_plan(database: Database, name: str, *, valid_to: date, timezone: ZoneInfo) -> PlanInfo:
    """End the validity of a published plan, without another to follow it.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        A published plan.
    valid_to : datetime.date
        First day no longer in force.
    timezone : zoneinfo.ZoneInfo
        Its calendar says which day is today, on which buildings lose an owner that is not in force.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to retire plans is not held in its scope.
    ConflictError
        It is a draft.
    PlanPublished
        It is retired already.
    InputError
        The day is not within its validity.
    """
    with database.begin() as connection, allowed(connection, name):
        plan = lock_plan(connection, name)
        if plan.status == "draft":
            raise ConflictError(
                f"Plan {name!r} is a draft and was never in force.", hint="Delete it instead."
            )
        if plan.status == "retired":
            raise PlanPublished(f"Plan {name!r} is retired already, from {plan.valid_to} on.")
        begins_before = plan.valid_from is not None and plan.valid_from < valid_to
        if not begins_before or (plan.valid_to is not None and valid_to > plan.valid_to):
            raise InputError(
                f"Plan {name!r} is in force from {plan.valid_from} to {plan.valid_to or 'open end'}; "
                f"{valid_to} does not end it.",
                field="valid_to",
            )
        succession.set_retired(connection, plan.id, valid_to)
        joining.join_buildings(connection, day=local_day(None, timezone), layer_id=plan.layer_id)
        tell(connection, plan, "retired")
        return plan_info(plans.find_plan(connection, name))
