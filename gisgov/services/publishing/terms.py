"""On what terms a plan is put into force, and who may do that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from gisgov.errors import InputError, PlanPublished
from gisgov.services.access import require_scope
from gisgov.store import plans, succession
from gisgov.store.acting import as_owner

PUBLISH: Final = "plans.publish"
"""The right that it takes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a draft is put into force.

    Attributes
    ----------
    valid_from, valid_to : datetime.date or None
        Its validity, half-open; None is open-ended.
    decision, author : str or None
        The decision that it rests on, and who made it; None leaves what the draft says.
    decided_on : datetime.date or None
        Day of the decision.
    accept_defects : str or None
        Why it is published although it has defects.
    corrects : str or None
        The published plan that it takes back or corrects.
    reason : str or None
        Why it does.
    keep_codes : bool
        Areas keep their codes, also those that were in force for other ground.
    over_newer : bool
        It is published although it undoes what a newer plan than its base changed.
    restores : bool
        It has the content of a plan that was in force, and is no draft that planners changed.
    """

    valid_from: date
    valid_to: date | None = None
    decision: str | None = None
    author: str | None = None
    decided_on: date | None = None
    accept_defects: str | None = None
    corrects: str | None = None
    reason: str | None = None
    keep_codes: bool = False
    over_newer: bool = False
    restores: bool = False

    def refuse_unsound(self) -> None:
        """Refuse terms that cannot be, whatever the plan.

        Raises
        ------
        InputError
            The validity is empty, a reason is blank, or a correction has none.
        """
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise InputError(
                f"A plan cannot be in force from {self.valid_from} to {self.valid_to}.", field="valid_to"
            )
        if self.accept_defects is not None and not self.accept_defects.strip():
            raise InputError("The reason for accepting defects is blank.", field="accept_defects")
        if (self.corrects is None) != (self.reason is None):
            raise InputError(
                "A correction names the plan that it corrects, and the reason.",
                hint="Give both, `--corrects PLAN --reason TEXT`, or neither.",
                field="reason" if self.reason is None else "corrects",
            )
        if self.reason is not None and not self.reason.strip():
            raise InputError("The reason for the correction is blank.", field="reason")


def refuse_unseen(connection: sa.Connection, corrects: str | None) -> None:
    """Refuse to correct a plan that whoever acts does not see: the service, which goes on, sees all.

    Raises
    ------
    NotFoundError
        They see no such plan.
    """
    if corrects is not None:
        plans.find_plan(connection, corrects)


def refuse_ended(plan: plans.StoredPlan, today: date) -> None:
    """Refuse to take back what has ended; a plan whose successor is yet to begin has not.

    Raises
    ------
    PlanPublished
        It was retired before today, or before it began.
    """
    if plan.status != "retired" or plan.valid_from is None or plan.valid_to is None:
        return
    if plan.valid_to <= max(today, plan.valid_from):
        raise PlanPublished(
            f"Plan {plan.name!r} is retired already, from {plan.valid_to} on.", field="corrects"
        )


@contextmanager
def allowed(connection: sa.Connection, name: str, *, corrects: str | None = None) -> Iterator[None]:
    """Let the block change a plan's place in time, as the service: no account may do that by SQL.

    Raises
    ------
    NotFoundError
        Whoever acts sees no such plan, or none to correct.
    NotAllowed
        Their right does not reach its scope.
    """
    require_scope(connection, PUBLISH, plans.find_plan(connection, name).scope_code)
    refuse_unseen(connection, corrects)
    with as_owner(connection):
        yield


def lock_plan(connection: sa.Connection, name: str) -> plans.StoredPlan:
    """Return a plan that nobody else changes, in a layer that nobody else publishes, until the end.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    plan = plans.find_plan(connection, name)
    succession.lock_succession(connection, plan.layer_id)
    return plans.find_plan(connection, name, for_change=True)


def lock_draft(connection: sa.Connection, name: str) -> plans.StoredPlan:
    """Return a draft likewise.

    Raises
    ------
    NotFoundError
        There is no such plan.
    PlanPublished
        It is published or retired already.
    """
    plan = lock_plan(connection, name)
    if plan.status != "draft":
        raise PlanPublished(
            f"Plan {name!r} is {plan.status} already.", hint="Make a new draft to change the layer."
        )
    return plan
