"""The audit: who changed what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from api.caching import matches
from api.context import InContext
from api.paging import next_address, next_link
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from gisgov.services.audit import (
    AuditEntry,
    AuditVerification,
    Export,
    export_audit,
    list_audit,
    parse_milestone,
    parse_period,
    verify_audit,
)

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class PeriodParameters(NoParameters):
    """Parameters of a period."""

    since: str | None = Field(
        default=None,
        alias="from",
        max_length=40,
        description="From this moment on: an ISO timestamp, or a date, which is its first moment in the "
        "service's time zone. Default: from the beginning.",
        examples=["2026-03-01"],
    )
    until: str | None = Field(
        default=None,
        alias="to",
        max_length=40,
        description="Until this moment, which is excluded. Default: until now.",
        examples=["2026-04-01"],
    )


class AuditParameters(PeriodParameters):
    """Parameters of the list of entries."""

    account: str | None = Field(default=None, max_length=TEXT, description="Only what this account did.")
    limit: int = Field(default=100, ge=1, le=1000, description="Most entries on the page.")
    after: int | None = Field(
        default=None,
        ge=1,
        le=2**63 - 1,
        description="Position that the page before ended with. The header `Link` has the whole address of "
        "the next page.",
    )


class VerificationParameters(NoParameters):
    """Parameters of the verification."""

    expect: str | None = Field(
        default=None,
        max_length=100,
        description="A position and the hash it had, as an earlier verification or export told them: "
        "`POSITION:SHA256`.",
    )


@router.get("", summary="Who changed what", responses=error_responses(401, 403, 422, 503))
def audit(
    context: InContext, request: Request, response: Response, query: Annotated[AuditParameters, Query()]
) -> list[AuditEntry]:
    """List what was changed in a period, by whom and from where, the newest first, page by page."""
    period = parse_period(query.since, query.until, context.timezone)
    page = list_audit(context.database, period, account=query.account, after=query.after, limit=query.limit)
    if page.after is not None:
        response.headers.update(next_link(next_address(request, str(page.after))))
    return list(page.entries)


@router.get(
    "/export",
    summary="The audit for others to check",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/x-ndjson": {}}, "description": "One entry a line, as it was hashed."},
        **error_responses(401, 403, 422, 503),
    },
)
def audit_export(
    context: InContext, request: Request, query: Annotated[PeriodParameters, Query()]
) -> Response:
    """Give the entries of a period exactly as they were hashed, a line each, and the hash of the last one."""
    period = parse_period(query.since, query.until, context.timezone)
    export = export_audit(context.database, period)
    tag = "empty" if export.stretch is None else f"{export.stretch.first}-{export.stretch.sha256[:32]}"
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache"}
    if matches(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
    return StreamingResponse(_ended(export), media_type="application/x-ndjson", headers=headers)


@router.get("/verification", summary="Is the audit whole?", responses=error_responses(401, 403, 422, 503))
def audit_verification(
    context: InContext, query: Annotated[VerificationParameters, Query()]
) -> AuditVerification:
    """Compute every hash of the audit anew, and tell the first position at which something is wrong."""
    expect = None if query.expect is None else parse_milestone(query.expect)
    return verify_audit(context.database, expect=expect)


def _ended(export: Export) -> Iterator[str]:
    for line in export.lines:
        yield f"{line}\n"
