"""Operations that cut nothing: assign, new area, merge, rename, lock, unlock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.geometry.dissolve import dissolve
from gisgov.governance.names import name_problem
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.deltas import stored_facts
from gisgov.services.editing.given_codes import require_code
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Assign, Lock, Merge, NewArea, Rename, Unlock
from gisgov.store.drafts import (
    DraftArea,
    DraftBlocks,
    areas_by_code,
    block_places,
    blocks_by_code,
    grounds_by_code,
    places_of_areas,
)

_MOST_NAMED = 3


def make_assign(connection: sa.Connection, draft: OpenDraft, operation: Assign) -> Change:
    """Give blocks to an area, or take them out of all."""
    places = _places(connection, draft, operation.blocks)
    if operation.area is not None:
        require_areas(connection, draft, [operation.area], "area")
    return Change(moved=dict.fromkeys(places, operation.area))


def make_new_area(connection: sa.Connection, draft: OpenDraft, operation: NewArea) -> Change:
    """Make an area of blocks, under the code and name that were given or those that follow."""
    blocks = require_blocks(connection, draft, operation.blocks).blocks
    code, name = operation.code, operation.name
    if code is None or name is None:
        new = name_new_areas(connection, draft, [blocks.geometries])[0]
        code, name = code or new.code, name or new.name
    if operation.code is not None:
        ground = dissolve(blocks.geometries, np.zeros(len(blocks), dtype=np.int64))[0]
        require_code(connection, draft, code, ground)
    return Change(moved=dict.fromkeys(blocks.ids.tolist(), code), areas={code: AreaFacts(_name(name))})


def make_merge(connection: sa.Connection, draft: OpenDraft, operation: Merge) -> Change:
    """Give all blocks of areas to one of them; the others end."""
    wanted = set(operation.areas)
    if len(wanted) < 2:
        raise InputError("Name two areas or more to merge.", field="areas")
    areas = require_areas(connection, draft, wanted, "areas")
    into = operation.into
    if into is None:
        into = max(areas.values(), key=lambda one: (one.area_m2, one.code)).code
    if into not in areas:
        raise InputError(f"Area {into!r} is none of those that are merged.", field="into")
    return Change(moved=dict.fromkeys(places_of_areas(connection, draft.id, wanted - {into}), into))


def make_rename(connection: sa.Connection, draft: OpenDraft, operation: Rename) -> Change:
    """Give an area another name, another code, or both."""
    if operation.name is None and operation.code is None:
        raise InputError("Give a name, a code, or both.", field="name")
    area = require_areas(connection, draft, [operation.area], "area")[operation.area]
    facts = stored_facts(area)
    if operation.name is not None:
        facts = replace(facts, name=_name(operation.name))
    if operation.code is None or operation.code == area.code:
        return Change(areas={area.code: facts})
    _, grounds = grounds_by_code(connection, draft.id, [area.code])
    require_code(connection, draft, operation.code, grounds[0])
    moved = dict.fromkeys(places_of_areas(connection, draft.id, [area.code]), operation.code)
    return Change(moved=moved, areas={area.code: None, operation.code: facts})


def make_lock(connection: sa.Connection, draft: OpenDraft, operation: Lock) -> Change:
    """Keep areas as they are."""
    return _locked(require_areas(connection, draft, operation.areas, "areas"), locked=True)


def make_unlock(connection: sa.Connection, draft: OpenDraft, operation: Unlock) -> Change:
    """Let areas be changed again."""
    return _locked(require_areas(connection, draft, operation.areas, "areas"), locked=False)


def _locked(areas: dict[str, DraftArea], *, locked: bool) -> Change:
    if not areas:
        raise InputError("Name an area or more.", field="areas")
    return Change(areas={code: replace(stored_facts(area), locked=locked) for code, area in areas.items()})


def require_areas(
    connection: sa.Connection, draft: OpenDraft, codes: Iterable[str], field: str
) -> dict[str, DraftArea]:
    """Return areas of a draft by their codes.

    Raises
    ------
    NotFoundError
        It has no area of one of these codes.
    """
    wanted = sorted(set(codes))
    areas = areas_by_code(connection, draft.id, wanted)
    missing = [code for code in wanted if code not in areas]
    if missing:
        raise NotFoundError(
            f"Draft {draft.plan.name!r} has no area {_named(missing)}.",
            hint=f"`gisgov draft show {draft.plan.name}` lists them.",
            field=field,
        )
    return areas


def require_blocks(
    connection: sa.Connection, draft: OpenDraft, codes: Iterable[str], field: str = "blocks"
) -> DraftBlocks:
    """Return blocks of a draft by their codes.

    Raises
    ------
    InputError
        No block is named.
    NotFoundError
        The draft is not made of one of them.
    """
    wanted = sorted(set(codes))
    blocks = blocks_by_code(connection, draft.id, wanted)
    _refuse_missing(draft, wanted, set(blocks.blocks.codes), field)
    return blocks


def _places(connection: sa.Connection, draft: OpenDraft, codes: Iterable[str]) -> list[int]:
    """Return the ids of blocks of a draft by their codes; see `require_blocks`."""
    wanted = sorted(set(codes))
    ids = block_places(connection, draft.id, wanted)
    _refuse_missing(draft, wanted, set(ids), "blocks")
    return list(ids.values())


def _refuse_missing(draft: OpenDraft, wanted: list[str], found: set[str], field: str) -> None:
    if not wanted:
        raise InputError("Name a block or more.", field=field)
    missing = [code for code in wanted if code not in found]
    if missing:
        raise NotFoundError(
            f"Draft {draft.plan.name!r} is not made of block {_named(missing)}.",
            hint="A block that was cut goes on as its pieces.",
            field=field,
        )


def _named(codes: list[str]) -> str:
    more = f" and {len(codes) - _MOST_NAMED} more" if len(codes) > _MOST_NAMED else ""
    return ", ".join(repr(code) for code in codes[:_MOST_NAMED]) + more


def _name(name: str) -> str:
    problem = name_problem(name.strip())
    if problem is not None:
        raise InputError(f"The name of an area {problem}.", field="name")
    return name.strip()
