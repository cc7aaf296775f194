"""Points as CSV: a header that names ``lon``, ``lat`` and perhaps ``id``, then a record each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from api.batches.elements import shown
from api.batches.frames import Frames
from api.batches.points import LONGEST, Fault, Points
from gisgov.errors import InputError
from gisgov.services.assigning import Status

_NO_CHARACTER: Final = "\ufffd"


class CsvReader:
    """Reads CSV; a record that does not fit the header is a fault of its row alone.

    Parameters
    ----------
    charset : str
        Encoding of the text.
    """

    def __init__(self, charset: str = "utf-8") -> None:
        self._charset = charset
        self._frames = Frames(quoted=True)
        self._header: list[str] | None = None
        self._places: tuple[int, int, int] = (0, 0, -1)

    @property
    def has_ids(self) -> bool:
        """Whether the header names ids."""
        return self._places[2] >= 0

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points of the records that are whole now."""
        yield from self._points(self._frames.feed(chunk))

    def finish(self) -> Iterator[Points]:
        """Yield the point of a last record without a newline."""
        yield from self._points(self._frames.finish())
        if self._header is None:
            raise InputError("The body is empty.", hint="The first line names the columns: lon,lat,id.")

    def _points(self, blocks: Iterator[bytes | None]) -> Iterator[Points]:
        for block in blocks:
            records = [None] if block is None else _records(block.decode(self._charset, errors="replace"))
            if self._header is None and records:
                self._open(records.pop(0))
            if records:
                yield self._read(records)

    def _open(self, record: list[str] | str | None) -> None:
        names = [name.strip() for name in record] if isinstance(record, list) else []
        if names:
            names[0] = names[0].removeprefix("\ufeff").strip()
        for name in ("lon", "lat"):
            if names.count(name) != 1:
                found = shown(", ".join(names))
                raise InputError(
                    f"The header names {name} {names.count(name)} times; the columns are {found}.",
                    hint="Name the columns lon, lat and, if there are any, id; separate them by commas.",
                )
        self._header = names
        self._places = names.index("lon"), names.index("lat"), names.index("id") if "id" in names else -1

    def _read(self, records: Sequence[list[str] | str | None]) -> Points:
        lon, lat, id_ = self._places
        width = len(self._header or ())
        x, y = np.full(len(records), np.nan), np.full(len(records), np.nan)
        ids: list[str | None] | None = [None] * len(records) if id_ >= 0 else None
        faults: dict[int, Fault] = {}
        for place, record in enumerate(records):
            if not isinstance(record, list) or len(record) != width:
                faults[place] = _misfit(record, width)
                continue
            if ids is not None:
                ids[place] = record[id_]
                if _NO_CHARACTER in record[id_]:
                    faults[place] = Fault(Status.UNREADABLE, "id holds bytes that are no text.")
                    continue
            try:
                x[place], y[place] = float(record[lon]), float(record[lat])
            except ValueError:
                faults[place] = _no_numbers(record[lon], record[lat])
        return Points(x, y, ids, faults)


def _records(text: str) -> list[list[str] | str | None]:
    """Split whole records into fields; empty lines are none, and one with wrong quotes is a sentence."""
    if '"' not in text:
        return [line.rstrip("\r").split(",") for line in text.split("\n") if line.strip()]
    records: list[list[str] | str | None] = []
    pending = ""
    for line in text.split("\n")[:-1]:
        pending = f"{pending}\n{line}" if pending else line
        if pending.count('"') % 2 == 0:
            if pending.strip():
                records.append(_fields(pending))
            pending = ""
    if pending.strip():  # the body ends between quotes
        records.append(_fields(pending))
    return records


def _fields(record: str) -> list[str] | str:
    try:
        rows = list(csv.reader(io.StringIO(record.rstrip("\r"), newline="\n"), strict=True))
    except csv.Error as error:
        return f"Its quotes do not fit: {error}."
    if len(rows) == 1:
        return rows[0]
    lines = record.count("\n") + 1
    return f"Its quotes do not fit: {lines} lines hang together."


def _misfit(record: list[str] | str | None, width: int) -> Fault:
    if record is None:
        return Fault(Status.UNREADABLE, f"The record is longer than {LONGEST:,} bytes.")
    if isinstance(record, str):
        return Fault(Status.UNREADABLE, record)
    return Fault(Status.UNREADABLE, f"The record has {len(record)} fields, the header {width}.")


def _no_numbers(lon: str, lat: str) -> Fault:
    for name, text in (("lon", lon), ("lat", lat)):
        if not text.strip():
            return Fault(Status.NO_COORDINATE, f"{name} is missing.")
        try:
            float(text)
        except ValueError:
            return Fault(Status.BAD_COORDINATE, f"{name} is {shown(text)}, which is no number.")
    raise AssertionError("one of them is no number")  # pragma: no cover
