"""The drafts that a re-division is stored as: their names, and what is refused before any work."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.errors import InputError, NameTaken, PlanPublished
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.governance.workload import parse_term
from gisgov.services.redividing.requests import RedivisionRequest
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan, content_sha256, find_plan, has_plan

_MOST_ALTERNATIVES = 50


def refuse_early(database: Database, request: RedivisionRequest, policy: RedivisionPolicy) -> str | None:
    """Refuse a request for what can be seen without reading the ground.

    Returns
    -------
    str or None
        Digest of the plan that is started from, as it is now.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NameTaken, PlanPublished
        What is to be stored cannot be.
    InputError
        A weight is none, or there is no alternative of the number to keep.
    """
    for text in request.how_many.weights:
        parse_term(text, policy.targets)
    with database.begin() as connection:
        draft_names(connection, request)
        if request.source is None:
            return None
        return content_sha256(connection, find_plan(connection, request.source).id)


def draft_names(connection: sa.Connection, request: RedivisionRequest) -> tuple[str | None, ...]:
    """Return the draft that each alternative is to be stored as; None where it is not.

    Raises
    ------
    NotFoundError, PlanPublished
        There is no draft to be divided in place.
    NameTaken
        A plan has a name already.
    InputError
        There cannot be so many alternatives, or none has the number to keep.
    """
    number = request.alternatives
    if not 1 <= number <= _MOST_ALTERNATIVES:
        raise InputError(
            f"{number} alternatives are none, or too many.",
            hint=f"Ask for 1 to {_MOST_ALTERNATIVES}.",
            field="alternatives",
        )
    keep = request.keep
    if keep is None:
        keep = 1 if request.in_place or number == 1 else "all"
    if keep == "all" and request.in_place and number > 1:
        raise InputError(
            "A draft that is divided in place holds one alternative.", hint="Say which to keep.", field="keep"
        )
    if isinstance(keep, int) and not 1 <= keep <= number:
        raise InputError(f"There is no alternative {keep} of {number} to keep.", field="keep")
    numbered = keep == "all" and number > 1
    plans = tuple(
        (f"{request.plan}-{i}" if numbered else request.plan) if keep in ("all", i) else None
        for i in range(1, number + 1)
    )
    if request.in_place:
        refuse_published(find_plan(connection, request.plan))
        return plans
    for name in plans:
        if name is not None and has_plan(connection, name):
            raise NameTaken(
                f"A plan is called {name!r} already.",
                hint="Choose another name, or start from that plan to divide it in place.",
                field="plan",
            )
    return plans


def names_found(
    request: RedivisionRequest, plans: tuple[str | None, ...], found: int
) -> tuple[str | None, ...]:
    """Return the names of those alternatives that there are: fewer, where the ground allows no more.

    Raises
    ------
    InputError
        The one to keep is none of them.
    """
    if any(plans[:found]) or not any(plans):
        return plans[:found]
    raise InputError(
        f"The ground allows {found} different divisions only, so there is no alternative {request.keep}.",
        field="keep",
    )


def refuse_published(plan: StoredPlan) -> None:
    """Refuse to change a plan that is no draft.

    Raises
    ------
    PlanPublished
        It is published or retired.
    """
    if plan.status != "draft":
        raise PlanPublished(
            f"Plan {plan.name!r} is {plan.status} and cannot be changed.",
            hint="Start from it and give the new draft a name of its own.",
            field="plan",
        )
