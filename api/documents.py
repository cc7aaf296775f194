"""Bodies that are documents of policy: JSON, YAML or TOML, as the files of the commands are."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.json_bodies import fault, in_one_piece, json_of, valid
from api.problems import UNSUPPORTED_MEDIA, Refusal
from api.uploads import read_whole
from fixtures.shipped import document_of
from gisgov.errors import FileError
from gisgov.secrecy import keep_secret_in
from gisgov.types import Json

_JSON: Final = "application/json"
NAMES: Final[Mapping[str, str]] = {"application/yaml": "document.yaml", "application/toml": "document.toml"}
"""What documents come as beside JSON, and how a message names one that cannot be read."""

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What a workbook comes as."""

_MOST_BYTES = 1_000_000
_MOST_VALUES = 100_000  # an alias of YAML can stand for very much
_DEEPEST = 32

Model = TypeVar("Model", bound=BaseModel)


def media_type_of(request: Request) -> str:
    """Return what a body is sent as; empty where nothing says so."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


async def document_bytes(request: Request) -> bytes:
    """Return the body of a document as it came; it raises a Refusal where it is too large."""
    return await read_whole(request, most_bytes=_MOST_BYTES)


def sent_document(
    model: type[Model], what: str, *, further: tuple[str, ...] = ()
) -> Callable[[Request], Awaitable[Model]]:
    """Return the dependency that reads a body of JSON, YAML or TOML as a model; others read ``further`` ones.

    It raises what `api.json_bodies.sent` does, and a FileError where the body breaks the rules of its format.
    """

    async def read(request: Request) -> Model:
        media_type = media_type_of(request)
        if media_type != _JSON and media_type not in NAMES:
            raise Refusal(
                UNSUPPORTED_MEDIA,
                f"It is not asked for in {media_type or 'a body without Content-Type'}.",
                hint=f"Send {', '.join([_JSON, *NAMES, *further])}.",
            )
        body = await document_bytes(request)
        if media_type == _JSON:
            return valid(model, json_of(body), what=what)
        # a long text of YAML takes seconds: others are answered meanwhile
        return valid(model, await run_in_threadpool(_written, body, media_type), what=what)

    return read


def described_document(model: type[BaseModel], *further: str) -> Json:
    """Return the description of such a body for OpenAPI; ``further`` media types are files of their own."""
    schema = in_one_piece(model)
    content = {media_type: {"schema": schema} for media_type in (_JSON, *NAMES)}
    content |= {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in further}
    return {"requestBody": {"required": True, "content": content}}


def _written(body: bytes, media_type: str) -> Any:
    name = NAMES[media_type]
    try:
        document = document_of(body.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not UTF-8 text.", hint="Save it as UTF-8.") from error
    except RecursionError as error:
        raise RequestValidationError([fault("body", "", "The body is nested too deep.")]) from error
    plain = _Plain()(document)
    keep_secret_in(plain)
    return plain


class _Plain:
    """Turns what YAML and TOML know beyond JSON into its words: days as texts, keys as texts."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, value: object, depth: int = 0) -> Any:
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_VALUES:
            reason = (
                f"The body is nested deeper than {_DEEPEST} levels, or holds over {_MOST_VALUES:,} values."
            )
            raise RequestValidationError([fault("body", "", reason)])
        if isinstance(value, dict):
            return {_key(name): self(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list | tuple | set):
            return [self(one, depth + 1) for one in value]
        if isinstance(value, date | datetime | time):
            return value.isoformat()
        if value is None or isinstance(value, str | bool | int):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        raise RequestValidationError(
            [fault("body", "", f"{str(value)[:40]} is no value that is taken here.")]
        )


def _key(name: object) -> str:
    return name if isinstance(name, str) else json.dumps(name, default=str)
