"""Events through the closed loop: the machine, steps that are taken, and histories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from api.context import InContext
from api.json_bodies import described, sent
from api.parameters import NoParameters
from api.problems import error_responses
from api.step_requests import StepBody, StepIfMatch, asked_step
from gisgov.services.loop import EventInfo, EventStepInfo, event_history, take_step
from gisgov.services.loop.describing import LoopInfo, describe_loop

router = APIRouter(prefix="/v1", tags=["events"])

EventId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the event.", examples=[17])]
_READ = error_responses(401, 403, 404, 422, 429, 503)
_STEP = error_responses(401, 403, 404, 409, 412, 413, 415, 422, 429, 503)


@router.get("/loop", summary="The closed loop of events", responses=error_responses(422, 429))
def loop(_: Annotated[NoParameters, Query()]) -> LoopInfo:
    """Tell the states, what may be done from each by whom, and what practices call it."""
    return describe_loop()


@router.post(
    "/events/{id}/steps",
    summary="Take a step with an event",
    status_code=201,
    responses=_STEP,
    openapi_extra=described(StepBody),
)
def step_event(
    context: InContext,
    response: Response,
    id: EventId,  # noqa: A002 - the name in the address
    body: Annotated[StepBody, Depends(sent(StepBody, "a step"))],
    _: Annotated[NoParameters, Query()],
    if_match: StepIfMatch = None,
) -> EventInfo:
    """Accept, dispatch, handle, return … an event; the answer is where it stands then.

    What cannot be done from where it stands is refused with 409, and `legal` lists what can.
    """
    today = context.today
    done = take_step(context.database, id, asked_step(body, if_match), today=today)
    response.headers["ETag"] = f'"{done.step_number}"'
    return done


@router.get("/events/{id}/steps", summary="History of an event", responses=_READ)
def event_steps(
    context: InContext,
    id: EventId,  # noqa: A002 - the name in the address
    _: Annotated[NoParameters, Query()],
) -> list[EventStepInfo]:
    """List what was done with an event, by whom and why, step by step. Nothing of it is ever changed."""
    return list(event_history(context.database, id))
