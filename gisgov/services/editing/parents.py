"""Areas above that hold the blocks of areas."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.redividing.covering import first_cover
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts_around import parents_near
from gisgov.store.drafts_parents import codes_in_force, stated_parents
from gisgov.types import Ints, Texts


def block_parents(
    connection: sa.Connection,
    draft: OpenDraft,
    blocks: BlockTable,
    pieces: Mapping[int, int] | None = None,
) -> Texts:
    """Return the area above that each block lies in; None where there is none.

    It is the one that its area stated when the draft began; a piece has it of its block. Borders of two
    layers are never drawn alike to the metre, and a block beside one must not cross it for that. Where
    nothing was stated, or of an area that is in force no more, the ground decides.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft; what lies above is what is in force on its day.
    blocks : BlockTable
        The ``n`` blocks, of the draft or about to be.
    pieces : mapping of int to int, optional
        The block that each block is a piece of, by id; of blocks of the draft and of those that come in.

    Returns
    -------
    numpy.ndarray of str or None, shape (n,)
    """
    found: Texts = np.full(len(blocks), None, dtype=object)
    if draft.layer.parent_id is None or not len(blocks):
        return found
    kin = pieces or {}
    known = stated_parents(connection, draft.id, {*blocks.ids.tolist(), *kin, *kin.values()})
    there = codes_in_force(connection, draft.layer.parent_id, draft.day, set(known.values()))
    if there:  # what was stated of areas above that were replaced since, says nothing any more
        known = {block: code for block, code in known.items() if code in there}
    _inherit(known, kin)
    found[:] = [known.get(one) for one in blocks.ids.tolist()]
    bare = without_parent(found)
    if len(bare):
        grounds = blocks.geometries[bare]
        boxes = shapely.total_bounds(grounds)[np.newaxis, :]
        codes, above = parents_near(connection, draft.layer.parent_id, draft.day, boxes)
        host = first_cover(shapely.point_on_surface(grounds), above)
        found[bare] = np.append(codes, np.array([None], dtype=object))[host]
    return found


def area_parents(parent: Texts, ground: BlockTable, label: Ints, count: int) -> list[tuple[str, ...]]:
    """Return for each area the codes of the areas above that hold blocks of it, the one with most first.

    Parameters
    ----------
    parent : numpy.ndarray of str or None, shape (n,)
        What `block_parents` returned.
    ground : BlockTable
        The blocks.
    label : numpy.ndarray of int, shape (n,)
        Number of the area that each block is in.
    count : int
        Number of areas.
    """
    found: list[tuple[str, ...]] = [()] * count
    held = np.setdiff1d(np.arange(len(parent)), without_parent(parent))
    codes, above = np.unique(parent[held].astype(str), return_inverse=True)
    pair, place = np.unique(label[held] * max(len(codes), 1) + above, return_inverse=True)
    share = np.bincount(place, weights=ground.area_m2[held], minlength=len(pair))
    for one in np.lexsort((pair, -share)).tolist():
        found[int(pair[one] // len(codes))] += (str(codes[pair[one] % len(codes)]),)
    return found


def without_parent(parent: Texts) -> Ints:
    """Return the numbers of blocks that lie in no area above."""
    return np.flatnonzero(np.array([one is None for one in parent], dtype=np.bool_))


def _inherit(known: dict[int, str], pieces: Mapping[int, int]) -> None:
    """Let pieces lie where their block does, and a block that comes back where its pieces do."""
    for _ in range(2):  # of a piece of a piece the block comes first, or the other way round
        for piece, whole in sorted(pieces.items()):
            if whole in known:
                known.setdefault(piece, known[whole])
            elif piece in known:
                known[whole] = known[piece]
