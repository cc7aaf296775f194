"""The question of `api.routes.resolving` for many points at once."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.batches.answer import answer
from api.batches.batch import Batch, reader_of, too_many, writer_of
from api.batches.description import ANSWERS, BODY
from api.batches.heading import Heading
from api.batches.media import Media, media_of_answer, media_of_request
from api.batches.reading_raw import POINT_BYTES
from api.context import InContext
from api.parameters import BatchParameters
from api.problems import error_responses
from gisgov.services.assigning import assigner_of
from gisgov.services.days import parse_day

router = APIRouter(prefix="/v1/resolve", tags=["resolve"])

_TAKES: Final[dict[int | str, dict[str, Any]]] = {
    200: ANSWERS,
    **error_responses(401, 403, 404, 406, 408, 413, 415, 422, 429, 503),
}


@router.post("", summary="Who is responsible for many coordinates", responses=_TAKES, openapi_extra=BODY)
async def resolve_coordinates(
    context: InContext, request: Request, query: Annotated[BatchParameters, Query()]
) -> Response:
    """Name the area of a layer that owns each of up to ten million points.

    Points come, and answers go, as JSON, JSON lines, CSV, an Arrow stream or plain numbers; answers begin to
    leave while points still come. A point that cannot be read or placed is told of in its row and harms no
    other. The headers `Gisgov-Layer`, `Gisgov-Crs` and `Gisgov-At` say what was taken.
    """
    media, charset = media_of_request(request.headers)
    answered_as = media_of_answer(request.headers, media)
    most = context.settings.batch_most_points
    length = int(request.headers.get("Content-Length") or 0)
    if media is Media.RAW and length > most * POINT_BYTES:
        raise too_many(most)
    day = parse_day(query.at, context.timezone)
    indexes = context.indexes.at_hand(day)
    if indexes is None:  # not held, or not certain
        indexes = await run_in_threadpool(context.indexes.on, day)
    assigner = assigner_of(indexes, query.layer, query.crs)
    heading = Heading(
        layer=assigner.name,
        crs=assigner.system.name,
        at=assigner.day.isoformat(),
        details=query.detail,
        codes=assigner.codes,
        names=assigner.names,
    )
    batch = Batch(
        assigner,
        reader_of(media, charset),
        writer_of(answered_as, heading),
        most_points=most,
        details=query.detail,
    )
    headers = {**heading.headers(), "Cache-Control": "no-store"}
    return await answer(batch, request.receive, headers=headers, media_type=answered_as.value)
