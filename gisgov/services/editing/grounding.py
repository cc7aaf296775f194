"""What plans of plain polygons are made of: the blocks that fit into their areas, or the areas themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.geometry.noding import SEAM, add_missing_vertices
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.redividing.covering import first_cover
from gisgov.store import drafts
from gisgov.store.blocks import BlockTable, blocks_of_scope
from gisgov.store.drafts import DraftArea
from gisgov.store.drafts_ground import put_whole_areas
from gisgov.types import Bools, Geometries, Ints, Texts

MadeOf: TypeAlias = Literal["blocks", "areas"]

_GRID = 1e-7
"""Step of stored coordinates in degrees: borders that run further apart than this are different ones."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Blocks for areas that had none.

    Attributes
    ----------
    made_of : {"blocks", "areas"}
        Stored blocks that nest in the areas, or the areas themselves, each a block of its own.
    block_ids : list of int
        The blocks.
    codes : list of str or None
        The area that each is in; None is in none.
    unpeopled : bool
        Whether stored blocks nest, but nobody lives in them, though areas state people: these would be lost.
    """

    made_of: MadeOf
    block_ids: list[int]
    codes: list[str | None]
    unpeopled: bool = False


def ground_of(connection: sa.Connection, draft: OpenDraft, areas: dict[str, DraftArea]) -> Ground | None:
    """Return blocks for the areas of a plan that have none; None where all have some.

    Where stored blocks nest exactly in the areas, these are what it is made of, and blocks of its scope in no
    area come in as such. Otherwise each area without blocks becomes a block of its own, to be cut by lines;
    where areas state people and nobody lives in the blocks, too, for the first change would lose them.
    """
    bare = sorted(set(areas) - set(drafts.codes_with_blocks(connection, draft.id)))
    if not bare:
        return None
    codes, grounds = drafts.grounds_by_code(connection, draft.id, bare)
    unpeopled = False
    if len(bare) == len(areas):
        states_people = any(area.population or area.households for area in areas.values())
        nested = _nested(connection, draft, codes, grounds, states_people=states_people)
        if nested is not None and not nested.unpeopled:
            return nested
        unpeopled = nested is not None
    noded = add_missing_vertices(grounds, SEAM)
    ids = put_whole_areas(connection, draft.plan.scope_code, [areas[code] for code in codes], noded)
    return Ground("areas", ids, [str(code) for code in codes], unpeopled)


def _nested(
    connection: sa.Connection, draft: OpenDraft, codes: Texts, grounds: Geometries, *, states_people: bool
) -> Ground | None:
    """Return the stored blocks of the ground if they nest in the areas."""
    blocks = blocks_of_scope(connection, draft.plan.scope_code, exactly=True)
    own = len(blocks) > 0
    if not own and draft.plan.scope_code:
        blocks = blocks_of_scope(connection, "")
    if not len(blocks):
        return None
    area = first_cover(shapely.point_on_surface(blocks.geometries), grounds)
    placed = np.flatnonzero(area >= 0)
    if len(np.unique(area[placed])) < len(codes) or not _fits(blocks, area, placed, grounds):
        return None
    chosen = np.arange(len(blocks)) if own else placed
    return Ground(
        "blocks",
        blocks.ids[chosen].tolist(),
        [None if i < 0 else str(codes[i]) for i in area[chosen].tolist()],
        states_people and not (blocks.population[placed].any() or blocks.households[placed].any()),
    )


def _fits(blocks: BlockTable, area: Ints, placed: Ints, grounds: Geometries) -> bool:
    """Whether areas are what their blocks make up, but for the rounding of coordinates."""
    try:
        made = dissolve(blocks.geometries[placed], area[placed])
    except InputError:
        return False
    off = shapely.area(shapely.symmetric_difference(made, grounds))
    fits: Bools = off <= _GRID * shapely.length(grounds)
    return bool(fits.all())
