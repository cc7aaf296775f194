"""What assignments from a file change in a draft, as one operation."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.geometry.dissolve import dissolve
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.given_codes import require_code
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import ImportAssignments
from gisgov.store.drafts import all_blocks, areas_by_code, blocks_by_code


def make_import_assignments(
    connection: sa.Connection, draft: OpenDraft, operation: ImportAssignments
) -> Change:
    """Give blocks to the areas that a file names, and make those that the draft lacks.

    Raises
    ------
    NotFoundError
        The draft is not made of a block that is named.
    InputError, ConflictError
        A new area may not have its code.
    """
    wanted = operation.assignments
    found = (
        all_blocks(connection, draft.id)
        if operation.others == "unassigned"
        else blocks_by_code(connection, draft.id, wanted)
    )
    codes, ids = found.blocks.codes.tolist(), found.blocks.ids.tolist()
    lacking = sorted(set(wanted) - set(codes))
    if lacking:
        raise NotFoundError(
            f"Draft {draft.plan.name!r} is not made of block {lacking[0]!r}.", field="assignments"
        )
    moved = {
        number: wanted.get(code)
        for number, code, area in zip(ids, codes, found.area, strict=True)
        if wanted.get(code) != area
    }
    known = areas_by_code(connection, draft.id)
    new = sorted({area for area in wanted.values() if area is not None} - set(known))
    faults = faults_of_new(connection, draft, {code: area for code, area in wanted.items() if area in new})
    for error in faults.values():
        raise error
    return Change(moved=moved, areas={code: AreaFacts(code) for code in new})


def faults_of_new(
    connection: sa.Connection, draft: OpenDraft, assigned: dict[str, str | None]
) -> dict[str, InputError | ConflictError]:
    """Return why new areas may not have their codes, by code.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft.
    assigned : dict of str to str
        The new area of each of its blocks, by the block's code.
    """
    found = blocks_by_code(connection, draft.id, assigned)
    grounds = defaultdict(list)
    for code, ground in zip(found.blocks.codes, found.blocks.geometries, strict=True):
        grounds[assigned[code]].append(ground)
    faults: dict[str, InputError | ConflictError] = {}
    for area in sorted(code for code in grounds if code is not None):
        try:
            require_code(connection, draft, area, _one(grounds[area]))
        except (InputError, ConflictError) as error:
            faults[area] = error
    return faults


def _one(blocks: list[shapely.Geometry]) -> shapely.Geometry:
    ground: shapely.Geometry = dissolve(
        np.array(blocks, dtype=object), np.zeros(len(blocks), dtype=np.int64)
    )[0]
    return ground
