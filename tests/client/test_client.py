"""The client, without a service: when it asks again, what it raises, and what it makes of answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from gisgov.client import (
    AnswerCut,
    AsyncClient,
    Client,
    ClientError,
    InvalidRequest,
    KeyRefused,
    NotFound,
    NotPermitted,
    PointAnswers,
    ProblemError,
    ServiceUnavailable,
    TooLarge,
    TooOften,
    Unreachable,
    questions,
)

Handler = Callable[[httpx.Request], httpx.Response]


def answered(request: httpx.Request, *, stopped: bool = False, lost: int = 0) -> httpx.Response:
    """Answer as the service does: points east of 0 are in area E."""
    assert request.headers["Authorization"] == "Bearer ggk_test"
    lon = np.frombuffer(request.content, "<f8").reshape(-1, 2)[:, 0]
    rows = [
        {
            "row": i,
            "code": "E" if x > 0 else None,
            "status": "owned" if x > 0 else "no-coordinate" if np.isnan(x) else "outside",
            "reason": "lon is missing." if np.isnan(x) else None,
        }
        for i, x in enumerate(lon.tolist())
    ][: len(lon) - lost]
    if stopped:
        rows.append({"row": len(rows), "code": None, "status": "stopped", "reason": "Too many."})
    kinds = [("row", pa.int64()), ("code", pa.string()), ("status", pa.string()), ("reason", pa.string())]
    metadata = {"layer": request.url.params["layer"], "crs": "EPSG:4326", "at": "2026-03-01"}
    sink = pa.BufferOutputStream()
    schema = pa.schema(kinds, metadata=metadata)
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(pa.Table.from_pylist(rows, schema=schema))
    return httpx.Response(200, content=sink.getvalue().to_pybytes())


def opened(handler: Handler, **options: Any) -> Client:
    return Client("http://grid/", key="ggk_test", transport=httpx.MockTransport(handler), **options)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client waited, without waiting."""
    waited: list[float] = []

    async def slept(seconds: float) -> None:
        waited.append(seconds)

    # in the client alone: threads that other tests have left sleep as ever
    monkeypatch.setattr("gisgov.client.client.sleep", waited.append)
    monkeypatch.setattr("gisgov.client.async_client.sleep", slept)
    return waited


def test_many_points_are_asked_in_several_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "POINTS_PER_REQUEST", 2)
    sizes = []

    def handler(request: httpx.Request) -> httpx.Response:
        sizes.append(len(request.content) // 16)
        assert (request.url.path, request.url.params["at"]) == ("/v1/resolve", "2026-03-01")
        return answered(request)

    with opened(handler) as client:
        found = client.resolve_many([1, -1, np.nan, 2, 3], np.zeros(5), layer="网格", at="2026-03-01")
        none = client.resolve_many([], [], layer="网格", at="2026-03-01")
    assert sizes == [2, 2, 1, 0]
    assert found.codes.tolist() == ["E", None, None, "E", "E"]
    assert found.statuses.tolist() == ["owned", "outside", "no-coordinate", "owned", "owned"]
    assert found.counts == {"owned": 3, "outside": 1, "no-coordinate": 1}
    assert found.reasons == {2: "lon is missing."}
    assert (found.layer, found.crs, found.at, len(found), len(none)) == (
        "网格",
        "EPSG:4326",
        "2026-03-01",
        5,
        0,
    )
    assert none.reasons == {}


def test_frames_and_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"x": [1.0, -1.0], "y": [0.0, 0.0], "who": ["a", "b"]}, index=[7, 9])
    with opened(answered) as client:
        found = client.resolve_frame(frame, layer="grid", lon="x", lat="y")
        assert found.columns.tolist() == ["x", "y", "who", "code", "status", "reason"]
        assert found.loc[7, "code"] == "E"
        pairs = (([i], [0]) for i in (1, -1, 2))
        assert [part.codes[0] for part in client.resolve_stream(pairs, layer="grid")] == ["E", None, "E"]
        with pytest.raises(ValueError, match="2 longitudes and 1 latitudes"):
            client.resolve_many([1, 2], [3], layer="grid")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, KeyRefused),
        (403, NotPermitted),
        (404, NotFound),
        (413, TooLarge),
        (422, InvalidRequest),
        (429, TooOften),
        (500, ProblemError),
        (503, ServiceUnavailable),
    ],
)
def test_problems_are_raised_by_their_kind(status: int, kind: type[ProblemError], waits: list[float]) -> None:
    problem = {
        "type": "/problems/some-slug",
        "detail": "It is so.",
        "hint": "Do this.",
        "errors": [{"pointer": "/query/layer", "detail": "no layer"}],
        "request_id": "r1",
    }
    answers = httpx.Response(status, json=problem)
    with opened(lambda _: answers, retries=1) as client, pytest.raises(kind) as raised:
        client.resolve(1, 2)
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.slug, error.detail, error.hint) == (
        status,
        "some-slug",
        "It is so.",
        "Do this.",
    )
    assert (error.fields[0].pointer, error.request_id, str(error)) == (
        "/query/layer",
        "r1",
        "It is so. Do this.",
    )
    assert waits == ([0.5] if status in (429, 503) else []), "only what passes is asked again"


