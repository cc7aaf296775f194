"""The lineage of a plan as it is written down."""

from __future__ import annotations

import math
from typing import Final

from gisgov.governance.comparison import Overlaps, compare
from gisgov.governance.lineage import NOWHERE, AreaFate
from gisgov.store.lineage import LineageRow

LEAST_SHARE: Final = 0.001
"""What is less of both areas, in ground and in people, is no lineage: a border was drawn anew."""


def lineage_rows(overlaps: Overlaps) -> tuple[LineageRow, ...]:
    """Return where the areas of a plan come from, and what became of those before it.

    Parameters
    ----------
    overlaps : Overlaps
        What the areas of the two plans have in common.

    Returns
    -------
    tuple of LineageRow
        One for each pair, by former code, then code; without pairs that are below `LEAST_SHARE` of both
        areas, in ground and in people.
    """
    told = compare(overlaps)
    shares = told.shares
    rows = []
    for i in range(len(overlaps)):
        former_code, code = overlaps.code_of(i)
        given = (shares.ground[i], shares.people[i], shares.former_ground[i], shares.former_people[i])
        if max(share for share in given if not math.isnan(share)) < LEAST_SHARE:
            continue
        area = int(overlaps.area[i])
        rows.append(
            LineageRow(
                code=code,
                former_code=former_code,
                origin=AreaFate.GONE.value if area == NOWHERE else told.origin[area].value,
                ground_share=0.0 if area == NOWHERE else float(shares.ground[i]),
                people_share=_known(shares.people[i]),
                former_ground_share=0.0 if former_code is None else float(shares.former_ground[i]),
                former_people_share=_known(shares.former_people[i]),
            )
        )
    return tuple(rows)


def _known(share: float) -> float | None:
    return None if math.isnan(share) else float(share)
