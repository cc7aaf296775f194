"""The client for programs that wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from time import sleep
from types import TracebackType
from typing import TYPE_CHECKING

import httpx
import numpy.typing as npt

from gisgov.client import questions
from gisgov.client.answers import PlaceAnswer, PointAnswers
from gisgov.client.questions import Question, Result, Service, Wait

if TYPE_CHECKING:
    import pandas as pd


class Client:
    """Asks a service of gisgov; it may be used by several threads.

    What cannot be answered now (429, 503, a broken connection) is asked again, after as long as the service
    says; all questions only read.

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
    transport : httpx.BaseTransport, optional
        What carries requests, for proxies and tests.

    Examples
    --------
    >>> from gisgov.client import Client
    >>> with Client("http://127.0.0.1:8000", key="ggk_…") as client:  # doctest: +SKIP
    ...     place = client.resolve(114.0579, 22.5431)
    ...     [(area.layer, area.code) for area in place.chain]
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = questions.RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._service = Service(base_url, key, retries)
        self._http = httpx.Client(timeout=timeout_s, transport=transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def resolve(
        self,
        lon: float,
        lat: float,
        *,
        layer: str | None = None,
        crs: str = "wgs84",
        at: date | str | None = None,
    ) -> PlaceAnswer:
        """Return who is responsible for a place: the owning area of each partition layer, with its staff.

        Parameters
        ----------
        lon, lat : float
            Longitude and latitude, or easting and northing, in ``crs``.
        layer : str, optional
            This layer alone.
        crs : str
            ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09`` or an EPSG code.
        at : datetime.date or str, optional
            The day; today by default.

        Raises
        ------
        ClientError
            See `gisgov.client.errors`.
        """
        return self._ask(questions.resolve(self._service, lon, lat, layer=layer, crs=crs, at=at))

    def resolve_many(
        self,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        *,
        layer: str,
        crs: str = "wgs84",
        at: date | str | None = None,
        detail: bool = False,
    ) -> PointAnswers:
        """Return which area of a layer owns each of many points.

        Parameters
        ----------
        lon, lat : array_like of float, shape (n,)
            The points, in ``crs``; lists, arrays or columns of a DataFrame. NaN is no coordinate. There may
            be none.
        layer : str
            The layer.
        crs, at
            As for `resolve`.
        detail : bool
            Tell more of each point (metres to borders, other areas, the nearest one); many times slower.

        Returns
        -------
        PointAnswers
            One row a point, in their order. A point without an area, or without a place, is no error.

        Raises
        ------
        ValueError
            There are not as many longitudes as latitudes.
        ClientError
            See `gisgov.client.errors`.
        """
        return self._ask(
            questions.resolve_many(self._service, lon, lat, layer=layer, crs=crs, at=at, detail=detail)
        )

    def resolve_frame(
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
        """Return a DataFrame with the columns of the answers (``code``, ``status``, …) beside its own.

        ``lon`` and ``lat`` name the columns of the coordinates; see `resolve_many` for the rest.
        """
        found = self.resolve_many(frame[lon], frame[lat], layer=layer, crs=crs, at=at, detail=detail)
        return frame.assign(**{str(name): values.to_numpy() for name, values in found.to_pandas().items()})

    def resolve_stream(
        self,
        points: Iterable[tuple[npt.ArrayLike, npt.ArrayLike]],
        *,
        layer: str,
        crs: str = "wgs84",
        at: date | str | None = None,
        detail: bool = False,
    ) -> Iterator[PointAnswers]:
        """Yield the answers for pairs ``(lon, lat)`` of arrays: for more points than memory holds.

        A pair of some 100,000 points is a good size; see `resolve_many` for the rest.
        """
        for lon, lat in points:
            yield self.resolve_many(lon, lat, layer=layer, crs=crs, at=at, detail=detail)

    def _ask(self, question: Question[Result]) -> Result:
        response: httpx.Response | None = None
        try:
            step = next(question)
            while True:
                if isinstance(step, Wait):
                    sleep(step.seconds)
                    step = question.send(None)
                    continue
                try:
                    response = self._http.send(step)
                except httpx.TransportError as error:
                    step = question.throw(error)
                else:
                    step = question.send(response)
        except StopIteration as end:
            result: Result = end.value
            return result
