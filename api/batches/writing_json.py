"""Answers as JSON: rows of a document, or a line each."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from api.batches.heading import Heading
from api.batches.points import Answered, listed
from api.batches.row_details import details_of
from gisgov.services.assigning import STATUS_WORDS

_encode = msgspec.json.Encoder().encode


class Rows:
    """Writes rows as objects of JSON, without what stands between them.

    What is the same for all points of an area with a status is written once and then reused.
    """

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._tails: dict[int, bytes] = {}

    def of(self, answered: Answered) -> list[bytes]:
        """Return one object for each row."""
        tails = self._tails_of(answered)
        if answered.ids is None and answered.details is None and not answered.reasons:
            return [b'{"row":%d%b}' % row for row in enumerate(tails, answered.first_row)]
        begins = self._begins(answered)
        for place, reason in answered.reasons.items():
            tails[place] += b',"reason":%b' % _encode(reason)
        if answered.details is None:
            return [b"%b%b}" % pair for pair in zip(begins, tails, strict=True)]
        more = [_encode(one)[1:] for one in details_of(answered, self._heading)]
        return [b"%b%b,%b" % row for row in zip(begins, tails, more, strict=True)]

    def _begins(self, answered: Answered) -> list[bytes]:
        rows = range(answered.first_row, answered.first_row + len(answered))
        if answered.ids is None:
            return [b'{"row":%d' % row for row in rows]
        ids = listed(answered.ids)
        return [
            b'{"row":%d' % row if given is None else b'{"row":%d,"id":%b' % (row, _encode(given))
            for row, given in zip(rows, ids, strict=True)
        ]

    def _tails_of(self, answered: Answered) -> list[bytes]:
        keys = answered.assigned.owner * len(STATUS_WORDS) + answered.assigned.status
        for key in set(np.unique(keys).tolist()) - self._tails.keys():
            owner, status = divmod(key, len(STATUS_WORDS))
            code = self._heading.codes[owner] if owner >= 0 else None
            tail = b',"code":%b,"status":"%b"' % (_encode(code), STATUS_WORDS[status].encode())
            self._tails[key] = tail
        return [self._tails[key] for key in keys.tolist()]


class LineWriter:
    """Writes a line of JSON for each row."""

    def __init__(self, heading: Heading) -> None:
        self._rows = Rows(heading)

    def begin(self, *, has_ids: bool) -> bytes:  # noqa: ARG002 - a row has an id or not
        """Return nothing: lines need no beginning."""
        return b""

    def write(self, answered: Answered) -> bytes:
        """Return the lines of some rows."""
        return b"\n".join([*self._rows.of(answered), b""])

    def end(self, counts: dict[str, int]) -> bytes:  # noqa: ARG002 - told by the lines themselves
        """Return nothing: lines need no end."""
        return b""

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return the line that says that no more follow."""
        reason = problem["detail"]
        said = {"row": row, "code": None, "status": "stopped", "reason": reason, "problem": problem}
        return _encode(said) + b"\n"


class DocumentWriter:
    """Writes one JSON document, whose last members say whether it is whole."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self._rows = Rows(heading)
        self._separator = b"\n"

    def begin(self, *, has_ids: bool) -> bytes:  # noqa: ARG002 - a row has an id or not
        """Return the document up to its points."""
        return _encode(self._heading.members())[:-1] + b',"points":['

    def write(self, answered: Answered) -> bytes:
        """Return some rows."""
        if not len(answered):
            return b""
        written = self._separator + b",\n".join(self._rows.of(answered))
        self._separator = b",\n"
        return written

    def end(self, counts: dict[str, int]) -> bytes:
        """Return the end of a whole document."""
        return b'\n],"counts":%b,"complete":true}\n' % _encode(counts)

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:  # noqa: ARG002
        """Return the end of a document that is not whole."""
        members = {"counts": counts, "complete": False, "problem": problem}
        return b"\n]," + _encode(members)[1:] + b"\n"
