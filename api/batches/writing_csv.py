"""Answers as CSV: a header, then a record each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from api.batches.heading import Heading
from api.batches.points import Answered, listed
from api.batches.row_details import DETAILS, details_of
from gisgov.services.assigning import STATUS_WORDS


class CsvWriter:
    """Writes CSV in UTF-8; several candidates of a point are separated by spaces."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._has_ids = False

    def begin(self, *, has_ids: bool) -> bytes:
        """Return the header."""
        self._has_ids = has_ids
        details = DETAILS if self._heading.details else ()
        return _written([("row", *(("id",) if has_ids else ()), "code", "status", "reason", *details)])

    def write(self, answered: Answered) -> bytes:
        """Return the records of some rows."""
        rows = range(answered.first_row, answered.first_row + len(answered))
        codes = self._heading.codes
        owners = [codes[owner] if owner >= 0 else "" for owner in answered.assigned.owner.tolist()]
        statuses = [STATUS_WORDS[status] for status in answered.assigned.status.tolist()]
        reasons = list(map(answered.reasons.get, range(len(answered))))
        columns: list[Iterable[Any]] = [rows, owners, statuses, reasons]
        if self._has_ids:
            ids = listed(answered.ids) if answered.ids is not None else [None] * len(answered)
            columns.insert(1, ids)
        if not self._heading.details:
            return _written(zip(*columns, strict=True))
        plain = zip(*columns, strict=True)
        return _written((*row, *more) for row, more in zip(plain, self._details(answered), strict=True))

    def end(self, counts: dict[str, int]) -> bytes:  # noqa: ARG002 - told by the records themselves
        """Return nothing: records need no end."""
        return b""

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return the record that says that no more follow."""
        blank = ("",) * (len(DETAILS) if self._heading.details else 0)
        given = ("",) if self._has_ids else ()
        return _written([(row, *given, "", "stopped", problem["detail"], *blank)])

    def _details(self, answered: Answered) -> Iterator[tuple[Any, ...]]:
        for one in details_of(answered, self._heading):
            one["candidates"] = " ".join(one["candidates"])
            one["on_border"] = {True: "true", False: "false", None: ""}[one["on_border"]]
            yield tuple(one[name] for name in DETAILS)


def _written(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
