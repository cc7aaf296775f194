"""Maps with faults drawn as letters, decisions on them, and what a repair of them must hold."""

from __future__ import annotations

import numpy as np
import shapely
from directed_edges import uncancelled

from gisgov.geometry.coverage import DefectKind, Defects, find_defects
from gisgov.geometry.repair import Decision, Proposals, Repair, apply, propose
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def drawn(picture: str) -> tuple[Geometries, shapely.Polygon]:
    """Areas by their letters, and the whole picture as scope, with a vertex at every corner of a cell."""
    rows = picture.splitlines()
    _, areas = areas_from_grid(picture)
    _, cells = areas_from_grid("\n".join("x" * len(rows[0]) for _ in rows))
    return areas, cells[0]


def decide(
    found: Defects, proposals: Proposals, kind: DefectKind, decision: Decision, to: int = -1
) -> Proposals:
    """Decide otherwise of all defects of a kind."""
    chosen = found.kind == kind
    return Proposals(
        np.where(chosen, decision, proposals.decision),
        np.where(chosen, to, proposals.to),
        proposals.reason,
        proposals.options,
    )


def mended(areas: Geometries, scope: shapely.Geometry | None) -> Repair:
    """Carry out what is proposed."""
    found = find_defects(areas, scope)
    return apply(areas, scope, found, propose(areas, scope, found))


def assert_sound(repair: Repair) -> None:
    assert repair.certificate is not None
    assert repair.certificate.holds
    assert not uncancelled(repair.areas, repair.scope)
    assert not any(repair.done)
