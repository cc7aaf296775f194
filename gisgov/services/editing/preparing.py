"""A draft made ready for operations: all of it made of blocks, areas drawn of them, figures measured.

Drafts that imports, repairs and re-divisions leave behind have no figures yet, and those of plain polygons no
blocks. The first operation makes up for it; what planners see stays the same, and the log begins after it.
What areas state of their people is kept, until an operation changes their blocks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.services.access import holds
from gisgov.services.editing.applying import draw, keep_figures
from gisgov.services.editing.deltas import stored_facts
from gisgov.services.editing.grounding import Ground, ground_of
from gisgov.services.editing.open_draft import RIGHT, OpenDraft, describe
from gisgov.services.editing.parents import block_parents
from gisgov.store import drafts, drafts_writing
from gisgov.store.acting import as_owner
from gisgov.store.drafts_figures import is_prepared
from gisgov.store.drafts_parents import put_parents, state_parents
from gisgov.store.plans import StoredPlan, find_plan
from gisgov.types import Progress, silent


def prepared_plan(
    connection: sa.Connection, name: str, *, today: date, timezone: ZoneInfo, progress: Progress = silent
) -> StoredPlan:
    """Return a plan to look at; a draft is made ready before, where whoever looks may change it.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        See `prepare`.
    """
    found = find_plan(connection, name)
    if not _lacks_figures(connection, found) or not holds(connection, RIGHT, found.scope_code):
        return found
    found = find_plan(connection, name, for_change=True)
    if _lacks_figures(connection, found):  # it may have been published meanwhile
        draft = describe(connection, found, today=today, timezone=timezone)
        with as_owner(connection):
            prepare(connection, draft, progress=progress)
    return find_plan(connection, name)


def _lacks_figures(connection: sa.Connection, plan: StoredPlan) -> bool:
    return plan.status == "draft" and not is_prepared(connection, plan.id)


def prepare(connection: sa.Connection, draft: OpenDraft, *, progress: Progress = silent) -> Ground | None:
    """Make a draft ready for operations, unless it is; return the blocks that it had to be given.

    Raises
    ------
    InputError
        It has no areas, or its areas overlap, so that nothing says whose the ground is.
    """
    if is_prepared(connection, draft.id):
        return None
    areas = drafts.areas_by_code(connection, draft.id)
    if not areas:
        return None
    ground = ground_of(connection, draft, areas)
    if ground is not None:
        nobody = [None] * len(ground.codes)
        drafts_writing.enter_blocks(connection, draft.id, ground.block_ids, ground.codes, nobody)
    drafts_writing.count_assignments(connection)
    state_parents(connection, draft.id)
    made = drafts.all_blocks(connection, draft.id)
    parent = block_parents(connection, draft, made.blocks)
    put_parents(connection, draft.id, made.blocks.ids.tolist(), parent.tolist())
    placed = np.flatnonzero(np.array([code is not None for code in made.area]))
    codes, label = np.unique(made.area[placed].astype(str), return_inverse=True)
    codes = codes.astype(object)
    blocks = made.blocks.chosen(placed)
    try:
        grounds = dissolve(blocks.geometries, codes[label].astype(str))
    except InputError as error:
        words = f"Draft {draft.plan.name!r} cannot be changed: {error.message}"
        raise InputError(words, hint=error.hint) from error
    facts = {
        code: replace(stored_facts(area), stated=(area.population, area.households))
        for code, area in areas.items()
    }
    for _ in progress([None], label="measuring the draft"):
        measures = draw(connection, draft, codes, facts, grounds, blocks, label, parent[placed])
        keep_figures(connection, draft, measures, grounds)
    return ground
