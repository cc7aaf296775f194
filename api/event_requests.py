"""What a request that reports events says: an array, one object, or an object on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, TypeAdapter, ValidationError

from api.batches.media import Media
from api.json_bodies import in_one_piece, json_of, refuse_unsound
from api.parameters import NoParameters
from api.problems import TOO_LARGE, UNSUPPORTED_MEDIA, Refusal
from api.uploads import read_whole
from gisgov.services.ingesting import EventReport, Ingested, ItemFault, Unread
from gisgov.types import Json

MOST: Final = 10_000
"""How many events come at once, at most."""

_MOST_BYTES: Final = 32_000_000
_LINES: Final = (Media.NDJSON, "application/ndjson", "application/jsonl")

_Words = Annotated[str, Field(coerce_numbers_to_str=True)]
_Number = Annotated[float, Field(strict=True)]


class EventBody(NoParameters):
    """An event as somebody reports it."""

    source: _Words = Field(
        description="Who tells of it: patrol, hotline, petition, opinion, camera, qr-code, other, or the "
        "name of a system.",
        examples=["hotline"],
    )
    external_id: _Words = Field(
        description="What it is called there; source and external_id together are one event, however often "
        "they are sent.",
        examples=["12345-20260301-0007"],
    )
    category: str | None = Field(None, description="Code or title of an item of the register.")
    level: _Words | None = Field(None, description="1, 2 or 3, also 一级 and the like. Default: the item's.")
    occurred_at: datetime | None = Field(
        None, description="When: ISO 8601, without an offset in the service's time zone. Default: now."
    )
    description: str | None = Field(None, description="What happened. No names of residents.")
    attributes: dict[str, Any] = Field({}, description="What else the source says.")
    lon: _Number | None = Field(None, description="Longitude or easting.", examples=[114.005])
    lat: _Number | None = Field(None, description="Latitude or northing.", examples=[22.505])
    crs: str | int = Field(
        "wgs84", description="What lon and lat mean: wgs84, gcj02, bd09, cgcs2000, EPSG:4547 …"
    )
    building: _Words | None = Field(
        None, description="Instead of a coordinate: id of the building whose QR code was read."
    )
    building_source: str | None = Field(None, description="Whose id that is, where several sources have it.")
    device: _Words | None = Field(None, description="Instead of a coordinate: id of the camera that saw it.")
    corrected: bool = Field(
        False, description="It was put right on the spot: of level 1, it is closed at once.", strict=True
    )


_DOUBTFUL: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""NUL, and halves of pairs of UTF-16."""

_BODY = TypeAdapter(EventBody)
_ANSWER = TypeAdapter(Ingested)
_SAME: Final = [one.name for one in fields(EventReport) if one.name in EventBody.model_fields]
_ONE: Final = in_one_piece(EventBody)
DESCRIPTION: Final[Json] = {
    "requestBody": {
        "required": True,
        "content": {
            Media.JSON: {"schema": {"oneOf": [_ONE, {"type": "array", "maxItems": MOST, "items": _ONE}]}},
            Media.NDJSON: {"schema": {"type": "string", "description": "An object on each line."}},
        },
    }
}


@dataclass(frozen=True, slots=True)
class SentEvents:
    """A body: its bytes, and whether each line is an event."""

    body: bytes
    in_lines: bool


async def sent_events(request: Request) -> SentEvents:
    """Read the body of a request that reports events.

    Raises
    ------
    Refusal
        It is of another kind, compressed, or too large.
    """
    name = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if name not in _LINES and name != Media.JSON:
        said = name or "a body without Content-Type"
        hint = f"Send {Media.JSON} or {Media.NDJSON}."
        raise Refusal(UNSUPPORTED_MEDIA, f"Events are not read from {said}.", hint=hint)
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(UNSUPPORTED_MEDIA, "The body is compressed.", hint="Send it as it is.")
    return SentEvents(await read_whole(request, most_bytes=_MOST_BYTES), name in _LINES)


def reports_of(sent: SentEvents) -> tuple[list[EventReport | Unread], bool]:
    """Return the reports of a body, and whether it was one object alone.

    An item that cannot be read is told of by itself.

    Raises
    ------
    Refusal
        There are too many.
    RequestValidationError
        The body as a whole is no JSON.
    """
    # what no database takes can only come in by an escape, so most bodies need not be searched for it
    is_doubtful = _DOUBTFUL.search(sent.body) is not None
    if sent.in_lines:
        lines = [line for line in sent.body.splitlines() if line.strip()]
        _refuse_many(len(lines))
        return [_line(line, is_doubtful) for line in lines], False
    document = json_of(sent.body)
    if not isinstance(document, list):
        return [_read(document, is_doubtful)], True
    _refuse_many(len(document))
    return [_read(one, is_doubtful) for one in document], False


def written(answer: Ingested) -> bytes:
    """Write an answer as JSON."""
    return _ANSWER.dump_json(answer)


def _refuse_many(count: int) -> None:
    if count > MOST:
        raise Refusal(
            TOO_LARGE, f"These are {count} events; at once come {MOST} at most.", hint="Send parts."
        )


def _line(line: bytes, is_doubtful: bool) -> EventReport | Unread:
    try:
        document = json_of(line)
    except RequestValidationError as error:
        return Unread((ItemFault("", str(error.errors()[0]["msg"]).replace("The body", "The line")),))
    return _read(document, is_doubtful)


def _read(document: Any, is_doubtful: bool) -> EventReport | Unread:
    if not isinstance(document, dict):
        return Unread((ItemFault("", "The item is no JSON object."),))
    try:
        if is_doubtful:
            refuse_unsound(document)
        body = _BODY.validate_python(document)
    except (RequestValidationError, ValidationError) as error:
        key = [
            one if isinstance(one := document.get(name), str) else None for name in ("source", "external_id")
        ]
        return Unread(tuple(_fault(one) for one in error.errors()), *key)
    same = {name: getattr(body, name) for name in _SAME}
    return EventReport(x=body.lon, y=body.lat, **same)


def _fault(error: Any) -> ItemFault:
    loc: Sequence[Any] = [part for part in error["loc"] if part != "body"]
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in loc)
    if error["type"] == "extra_forbidden":
        known = ", ".join(sorted(EventBody.model_fields))
        return ItemFault(pointer, f"{loc[-1]} is no field of an event; it takes {known}.")
    name = ".".join(map(str, loc))
    return ItemFault(pointer, f"{name}: {error['msg']}.".replace("..", "."))
