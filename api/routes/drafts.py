"""Drafts: changed operation by operation, looked at, named and branched."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.caching import SMALLEST_COMPRESSED, matches
from api.compressing import takes_gzip
from api.context import InContext
from api.draft_answers import DraftAnswer, EditAnswer, draft_answer, edit_answer, tagged
from api.draft_requests import (
    BranchBody,
    IfMatch,
    OperationParameters,
    PresenceBody,
    SnapshotBody,
    operation_body,
    read_operation_body,
    revision_seen,
)
from api.json_bodies import described, sent
from api.paging import next_address, next_link
from api.parameters import NoParameters, PlanName
from api.problems import error_responses
from fixtures.shipped import redivision_policy
from gisgov.services.area_records import MOST
from gisgov.services.days import local_day
from gisgov.services.editing.block_shapes import PlanBlocks, plan_blocks
from gisgov.services.editing.branching import Branch, branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import Operation
from gisgov.services.editing.presence import Company, tell_presence
from gisgov.services.editing.reports import LoggedOperation
from gisgov.services.editing.showing import show_draft
from gisgov.services.editing.snapshots import Snapshot, list_snapshots, take_snapshot

router = APIRouter(prefix="/v1/plans", tags=["drafts"])

_READ = error_responses(401, 403, 404, 409, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_OPERATION = error_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)

_policy = cache(redivision_policy)
_QUICK = 2
"""Level of gzip: a tenth larger than by the usual one, in a fifth of the time."""


class DraftParameters(NoParameters):
    """Parameters of a draft."""

    geometry: bool = Field(default=False, description="`true` adds all areas as GeoJSON.")


class LogParameters(NoParameters):
    """Parameters of the log of a draft."""

    limit: int = Field(default=100, ge=1, le=MOST, description="Most operations on the page.")
    after: int | None = Field(
        default=None,
        ge=0,
        le=2**31 - 1,
        description="Where the page before ended: the revision of its last operation. The header `Link` has "
        "the whole address of the next page.",
    )


class BlocksParameters(NoParameters):
    """Parameters of what a plan is made of."""

    since: int | None = Field(
        default=None,
        ge=0,
        le=2**31 - 1,
        description="A revision: only the blocks that came, moved or went after it. Default: all.",
    )


@router.post(
    "/{plan:name}/operations",
    summary="Do an operation on a draft",
    response_model=EditAnswer,
    responses=_OPERATION,
    openapi_extra=operation_body(),
)
async def operate(
    context: InContext,
    request: Request,
    plan: PlanName,
    query: Annotated[OperationParameters, Query()],
    if_match: IfMatch = None,
) -> Response:
    """Assign blocks, merge, split, move a border, rename, lock, divide anew, fill, undo, restore, rebase.

    `kind` in the body says which, the other fields are those of that kind. `If-Match` names the revision that
    the operation was made for: where somebody else changed the draft since, nothing is done, and the problem
    (412) tells by which operations. The answer has the areas that changed with their figures, and all that
    the draft has to be mended; its `ETag` is the new revision.
    """
    seen = revision_seen(if_match)
    operation = await read_operation_body(request)
    answer = await run_in_threadpool(_operate, context, plan, operation, seen, geometry=query.geometry)
    return tagged(EditAnswer, answer, answer.revision)


@router.get("/{plan:name}/operations", summary="What was done on a draft", responses=_READ)
def operations(
    context: InContext,
    request: Request,
    response: Response,
    plan: PlanName,
    query: Annotated[LogParameters, Query()],
) -> list[LoggedOperation]:
    """List the operations on a draft, the newest first, page by page; a published plan keeps its own."""
    # one more than asked for tells whether there is another page
    found = list_operations(context.database, plan, limit=query.limit + 1, before=query.after)
    page = list(found[: query.limit])
    if len(found) > query.limit:
        response.headers.update(next_link(next_address(request, str(page[-1].revision))))
    return page


@router.get("/{plan:name}/draft", summary="A draft as it is", response_model=DraftAnswer, responses=_READ)
def one_draft(context: InContext, plan: PlanName, query: Annotated[DraftParameters, Query()]) -> Response:
    """Show a draft: its areas with their figures, what is to be mended before it is published, its snapshots.

    The `ETag` is its revision, which the next operation names in `If-Match`.
    """
    zone = context.timezone
    found = show_draft(context.database, plan, today=local_day(None, zone), timezone=zone)
    answer = draft_answer(context.database, found, geometry=query.geometry)
    return tagged(DraftAnswer, answer, found.revision)


@router.get(
    "/{plan:name}/blocks",
    summary="The blocks that a plan is made of",
    response_model=PlanBlocks,
    responses={304: {"description": "They are as whoever asks has them."}, **_READ},
)
def blocks_of_plan(
    context: InContext, request: Request, plan: PlanName, query: Annotated[BlocksParameters, Query()]
) -> Response:
    """Give the blocks of a draft, or of a published plan, with their shapes and the areas that they are in.

    Shapes are told in whole steps of 1e-7°, from one vertex to the next. With `since`, only what became of
    blocks after that revision is told (`whole` is false), or all where the log does not tell it.
    """
    zone = context.timezone
    known = request.headers.get("If-None-Match", "")
    found = plan_blocks(
        context.database,
        plan,
        since=query.since,
        today=local_day(None, zone),
        timezone=zone,
        is_known=lambda version: matches(known, _tag(version)),
    )
    headers = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Authorization, Cookie"}
    if found.version is not None:
        headers["ETag"] = _tag(found.version)
    if found.blocks is None:
        return Response(status_code=304, headers=headers)
    body = TypeAdapter(PlanBlocks).dump_json(found.blocks)
    if len(body) >= SMALLEST_COMPRESSED and takes_gzip(request.headers.get("Accept-Encoding", "")):
        headers["Content-Encoding"] = "gzip"  # here, for speed: more thorough ways take ten times as long
        body = gzip.compress(body, _QUICK, mtime=0)
    return Response(body, media_type="application/json", headers=headers)


@router.put(
    "/{plan:name}/presence",
    summary="Tell that somebody is at work in a draft",
    responses=_CHANGE,
    openapi_extra=described(PresenceBody),
)
def presence_in_draft(
    context: InContext,
    plan: PlanName,
    body: Annotated[PresenceBody, Depends(sent(PresenceBody, "what somebody does"))],
    _: Annotated[NoParameters, Query()],
) -> Company:
    """Tell that whoever asks is at work in a draft, and answer who else is, and which revision it has.

    Asked every few seconds. Who told nothing for a minute is not there any more.
    """
    return tell_presence(context.database, plan, body.doing)


@router.get("/{plan:name}/snapshots", summary="Snapshots of a draft", responses=_READ)
def snapshots(context: InContext, plan: PlanName, _: Annotated[NoParameters, Query()]) -> list[Snapshot]:
    """List the revisions of a draft that were given a name."""
    return list(list_snapshots(context.database, plan))


@router.post(
    "/{plan:name}/snapshots",
    summary="Give what a draft is now a name",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(SnapshotBody),
)
def add_snapshot(
    context: InContext,
    plan: PlanName,
    body: Annotated[SnapshotBody, Depends(sent(SnapshotBody, "a snapshot"))],
    _: Annotated[NoParameters, Query()],
) -> Snapshot:
    """Name what a draft is now. It can be had again by that name, whatever is undone and done after."""
    return take_snapshot(context.database, plan, body.name)


@router.post(
    "/{plan:name}/branches",
    summary="Begin a draft as a plan is",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(BranchBody),
)
def add_branch(
    context: InContext,
    response: Response,
    plan: PlanName,
    body: Annotated[BranchBody, Depends(sent(BranchBody, "a branch"))],
    _: Annotated[NoParameters, Query()],
) -> Branch:
    """Make a draft that begins as a published plan, or as another draft is or once was."""
    zone = context.timezone
    made = branch_plan(
        context.database,
        plan,
        body.name,
        snapshot=body.snapshot,
        revision=body.revision,
        author=body.author,
        today=local_day(None, zone),
        timezone=zone,
    )
    response.headers["Location"] = f"/v1/plans/{quote(made.plan.name, safe='')}"
    return made


def _operate(
    context: InContext, plan: str, operation: Operation, seen: int | None, *, geometry: bool
) -> EditAnswer:
    done = edit_draft(
        context.database,
        plan,
        operation,
        seen=seen,
        today=local_day(None, context.timezone),
        timezone=context.timezone,
        policy=_policy(),
    )
    return edit_answer(context.database, done, geometry=geometry)


def _tag(version: str) -> str:
    return f'W/"{version}"'
