"""A change held against the draft: which blocks really move, from where to where."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.store.drafts import DraftArea, areas_by_code, areas_of_blocks, cut_from
from gisgov.store.drafts_log import Move, Said, said_json
from gisgov.types import Json

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """What a change does to a draft as it is.

    Attributes
    ----------
    moves : tuple of Move
        Blocks that are elsewhere afterwards, by id.
    areas : dict of str to DraftArea
        Areas as they were, of all codes that the change touches.
    facts : dict of str to AreaFacts
        What people say afterwards of those, and of new ones.
    ending : frozenset of str
        Codes that are to end by what the change says.
    ground : frozenset of str
        Codes whose blocks become others.
    cut_from : dict of int to int
        Of blocks that come in or go out and are pieces, the block that each is a piece of.
    """

    moves: tuple[Move, ...]
    areas: dict[str, DraftArea]
    facts: dict[str, AreaFacts]
    ending: frozenset[str]
    ground: frozenset[str]
    cut_from: dict[int, int]

    def said(self, ended: set[str]) -> tuple[Said, ...]:
        """Return what is said of areas afterwards where that is not what was said before.

        What areas stated whose blocks become others is told in any case: no sum of blocks brings it back.
        """
        found = []
        for code in sorted({*self.facts, *ended}):
            before = None if code not in self.areas else written_facts(stored_facts(self.areas[code]))
            after = None if code in ended else written_facts(self.facts[code])
            keeps = before is not None and "stated" in before and code in self.ground
            if before != after or keeps:
                found.append(Said(code, before, after))
        return tuple(found)


def find_delta(connection: sa.Connection, draft: OpenDraft, change: Change) -> Delta:
    """Hold a change against the draft.

    Raises
    ------
    InputError
        A block is not there to be moved, or there is no such area to move it to.
    ConflictError
        A locked area would become another.
    """
    moves = _moves(connection, draft, change)
    ground = {code for one in moves for code in (one.from_code, one.to_code) if code is not None}
    areas = areas_by_code(connection, draft.id, ground | set(change.areas))
    facts = {code: stored_facts(area) for code, area in areas.items()}
    ending = {code for code, said in change.areas.items() if said is None}
    facts.update({code: said for code, said in change.areas.items() if said is not None})
    for one in moves:
        if one.to_code is not None and (one.to_code not in facts or one.to_code in ending):
            raise InputError(f"Draft {draft.plan.name!r} has no area {one.to_code!r}.", field="area")
    swapped = [one.block_id for one in moves if one.was_in != one.is_in]
    pieces = cut_from(connection, swapped) if swapped else {}
    delta = Delta(moves, areas, facts, frozenset(ending), frozenset(ground), pieces)
    for code in _gaining_or_losing(delta) - set(change.areas):
        facts[code] = replace(facts[code], stated=None)  # its blocks became others
    if change.keeps_locks:
        _refuse_locked(delta, change)
    return delta


def stored_facts(area: DraftArea) -> AreaFacts:
    """Return what people say of an area."""
    return AreaFacts(area.name, area.attributes, area.locked, area.stated)


def written_facts(facts: AreaFacts) -> Json:
    """Return what people say of an area as the log keeps it."""
    return said_json(facts.name, facts.attributes, facts.locked, facts.stated)


def read_facts(said: Json | None) -> AreaFacts | None:
    """Read what the log keeps of an area."""
    if said is None:
        return None
    stated = None if "stated" not in said else (said["stated"][0], said["stated"][1])
    return AreaFacts(said["name"], said["attributes"], said["locked"], stated)


def _moves(connection: sa.Connection, draft: OpenDraft, change: Change) -> tuple[Move, ...]:
    named = [*change.moved, *change.entering, *change.leaving]
    if len(set(named)) != len(named):
        raise InputError("A block is named twice.", field="blocks")
    now = areas_of_blocks(connection, draft.id, named)
    for block_id in (*change.moved, *change.leaving):
        if block_id not in now:
            raise InputError(f"Draft {draft.plan.name!r} is not made of block {block_id}.", field="blocks")
    for block_id in change.entering:
        if block_id in now:
            raise InputError(f"Draft {draft.plan.name!r} has block {block_id} already.", field="blocks")
    moves = [
        Move(block_id, True, True, now[block_id], code)
        for block_id, code in change.moved.items()
        if now[block_id] != code
    ]
    moves += [Move(block_id, False, True, None, code) for block_id, code in change.entering.items()]
    moves += [Move(block_id, True, False, now[block_id], None) for block_id in change.leaving]
    return tuple(sorted(moves, key=lambda one: one.block_id))


def families(delta: Delta) -> dict[int, list[Move]]:
    """Return blocks that come in and go out by the block that they are, or are a piece of."""
    found: dict[int, list[Move]] = {}
    swapped = {one.block_id for one in delta.moves if one.was_in != one.is_in}
    for one in delta.moves:
        if one.was_in != one.is_in:
            whole = delta.cut_from.get(one.block_id, one.block_id)
            # a block that comes back, or goes, is told from the pieces that it goes on as
            found.setdefault(whole if whole in swapped else one.block_id, []).append(one)
    return found


def _refuse_locked(delta: Delta, change: Change) -> None:
    """Refuse what changes a locked area; its blocks may be cut on their border, where they stay its own."""
    touched = _gaining_or_losing(delta)
    touched |= {code for code, said in change.areas.items() if _is_other(delta.areas.get(code), said)}
    locked = sorted(code for code in touched if code in delta.areas and delta.areas[code].locked)
    if locked:
        are = "Area {} is" if len(locked) == 1 else "Areas {} are"
        raise ConflictError(
            f"{are.format(', '.join(locked[:_MOST_NAMED]))} locked, and would be changed.",
            hint="Unlock first what is to be changed.",
            field="areas",
        )


def _gaining_or_losing(delta: Delta) -> set[str]:
    """Return the areas that blocks come to or go from; pieces in place of their block are the same ground."""
    touched: set[str] = set()
    for one in delta.moves:
        if one.was_in == one.is_in:
            touched |= _ends(one)
    for family in families(delta).values():
        codes = {code for one in family for code in _ends(one)}
        unassigned = any((one.from_code if one.was_in else one.to_code) is None for one in family)
        if len(codes) > 1 or unassigned or len(family) == 1:
            touched |= codes
    return touched


def _is_other(before: DraftArea | None, said: AreaFacts | None) -> bool:
    """Whether more is said otherwise of an area than whether it is locked."""
    if before is None or said is None:
        return before is not None
    return (said.name, said.attributes) != (before.name, before.attributes)


def _ends(move: Move) -> set[str]:
    return {code for code in (move.from_code, move.to_code) if code is not None}
