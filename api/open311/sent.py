"""Requests that clients of Open311 send, read as reports of events."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from api.json_bodies import fault
from api.open311.dialect import MOST_BYTES
from api.uploads import read_whole
from gisgov.services.ingesting import EventReport

SOURCE: Final = "open311"
_PERSONAL: Final = frozenset({"email", "first_name", "last_name", "phone", "device_id", "account_id"})
_KEPT: Final = ("address_string", "media_url")
_KNOWN: Final = _PERSONAL | {
    "api_key", "jurisdiction_id", "service_code", "lat", "long", "address_id", "description", *_KEPT,
}  # fmt: skip
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\])?")
_LONGEST: Final = 4_000
_NOTICE: Final = "Who reported it was not stored: gisgov keeps no persons."


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as a report, and what its sender is told about it."""

    report: EventReport
    notice: str | None


async def sent_request(request: Request) -> SentRequest:
    """Read a request from a form.

    What tells of the person who reports is left out: no persons are kept. With an ``Idempotency-Key`` what is
    sent again is the same event.

    Raises
    ------
    RequestValidationError
        A parameter is missing, unknown, given twice or cannot be read.
    """
    body = await read_whole(request, most_bytes=MOST_BYTES)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise RequestValidationError(
            [fault("body", "", "The body is no form in UTF-8 (application/x-www-form-urlencoded).")]
        ) from error
    values, attributes = _parted([*pairs, *request.query_params.multi_items()])
    code = values.get("service_code") or _refuse("service_code", "service_code is missing.")
    x, y = _number(values, "long", 180), _number(values, "lat", 90)
    if (x is None) != (y is None):
        _refuse("lat" if y is None else "long", "lat and long come together.")
    if x is None and not (values.get("address_string") or values.get("address_id")):
        _refuse("lat", "A place is missing: give lat and long, address_string or address_id.")
    kept = {name: values[name] for name in _KEPT if values.get(name)}
    report = EventReport(
        source=SOURCE,
        external_id=_name_of(request),
        category=code,
        description=values.get("description") or None,
        attributes=kept | ({"attributes": attributes} if attributes else {}),
        x=x,
        y=y,
        building=None if x is not None else values.get("address_id") or None,
    )
    is_personal = any(values.get(name) for name in _PERSONAL) or report.left_out
    return SentRequest(report, _NOTICE if is_personal else None)


def _parted(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    values: dict[str, str] = {}
    attributes: dict[str, list[str]] = {}
    for name, value in pairs:
        if len(value) > _LONGEST or "\0" in value:
            _refuse(name, f"{name} is longer than {_LONGEST} characters, or holds none that can be stored.")
        own = _ATTRIBUTE.fullmatch(name)
        if own is not None and own[1].casefold() in _PERSONAL:
            values.setdefault(own[1].casefold(), value)
        elif own is not None:
            attributes.setdefault(own[1], []).append(value)
        elif name not in _KNOWN:
            _refuse(name, f"{name} is no parameter of a request.")
        elif name in values and values[name] != value.strip():
            _refuse(name, f"{name} stands twice.")
        else:
            values[name] = value.strip()
    return values, attributes


def _number(values: Mapping[str, Any], name: str, most: float) -> float | None:
    if not values.get(name):
        return None
    try:
        number = float(values[name])
    except ValueError:
        _refuse(name, f"{name} is {values[name]!r}, which is no number.")
    if not math.isfinite(number) or abs(number) > most:
        _refuse(name, f"{name} is {values[name]}, beyond {most:g} degrees (WGS 84).")
    return number


def _refuse(name: str, words: str) -> NoReturn:
    raise RequestValidationError([fault("body", name, words)])


def _name_of(request: Request) -> str:
    """Return what the request is called: keys of one account are not those of another."""
    key = request.headers.get("Idempotency-Key")
    return uuid.uuid4().hex if not key else f"{request.state.actor.account_id or 0}:{key}"
