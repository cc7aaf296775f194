"""Splitting an area of a draft: by a line, into balanced parts, or by taking blocks out of it."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.cutting import split_by_line
from gisgov.services.editing.engine_ground import engine_blocks, weights_of
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Split
from gisgov.services.editing.simple_changes import require_areas, require_blocks
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts import blocks_of_areas
from gisgov.types import Ints
from gisgov.zoning import redivide


def make_split(connection: sa.Connection, draft: OpenDraft, operation: Split) -> Change:
    """Divide an area in the one way that is asked for.

    Raises
    ------
    InputError
        Not exactly one way is asked for, or the area cannot be divided so.
    NotFoundError
        The draft has no such area, or is not made of one of the blocks.
    """
    ways = {name: getattr(operation, name) for name in ("line", "parts", "blocks")}
    asked = [name for name, value in ways.items() if value is not None]
    if len(asked) != 1:
        raise InputError(
            "Say how the area is split: by a line, into a number of parts, or by the blocks that leave it.",
            hint="Give exactly one of line, parts and blocks.",
            field=asked[1] if asked else "parts",
        )
    require_areas(connection, draft, [operation.area], "area")
    if operation.line is not None:
        return split_by_line(connection, draft, operation)
    if operation.blocks is not None:
        return _take_out(connection, draft, operation.area, operation.blocks)
    return _into_parts(connection, draft, operation)


def _take_out(connection: sa.Connection, draft: OpenDraft, area: str, codes: tuple[str, ...]) -> Change:
    """Make a new area of blocks; the rest keeps code and name."""
    chosen = require_blocks(connection, draft, codes)
    elsewhere = np.flatnonzero(chosen.area != area)
    if len(elsewhere):
        i = int(elsewhere[0])
        where = "no area" if chosen.area[i] is None else f"area {chosen.area[i]}"
        raise InputError(
            f"Block {chosen.blocks.codes[i]} is in {where}, not in {area}.",
            hint="Name blocks of the area that is split; `new-area` takes blocks of several.",
            field="blocks",
        )
    if len(chosen) == len(blocks_of_areas(connection, draft.id, [area])):
        raise InputError(
            f"These are all blocks of area {area}: nothing would be left of it.",
            hint="Leave one block out at least, or rename the area.",
            field="blocks",
        )
    new = name_new_areas(connection, draft, [chosen.blocks.geometries])[0]
    moved: dict[int, str | None] = dict.fromkeys(chosen.blocks.ids.tolist(), new.code)
    return Change(moved=moved, areas={new.code: AreaFacts(new.name)})


def _into_parts(connection: sa.Connection, draft: OpenDraft, operation: Split) -> Change:
    blocks = blocks_of_areas(connection, draft.id, [operation.area]).blocks
    parts = operation.parts or 0
    if not 2 <= parts <= len(blocks):
        raise InputError(
            f"Area {operation.area} has {len(blocks)} blocks, which cannot make {parts} parts.",
            hint="Ask for two parts at least, and no more than there are blocks; a line cuts blocks as well.",
            field="parts",
        )
    ground = engine_blocks(connection, draft, blocks, np.zeros(len(blocks), dtype=np.int64))
    labels = redivide(ground, np.array([parts]), seed=operation.seed).labels
    return parted(connection, draft, blocks, labels)


def parted(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable, labels: Ints) -> Change:
    """Return the change that makes areas of all blocks of one.

    It goes on in the one that has most of its people and ground.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft.
    blocks : BlockTable
        The ``n`` blocks of the area.
    labels : numpy.ndarray of int, shape (n,)
        Number of the part of each, 0 … k - 1, none left out.
    """
    weight = np.bincount(labels, weights=weights_of(blocks))
    others = [part for part in range(len(weight)) if part != int(np.argmax(weight))]
    named = name_new_areas(connection, draft, [blocks.geometries[labels == part] for part in others])
    moved: dict[int, str | None] = {}
    for part, new in zip(others, named, strict=True):
        moved.update(dict.fromkeys(blocks.ids[labels == part].tolist(), new.code))
    return Change(moved=moved, areas={new.code: AreaFacts(new.name) for new in named})
