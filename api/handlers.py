"""From exceptions to problems: what the application does with each kind of error."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api.parameters import PLAIN
from api.problems import (
    INVALID_REQUEST,
    FieldProblem,
    Refusal,
    json_pointer,
    kind_below,
    kind_of,
    kind_of_status,
    problem_response,
)
from api.request_id import request_id_of
from gisgov.errors import (
    AreaRetired,
    DraftChanged,
    GisgovError,
    IllegalTransition,
    NotSignedIn,
    RebaseConflict,
    StepConflict,
    TooManyRequests,
    UnavailableError,
)

_RETRY_AFTER_S = 5
_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.handlers")


def install_handlers(app: FastAPI) -> None:
    """Make ``app`` answer every error in the one shape."""
    app.add_exception_handler(GisgovError, _gisgov_error)
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)


async def _gisgov_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GisgovError)  # noqa: S101 - registered for this class only
    fields = []
    if error.field is not None:
        fields.append(
            FieldProblem(
                pointer=json_pointer([_place(request, error.field), error.field]), detail=error.message
            )
        )
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, DraftChanged):
        headers["ETag"] = f'"{error.revision}"'
    if isinstance(error, StepConflict):
        headers["ETag"] = f'"{error.step_number}"'
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(_RETRY_AFTER_S)
        _log.warning("unavailable", reason=str(error))
    return problem_response(
        kind_below(request.url.path, kind_of(error)),
        error.message,
        hint=error.hint,
        fields=fields,
        headers=headers,
        members=_members(error),
        request_id=request_id_of(request.scope),
    )


def _members(error: GisgovError) -> dict[str, Any]:
    """Return what a problem tells besides what all of them do."""
    if isinstance(error, AreaRetired):
        return {"replaced_by": error.replaced_by}
    if isinstance(error, DraftChanged):
        return {"revision": error.revision, "since": error.since}
    if isinstance(error, RebaseConflict):
        return {"conflicts": error.conflicts}
    if isinstance(error, IllegalTransition):
        return {"state": error.state, "legal": error.legal}
    if isinstance(error, StepConflict):
        return {"step_number": error.step_number}
    return {}


def _place(request: Request, field: str) -> str:
    """Return the part of a request that a field stands in."""
    if field in request.path_params:
        return "path"
    return "query" if request.method == "GET" or field in request.query_params else "body"


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class only
    return problem_response(
        error.kind, error.detail, hint=error.hint, request_id=request_id_of(request.scope)
    )


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    known = _known_parameters(request)
    fields = [
        FieldProblem(pointer=json_pointer(fault["loc"]), detail=_words(fault, known))
        for fault in error.errors()
    ]
    detail = fields[0].detail if len(fields) == 1 else f"{len(fields)} fields of the request have problems."
    kind = kind_below(request.url.path, INVALID_REQUEST)
    return problem_response(kind, detail, fields=fields, request_id=request_id_of(request.scope))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    kind = kind_of_status(error.status_code)
    detail = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not answer {request.method}.",
    }.get(error.status_code, kind.title)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return problem_response(kind, detail, headers=headers, request_id=request_id_of(request.scope))


def _methods(request: Request) -> set[str]:
    """Return the methods that an address answers, those of `api.methods` among them."""
    routes = request.app.router.routes
    methods = {
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    }
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


def _words(fault: dict[str, Any], known: str) -> str:
    """Return one sentence for a fault of a request."""
    if fault["type"] == PLAIN:
        return str(fault["msg"])
    name = str(fault["loc"][-1])
    if fault["type"] == "extra_forbidden":
        return f"{name} is not a parameter of this address; it takes {known or 'none'}."
    if fault["type"] == "missing":
        return f"{name} is required."
    return f"{name}: {fault['msg']}."


def _known_parameters(request: Request) -> str:
    """Return the names of the query parameters of the route, for a message."""
    route = request.scope["route"]
    models = [parameter.field_info.annotation for parameter in route.dependant.query_params]
    fields = [pair for model in models for pair in model.model_fields.items()]
    return ", ".join(sorted(field.alias or name for name, field in fields))
