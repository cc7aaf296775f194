"""What a request to take a step with an event says: the step in its body, and what it was made for."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from api.json_bodies import fault, refuse
from api.parameters import TEXT, NoParameters
from gisgov.governance.loop import TRIAGE, DeskKind, DeskName, Step

_REASON = 4_000
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')

StepIfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='Number of the last step that whoever asks saw, `"3"`, instead of `expects`. `*`, or '
        "neither, takes the event as it is.",
        examples=['"3"'],
    ),
]


class DeskBody(NoParameters):
    """Whose desk an event goes to: an area's, a department's, or triage."""

    layer: str | None = Field(None, max_length=TEXT, description="Layer of the area.", examples=["grid"])
    area: str | None = Field(None, max_length=TEXT, description="Its code.", examples=["449901005003"])
    department: str | None = Field(
        None, max_length=TEXT, description="Code of the department; beside an area: who deals with it there."
    )
    triage: bool = Field(default=False, description="`true`: back to whoever dispatches.")


class StepBody(NoParameters):
    """A step with an event."""

    action: str = Field(
        max_length=TEXT, description="What is done; `GET /v1/loop` lists it.", examples=["accept"]
    )
    reason: str | None = Field(None, max_length=_REASON, description="Why, or what was done.")
    expects: int | None = Field(
        None, ge=0, le=2**31 - 1, description="Number of the last step that whoever asks saw."
    )
    desk: DeskBody | None = Field(None, description="Whose desk it goes to.")
    merged_into: int | None = Field(
        None, ge=1, le=2**63 - 1, description="Id of the event that it is a duplicate of."
    )
    category: str | None = Field(
        None, max_length=TEXT, description="Of a classification: code of the item of the register."
    )
    level: str | None = Field(None, max_length=TEXT, description="Of the same: `1`, `2` or `3`.")
    stage: str | None = Field(
        None, max_length=TEXT, description="Of an extension: the stage.", examples=["handling"]
    )
    amount: float | None = Field(
        None, gt=0, le=1000, description="Of an extension: by how many units of its limit."
    )


def asked_step(body: StepBody, if_match: str | None) -> Step:
    """Return the step that a request asks for.

    Raises
    ------
    RequestValidationError
        The desk is none, the header names no step, or another one than the body.

    Examples
    --------
    >>> asked_step(StepBody(action="accept"), '"3"').expects
    3
    """
    expects, seen = body.expects, _seen(if_match)
    if None not in (expects, seen) and expects != seen:
        refuse([("header", "If-Match", f"names step {seen}, and the body {expects}")])
    details = {
        "stage": body.stage,
        "amount": body.amount,
        "category": body.category,
        "level": body.level,
    }
    return Step(
        body.action,
        body.reason,
        seen if expects is None else expects,
        None if body.desk is None else _desk(body.desk),
        body.merged_into,
        {name: value for name, value in details.items() if value is not None},
    )


def _seen(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        words = f'{if_match!r} is no step: send the number of the last one, such as "3", or *.'
        raise RequestValidationError([fault("header", "If-Match", words)])
    return int(found[1])


def _desk(body: DeskBody) -> DeskName:
    given = {"layer": body.layer, "area": body.area}
    if body.triage:
        refuse(("body", "desk", "is either triage or an area") for value in given.values() if value)
        return DeskName(DeskKind.TRIAGE, department=body.department) if body.department else TRIAGE
    if body.layer is not None and body.area is not None:
        return DeskName(DeskKind.AREA, body.layer, body.area, body.department)
    if body.layer or body.area:
        refuse(("body", "desk", f"has no {name}") for name, value in given.items() if not value)
    if body.department is None:
        refuse([("body", "desk", "names no area with its layer, no department and not triage")])
    return DeskName(DeskKind.DEPARTMENT, department=body.department)
