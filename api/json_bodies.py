"""Bodies in JSON: read whole, held to a model, every fault pointed at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.parameters import PLAIN
from api.uploads import read_whole
from gisgov.types import Json

Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request, *, most_bytes: int) -> Any:
    """Read a body as JSON.

    Raises
    ------
    Refusal
        It is too large.
    RequestValidationError
        It is no JSON.
    """
    body = await read_whole(request, most_bytes=most_bytes)
    try:
        return json.loads(body)
    except ValueError as error:
        raise RequestValidationError([fault("body", "", "The body is no JSON.")]) from error


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
    if not isinstance(document, dict):
        raise RequestValidationError([fault("body", "", "The body is no JSON object.")])
    refuse(("body", name, "it holds a NUL character") for name in _with_nul(document))
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


def _with_nul(document: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that hold a NUL character, which no name or code does."""
    for name, value in document.items():
        if "\\u0000" in json.dumps([name, value]):
            yield name.replace("\0", "")


def _raise(faults: list[Json]) -> NoReturn:
    raise RequestValidationError(faults)
