"""Whistles: departments that are called to events, and their answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, refuse, sent
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from api.routes.event_steps import EventId
from gisgov.services import whistles
from gisgov.services.whistles import WhistleInfo

router = APIRouter(prefix="/v1", tags=["events"])

WhistleId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the whistle.", examples=[3])]
_WORDS, _MOST_DEPARTMENTS = 4_000, 50
_READ = error_responses(401, 403, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


class WhistleBody(NoParameters):
    """A call of departments."""

    departments: list[Annotated[str, Field(max_length=TEXT)]] = Field(
        min_length=1, max_length=_MOST_DEPARTMENTS, description="Their codes.", examples=[["water"]]
    )
    reason: str = Field(min_length=1, max_length=_WORDS, description="Why they are called.")
    same_day: bool = Field(
        default=False,
        description="`true`: the grid cannot solve it, and answers are due by the end of the working day. "
        "Default: what the policy of time limits gives departments that are called.",
    )
    layer: str | None = Field(
        None, max_length=TEXT, description="Layer of the area that calls.", examples=["street"]
    )
    area: str | None = Field(
        None,
        max_length=TEXT,
        description="Its code. Default: the area on whose desk the event lies.",
        examples=["449901005"],
    )


class WhistleAnswerBody(NoParameters):
    """The answer of a department."""

    department: str = Field(max_length=TEXT, description="Code of the department.", examples=["water"])
    answer: str = Field(min_length=1, max_length=_WORDS, description="What it says, or did.")


class WhistleClosureBody(NoParameters):
    """Why a whistle is closed."""

    reason: str = Field(
        min_length=1, max_length=_WORDS, description="Why the answers are not needed any more."
    )


class WhistlesParameters(NoParameters):
    """Parameters of the list of whistles."""

    department: str | None = Field(
        None, max_length=TEXT, description="Only those that call this department.", examples=["water"]
    )
    event: int | None = Field(None, ge=1, le=2**63 - 1, description="Only those for this event.")
    open: bool | None = Field(
        None,
        description="`true`: only those that the department still has to answer; without a department those "
        "that are not closed. `false`: the others.",
    )
    before: int | None = Field(
        None, ge=1, le=2**63 - 1, description="Only those with a lower id: where the page before ended."
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most whistles in the answer.")


@router.post(
    "/events/{id}/whistles",
    summary="Call departments to an event",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(WhistleBody),
)
def call_departments(
    context: InContext,
    id: EventId,  # noqa: A002 - the name in the address
    body: Annotated[WhistleBody, Depends(sent(WhistleBody, "a whistle"))],
    _: Annotated[NoParameters, Query()],
) -> WhistleInfo:
    """Call departments to an event from the area on whose desk it lies, or from one above it."""
    refuse(
        ("body", name, "layer and area are given together")
        for name, value in (("layer", body.layer), ("area", body.area))
        if value is None and (body.layer, body.area) != (None, None)
    )
    return whistles.call_departments(
        context.database,
        id,
        body.departments,
        reason=body.reason,
        same_day=body.same_day,
        area=None if body.layer is None or body.area is None else (body.layer, body.area),
        today=context.today,
    )


@router.get("/whistles", summary="Whistles", responses=_READ)
def list_whistles(context: InContext, query: Annotated[WhistlesParameters, Query()]) -> list[WhistleInfo]:
    """List the calls for events that whoever asks may see, the latest first, each with its answers."""
    return list(
        whistles.list_whistles(
            context.database,
            department=query.department,
            event_id=query.event,
            is_open=query.open,
            before=query.before,
            limit=query.limit,
        )
    )


@router.post(
    "/whistles/{id}/answers",
    summary="Answer a whistle",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(WhistleAnswerBody),
)
def answer_whistle(
    context: InContext,
    id: WhistleId,  # noqa: A002 - the name in the address
    body: Annotated[WhistleAnswerBody, Depends(sent(WhistleAnswerBody, "an answer"))],
    _: Annotated[NoParameters, Query()],
) -> WhistleInfo:
    """Answer for a department that was called; the last answer closes the whistle.

    Accounts of the department answer, or whoever dispatches the event in its name (`on_behalf`).
    """
    return whistles.answer_whistle(context.database, id, body.department, body.answer, today=context.today)


@router.post(
    "/whistles/{id}/closure",
    summary="Close a whistle",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(WhistleClosureBody),
)
def close_whistle(
    context: InContext,
    id: WhistleId,  # noqa: A002 - the name in the address
    body: Annotated[WhistleClosureBody, Depends(sent(WhistleClosureBody, "a closure"))],
    _: Annotated[NoParameters, Query()],
) -> WhistleInfo:
    """Close a whistle that departments have not answered: whoever called, or somebody of their area."""
    return whistles.close_whistle(context.database, id, body.reason, today=context.today)
