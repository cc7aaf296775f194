"""Events to read: in lists, one by one, and live as they change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.admissions_again import still_admitted
from api.context import InContext
from api.event_filters import EventListParameters, EventStreamParameters
from api.event_streams import EventHub, Follower, LiveResponse, follow_events, parse_mark
from api.paging import next_address, next_link
from api.parameters import NoParameters
from api.problems import error_responses
from api.progress_streams import MEDIA_TYPE, Seats
from gisgov.services.event_reading import find_event, list_events, version_now
from gisgov.services.loop import EventInfo

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.get("", summary="Events", responses=error_responses(401, 403, 422, 429, 503))
def event_list(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[EventListParameters, Query()],
) -> list[EventInfo]:
    """List events and where they stand, page by page; those that you may not see are left out.

    Words of one kind are separated by commas, and an event has to have one of them; conditions of several
    kinds hold together.
    """
    asked = query.asked(context.timezone)
    page = list_events(context.database, asked, sort=query.sort, after=query.after, limit=query.limit)
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.events)


@router.get(
    "/stream",
    summary="Events as they change",
    response_class=LiveResponse,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
        **error_responses(401, 403, 422, 429, 503),
    },
)
async def event_stream(
    context: InContext,
    request: Request,
    query: Annotated[EventStreamParameters, Query()],
    last_event_id: Annotated[
        str | None,
        Header(description="Where to go on after a break: the last `id` that came.", max_length=200),
    ] = None,
) -> StreamingResponse:
    """Tell how events stand, whenever one changes that is asked for and that you may see.

    Server-sent events: `ready` as the stream begins, `event` with the event, `left` with the `id` of one
    that is no longer among those that are asked for, and `reset` when something was not told and a copy has
    to be loaded again.
    """
    hub: EventHub = request.app.state.events
    seats: Seats = request.app.state.event_seats
    seats.refuse_when_full()
    await run_in_threadpool(version_now, context.database.own)  # told now, not in the midst of the stream
    actor = request.state.actor
    follower = Follower(
        context.database, actor, query.asked(context.timezone), still_admitted(request, actor)
    )
    last = last_event_id or query.last_event_id
    since = None if last is None else parse_mark(last)
    told = follow_events(hub, follower, last=last, since=since, seats=seats, catches_up=query.catch_up)
    return LiveResponse(told, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


@router.get("/{id}", summary="An event", responses=error_responses(401, 403, 404, 422, 429, 503))
def event(
    context: InContext,
    id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the event.", examples=[17])],  # noqa: A002
    _: Annotated[NoParameters, Query()],
) -> EventInfo:
    """Tell where an event stands: whose desk it lies on, its limits, and what you may do with it now."""
    return find_event(context.database, id)
