"""What can go wrong between a program and the service.

::

    ClientError
    ├── ProblemError            the service answered with a problem (RFC 9457)
    │   ├── KeyRefused          401: there is no key, or it is not right
    │   ├── NotPermitted        403: the account of the key has no right to it
    │   ├── NotFound            404: no layer of that name, or no plan of it in force on the day
    │   ├── TooLarge            413: more points than one request may have
    │   ├── InvalidRequest      422: a parameter cannot be used; ``fields`` points at it
    │   ├── TooOften            429: asked too often, also after waiting
    │   └── ServiceUnavailable  503: the service or its database is not there, also after waiting
    ├── Unreachable             no connection, or no answer in time
    └── AnswerCut               an answer ended before its points did
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec


class ClientError(Exception):
    """Base of all errors of the client."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a request; ``pointer`` is a JSON Pointer such as ``/query/layer``."""

    pointer: str
    detail: str


class ProblemError(ClientError):
    """The service answered with a problem.

    Attributes
    ----------
    status : int
        Of HTTP.
    slug : str
        The stable name of the kind of problem, such as ``not-found``.
    detail : str
        What was wrong this time, as one sentence.
    hint : str or None
        What to do about it.
    fields : tuple of FieldFault
        The fields at fault.
    request_id : str or None
        Under which the log of the service tells more.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: str | None = None) -> None:
        self.status = status
        self.slug = str(problem.get("type", "")).rpartition("/")[2]
        self.detail = str(problem.get("detail") or f"The service answered {status}.")
        self.hint = problem.get("hint")
        self.fields = tuple(
            FieldFault(str(one.get("pointer")), str(one.get("detail"))) for one in problem.get("errors") or ()
        )
        self.request_id = problem.get("request_id") or request_id
        super().__init__(f"{self.detail} {self.hint}" if self.hint else self.detail)


class KeyRefused(ProblemError):
    """There is no key, or it is not right."""


class NotPermitted(ProblemError):
    """The account of the key has no right to it."""


class NotFound(ProblemError):
    """Nothing of that name exists on the day."""


class TooLarge(ProblemError):
    """What was sent is larger than the service takes."""


class InvalidRequest(ProblemError):
    """A parameter cannot be used."""


class TooOften(ProblemError):
    """Asked too often."""


class ServiceUnavailable(ProblemError):
    """The service, or something that it stands on, is not there."""


class Unreachable(ClientError):
    """No connection, or no answer in time."""


class AnswerCut(ClientError):
    """An answer ended before its points did."""


_OF_STATUS = {
    401: KeyRefused,
    403: NotPermitted,
    404: NotFound,
    413: TooLarge,
    422: InvalidRequest,
    429: TooOften,
    503: ServiceUnavailable,
}


def error_of(response: httpx.Response) -> ProblemError:
    """Return the error that an answer with a status of 400 or more stands for."""
    try:
        problem = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        problem = {}  # something before the service answered in its place
    kind = _OF_STATUS.get(response.status_code, ProblemError)
    members = problem if isinstance(problem, dict) else {}
    return kind(response.status_code, members, response.headers.get("X-Request-ID"))
