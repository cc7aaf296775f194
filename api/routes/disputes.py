"""Disputes: how grave they are, by the table in force."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, sent
from api.parameters import NoParameters
from api.problems import error_responses
from gisgov.services.disputes import DisputeGraded, grade_dispute, grade_event
from gisgov.services.loop import EventInfo

router = APIRouter(prefix="/v1", tags=["events"])

_GRADE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


class DisputeBody(NoParameters):
    """What is known of a dispute."""

    facts: dict[str, float | str | bool | None] = Field(
        description="By the names of the table's facts (`GET /v1/policies/dispute-grades`); null: unknown.",
        examples=[{"people": 12, "urgency": "tense", "amount_yuan": None}],
    )


@router.post(
    "/disputes/grade",
    summary="Grade of a dispute",
    responses=_GRADE,
    openapi_extra=described(DisputeBody),
)
def dispute_grade(
    context: InContext,
    body: Annotated[DisputeBody, Depends(sent(DisputeBody, "a dispute"))],
    _: Annotated[NoParameters, Query()],
) -> DisputeGraded:
    """Say how grave a dispute is, by people involved, urgency and money; nothing is written down."""
    return grade_dispute(context.database, body.facts)


@router.post(
    "/events/{id}/dispute",
    summary="Grade the dispute that an event is",
    status_code=201,
    responses=_GRADE,
    openapi_extra=described(DisputeBody),
)
def grade_of_event(
    context: InContext,
    id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the event.")],  # noqa: A002 - as in the address
    body: Annotated[DisputeBody, Depends(sent(DisputeBody, "a dispute"))],
    _: Annotated[NoParameters, Query()],
) -> EventInfo:
    """Grade an event and write the grade, with what it rests on, into its history."""
    today = context.today
    return grade_event(context.database, id, body.facts, today=today)
