"""Codes that stand in several rows: a row twice, a unit in parts, or two units with one code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.types import Texts

_MOST_ROWS_NAMED = 8


@dataclass(slots=True)
class SeenRows:
    """What must be remembered of the rows of a file to judge those that share a code.

    It grows with the rows, not with their geometry.
    """

    codes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sound: dict[int, tuple[str | None, str | None, bytes]] = field(default_factory=dict)

    def add(self, rows: list[int], codes: Texts) -> None:
        """Remember the codes of rows, sound or not."""
        for row, code in zip(rows, codes, strict=True):
            if code is not None:
                self.codes[code].append(row)

    def add_sound(self, rows: list[int], codes: Texts, names: Texts, digests: list[bytes]) -> None:
        """Remember what sound rows say; equal ``digests`` say the same of the same ground."""
        for row, code, name, digest in zip(rows, codes, names, digests, strict=True):
            self.sound[row] = (code, name, digest)


@dataclass(frozen=True, slots=True)
class Repeats:
    """What became of rows that share a code.

    Attributes
    ----------
    problems : list of RowProblem
        One per row that cannot be kept.
    parts : dict of str to list of int
        Rows whose ground is one area, by its code; more than one each.
    """

    problems: list[RowProblem]
    parts: dict[str, list[int]]


def judge_repeats(seen: SeenRows, *, merge_parts: bool) -> Repeats:
    """Judge the rows that share a code, and rows without code that repeat each other.

    Parameters
    ----------
    seen : SeenRows
        All rows of the file.
    merge_parts : bool
        Whether rows of one code and name are parts of one unit, to be joined.

    Returns
    -------
    Repeats
        A row that repeats another entirely is dropped for the first of them. Of rows that share a code
        without being parts to join, none is kept: nobody but the owner of the file knows which one is right.
    """
    problems: list[RowProblem] = []
    parts: dict[str, list[int]] = {}
    dropped = _whole_repeats(seen, problems)
    for code, rows in seen.codes.items():
        rows = [row for row in rows if row not in dropped]
        if len(rows) < 2:
            continue
        names = {seen.sound[row][1] for row in rows if row in seen.sound}
        if merge_parts and len(names) == 1 and all(row in seen.sound for row in rows):
            parts[code] = rows
            continue
        problems += [RowProblem(row, code, *_words(rows, row, one_name=len(names) == 1)) for row in rows]
    return Repeats(problems, parts)


def _whole_repeats(seen: SeenRows, problems: list[RowProblem]) -> set[int]:
    first: dict[bytes, int] = {}
    dropped: set[int] = set()
    for row, (code, _, digest) in sorted(seen.sound.items()):
        if digest in first:
            dropped.add(row)
            problems.append(
                RowProblem(row, code, str(ProblemKind.REPEATED_ROW), f"repeats row {first[digest]} entirely")
            )
        else:
            first[digest] = row
    return dropped


def _words(rows: list[int], row: int, *, one_name: bool) -> tuple[str, str]:
    others = [str(other) for other in rows if other != row]
    listed = ", ".join(others[:_MOST_ROWS_NAMED]) + (" …" if len(others) > _MOST_ROWS_NAMED else "")
    where = f"row{'s' if len(others) > 1 else ''} {listed}"
    if one_name:
        told = f"shares its code and name with {where}: parts of one unit? Joining them is --merge-parts"
        return str(ProblemKind.SEVERAL_ROWS), told
    return str(ProblemKind.DUPLICATE_CODE), f"shares its code with {where}"
