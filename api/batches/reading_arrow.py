"""Points as an Arrow stream: columns ``lon``, ``lat`` and perhaps ``id``; others are passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from api.batches.arrow_messages import BATCH, DICTIONARY, END, SCHEMA, Message, Messages
from api.batches.points import Points
from gisgov.errors import InputError
from gisgov.types import Floats

_SLICE = 65_536
_MOST_KEPT = 16 << 20
_UNSOUND: Final = (pa.ArrowException, OSError, ValueError)  # what pyarrow raises of bytes that make no sense


class ArrowReader:
    """Reads an Arrow stream."""

    has_ids = False

    def __init__(self) -> None:
        self._messages = Messages()
        self._kept = b""  # schema and dictionaries, which pyarrow wants to see before each batch
        self._columns: list[int] = []

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points of the record batches that are whole now."""
        for message in self._messages.feed(chunk):
            if message.kind == SCHEMA and not self._kept:
                self._open(message)
            elif message.kind == DICTIONARY and self._kept:
                self._keep(message)
            elif message.kind == BATCH and self._kept:
                yield from self._points(message)
            else:
                raise InputError("The body is no Arrow stream of record batches.")

    def finish(self) -> Iterator[Points]:
        """Make sure that the stream did not break off."""
        self._messages.finish()
        if not self._kept:
            raise InputError("The body is empty.", hint="An Arrow stream begins with its schema.")
        yield from ()

    def _open(self, message: Message) -> None:
        try:
            schema = pa.ipc.read_schema(pa.py_buffer(message.data))
            names = list(schema.names)
        except _UNSOUND as error:
            raise InputError("The schema of the Arrow stream cannot be read.") from error
        for name in ("lon", "lat"):
            _refuse_unlike(schema, names, name, _is_number, "numbers")
        if "id" in names:
            _refuse_unlike(schema, names, "id", _is_id, "text or whole numbers")
            self.has_ids = True
        self._columns = [i for i, name in enumerate(names) if name in ("lon", "lat", "id")]
        self._keep(message)

    def _keep(self, message: Message) -> None:
        self._kept += message.data
        if len(self._kept) > _MOST_KEPT:
            raise InputError(
                f"The dictionaries of the Arrow stream have more than {_MOST_KEPT:,} bytes.",
                hint="Send the columns lon, lat and id alone.",
            )

    def _points(self, message: Message) -> Iterator[Points]:
        if message.is_compressed:
            raise InputError("The record batches are compressed.", hint="Send them without compression.")
        options = pa.ipc.IpcReadOptions(included_fields=self._columns, use_threads=False)
        try:
            with pa.ipc.open_stream(pa.py_buffer(self._kept + message.data + END), options=options) as stream:
                batch = stream.read_next_batch()
            batch.validate(full=True)
            x, y = _floats(batch.column("lon")), _floats(batch.column("lat"))
        except (*_UNSOUND, StopIteration) as error:
            raise InputError("A record batch of the Arrow stream cannot be read.") from error
        points = Points(x, y, batch.column("id") if self.has_ids else None)
        for begin in range(0, len(points), _SLICE):
            yield points.part(begin, begin + _SLICE)


def _refuse_unlike(schema: Any, names: list[str], name: str, fits: Callable[[Any], bool], what: str) -> None:
    if names.count(name) != 1:
        there = ", ".join(names)[:200] or "none"
        raise InputError(
            f"The Arrow stream has {names.count(name)} columns {name}; it has {there}.",
            hint="Send lon, lat and, if there are any, id.",
        )
    found = schema.field(names.index(name)).type
    if not fits(found):
        raise InputError(f"The column {name} is of type {found}; {what} are read.")


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _is_id(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _floats(column: Any) -> Floats:
    """Return a column of numbers as floats, NaN where one is missing."""
    values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(values, dtype=np.float64)
