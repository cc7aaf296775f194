"""Blocks of a draft that no area has, given to the areas around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError
from gisgov.geometry.adjacency import Borders
from gisgov.services.editing.change import Change
from gisgov.services.editing.engine_ground import borders_of, graph_of, hosts_of, is_nested, loads_of
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Fill
from gisgov.services.editing.simple_changes import require_blocks
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts import DraftArea, areas_by_code, grounds_by_code, unassigned_blocks
from gisgov.store.drafts_figures import figures_of
from gisgov.types import Bools, Floats, Geometries, Texts
from gisgov.zoning.filling import fill


def make_fill(connection: sa.Connection, draft: OpenDraft, operation: Fill) -> Change:
    """Give blocks that no area has to neighbours that are not locked and lie in the same area above.

    Those that no way leads to an area from stay without one: the problems of the draft name them.

    Raises
    ------
    InputError
        One of the blocks is in an area.
    NotFoundError
        The draft is not made of one of the blocks.
    ConflictError
        No block is without an area, or none of them can be given to one.
    """
    blocks = _empty(connection, draft, operation)
    around = _around(connection, draft, blocks)
    count = len(blocks)
    borders = borders_of(connection, draft, np.concatenate((blocks.geometries, around.grounds)))
    graph = graph_of(
        draft, borders, count + len(around.codes), _open(connection, draft, blocks, around, borders)
    )
    area = np.append(np.full(count, -1), np.arange(len(around.codes)))
    load = np.append(_loads(connection, draft, blocks, around), around.load)
    found = fill(graph, area, load)[:count]
    given = np.flatnonzero(found >= 0)
    if not len(given):
        raise _nothing_to_give(blocks, around, borders)
    ids, codes = blocks.ids[given].tolist(), around.codes[found[given]].tolist()
    return Change(moved=dict(zip(ids, codes, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """Areas whose boxes meet the blocks, by code; ``load`` is their people where no work is known."""

    codes: Texts
    grounds: Geometries
    areas: list[DraftArea]
    load: Floats
    knows_load: bool

    @property
    def locked(self) -> Bools:
        """Which of them stay as they are."""
        return np.array([one.locked for one in self.areas], dtype=np.bool_)


def _empty(connection: sa.Connection, draft: OpenDraft, operation: Fill) -> BlockTable:
    if operation.blocks is None:
        blocks = unassigned_blocks(connection, draft.id).blocks
        if not len(blocks):
            raise ConflictError(
                f"All blocks of draft {draft.plan.name!r} are in areas: there is none to fill."
            )
        return blocks
    chosen = require_blocks(connection, draft, operation.blocks)
    for code, area in zip(chosen.blocks.codes, chosen.area, strict=True):
        if area is not None:
            raise InputError(
                f"Block {code} is in area {area}.",
                hint="Fill blocks that are in no area; `assign` gives any to another area.",
                field="blocks",
            )
    return chosen.blocks


def _around(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable) -> _Around:
    codes, grounds = grounds_by_code(connection, draft.id)
    near = np.unique(shapely.STRtree(grounds).query(blocks.geometries)[1])
    codes, grounds = codes[near], grounds[near]
    areas = areas_by_code(connection, draft.id, codes)
    loads = [row.load for row in figures_of(connection, draft.id, codes)] if draft.rule else []
    knows = len(loads) == len(codes) and None not in loads
    people = [one.population or 0 for one in areas.values()]
    load = np.array(loads if knows else people, dtype=np.float64)
    return _Around(codes, grounds, list(areas.values()), load, knows)


def _loads(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable, around: _Around) -> Floats:
    return loads_of(connection, draft, blocks) if around.knows_load else blocks.population.astype(np.float64)


def _open(
    connection: sa.Connection, draft: OpenDraft, blocks: BlockTable, around: _Around, borders: Borders
) -> Bools:
    """Tell which borders a block may cross on its way to an area: none to a locked one, or of a parent."""
    count = len(blocks)
    a, b = borders.a, borders.b
    kept: Bools = ~np.append(np.zeros(count, dtype=np.bool_), around.locked)[b] & (a < count)
    if not is_nested(draft):
        return kept
    codes, host = hosts_of(connection, draft, blocks)
    number = {code: i for i, code in enumerate(codes)}
    # of an area across several the one that most of it lies in, so that no more of it goes across
    homes = [one.parent_codes[0] if one.parent_codes else draft.plan.scope_code for one in around.areas]
    home = np.array([number.get(code, -1) for code in homes], dtype=np.int64)
    parent = np.append(host, home)
    kept &= parent[a] == parent[b]
    return kept


def _nothing_to_give(blocks: BlockTable, around: _Around, borders: Borders) -> ConflictError:
    count = len(blocks)
    touched = np.unique(borders.b[(borders.a < count) & (borders.b >= count)]) - count
    if not len(touched):
        why = "None of these blocks touches an area, itself or through others."
        hint = "Make an area of them, or assign them to the one that they belong to."
    elif around.locked[touched].all():
        why = f"The areas around these blocks are locked: {', '.join(around.codes[touched][:5])}."
        hint = "Unlock one of them, or make an area of the blocks."
    else:
        why = "The areas around these blocks lie in other areas of the layer above, or are locked."
        hint = "Make an area of the blocks, or unlock the one that they belong to."
    return ConflictError(why, hint=hint, field="blocks")
