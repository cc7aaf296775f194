"""Queries of ``GET /v1/resolve`` as most programs write them; others go the slow way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from gisgov.errors import InputError
from gisgov.secrecy import redacted
from gisgov.services.days import parse_day
from gisgov.services.ready_answers import Placing, placing_of

# three digits hold every degree; of more decimals than 17 none changes the number that is read
_NUMBER: Final = re.compile(rb"-?[0-9]{1,3}(?:\.[0-9]{1,17})?")
# both in one look, as nearly all write them
_PAIR: Final = re.compile(rb"lon=(%b)&lat=(%b)(?:&(.*))?" % (_NUMBER.pattern, _NUMBER.pattern))
# what needs no escape in a log line, and hides nothing from whoever looks for secrets in it
_PLAIN: Final = re.compile(rb"[A-Za-z0-9_.%+:&=-]*")
_MOST: Final = 1_000
_RESTS: Final = frozenset({"crs", "layer", "at"})


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """All of a query but the coordinate; ``day`` is None for today. Of equal texts there is one."""

    placing: Placing
    layer: str | None
    day: date | None


class Query(NamedTuple):
    """A query that was read; ``rest`` names what is asked of every coordinate alike."""

    x: float
    y: float
    rest: Rest


class Queries:
    """Reads queries, and remembers what they have in common.

    Parameters
    ----------
    timezone : zoneinfo.ZoneInfo
        In which timestamps become days.
    """

    def __init__(self, timezone: ZoneInfo) -> None:
        self._timezone = timezone
        self._rests: dict[bytes, Rest | None] = {}

    def read(self, query: bytes) -> Query | None:
        """Return what a query asks; None for one that is unusual or wrong."""
        pair = _PAIR.fullmatch(query)
        x, y, rest = (b"", b"", b"") if pair is None else pair.groups(b"")
        if pair is None or (rest and (b"lon=" in rest or b"lat=" in rest)):
            x, y, rest = _split(query)
            if not (_NUMBER.fullmatch(x) and _NUMBER.fullmatch(y)):
                return None
        known = self._rests.get(rest)
        if known is None:
            known = self._remember(rest)
            if known is None:
                return None
        return Query(float(x), float(y), known)

    def _remember(self, text: bytes) -> Rest | None:
        if text in self._rests:
            return None
        if len(self._rests) >= _MOST:
            self._rests.clear()
        found = self._rests[text] = self._rest(text)
        return found

    def _rest(self, text: bytes) -> Rest | None:
        if not _PLAIN.fullmatch(text) or redacted(text.decode()) != text.decode():
            return None
        pairs = parse_qsl(text.decode(), keep_blank_values=True)
        values = dict(pairs)
        if len(values) < len(pairs) or not values.keys() <= _RESTS:
            return None
        if any("\0" in value or "�" in value or len(value) > 40 for value in values.values()):
            return None
        placing = placing_of(values.get("crs", "wgs84"))
        try:
            day = parse_day(values["at"], self._timezone) if "at" in values else None
        except InputError:
            return None
        return None if placing is None else Rest(placing, values.get("layer"), day)


def _split(query: bytes) -> tuple[bytes, bytes, bytes]:
    """Return both numbers, each empty where it is not there once, and the rest of a query in any order."""
    x = y = rest = b""
    for part in query.split(b"&"):
        if part.startswith(b"lon="):
            if x:
                return b"", b"", b""
            x = part[4:]
        elif part.startswith(b"lat="):
            if y:
                return b"", b"", b""
            y = part[4:]
        else:
            rest = rest + b"&" + part if rest else part
    return x, y, rest
