"""What can be wrong with one row of a file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The kinds of problems of a row."""

    EMPTY_GEOMETRY = "empty-geometry"
    NOT_A_POLYGON = "not-a-polygon"
    NOT_A_LINE = "not-a-line"
    NOT_FINITE = "not-finite"
    OUT_OF_RANGE = "out-of-range"
    SWAPPED_AXES = "swapped-axes"
    INVALID_RING = "invalid-ring"
    INVALID_WHEN_SNAPPED = "invalid-when-snapped"
    MISSING_CODE = "missing-code"
    CODE_NOT_IN_SCHEME = "code-not-in-scheme"
    CANNOT_BE_NUMBERED = "cannot-be-numbered"
    DUPLICATE_CODE = "duplicate-code"
    SEVERAL_ROWS = "several-rows"
    REPEATED_ROW = "repeated-row"
    GARBLED_NAME = "garbled-name"
    GARBLED_ATTRIBUTE = "garbled-attribute"
    MISSING_PARENT = "missing-parent"
    UNKNOWN_AREA = "unknown-area"
    UNKNOWN_BLOCK = "unknown-block"
    NEW_AREA = "new-area"
    PARENT_ELSEWHERE = "parent-elsewhere"
    JOINED_PARTS = "joined-parts"
    BAD_NUMBER = "bad-number"
    BAD_TIME = "bad-time"
    MISSING_ID = "missing-id"
    DUPLICATE_ID = "duplicate-id"
    BAD_VALUE = "bad-value"
    RAGGED_ROW = "ragged-row"
    BAD_DATE = "bad-date"
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_HOLDER = "unknown-holder"
    OVERLAPPING_POST = "overlapping-post"
    BEYOND_RIGHTS = "beyond-rights"
    UNKNOWN_DEPARTMENT = "unknown-department"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One problem of one row.

    Attributes
    ----------
    row : int
        Row number in the file, from 1; a header does not count.
    code : str or None
        The row's code or id, as far as it has one.
    kind : str
        A `ProblemKind`.
    message : str
        What is wrong, in words; a sentence whose subject is the row.
    lon, lat : float or None
        Where, in WGS84 degrees; None where there is no place.
    """

    row: int
    code: str | None
    kind: str
    message: str
    lon: float | None = None
    lat: float | None = None

    def __str__(self) -> str:
        code = f" ({self.code})" if self.code else ""
        place = "" if self.lon is None or self.lat is None else f" at {self.lon:.7f}, {self.lat:.7f}"
        return f"row {self.row}{code}: {self.message}{place}"


def sorted_problems(problems: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    """Return problems by row, those of one row in the order they were found."""
    return tuple(sorted(problems, key=lambda problem: problem.row))
