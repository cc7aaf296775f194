"""No area may vanish unasked: proposals that together would leave one without ground are taken back."""

from __future__ import annotations

from typing import Final

import shapely

from gisgov.geometry.coverage import DefectKind
from gisgov.geometry.pieces import fine_grid
from gisgov.geometry.repair.decisions import Decision
from gisgov.geometry.repair.proposal_table import ProposalTable

NO_VANISHING: Final = "no area may vanish unasked"
_WHOLE: Final = 1.0 - 1e-6
"""An area that loses more than this share of its ground is as good as gone."""


def keep_all(table: ProposalTable) -> None:
    """Take back what would leave areas without ground: each keeps the largest piece that it can.

    Parameters
    ----------
    table : ProposalTable
        Changed in place: such a piece is given to the area, or left where it lies outside or where two
        areas need it.
    """
    lying: dict[int, list[int]] = {}
    for row, kind in enumerate(table.defects.kind.tolist()):
        if table.defects.cover[row] > 0 or kind == DefectKind.CROSSES_PARENT:
            for area in table.defects.areas[row]:
                lying.setdefault(area, []).append(row)
    size = shapely.area(table.defects.polygon)
    kept: set[int] = set()
    waiting = sorted(lying)
    while waiting:
        area = waiting.pop(0)
        lost = [row for row in lying[area] if _loses(table, row, area)]
        if not lost or not _is_whole(table, lost, area):
            continue
        free = [row for row in lost if row not in kept]
        row = max(free or lost, key=lambda row: float(size[row]))
        kept.add(row)
        # ground outside can stay with nobody, and ground that two areas need somebody must divide
        can_have = free and table.decision[row] == Decision.GIVE
        table.put(row, *((Decision.GIVE, NO_VANISHING, area) if can_have else (Decision.LEAVE, NO_VANISHING)))
        # whoever was to have it may now be the one without ground
        waiting.extend(other for other in table.defects.areas[row] if other != area)


def _loses(table: ProposalTable, row: int, area: int) -> bool:
    return table.decision[row] in (Decision.GIVE, Decision.CLIP) and table.to[row] != area


def _is_whole(table: ProposalTable, rows: list[int], area: int) -> bool:
    """Whether the ground of some defects is all the ground of an area."""
    whole = _WHOLE * shapely.area(table.ground_of(area))
    if shapely.area(table.defects.polygon[rows]).sum() < whole:
        return False
    # ground can be at fault twice
    ground = shapely.union_all(table.defects.polygon[rows], grid_size=fine_grid(table.defects.polygon[rows]))
    return bool(shapely.area(ground) >= whole)
