"""Answers as an Arrow stream of record batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from api.batches.arrow_messages import END
from api.batches.heading import Heading
from api.batches.points import Answered
from api.batches.row_details import details_of
from gisgov.services.assigning import STATUS_WORDS
from gisgov.services.indexes.texts import MappedTexts

_DETAILS: Final = (
    ("name", pa.string()),
    ("on_border", pa.bool_()),
    ("border_m", pa.float64()),
    ("candidates", pa.list_(pa.string())),
    ("nearest", pa.string()),
    ("nearest_name", pa.string()),
    ("distance_m", pa.float64()),
)
_WORDS: Final = pa.array([*STATUS_WORDS, "stopped"])


class ArrowWriter:
    """Writes record batches: ``row``, ``id`` if there are any, ``code``, ``status``, ``reason``."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._codes = _texts(heading.codes)
        self._schema: Any = None
        self._has_ids = False

    def begin(self, *, has_ids: bool) -> bytes:
        """Return nothing yet: the type of the ids is known with the first of them."""
        self._has_ids = has_ids
        return b""

    def write(self, answered: Answered) -> bytes:
        """Return a record batch, the first one after the schema."""
        assigned = answered.assigned
        first, count = answered.first_row, len(answered)
        columns: list[Any] = [
            pa.array(np.arange(first, first + count, dtype=np.int64)),
            self._codes.take(pa.array(assigned.owner, mask=assigned.owner < 0)).cast(pa.string()),
            _WORDS.take(pa.array(assigned.status)),
            _reasons(answered),
        ]
        if self._has_ids:
            columns.insert(1, _ids(answered.ids, len(answered)))
        if answered.details is not None:
            rows = list(details_of(answered, self._heading))
            columns += [pa.array([row[name] for row in rows], type=kind) for name, kind in _DETAILS]
        return self._batch(columns)

    def end(self, counts: dict[str, int]) -> bytes:  # noqa: ARG002 - told by the rows themselves
        """Return the mark of the end."""
        head = b"" if self._schema is not None else self._batch(self._blank([]))
        return head + END

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return a record batch of one row that says that no more follow, and no mark of an end."""
        return self._batch(self._blank([(row, problem["detail"])]))

    def _blank(self, rows: list[tuple[int, str]]) -> list[Any]:
        """Return columns that hold rows without a point."""
        count = len(rows)
        columns: list[Any] = [
            pa.array([row for row, _ in rows], type=pa.int64()),
            pa.nulls(count, pa.string()),
            pa.array(["stopped"] * count, type=pa.string()),
            pa.array([reason for _, reason in rows], type=pa.string()),
        ]
        if self._has_ids:
            kind = pa.string() if self._schema is None else self._schema.field("id").type
            columns.insert(1, pa.nulls(count, kind))
        if self._heading.details:
            columns += [pa.nulls(count, kind) for _, kind in _DETAILS]
        return columns

    def _batch(self, columns: list[Any]) -> bytes:
        head = b""
        if self._schema is None:
            names = ["row", *(("id",) if self._has_ids else ()), "code", "status", "reason"]
            names += [name for name, _ in _DETAILS] if self._heading.details else []
            types = [column.type for column in columns]
            fields = list(zip(names, types, strict=True))
            self._schema = pa.schema(fields, metadata=self._heading.members())
            head = self._schema.serialize().to_pybytes()
        batch = pa.record_batch(columns, schema=self._schema)
        return head + batch.serialize().to_pybytes() if batch.num_rows else head


def _texts(texts: Sequence[str]) -> Any:
    """Return texts as an Arrow array; those of a mapped file as they lie there."""
    if not isinstance(texts, MappedTexts):
        return pa.array(list(texts), type=pa.string())
    ends, octets = pa.py_buffer(texts.ends), pa.py_buffer(texts.octets)
    return pa.LargeStringArray.from_buffers(len(texts), ends, octets)


def _reasons(answered: Answered) -> Any:
    if not answered.reasons:
        return pa.nulls(len(answered), pa.string())
    return pa.array(list(map(answered.reasons.get, range(len(answered)))), type=pa.string())


def _ids(ids: Any, count: int) -> Any:
    """Return ids as a column: those of an Arrow stream as they came, others as text."""
    if ids is None:
        return pa.nulls(count, pa.string())
    if isinstance(ids, list):
        return pa.array([None if given is None else str(given) for given in ids], type=pa.string())
    return ids
