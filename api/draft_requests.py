"""What a request to change a draft says: the operation in its body, and the revision in If-Match."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Annotated, Any, get_args

from fastapi import Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from api.json_bodies import fault, in_place, read_json, refuse_unsound
from api.parameters import TEXT, NoParameters
from api.problems import PRECONDITION_REQUIRED, UNSUPPORTED_MEDIA, Refusal
from gisgov.services.editing.operations import OPERATION, Operation
from gisgov.types import Json

_MOST_BYTES = 4_000_000
"""100,000 codes of 20 digits, and room."""

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_KINDS: dict[str, Any] = {
    str(own.default): one for one in get_args(Operation) for own in fields(one) if own.name == "kind"
}

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The revision of the draft that the operation was made for, as its `ETag` and the last "
        'answer have it: `"7"`; `*` takes the draft as it is. Without it: 428.',
        examples=['"7"'],
    ),
]


class SnapshotBody(NoParameters):
    """A name for what a draft is now."""

    name: str = Field(max_length=TEXT, description="Name of the snapshot.", examples=["送审前"])


class OperationParameters(NoParameters):
    """Parameters of an operation."""

    geometry: bool = Field(default=False, description="`true` adds the changed areas as GeoJSON.")


class PresenceBody(NoParameters):
    """What somebody does in a draft."""

    doing: str | None = Field(
        None,
        max_length=TEXT,
        description="What that is, for others who are there to read.",
        examples=["划分 449901001001004"],
    )


class BranchBody(NoParameters):
    """A draft that is to begin as a plan."""

    name: str = Field(max_length=TEXT, description="Name of the new draft.", examples=["grid-2027"])
    snapshot: str | None = Field(
        None, max_length=TEXT, description="Begin as the plan was at this snapshot of it."
    )
    revision: int | None = Field(
        None, ge=0, le=2**31 - 1, description="Or at this revision of it. Default: as it is now."
    )
    author: str | None = Field(
        None, max_length=TEXT, description="Who makes it. Default: the account that asks."
    )


def revision_seen(if_match: str | None) -> int | None:
    """Return the revision that a request names; None where it takes whatever there is.

    Raises
    ------
    Refusal
        It names none.
    RequestValidationError
        What it names is no revision.

    Examples
    --------
    >>> revision_seen('"7"'), revision_seen("*")
    (7, None)
    """
    if if_match is None:
        raise Refusal(
            PRECONDITION_REQUIRED,
            "The request does not say which revision of the draft it was made for.",
            hint='Send its ETag back: If-Match: "7". If-Match: * takes the draft as it is.',
        )
    if if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        words = f'{if_match!r} is no revision: send the ETag of the draft, such as "7", or *.'
        raise RequestValidationError([fault("header", "If-Match", words)])
    return int(found[1])


async def read_operation_body(request: Request) -> Operation:
    """Read the operation that a body in JSON asks for.

    Raises
    ------
    Refusal
        The body is of another kind, or too large.
    RequestValidationError
        It is no operation; every fault is pointed at.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"An operation is not asked for in {media_type or 'a body without Content-Type'}.",
            hint="Send application/json.",
        )
    document = await read_json(request, most_bytes=_MOST_BYTES)
    refuse_unsound(document)
    faults = [*_unknown(document), *_too_long(document)]
    if faults:
        raise RequestValidationError(faults)
    try:
        return OPERATION.validate_python(document)
    except ValidationError as error:
        raise RequestValidationError([_pointed_at(one) for one in error.errors()]) from error


def operation_body() -> Json:
    """Return the description of the body for OpenAPI: one schema for each kind of operation."""
    schema = OPERATION.json_schema()
    definitions = {name: _strict(one) for name, one in schema["$defs"].items()}
    one_of = [in_place(one, definitions) for one in schema["oneOf"]]
    content = {"application/json": {"schema": {"title": "Operation", "oneOf": one_of}}}
    return {"requestBody": {"required": True, "content": content}}


def _strict(schema: Json) -> Json:
    """Return the schema of a kind of operation as it is read: its kind is needed, and nothing else goes."""
    strict: Json = {**schema, "additionalProperties": False}
    strict["required"] = [*schema.get("required", []), "kind"]
    return strict


def _unknown(document: Json) -> list[Json]:
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        return []  # said when the document is read
    known = [one.name for one in fields(_KINDS[kind])]
    return [
        fault("body", name, f"{name} is no field of {kind}; it takes {', '.join(sorted(known))}.")
        for name in document
        if name not in known
    ]


def _too_long(document: Json) -> list[Json]:
    return [
        fault("body", name, f"{name} holds a text of more than {TEXT} characters.")
        for name, value in document.items()
        if any(len(text) > TEXT for text in _texts(value))
    ]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _pointed_at(error: Any) -> Json:
    """Return a fault of an operation, at its place in the body."""
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        words = f"Say what to do in `kind`: one of {', '.join(sorted(_KINDS))}."
        return fault("body", "kind", words)
    loc = ("body", *error["loc"][1:])
    if error["type"] == "tuple_type":
        return {**error, "loc": loc, "msg": "Input should be a list"}
    return {**error, "loc": loc}
