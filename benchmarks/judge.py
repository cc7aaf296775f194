"""Whether a check found all injected faults, and nothing else: kinds, places, areas.

Exact: ground must be the same to 1e-3 m², no report may be left over, and of a vertex mismatch all areas
whose borders differ must be named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import shapely

from benchmarks.faults import FaultKind, Piece, Truth
from gisgov.geometry.coverage import DefectKind
from gisgov.types import Floats, Geometries, Ints, Texts

SAME_M2: Final = 1e-3
"""Grounds that differ by less are the same."""
_AT_M: Final = 1e-3
"""How far the point that stands for a defect may lie from it."""


class Reported(Protocol):
    """What is judged: `gisgov.geometry.coverage.Defects`, or another check's findings in its form."""

    @property
    def kind(self) -> Texts: ...  # noqa: D102 - as in `Defects`
    @property
    def polygon(self) -> Geometries: ...  # noqa: D102
    @property
    def cover(self) -> Ints: ...  # noqa: D102
    @property
    def areas(self) -> Sequence[Sequence[int]]: ...  # noqa: D102
    @property
    def lon(self) -> Floats: ...  # noqa: D102
    @property
    def lat(self) -> Floats: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What was found and what was not.

    Attributes
    ----------
    missed : dict of int to str
        Number of each truth that was not found as it should be, with what is wrong.
    invented : tuple of str
        Reports that belong to no truth, and what they say.
    truths : tuple of Truth
        What was to be found.
    """

    missed: dict[int, str]
    invented: tuple[str, ...]
    truths: tuple[Truth, ...]

    @property
    def is_perfect(self) -> bool:
        """Whether all was found as it is, and nothing else."""
        return not self.missed and not self.invented

    def recall(self) -> dict[FaultKind, tuple[int, int]]:
        """How many faults of each kind were found, and how many there are."""
        tally = {truth.fault: [0, 0] for truth in self.truths}
        for i, truth in enumerate(self.truths):
            tally[truth.fault][0] += i not in self.missed
            tally[truth.fault][1] += 1
        return {fault: (found, of) for fault, (found, of) in tally.items()}

    def tally(self) -> str:
        """Say in one line how many of each kind were found."""
        return ", ".join(f"{fault} {found}/{of}" for fault, (found, of) in self.recall().items())

    def complaints(self, most: int = 10) -> str:
        """Say what is wrong, in lines."""
        missed = [
            f"{self.truths[i].fault} {sorted(self.truths[i].areas)}: {why}" for i, why in self.missed.items()
        ]
        lines = [*missed, *(f"invented: {line}" for line in self.invented)]
        more = [f"… and {len(lines) - most} more"] if len(lines) > most else []
        return "\n".join([*lines[:most], *more])


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    kind: str
    cover: int
    areas: frozenset[int]


def judge(reported: Reported, truths: Sequence[Truth]) -> Judgement:
    """Compare what was reported with what is true.

    Parameters
    ----------
    reported : Reported
        Of the coverage that the truths are about.
    truths : sequence of Truth
        Faults of which no two have an area in common.

    Returns
    -------
    Judgement
        A truth is found when the reports with its areas are of its kind and cover, their ground together is
        the truth's ground, and their points lie on it. Of a vertex mismatch each report may name some of the
        areas; together they must name all.
    """
    rows = [
        _Row(i, str(kind), int(cover), frozenset(int(area) for area in areas))
        for i, (kind, cover, areas) in enumerate(
            zip(reported.kind, reported.cover, reported.areas, strict=True)
        )
    ]
    with_ground = defaultdict(list)
    for row in rows:
        if row.kind != DefectKind.VERTEX_MISMATCH:
            with_ground[row.areas].append(row)
    mismatches = _by_truth([row for row in rows if row.kind == DefectKind.VERTEX_MISMATCH], truths)
    missed: dict[int, str] = {}
    accepted: set[int] = set()
    for i, truth in enumerate(truths):
        if truth.has_ground:
            why, used = _judge_ground(reported, with_ground, truth)
        else:
            why, used = _judge_mismatch(reported, mismatches.get(i, []), truth)
        accepted |= used
        if why:
            missed[i] = why
    invented = tuple(
        f"{row.kind} of {sorted(row.areas)} at ({reported.lon[row.number]}, {reported.lat[row.number]})"
        for row in rows
        if row.number not in accepted
    )
    return Judgement(missed, invented, tuple(truths))


def _judge_ground(
    reported: Reported, rows: dict[frozenset[int], list[_Row]], truth: Truth
) -> tuple[str, set[int]]:
    """Say what is wrong with the reports of a truth, and which of them are not to be blamed."""
    used: set[int] = set()
    complaints = []
    for piece in truth.pieces:
        named = rows.get(piece.areas, [])
        right = [row for row in named if (row.kind, row.cover) == (truth.kind, truth.cover)]
        if not right:
            others = ", ".join(f"{row.kind} with cover {row.cover}" for row in named) or "nothing"
            complaints.append(f"{others} reported of {sorted(piece.areas)}")
            continue
        numbers = [row.number for row in right]
        wrong = _wrong_ground(reported, numbers, piece)
        if wrong:
            complaints.append(wrong)
        else:
            used.update(numbers)
    return "; ".join(complaints), used


def _wrong_ground(reported: Reported, numbers: list[int], piece: Piece) -> str:
    grounds = reported.polygon[numbers]
    if any(ground is None for ground in grounds):
        return f"a report of {sorted(piece.areas)} has no ground"
    differing = shapely.symmetric_difference(shapely.union_all(grounds), piece.place).area
    # reported twice is not reported once
    twice = abs(shapely.area(grounds).sum() - piece.place.area)
    if not max(differing, twice) <= SAME_M2:
        return f"ground of {sorted(piece.areas)} differs by {max(differing, twice):g} m²"
    return _wrong_points(reported, numbers, piece)


def _wrong_points(reported: Reported, numbers: Iterable[int], piece: Piece) -> str:
    at = shapely.points(reported.lon[list(numbers)], reported.lat[list(numbers)])
    off = float(np.max(shapely.distance(at, piece.place)))
    return "" if off <= _AT_M else f"a point of {sorted(piece.areas)} lies {off:g} m off"


def _judge_mismatch(reported: Reported, rows: list[_Row], truth: Truth) -> tuple[str, set[int]]:
    (piece,) = truth.pieces
    if not rows:
        return "nothing reported", set()
    numbers = [row.number for row in rows]
    named = frozenset().union(*(row.areas for row in rows))
    if named != piece.areas:
        return f"named are {sorted(named)}", set()
    if any(row.cover != truth.cover for row in rows):
        return "a vertex mismatch has a cover", set()
    why = _wrong_points(reported, numbers, piece) or _wrong_seams(reported, numbers, piece)
    return why, set() if why else set(numbers)


def _wrong_seams(reported: Reported, numbers: list[int], piece: Piece) -> str:
    """Say how far the thin polygons of a vertex mismatch leave the border that they are of."""
    thin = [polygon for polygon in reported.polygon[numbers] if polygon is not None]
    vertices = shapely.points(shapely.get_coordinates(thin))
    off = float(np.max(shapely.distance(vertices, piece.place), initial=0.0))
    return "" if off <= _AT_M else f"a polygon of {sorted(piece.areas)} lies {off:g} m off"


def _by_truth(rows: list[_Row], truths: Sequence[Truth]) -> dict[int, list[_Row]]:
    """Give each vertex mismatch to the truth about its areas; one about none or two goes nowhere."""
    truth_of = {area: i for i, truth in enumerate(truths) if not truth.has_ground for area in truth.areas}
    given = defaultdict(list)
    for row in rows:
        about = {truth_of.get(area, -1) for area in row.areas}
        if len(about) == 1 and -1 not in about:
            given[about.pop()].append(row)
    return given
