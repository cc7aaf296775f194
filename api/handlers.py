"""From exceptions to problems: what the application does with each kind of error."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.parameters import PLAIN
from api.problems import (
    INVALID_REQUEST,
    FieldProblem,
    json_pointer,
    kind_of,
    kind_of_status,
    problem_response,
)
from api.request_id import request_id_of
from gisgov.errors import GisgovError, UnavailableError

_RETRY_AFTER_S = 5
_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.handlers")


def install_handlers(app: FastAPI) -> None:
    """Make ``app`` answer every error in the one shape."""
    app.add_exception_handler(GisgovError, _gisgov_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)


async def _gisgov_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GisgovError)  # noqa: S101 - registered for this class only
    fields = []
    if error.field is not None:
        place = "path" if error.field in request.path_params else "query"
        fields.append(FieldProblem(pointer=json_pointer([place, error.field]), detail=error.message))
    headers = {}
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(_RETRY_AFTER_S)
        _log.warning("unavailable", reason=str(error))
    return problem_response(
        kind_of(error),
        error.message,
        hint=error.hint,
        fields=fields,
        headers=headers,
        request_id=request_id_of(request.scope),
    )


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    known = _known_parameters(request)
    fields = [
        FieldProblem(pointer=json_pointer(fault["loc"]), detail=_words(fault, known))
        for fault in error.errors()
    ]
    detail = fields[0].detail if len(fields) == 1 else f"{len(fields)} fields of the request have problems."
    return problem_response(INVALID_REQUEST, detail, fields=fields, request_id=request_id_of(request.scope))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    kind = kind_of_status(error.status_code)
    detail = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not answer {request.method}.",
    }.get(error.status_code, kind.title)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _with_general_methods(headers.get("Allow", ""))
    return problem_response(kind, detail, headers=headers, request_id=request_id_of(request.scope))


def _with_general_methods(allow: str) -> str:
    """Add to the methods of a route those that `api.methods` answers for every route."""
    methods = {method.strip() for method in allow.split(",")} - {""}
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


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
    return ", ".join(sorted(name for model in models for name in model.model_fields))
