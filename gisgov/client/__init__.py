"""A client of the service: who is responsible for a place, one or millions, from any Python program.

>>> from gisgov.client import Client
>>> with Client("http://127.0.0.1:8000", key="ggk_…") as client:  # doctest: +SKIP
...     answers = client.resolve_many([114.0579, 114.0601], [22.5431, 22.5502], layer="grid")
...     answers.codes.tolist(), answers.counts

It needs neither database nor settings of gisgov. `AsyncClient` is the same for programs that await.
"""

from gisgov.client.answers import Area, Deputy, Outside, PlaceAnswer, PointAnswers, Post
from gisgov.client.async_client import AsyncClient
from gisgov.client.client import Client
from gisgov.client.errors import (
    AnswerCut,
    ClientError,
    InvalidRequest,
    KeyRefused,
    NotFound,
    NotPermitted,
    ProblemError,
    ServiceUnavailable,
    TooLarge,
    TooOften,
    Unreachable,
)

__all__ = [
    "AnswerCut",
    "Area",
    "AsyncClient",
    "Client",
    "ClientError",
    "Deputy",
    "InvalidRequest",
    "KeyRefused",
    "NotFound",
    "NotPermitted",
    "Outside",
    "PlaceAnswer",
    "PointAnswers",
    "Post",
    "ProblemError",
    "ServiceUnavailable",
    "TooLarge",
    "TooOften",
    "Unreachable",
]
