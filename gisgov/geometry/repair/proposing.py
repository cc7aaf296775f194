"""Propose a decision for every defect: a table for a person to read, change and accept."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage import DefectKind, Defects
from gisgov.geometry.overlay import repaired
from gisgov.geometry.repair.choosing import Candidates, chosen
from gisgov.geometry.repair.decisions import Decision, People, Proposals, Rule
from gisgov.geometry.repair.keeping import keep_all
from gisgov.geometry.repair.proposal_table import ProposalTable
from gisgov.geometry.systems import CoordinateSystem
from gisgov.geometry.validity import find_invalid
from gisgov.types import Bools, Geometries, Ints


@np.errstate(all="ignore")  # GEOS tries infinities on its way, which numpy would report as ours
def propose(
    areas: Geometries,
    scope: shapely.Geometry | None,
    defects: Defects,
    *,
    rule: Rule = Rule.LONGEST_BORDER,
    people: People | None = None,
    parents: Geometries | None = None,
    parent_of: Ints | None = None,
    system: CoordinateSystem | None = None,
) -> Proposals:
    r"""Propose a decision for every defect.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        In any plane coordinates.
    scope : shapely.Geometry or None
        What they should cover.
    defects : Defects
        What `gisgov.geometry.coverage.find_defects` found in them.
    rule : Rule
        Who gets ground that several areas could have. The longest border decides between equals, and of
        equal borders the smaller number.
    people : People, optional
        For `Rule.NEAREST_PEOPLE`: the area whose people are nearest to the ground gets it. People on ground
        of several areas do not count.
    parents, parent_of
        As for `find_defects`: ground beyond the parent is offered to areas of the parent it lies in.
    system : CoordinateSystem, optional
        What the coordinates are in; a plane in metres by default.

    Returns
    -------
    Proposals
        Gaps, overlaps and slivers go to one of the areas involved, ground outside is cut off, an area inside
        another keeps its ground, borders get the same vertices, broken rings become the ground they enclose.
        Left as they are: two areas on the same ground, areas in several parts, and whatever would make an
        area vanish or nobody is there to get.

    Raises
    ------
    InputError
        `Rule.NEAREST_PEOPLE` without people, or only one of ``parents`` and ``parent_of``.

    Examples
    --------
    >>> from gisgov.geometry.coverage import find_defects
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AAB\nA.B\nCCC")
    >>> table = propose(areas, None, find_defects(areas), rule=Rule.SMALLEST)
    >>> str(table.decision[0]), int(table.to[0]), str(table.reason[0])
    ('give', 1, 'smallest area')
    """
    if (parents is None) != (parent_of is None):
        raise InputError("Parents and the number of each area's parent must be given together.")
    if rule == Rule.NEAREST_PEOPLE and people is None:
        raise InputError(
            "To give ground to the area of the nearest people, the places of people must be given.",
            hint="Give points with counts, or choose another rule.",
        )
    areas = np.asarray(areas, dtype=object)
    count = len(defects)
    numbers = _concerned(areas, defects, parent_of)
    drawn = areas[numbers]
    table = ProposalTable(
        defects,
        scope,
        numbers,
        repaired(drawn, find_invalid(drawn)),
        None if parents is None else shapely.STRtree(parents),
        parent_of,
        np.full(count, Decision.LEAVE, dtype=object),
        np.full(count, -1, dtype=np.int64),
        np.full(count, "", dtype=object),
        [tuple(sorted(each)) for each in defects.areas],
    )
    for row, kind in enumerate(defects.kind.tolist()):
        _PROPOSE[DefectKind(kind)](table, row)
    _choose(table, rule, people, system)
    keep_all(table)
    return Proposals(table.decision, table.to, table.reason, tuple(table.options))


def _concerned(areas: Geometries, defects: Defects, parent_of: Ints | None) -> Ints:
    """List the areas that have to do with defects; with parents also those beside ground beyond a parent."""
    found = [np.array([i for each in defects.areas for i in each], dtype=np.int64)]
    crossing = defects.polygon[defects.kind == DefectKind.CROSSES_PARENT]
    if parent_of is not None and len(crossing):
        found.append(shapely.STRtree(areas).query(crossing)[1].astype(np.int64))
    return np.unique(np.concatenate(found))


def _gap(table: ProposalTable, row: int) -> None:
    if table.options[row]:
        _ask(table, row)
    else:
        table.put(row, Decision.LEAVE, "no area borders on it")


def _overlap(table: ProposalTable, row: int) -> None:
    _ask(table, row)


def _ask(table: ProposalTable, row: int) -> None:
    """Let the rule choose, of areas whose parent has the ground where there are such."""
    is_at_home = _is_at_home(table, row)
    at_home = tuple(area for area in table.options[row] if is_at_home[area])
    table.options[row] = at_home or table.options[row]
    table.asked.append(row)


def _is_at_home(table: ProposalTable, row: int) -> Bools:
    """Whether the ground lies in the parent of each area; everywhere False without parents."""
    if table.parents is None or table.parent_of is None:
        return np.zeros(1 + max(table.numbers, default=0), dtype=bool)
    inside = shapely.point_on_surface(table.defects.polygon[row])
    return np.isin(table.parent_of, table.parents.query(inside, predicate="intersects"))


def _duplicate(table: ProposalTable, row: int) -> None:
    table.put(row, Decision.LEAVE, "two areas on the same ground: say which one stays")


def _contained(table: ProposalTable, row: int) -> None:
    sizes = {area: shapely.area(table.ground_of(area)) for area in table.options[row]}
    table.put(row, Decision.GIVE, "the inner area keeps its ground", min(sizes, key=lambda i: (sizes[i], i)))


def _outside(table: ProposalTable, row: int) -> None:
    table.put(row, Decision.CLIP, "outside the scope")


def _sliver(table: ProposalTable, row: int) -> None:
    cover = int(table.defects.cover[row])
    if cover == 0:
        _gap(table, row)
    elif cover == 1 or _is_outside(table, row):
        _outside(table, row)
    else:
        _overlap(table, row)


def _is_outside(table: ProposalTable, row: int) -> bool:
    inside = shapely.point_on_surface(table.defects.polygon[row])
    return table.scope is not None and not shapely.intersects(table.scope, inside)


def _crosses_parent(table: ProposalTable, row: int) -> None:
    if _is_outside(table, row):
        _outside(table, row)
        return
    table.options[row] = _children_beside(table, row)
    if table.options[row]:
        table.asked.append(row)
    else:
        table.put(row, Decision.LEAVE, "no area of the other parent is beside it")


def _children_beside(table: ProposalTable, row: int) -> tuple[int, ...]:
    """List areas, of the parent in which the ground lies, that lie on it or touch it."""
    children = np.flatnonzero(_is_at_home(table, row)[table.numbers])
    beside = shapely.intersects(table.ground[children], table.defects.polygon[row])
    found = table.numbers[children[beside]].tolist()
    return tuple(area for area in found if area not in table.defects.areas[row])


def _invalid_ring(table: ProposalTable, row: int) -> None:
    if table.defects.polygon[row] is None:
        table.put(row, Decision.LEAVE, "nothing would be left of it")
    else:
        table.put(row, Decision.REBUILD, "the ground that its rings enclose")


def _several_parts(table: ProposalTable, row: int) -> None:
    table.put(row, Decision.LEAVE, "an area may have several parts")


def _vertex_mismatch(table: ProposalTable, row: int) -> None:
    table.put(row, Decision.NODE, "the borders differ by less than the tolerance")


_PROPOSE: Final = {
    DefectKind.GAP: _gap,
    DefectKind.OVERLAP: _overlap,
    DefectKind.DUPLICATE: _duplicate,
    DefectKind.CONTAINED: _contained,
    DefectKind.OUTSIDE: _outside,
    DefectKind.SLIVER: _sliver,
    DefectKind.CROSSES_PARENT: _crosses_parent,
    DefectKind.INVALID_RING: _invalid_ring,
    DefectKind.SEVERAL_PARTS: _several_parts,
    DefectKind.VERTEX_MISMATCH: _vertex_mismatch,
}


def _choose(table: ProposalTable, rule: Rule, people: People | None, system: CoordinateSystem | None) -> None:
    """Let the rule choose among the options of the rows that ask for it."""
    defects, rows = table.defects, table.asked
    pair = np.repeat(np.arange(len(rows)), [len(table.options[row]) for row in rows])
    area = np.array([area for row in rows for area in table.options[row]], dtype=np.int64)
    is_on = np.array(
        [_lies_on(defects, row, area) for row in rows for area in table.options[row]], dtype=bool
    )
    candidates = Candidates(
        defects.polygon[rows], pair, np.searchsorted(table.numbers, area).astype(np.int64), is_on
    )
    best, reason = chosen(candidates, table.ground, rule, people, system)
    for row, owner, why in zip(rows, best.tolist(), reason, strict=True):
        table.put(row, Decision.GIVE, why, int(table.numbers[owner]))


def _lies_on(defects: Defects, row: int, area: int) -> bool:
    """Whether an area that could have faulty ground lies on it already."""
    return bool(defects.cover[row] > 1 and area in defects.areas[row])
