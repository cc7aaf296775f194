"""Areas of a draft divided anew among themselves by the engine; locked ones stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.lineage import trace
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.engine_ground import engine_blocks, hosts_of, is_nested, weights_of
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Redivide
from gisgov.services.editing.simple_changes import require_areas
from gisgov.services.redividing.present import Present, present_areas
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts import DraftArea, areas_by_code, blocks_of_areas, unassigned_blocks
from gisgov.types import Floats, Ints, Texts
from gisgov.zoning import Aims, Blocks, apportion, redivide


@dataclass(frozen=True, slots=True, eq=False)
class _Selection:
    """What is divided: blocks with the number of their area in ``codes`` (−1 in none) and of their parent."""

    codes: Texts
    blocks: BlockTable
    area: Ints
    parents: Texts
    parent: Ints
    locked: int


def make_redivide(connection: sa.Connection, draft: OpenDraft, operation: Redivide) -> Change:
    """Divide areas anew, near what they are now. Those that go on keep codes and names.

    Raises
    ------
    InputError
        Neither areas nor parents are named, all areas are locked, or their blocks cannot make so many.
    NotFoundError
        The draft has no such area, or none of it lies in one of the parents.
    """
    areas = _selected(connection, draft, operation)
    selection = _read(connection, draft, operation, areas)
    weight = weights_of(selection.blocks)
    present = present_areas(selection.area, selection.parent, weight)
    ground = engine_blocks(connection, draft, selection.blocks, selection.parent)
    counts = _counts(operation, selection, present, ground)
    aims = Aims() if operation.movement is None else replace(Aims(), movement=operation.movement)
    labels = redivide(ground, counts, aims=aims, current=present.label, seed=operation.seed).labels
    return _renamed(connection, draft, selection, labels, weight)


def _selected(connection: sa.Connection, draft: OpenDraft, operation: Redivide) -> dict[str, DraftArea]:
    if bool(operation.areas) == bool(operation.parents):
        raise InputError(
            "Say which areas are divided anew: name areas, or areas of the layer above.",
            hint="To divide a whole plan anew, ask for a re-division of it.",
            field="areas",
        )
    if operation.areas:
        return require_areas(connection, draft, operation.areas, "areas")
    wanted = set(operation.parents)
    found = {
        code: one for code, one in areas_by_code(connection, draft.id).items() if wanted & {*one.parent_codes}
    }
    missing = sorted(wanted - {code for one in found.values() for code in one.parent_codes})
    if missing:
        raise NotFoundError(
            f"No area of draft {draft.plan.name!r} lies in {missing[0]!r}.",
            hint="Name codes of the layer above, of areas that this draft divides.",
            field="parents",
        )
    return found


def _read(
    connection: sa.Connection, draft: OpenDraft, operation: Redivide, areas: dict[str, DraftArea]
) -> _Selection:
    free = np.array([code for code, one in areas.items() if not one.locked], dtype=object)
    locked = len(areas) - len(free)
    if not len(free):
        raise InputError(
            "All of these areas are locked.", hint="Unlock those that may change.", field="areas"
        )
    held = blocks_of_areas(connection, draft.id, free)
    number = {code: i for i, code in enumerate(free)}
    area = np.array([number[code] for code in held.area], dtype=np.int64)
    blocks = held.blocks
    loose = _loose(connection, draft, operation.parents)
    if loose is not None:
        blocks = blocks.joined(loose)
        area = np.append(area, np.full(len(loose), -1))
    parents, parent = hosts_of(connection, draft, blocks)
    return _Selection(free, blocks, area, parents, parent, locked)


def _loose(connection: sa.Connection, draft: OpenDraft, parents: Collection[str]) -> BlockTable | None:
    """Return the blocks in no area that lie in parents which are divided whole."""
    if not parents or not is_nested(draft):
        return None
    loose = unassigned_blocks(connection, draft.id).blocks
    if not len(loose):
        return None
    codes, host = hosts_of(connection, draft, loose)
    return loose.chosen(np.flatnonzero(np.isin(codes[host].astype(str), sorted(parents))))


def _counts(operation: Redivide, selection: _Selection, present: Present, ground: Blocks) -> Ints:
    """Return how many areas each parent gets."""
    count = len(selection.parents)
    blocks = np.bincount(selection.parent, minlength=count)
    # a parent that is to be divided gets an area though none of those that it has blocks of belongs there
    now = np.maximum(present.counts(count), np.isin(selection.parents.astype(str), operation.parents))
    homeless = np.flatnonzero(now == 0)
    if len(homeless):
        _refuse_homeless(selection, int(homeless[0]))
    if operation.count is None:
        return now
    wanted = operation.count - selection.locked
    if not count <= wanted <= len(selection.blocks):
        beside = f" beside {selection.locked} locked ones" if selection.locked else ""
        within = f" in {count} areas above" if count > 1 else ""
        raise InputError(
            f"{len(selection.blocks)} blocks{within} cannot make {wanted} areas{beside}.",
            hint=f"Ask for {count + selection.locked} to {len(selection.blocks) + selection.locked}.",
            field="count",
        )
    load = np.bincount(selection.parent, weights=ground.load, minlength=count)
    return apportion(load, wanted, at_most=blocks)


def _refuse_homeless(selection: _Selection, parent: int) -> None:
    block = int(np.argmax(selection.parent == parent))
    area = selection.area[block]
    raise InputError(
        f"Area {selection.codes[area]} has block {selection.blocks.codes[block]} in "
        f"{selection.parents[parent] or 'no area of the layer above'}, where none of these areas belongs.",
        hint="Name areas of that one too, or assign such blocks to an area there first.",
        field="areas",
    )


def _renamed(
    connection: sa.Connection, draft: OpenDraft, selection: _Selection, labels: Ints, weight: Floats
) -> Change:
    """Return what moves once codes have gone on to where most of their ground and people are."""
    lineage = trace(selection.area, labels, weight)
    code = np.empty(len(lineage.keeps), dtype=object)
    kept = lineage.keeps >= 0
    code[kept] = selection.codes[lineage.keeps[kept]]
    new = np.flatnonzero(~kept)
    facts: dict[str, AreaFacts | None] = {}
    if len(new):
        grounds = [selection.blocks.geometries[labels == i] for i in new]
        for i, named in zip(new.tolist(), name_new_areas(connection, draft, grounds), strict=True):
            code[i] = named.code
            facts[named.code] = AreaFacts(named.name)
    after = code[labels]
    moved = np.flatnonzero((selection.area < 0) | (selection.codes[selection.area] != after))
    return Change(
        moved=dict(zip(selection.blocks.ids[moved].tolist(), after[moved].tolist(), strict=True)),
        areas=facts,
    )
