"""Whose each faulty face is to be, by the decisions and by the rule where none was needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage import DefectKind, Defects
from gisgov.geometry.repair.coverings import Cover
from gisgov.geometry.repair.decisions import Decision, Proposals
from gisgov.geometry.repair.faces import Faces
from gisgov.geometry.repair.linework import Linework
from gisgov.types import Floats, Ints

AS_IT_IS: Final = -2
NOBODY: Final = -1

_OVERLAPPING: Final = (DefectKind.OVERLAP, DefectKind.DUPLICATE, DefectKind.CONTAINED)
_WIDE: Final = {0: DefectKind.GAP, 1: DefectKind.OUTSIDE}
"""What a sliver would be if it were wide, by how many areas lie on it; of more areas an overlap."""
_OF_ONE_AREA: Final = (DefectKind.CROSSES_PARENT, DefectKind.SEVERAL_PARTS)

VANISHES: Final = "an area would be left without ground: decide to drop it, or give it some ground"
NO_CLIP: Final = "cutting ground off inside the scope would leave a gap"
NO_GIFT: Final = "ground outside the scope can belong to no area"
NO_MEANING: Final = "this decision says nothing about such a defect"


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """The decisions to carry out, in the numbers of the linework.

    Attributes
    ----------
    defects : Defects
        All defects.
    proposals : Proposals
        A decision for each.
    rows : numpy.ndarray of int
        The defects that are decided upon now; those of others stay as they are.
    numbers : numpy.ndarray of int
        Areas by owner, ascending.
    home : dict of int to int
        By owner, the owner number of its parent, where nesting is judged.
    thin_m : float
        Faces of no defect are given by the rule when they are narrower.
    """

    defects: Defects
    proposals: Proposals
    rows: Ints
    numbers: Ints
    home: dict[int, int]
    thin_m: float

    def owner(self, area: int) -> int:
        """Give the owner number of an area."""
        return int(np.searchsorted(self.numbers, area))


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """Whose faces become.

    Attributes
    ----------
    target : numpy.ndarray of int, shape (faces,)
        The owner of each face, `NOBODY`, or `AS_IT_IS`.
    rows_of : dict of int to list of int
        The defects by whose decision a face changes.
    refused : dict of int to str
        Decisions that cannot be carried out, and why.
    found_in : dict of int to float
        By defect, the size of the faces that are its ground, in the units of the coordinates.
    """

    target: Ints
    rows_of: dict[int, list[int]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    found_in: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """What a decision is about: a face, who lies on it, and whether the scope does."""

    held: Cover
    everyone: Cover
    is_inside: bool

    @property
    def is_sound(self) -> bool:
        times = list(self.held.values())
        return times == [1] if self.is_inside else not times


def verdicts(
    orders: Orders, linework: Linework, local: Floats, faces: Faces, covers: list[Cover]
) -> Verdicts:
    """Decide of every face.

    Parameters
    ----------
    orders : Orders
        What was decided.
    linework : Linework
        The edges of the faces.
    local : numpy.ndarray of float, shape (v, 2)
        Its vertices in metres.
    faces : Faces
        All faces.
    covers : list of dict
        Who lies on each.

    Returns
    -------
    Verdicts
        Where several defects have a face, in their order; the last decision stands.
    """
    found = Verdicts(np.full(len(faces), AS_IT_IS, dtype=np.int64))
    on_face = _rows_on(faces, orders.defects)
    decided = set(orders.rows.tolist())
    size = shapely.area(faces.polygon)
    length_m = np.hypot(*(local[linework.upper] - local[linework.lower]).T)
    for number, cover in enumerate(covers):
        held = {owner: times for owner, times in cover.items() if owner < linework.areas}
        face = _Face(held, cover, not linework.has_scope or linework.areas in cover)
        fitting = [row for row in on_face[number] if _fits(orders, row, face)]
        for row in fitting:
            found.found_in[row] = found.found_in.get(row, 0.0) + float(size[number])
            if row in decided:
                _carry_out(orders, row, number, face, found)
        if face.is_sound or found.target[number] != AS_IT_IS:
            continue
        # that a part is to stay says nothing of the ground along its borders
        faults = [row for row in fitting if orders.defects.kind[row] != DefectKind.SEVERAL_PARTS]
        if faults:
            is_for_rule = _is_for_rule(orders, faults, decided)
        else:
            is_for_rule = _width_m(number, faces, linework, local, length_m) <= orders.thin_m
        if is_for_rule:
            border = _borders(number, faces, linework, length_m, covers)
            found.target[number] = by_rule(face.held, border) if face.is_inside else NOBODY
            found.rows_of[number] = [row for row in faults if row in decided]
    return found


def by_rule(held: Cover, border: dict[int, float]) -> int:
    """Choose by the longest border among those on the ground, or around it where none is.

    Parameters
    ----------
    held : dict
        Who lies on the ground.
    border : dict of int to float
        By owner, how long the border of its other ground with this ground is.

    Returns
    -------
    int
        An owner, the one with the smaller number of two alike; `AS_IT_IS` when there is none.
    """
    choice = sorted(held) or sorted(border)
    return max(choice, key=lambda owner: border.get(owner, 0.0)) if choice else AS_IT_IS


def _rows_on(faces: Faces, defects: Defects) -> list[list[int]]:
    """List the defects whose ground each face is, ascending; broken rings are none."""
    found: list[list[int]] = [[] for _ in range(len(faces))]
    polygon = defects.polygon.copy()
    polygon[defects.kind == DefectKind.INVALID_RING] = None
    inside = shapely.point_on_surface(faces.polygon)
    pairs = shapely.STRtree(polygon).query(inside, predicate="intersects").T.tolist()
    # a face can have a thread that the polygon leaves out, and its point can lie there
    inside = shapely.point_on_surface(polygon)
    pairs += shapely.STRtree(faces.polygon).query(inside, predicate="intersects")[::-1].T.tolist()
    for face, row in sorted({(i, j) for i, j in pairs}):
        found[face].append(row)
    return found


def _fits(orders: Orders, row: int, face: _Face) -> bool:
    """Whether a face is ground of the kind that a defect is about."""
    kind, count = orders.defects.kind[row], len(face.held)
    if kind == DefectKind.SLIVER:
        kind = _WIDE.get(int(orders.defects.cover[row]), DefectKind.OVERLAP)
    if kind in _OF_ONE_AREA:
        owner = orders.owner(orders.defects.areas[row][0])
        leaves = kind == DefectKind.SEVERAL_PARTS or orders.home.get(owner) not in face.everyone
        return owner in face.held and leaves
    if kind == DefectKind.GAP:
        return face.is_inside and count == 0
    if kind == DefectKind.OUTSIDE:
        return not face.is_inside and count > 0
    return count > 1


def _carry_out(orders: Orders, row: int, number: int, face: _Face, found: Verdicts) -> None:
    decision, to = orders.proposals.decision[row], int(orders.proposals.to[row])
    if decision in (Decision.LEAVE, Decision.NODE):
        return
    kind = orders.defects.kind[row]
    target = NOBODY if to < 0 or decision == Decision.CLIP else orders.owner(to)
    if decision == Decision.REBUILD:
        found.refused[row] = NO_MEANING
    elif target == NOBODY and kind == DefectKind.CROSSES_PARENT:
        others = sorted(set(face.held) - {orders.owner(orders.defects.areas[row][0])})
        found.target[number] = others[0] if face.is_inside and others else NOBODY
        found.rows_of.setdefault(number, []).append(row)
    elif target == NOBODY and face.is_inside:
        found.refused[row] = NO_CLIP
    elif target != NOBODY and not face.is_inside and kind not in _OVERLAPPING:
        found.refused[row] = (
            NO_GIFT  # of an overlap there the other areas go; that it is outside is a row too
        )
    else:
        found.target[number] = target
        found.rows_of.setdefault(number, []).append(row)


def _is_for_rule(orders: Orders, fitting: list[int], decided: set[int]) -> bool:
    """Whether borders are to get the same vertices: then the rule gives the ground between them."""
    return any(row in decided and orders.proposals.decision[row] == Decision.NODE for row in fitting)


def _borders(
    number: int, faces: Faces, linework: Linework, length_m: Floats, covers: list[Cover]
) -> dict[int, float]:
    """Measure by owner how long the border is across which the owner has ground."""
    found: dict[int, float] = {}
    begin = linework.begin
    for edge, side, _ in faces.around(number):
        beyond = dict(covers[number])
        for at in range(begin[edge], begin[edge + 1]):
            owner = int(linework.owner[at])
            beyond[owner] = beyond.get(owner, 0) - side * int(linework.turns[at])
        for owner, times in beyond.items():
            if owner < linework.areas and times:
                found[owner] = found.get(owner, 0.0) + float(length_m[edge])
    return found


def _width_m(number: int, faces: Faces, linework: Linework, local: Floats, length_m: Floats) -> float:
    """Mean width of a face: twice its area over its perimeter."""
    edge = faces.edge[faces.begin[number] : faces.begin[number + 1]]
    side = faces.side[faces.begin[number] : faces.begin[number + 1]]
    a, b = local[linework.lower[edge]], local[linework.upper[edge]]
    doubled = np.sum(side * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]))
    return float(abs(doubled) / length_m[edge].sum())
