"""Events that other systems report, one or many at once."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from api.context import InContext
from api.event_intake import InIntake
from api.event_requests import DESCRIPTION, SentEvents, reports_of, sent_events, written
from api.json_bodies import fault
from api.parameters import NoParameters
from api.problems import error_responses
from gisgov.services.ingesting import Ingested, LikelyDuplicates, Sending, likely_duplicates

router = APIRouter(prefix="/v1/events", tags=["events"])

_SMALL: Final = 20_000
"""Bytes of a body that is read where it arrives."""

_TAKES: Final = {
    201: {"model": Ingested, "description": "One event that is new; `Location` says where it is."},
    **error_responses(401, 403, 408, 413, 415, 422, 429, 503),
}


@router.post(
    "", summary="Report events", response_model=Ingested, responses=_TAKES, openapi_extra=DESCRIPTION
)
async def report_events(
    context: InContext,
    intake: InIntake,
    sent: Annotated[SentEvents, Depends(sent_events)],
    _: Annotated[NoParameters, Query()],
) -> Response:
    """Take in events from anywhere, up to 10,000 at once, each once, and put each on somebody's desk.

    A body is an array, one object, or an object on each line (`application/x-ndjson`). Source and
    external_id together are one event: sent again it is `known`, and whoever reported it may correct it
    (`updated`) until somebody deals with it. What is wrong with one item harms no other; its `faults` point
    at it. A single object that is refused is a problem 422, one that is new 201.
    """
    # a thread would take longer to begin with few reports than to read them
    is_small = len(sent.body) <= _SMALL
    reports, is_alone = reports_of(sent) if is_small else await run_in_threadpool(reports_of, sent)
    done = await intake.take_in(Sending(context.database, reports))
    if is_small:
        return _answered(done, is_alone=is_alone)
    return await run_in_threadpool(_answered, done, is_alone=is_alone)


@router.get(
    "/{id}/duplicates",
    summary="What may be the same event",
    responses=error_responses(401, 403, 404, 422, 429, 503),
)
def event_duplicates(
    context: InContext,
    id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the event.", examples=[17])],  # noqa: A002
    _: Annotated[NoParameters, Query()],
) -> LikelyDuplicates:
    """Propose open events of the same item that are near in space and time, the nearest first.

    Nothing is merged by itself: who dispatches does, by the step `merge`.
    """
    return likely_duplicates(context.database, id)


def _answered(done: Ingested, *, is_alone: bool) -> Response:
    headers, status = {"Cache-Control": "no-store"}, 200
    if is_alone:
        (one,) = done.items
        if one.faults:
            raise RequestValidationError(
                [
                    fault("body", each.pointer.removeprefix("/0").strip("/"), each.reason)
                    for each in one.faults
                ]
            )
        if one.outcome == "created":
            status = 201
            headers["Location"] = f"/v1/events/{one.event_id}"
    return Response(written(done), status, headers, "application/json")
