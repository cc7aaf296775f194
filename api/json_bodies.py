"""Bodies in JSON: read whole, held to a model, every fault pointed at."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.parameters import PLAIN
from api.problems import UNSUPPORTED_MEDIA, Refusal
from api.uploads import read_whole
from gisgov.secrecy import keep_secret_in
from gisgov.types import Json

_DEEPEST = 32
# a text as one piece, so that brackets in it do not count
_BRACKETS = re.compile(
    r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL
)  # as json.dumps writes NUL, and halves of pairs of UTF-16 that came alone
_NO_CHARACTER = re.compile(r"\\u0000|[\ud800-\udfff]")

Model = TypeVar("Model", bound=BaseModel)
_MOST_BYTES = 100_000


async def read_json(request: Request, *, most_bytes: int) -> Any:
    """Read a body as JSON.

    Raises
    ------
    Refusal
        It is too large.
    RequestValidationError
        It is no JSON, or nested beyond what any request needs, or its texts are none.
    """
    return json_of(await read_whole(request, most_bytes=most_bytes))


def json_of(body: bytes) -> Any:
    """Return what a body of JSON says; see `read_json`."""
    try:
        text = body.decode("utf-8-sig")
        _refuse_deep(text)
        document = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except ValueError as error:
        reason = str(error) if isinstance(error, _Unusual) else "The body is no JSON."
        raise RequestValidationError([fault("body", "", reason)]) from error
    keep_secret_in(document)
    return document


class _Unusual(ValueError):
    """JSON by the letter that no request needs; its text says what."""


def _refuse_deep(text: str) -> None:
    """Refuse nesting that the parser would follow until its stack is full."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        mark = found[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > _DEEPEST:
            raise _Unusual(f"The body is nested deeper than {_DEEPEST} levels.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Unusual(f"The number {digits[:40]} is too large.")
    return number


def _no_number(name: str) -> NoReturn:
    raise _Unusual(f"{name} is no number in JSON.")


def valid(model: type[Model], document: Any, *, what: str) -> Model:
    """Return a document as a model; its faults are those of a body.

    Parameters
    ----------
    model : type
        What it is to be.
    document : object
        What came.
    what : str
        What it asks for, for messages: ``a check``.

    Raises
    ------
    RequestValidationError
        It is no object, or fields are unknown, or cannot be read.
    """
    refuse_unsound(document)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        names = (one.alias or name for name, one in model.model_fields.items())
        known = ", ".join(sorted(names))
        faults = [
            {**one, "loc": ("body", *one["loc"])}
            if one["type"] != "extra_forbidden"
            else fault(
                "body", str(one["loc"][-1]), f"{one['loc'][-1]} is no field of {what}; it takes {known}."
            )
            for one in error.errors()
        ]
        raise RequestValidationError(faults) from error


def refuse_unsound(document: Any) -> None:
    """Refuse what is no object of JSON, or holds what is no text.

    Raises
    ------
    RequestValidationError
        It is so.
    """
    if not isinstance(document, dict):
        raise RequestValidationError([fault("body", "", "The body is no JSON object.")])
    refuse(("body", name, "it holds a character that is none") for name in _with_no_character(document))


def sent(
    model: type[Model], what: str, *, most_bytes: int = _MOST_BYTES
) -> Callable[[Request], Awaitable[Model]]:
    """Return the dependency that reads a body of JSON as a model; see `valid`.

    It raises a Refusal too: the body is of another kind, or larger than ``most_bytes``.
    """

    async def read(request: Request) -> Model:
        media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Refusal(
                UNSUPPORTED_MEDIA,
                f"It is not asked for in {media_type or 'a body without Content-Type'}.",
                hint="Send application/json.",
            )
        return valid(model, await read_json(request, most_bytes=most_bytes), what=what)

    return read


def described(model: type[BaseModel]) -> Json:
    """Return the description of a body for OpenAPI."""
    content = {"application/json": {"schema": in_one_piece(model)}}
    return {"requestBody": {"required": True, "content": content}}


def refuse(faults: Iterable[tuple[str, str, str]]) -> None:
    """Refuse a request for faults of fields, each as its place, name and reason; none is no fault.

    Raises
    ------
    RequestValidationError
        There is one.
    """
    found = [fault(place, name, f"{name}: {reason}.") for place, name, reason in faults]
    if found:
        _raise(found)


def fault(place: str, name: str, sentence: str) -> Json:
    """Return a fault that is told in a sentence of its own; without a name that of the whole place."""
    return {"type": PLAIN, "loc": (place, name) if name else (place,), "msg": sentence}


def _with_no_character(document: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that hold NUL or half a character, which no database takes."""
    for name, value in document.items():
        if _NO_CHARACTER.search(json.dumps([name, value], ensure_ascii=False)):
            yield name.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def in_one_piece(model: type[BaseModel]) -> Json:
    """Return the schema of a model with what it refers to written where it does, as OpenAPI wants it."""
    schema = model.model_json_schema()
    whole: Json = in_place(schema, schema.pop("$defs", {}))
    return whole


def in_place(schema: Any, definitions: Json) -> Any:
    """Return a schema with what it refers to written where it does."""
    if isinstance(schema, list):
        return [in_place(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return in_place(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    return {name: in_place(one, definitions) for name, one in schema.items()}


def _raise(faults: list[Json]) -> NoReturn:
    raise RequestValidationError(faults)