@pytest.mark.parametrize("body", [b"<html>", b"[1]"])
def test_what_something_else_answers_is_an_error_too(body: bytes) -> None:
    answer = httpx.Response(502, content=body, headers={"X-Request-ID": "r2"})
    said = "The service answered 502"
    with opened(lambda _: answer) as client, pytest.raises(ProblemError, match=said) as raised:
        client.resolve(1, 2)
    assert raised.value.request_id == "r2"


def test_it_waits_as_long_as_it_is_told(waits: list[float]) -> None:
    said: Iterator[Any] = iter(
        [
            httpx.Response(429, headers={"Retry-After": "7"}),
            httpx.ConnectError("refused"),
            httpx.Response(503, headers={"Retry-After": "900"}),
            httpx.Response(503, headers={"Retry-After": "soon"}),
        ]
    )

    def handler(request: httpx.Request) -> httpx.Response:
        now = next(said, None)
        if isinstance(now, Exception):
            raise now
        return now or answered(request)

    with opened(handler) as client:
        assert client.resolve_many([1], [0], layer="grid").codes.tolist() == ["E"]
    assert waits == [7.0, 1.0, 60.0, 4.0]


def test_a_service_that_does_not_answer_is_unreachable(waits: list[float]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow")

    with (
        opened(handler, retries=2) as client,
        pytest.raises(Unreachable, match="grid does not answer: too slow"),
    ):
        client.resolve(1, 2)
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (lambda request: answered(request, lost=1), "2 points were sent and 1 answered."),
        (lambda request: answered(request, stopped=True), "Too many."),
        (lambda _: httpx.Response(200, content=b"nonsense"), "The answer is no Arrow stream."),
    ],
)
def test_an_answer_that_was_cut_is_none(handler: Handler, said: str) -> None:
    with opened(handler) as client, pytest.raises(AnswerCut, match=said):
        client.resolve_many([1, 2], [0, 0], layer="grid")


def test_an_answer_of_another_kind_is_none() -> None:
    with opened(lambda _: httpx.Response(200, json={"x": "?"})) as client, pytest.raises(ClientError):
        client.resolve(1, 2)


def test_the_key_is_shown_nowhere() -> None:
    with opened(answered) as client:
        assert "ggk_test" not in repr(client) + repr(client._service)


def test_tasks_ask_without_waiting_for_each_other(waits: list[float]) -> None:
    calls = iter([503])

    def failing(request: httpx.Request) -> httpx.Response:
        if next(calls, 0):
            return httpx.Response(503)
        return answered(request)

    async def pairs() -> AsyncIterator[tuple[list[float], list[float]]]:
        yield [1], [0]
        yield [-1], [0]

    async def asked() -> list[PointAnswers]:
        transport = httpx.MockTransport(failing)
        async with AsyncClient("http://grid", key="ggk_test", transport=transport) as client:
            found = [await client.resolve_many([1], [0], layer="grid")]
            found += [part async for part in client.resolve_stream(pairs(), layer="grid")]
            found += [part async for part in client.resolve_stream([([2], [0])], layer="grid")]
            frame = pd.DataFrame({"lon": [1.0], "lat": [0.0]})
            assert (await client.resolve_frame(frame, layer="grid"))["code"].tolist() == ["E"]
            return found

    found = asyncio.run(asked())
    assert [part.codes[0] for part in found] == ["E", "E", None, "E"]
    assert waits == [0.5]

    async def unreachable() -> None:
        def refuse(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        transport = httpx.MockTransport(refuse)
        async with AsyncClient("http://grid", retries=0, transport=transport) as client:
            await client.resolve(1, 2)

    with pytest.raises(Unreachable):
        asyncio.run(unreachable())
