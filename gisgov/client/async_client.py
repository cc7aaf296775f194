"""The client for programs that await."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING

import httpx
import numpy.typing as npt

from gisgov.client import questions
from gisgov.client.answers import PlaceAnswer, PointAnswers
from gisgov.client.questions import Question, Result, Service, Wait

if TYPE_CHECKING:
    import pandas as pd

_Pair = tuple[npt.ArrayLike, npt.ArrayLike]
Pairs = Iterable[_Pair] | AsyncIterable[_Pair]


class AsyncClient:
    """Asks a service of gisgov without keeping other tasks waiting; in all else as `gisgov.client.Client`.

    Parameters
    ----------
    base_url : str
        Where the service is: ``https://grid.example.org``.
    key : str, optional
        Key of an account (``ggk_…``); without one only what is open to everybody is answered.
    timeout_s : float
        How long a connection or an answer may take.
    retries : int
        How often a question is asked again.
    transport : httpx.AsyncBaseTransport, optional
        What carries requests, for proxies and tests.

    Examples
    --------
    >>> from gisgov.client import AsyncClient
    >>> async def codes_of(lon, lat):
    ...     async with AsyncClient("http://127.0.0.1:8000", key="ggk_…") as client:
    ...         return (await client.resolve_many(lon, lat, layer="grid")).codes
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = questions.RETRIES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._service = Service(base_url, key, retries)
        self._http = httpx.AsyncClient(timeout=timeout_s, transport=transport)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def resolve(
        self,
        lon: float,
        lat: float,
        *,
        layer: str | None = None,
        crs: str = "wgs84",
        at: date | str | None = None,
    ) -> PlaceAnswer:
        """Return who is responsible for a place; see `gisgov.client.Client.resolve`."""
        return await self._ask(questions.resolve(self._service, lon, lat, layer=layer, crs=crs, at=at))

    async def resolve_many(
        self,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        *,
        layer: str,
        crs: str = "wgs84",
        at: date | str | None = None,
        detail: bool = False,
    ) -> PointAnswers:
        """Return which area owns each of many points; see `gisgov.client.Client.resolve_many`."""
        return await self._ask(
            questions.resolve_many(self._service, lon, lat, layer=layer, crs=crs, at=at, detail=detail)
        )

    async def resolve_frame(
        self,
        frame: pd.DataFrame,
        *,
        layer: str,
        lon: str = "lon",
        lat: str = "lat",
        crs: str = "wgs84",
        at: date | str | None = None,
        detail: bool = False,
    ) -> pd.DataFrame:
        """Return a DataFrame with the answers; see `gisgov.client.Client.resolve_frame`."""
        found = await self.resolve_many(frame[lon], frame[lat], layer=layer, crs=crs, at=at, detail=detail)
        return frame.assign(**{str(name): values.to_numpy() for name, values in found.to_pandas().items()})

    async def resolve_stream(
        self,
        points: Pairs,
        *,
        layer: str,
        crs: str = "wgs84",
        at: date | str | None = None,
        detail: bool = False,
    ) -> AsyncIterator[PointAnswers]:
        """Yield the answers for pairs ``(lon, lat)`` of arrays; see `gisgov.client.Client.resolve_stream`."""
        async for lon, lat in _each(points):
            yield await self.resolve_many(lon, lat, layer=layer, crs=crs, at=at, detail=detail)

    async def _ask(self, question: Question[Result]) -> Result:
        response: httpx.Response | None = None
        try:
            step = next(question)
            while True:
                if isinstance(step, Wait):
                    await sleep(step.seconds)
                    step = question.send(None)
                    continue
                try:
                    response = await self._http.send(step)
                except httpx.TransportError as error:
                    step = question.throw(error)
                else:
                    step = question.send(response)
        except StopIteration as end:
            result: Result = end.value
            return result


async def _each(points: Pairs) -> AsyncIterator[tuple[npt.ArrayLike, npt.ArrayLike]]:
    if isinstance(points, AsyncIterable):
        async for pair in points:
            yield pair
    else:
        for pair in points:
            yield pair
