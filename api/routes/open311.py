"""Open311 (GeoReport v2): services, requests, and new ones, for clients that speak it already."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import Context, InContext
from api.event_intake import InIntake
from api.json_bodies import fault
from api.open311.forms import Form, listed
from api.open311.rows import definition_row, request_row, service_row, taken_row
from api.open311.sent import SentRequest, sent_request
from api.parameters import TEXT, NoParameters
from gisgov.services.ingesting import Sending
from gisgov.services.open_requests import (
    RequestFilter,
    find_request,
    find_service,
    list_requests,
    list_services,
)

router = APIRouter(prefix="/open311/v2", tags=["open311"])

_ERRORS: Final = {
    "description": "What was wrong: a list of `code` and `description`, in the form of the address.",
    "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {"4XX": _ERRORS, "5XX": _ERRORS}
_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["service_code"],
                    "properties": {
                        name: {"type": "string"}
                        for name in (
                            "service_code",
                            "lat",
                            "long",
                            "address_string",
                            "address_id",
                            "description",
                        )
                    },
                },
                "example": {
                    "service_code": "0101",
                    "lat": "22.505",
                    "long": "114.005",
                    "description": "井盖破损",
                },
            }
        },
    }
}
AnswerForm = Annotated[Form, Path(description="Form of the answer.", examples=["json"])]


class OpenParameters(NoParameters):
    """Parameters that every address of Open311 takes."""

    jurisdiction_id: str | None = Field(None, max_length=TEXT, description="Taken and not looked at.")
    api_key: str | None = Field(None, max_length=TEXT, description="A key, if no header shows one.")


class RequestParameters(OpenParameters):
    """Which requests are asked for."""

    service_request_id: str | None = Field(None, max_length=10_000, description="Ids, with commas between.")
    service_code: str | None = Field(None, max_length=10_000, description="Codes, with commas between.")
    start_date: datetime | None = Field(None, description="Only those that happened then or later.")
    end_date: datetime | None = Field(None, description="Only those that happened then or before.")
    status: str | None = Field(None, pattern="^(open|closed)(,(open|closed))*$", description="open, closed.")


Asked = Annotated[OpenParameters, Query()]


@router.get("/services.{form}", summary="Services of Open311", responses=_PROBLEMS)
def open311_services(context: InContext, form: AnswerForm, _: Asked) -> Response:
    """List the items of the register that are in force."""
    found = list_services(context.database, day=context.today)
    return listed("services", "service", [service_row(one) for one in found], form)


@router.get("/services/{code}.{form}", summary="One service of Open311", responses=_PROBLEMS)
def open311_service(
    context: InContext,
    code: Annotated[str, Path(max_length=TEXT, description="Code of the service.")],
    form: AnswerForm,
    _: Asked,
) -> Response:
    """Define a service: none asks for more than a place and words."""
    found = find_service(context.database, code, day=context.today)
    return listed("service_definitions", "service_definition", [definition_row(found)], form)


@router.get("/requests.{form}", summary="Requests of Open311", responses=_PROBLEMS)
def open311_requests(
    context: InContext, form: AnswerForm, query: Annotated[RequestParameters, Query()]
) -> Response:
    """List requests, the latest first: 1,000 at most; without dates those of the last 90 days."""
    found = list_requests(context.database, _filter(context, query), now=datetime.now(UTC))
    return listed("service_requests", "request", [request_row(one) for one in found], form)


@router.get("/requests/{id}.{form}", summary="One request of Open311", responses=_PROBLEMS)
def open311_request(
    context: InContext,
    id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the request.")],  # noqa: A002 - as in the address
    form: AnswerForm,
    _: Asked,
) -> Response:
    """Tell how a request stands."""
    return listed("service_requests", "request", [request_row(find_request(context.database, id))], form)


@router.post(
    "/requests.{form}",
    summary="Send a request by Open311",
    status_code=201,
    responses=_PROBLEMS,
    openapi_extra=_FORM,
)
async def open311_send(
    context: InContext,
    intake: InIntake,
    form: AnswerForm,
    sent: Annotated[SentRequest, Depends(sent_request)],
) -> Response:
    """Take in a request, and put it on somebody's desk. Of the person who sends it nothing is kept."""
    # elsewhere an unknown category leaves an event unclassified; here it is a service that is not there
    service, today = sent.report.category or "", context.today
    await run_in_threadpool(find_service, context.database, service, day=today)
    done = await intake.take_in(Sending(context.database, [sent.report]))
    (one,) = done.items
    if one.faults or one.event_id is None:
        raise RequestValidationError(
            [fault("body", each.pointer.removeprefix("/0").strip("/"), each.reason) for each in one.faults]
        )
    row = taken_row(one.event_id, sent.notice)
    return listed("service_requests", "request", [row], form, status=201 if one.outcome == "created" else 200)


def _filter(context: Context, query: RequestParameters) -> RequestFilter:
    words = set((query.status or "open,closed").split(","))
    return RequestFilter(
        ids=None if query.service_request_id is None else _ids(query.service_request_id),
        services=None if query.service_code is None else tuple(query.service_code.split(",")),
        begins=_aware(query.start_date, context),
        ends=_aware(query.end_date, context),
        is_open=None if len(words) == 2 else "open" in words,
    )


def _ids(text: str) -> tuple[int, ...]:
    # an id of another form is of no request
    return tuple(
        int(one)
        for one in text.split(",")
        if one.strip().isascii() and one.strip().isdigit() and len(one) < 19
    )


def _aware(moment: datetime | None, context: Context) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=context.timezone)
