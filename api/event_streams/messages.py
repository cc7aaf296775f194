"""What is said on the live stream of events, as server-sent events."""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from gisgov.services.loop import EventInfo
from gisgov.store.changes import Version

RETRY_MS: Final = 2000
"""How long a browser waits before it opens a stream again that was closed."""

_EVENT: Final = TypeAdapter(EventInfo)


def event_message(event: EventInfo) -> bytes:
    """Say how an event stands; what may be done with it depends on who asks, and is left out."""
    return b"event: event\ndata: " + _EVENT.dump_json(event, exclude={"next_steps"}) + b"\n\n"


def left_message(event_id: int) -> bytes:
    """Say that an event is no longer one of those that are followed."""
    return _message("left", {"id": event_id})


def ready_message(version: Version) -> bytes:
    """Say that all that is changed from now on will be told."""
    return marked(_message("ready", {"version": mark_of(version)}), version)


def reset_message(reason: str, version: Version | None) -> bytes:
    """Say that something was not told: whoever has a copy has to load it again."""
    message = _message("reset", {"reason": reason})
    return message if version is None else marked(message, version)


def marked(message: bytes, version: Version) -> bytes:
    """Say with a message that all is told up to a version: where to go on after a break."""
    return b"id: " + mark_of(version).encode() + b"\n" + message


def heartbeat(version: Version) -> bytes:
    """Say nothing, but that somebody is there, and where to go on: browsers keep an id without data."""
    return b": still here\nid: " + mark_of(version).encode() + b"\n\n"


def mark_of(version: Version) -> str:
    """Write a version as ``Last-Event-ID`` has it."""
    return f"{version.epoch}-{version.number}"


def parse_mark(text: str) -> Version | None:
    """Return the version that ``Last-Event-ID`` names; None where it names none.

    Examples
    --------
    >>> parse_mark("0b2f6a52-7f0e-4d0e-9c0f-6a1d2e3f4a5b-17").number
    17
    >>> parse_mark("yesterday") is None
    True
    """
    epoch, _, number = text.strip().rpartition("-")
    try:
        return Version(str(UUID(epoch)), int(number)) if number.isascii() and number.isdigit() else None
    except ValueError:
        return None


def _message(name: str, data: dict[str, object]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
