"""Questions to the service, without a connection: what to send, what to make of the answer, when again.

A question is a generator. It yields a request and is given the response, or yields a wait and is given
nothing; what it returns is the result. The two clients differ in how they do what is yielded, no more.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

import httpx
import msgspec
import numpy as np
import numpy.typing as npt

from gisgov.client.answers import PlaceAnswer, PointAnswers, answers_of, joined
from gisgov.client.errors import AnswerCut, Unreachable, error_of

POINTS_PER_REQUEST: Final = 200_000
"""Points of one request: few enough to be asked again when a connection breaks, and to hold."""

RETRIES: Final = 4
_LONGEST_WAIT_S: Final = 60.0
_FIRST_WAIT_S: Final = 0.5
_AGAIN: Final = frozenset({429, 503})

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


Question = Generator[httpx.Request | Wait, httpx.Response | None, Result]


@dataclass(frozen=True, slots=True)
class Service:
    """Where the service is, who asks, and how often again."""

    base_url: str
    key: str | None = field(repr=False)
    retries: int = RETRIES

    def request(
        self, method: str, path: str, query: dict[str, Any], *, body: bytes | None = None, **headers: str
    ) -> httpx.Request:
        """Return a request with the key of whoever asks."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            given["Authorization"] = f"Bearer {self.key}"
        sent = {name: value for name, value in query.items() if value is not None}
        url = self.base_url.rstrip("/") + path
        return httpx.Request(method, url, params=sent, headers=given, content=body)


def resolve(
    service: Service, lon: float, lat: float, *, layer: str | None, crs: str, at: date | str | None
) -> Question[PlaceAnswer]:
    """Ask who is responsible for one place."""
    query = {"lon": repr(float(lon)), "lat": repr(float(lat)), "crs": crs, "layer": layer, "at": _day(at)}
    response = yield from _answered(service, service.request("GET", "/v1/resolve", query))
    try:
        return msgspec.json.decode(response.content, type=PlaceAnswer)
    except msgspec.DecodeError as error:
        raise AnswerCut("The answer is not what this client reads.") from error


def resolve_many(
    service: Service,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    layer: str,
    crs: str,
    at: date | str | None,
    detail: bool,
) -> Question[PointAnswers]:
    """Ask who is responsible for many points, some of them in each request."""
    query = {"layer": layer, "crs": crs, "at": _day(at), "detail": "true" if detail else None}
    parts = []
    for body, count in bodies(lon, lat):
        request = service.request(
            "POST",
            "/v1/resolve",
            query,
            body=body,
            Content_Type="application/octet-stream",
            Accept="application/vnd.apache.arrow.stream, application/problem+json",
        )
        response = yield from _answered(service, request)
        parts.append(answers_of(response.content, count))
    return joined(parts)


def bodies(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Iterator[tuple[bytes, int]]:
    """Yield the bodies of the requests for points, each with how many it has; one at least.

    Raises
    ------
    ValueError
        There are not as many longitudes as latitudes.
    """
    x, y = np.asarray(lon, dtype="<f8").ravel(), np.asarray(lat, dtype="<f8").ravel()
    if x.shape != y.shape:
        raise ValueError(f"There are {len(x)} longitudes and {len(y)} latitudes.")
    for begin in range(0, max(len(x), 1), POINTS_PER_REQUEST):
        part = slice(begin, begin + POINTS_PER_REQUEST)
        yield np.column_stack((x[part], y[part])).astype("<f8").tobytes(), len(x[part])


def _answered(service: Service, request: httpx.Request) -> Question[httpx.Response]:
    """Send a request until it is answered, or as often as is decent."""
    for attempt in range(service.retries + 1):
        is_last = attempt == service.retries
        wait_s = _FIRST_WAIT_S * 2**attempt
        try:
            response = yield request
        except httpx.TransportError as error:
            if is_last:
                raise Unreachable(f"{request.url.host} does not answer: {error}.") from error
        else:
            assert response is not None  # noqa: S101 - what is given for a request
            if response.status_code < 400:
                return response
            if response.status_code not in _AGAIN or is_last:
                raise error_of(response)
            wait_s = _said_wait(response) or wait_s
        yield Wait(min(wait_s, _LONGEST_WAIT_S))
    raise AssertionError("the last attempt returns or raises")  # pragma: no cover


def _said_wait(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() else 0.0


def _day(at: date | str | None) -> str | None:
    return at.isoformat() if isinstance(at, date) else at
