"""Readers of batches by the name of their format, and what they make of a body, however it was cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from api.batches.batch import reader_of
from api.batches.media import Media
from gisgov.errors import InputError

Row = tuple[float, float, Any, str | None]


def rows_of(media: Media, pieces: Iterable[bytes], charset: str = "utf-8") -> tuple[list[Row], str | None]:
    """Read the pieces of a body: the rows, and the error that ended them."""
    reader = reader_of(media, charset)
    rows: list[Row] = []

    def take(read: Any) -> None:
        for points in read:
            ids = [None] * len(points) if points.ids is None else list(points.ids)
            for i, (x, y) in enumerate(zip(points.x.tolist(), points.y.tolist(), strict=True)):
                fault = points.faults.get(i)
                given = ids[i].as_py() if isinstance(ids[i], pa.Scalar) else ids[i]
                said = None if fault is None else f"{fault.status.word}: {fault.reason}"
                rows.append((x, y, given, said))

    try:
        for piece in pieces:
            take(reader.feed(piece))
        take(reader.finish())
    except InputError as error:
        return rows, error.message
    return rows, None


def arrow_of(*batches: dict[str, Any], metadata: dict[str, str] | None = None, **options: Any) -> bytes:
    """Write an Arrow stream, a record batch for each table of columns."""
    tables = [pa.table({name: pa.array(values) for name, values in one.items()}) for one in batches]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, tables[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as stream:
        for table in tables:
            stream.write_table(table)
    return bytes(sink.getvalue())


def raw_of(*pairs: tuple[float, float]) -> bytes:
    """Write points as plain numbers."""
    return np.array(pairs, dtype="<f8").tobytes()
