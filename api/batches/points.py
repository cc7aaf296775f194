"""Points as readers hand them on, and answers as writers take them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from gisgov.services.assigning import Assigned, Details, Status
from gisgov.types import Floats

LONGEST: Final = 65_536
"""Most bytes of one line, record or element; what is longer is no point."""


class Fault(NamedTuple):
    """Why a row holds no point: a status and a sentence."""

    status: Status
    reason: str


@dataclass(slots=True)
class Points:
    """Some points of a batch, in their order.

    Attributes
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        Coordinates; NaN where they are missing or could not be read.
    ids : sequence or pyarrow.Array, optional
        Their ids as they came, None for a point without one; None where no point can have one.
    faults : dict of int to Fault
        What could not be read, by its place among these points.
    """

    x: Floats
    y: Floats
    ids: Sequence[Any] | Any | None = None
    faults: dict[int, Fault] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)

    def part(self, begin: int, end: int) -> Points:
        """Return some of them."""
        ids = None if self.ids is None else self.ids[begin:end]
        faults = {place - begin: fault for place, fault in self.faults.items() if begin <= place < end}
        return Points(self.x[begin:end], self.y[begin:end], ids, faults)


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers for some points, for a writer.

    Attributes
    ----------
    first_row : int
        Row number of the first of them in the batch, from 0.
    ids : sequence or pyarrow.Array, optional
        As in `Points`.
    assigned : Assigned
        Owners and statuses.
    reasons : dict of int to str
        A sentence for each row without a place, by its place among these.
    details : Details, optional
        More, where it was asked for.
    """

    first_row: int
    ids: Sequence[Any] | Any | None
    assigned: Assigned
    reasons: dict[int, str]
    details: Details | None

    def __len__(self) -> int:
        return len(self.assigned)


def listed(ids: Any) -> list[Any]:
    """Return ids as a list of values."""
    return ids if isinstance(ids, list) else list(ids.to_pylist())


class Reader(Protocol):
    """Reads points from a body that comes piece by piece, cut anywhere.

    Both methods raise InputError for what no later row can mend.
    """

    @property
    def has_ids(self) -> bool:
        """Whether points may have ids; known when the first of them come."""
        ...

    def feed(self, chunk: bytes) -> Iterator[Points]:
        """Yield the points that are whole now."""
        ...

    def finish(self) -> Iterator[Points]:
        """Yield what is left at the end of the body."""
        ...


class Writer(Protocol):
    """Writes answers, from the beginning to one of two ends."""

    def begin(self, *, has_ids: bool) -> bytes:
        """Return what comes before the first answer."""
        ...

    def write(self, answered: Answered) -> bytes:
        """Return some answers."""
        ...

    def end(self, counts: dict[str, int]) -> bytes:
        """Return what comes after the last answer of a whole batch."""
        ...

    def stop(self, row: int, counts: dict[str, int], problem: dict[str, Any]) -> bytes:
        """Return what tells that the answers end before this row, and why."""
        ...
