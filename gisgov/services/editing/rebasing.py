"""Put what a draft changed on to the plan that took the place of the one it began as."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, RebaseConflict
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.deltas import stored_facts
from gisgov.services.editing.grounding import ground_of
from gisgov.services.editing.matching import match_vertices
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import OpenDraft, describe
from gisgov.services.editing.operations import Rebase
from gisgov.services.editing.reports import Conflict
from gisgov.services.editing.three_way import Merged, Places, ThreeWay
from gisgov.store import drafts
from gisgov.store.drafts import DraftArea
from gisgov.store.drafts_copying import newest_after
from gisgov.store.plans import StoredPlan, find_plan, plan_of_id

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class State:
    """A plan as blocks: the area of each, and what people say of areas."""

    places: Places
    facts: dict[str, AreaFacts]

    @property
    def codes(self) -> frozenset[str]:
        """Codes of its areas."""
        return frozenset(self.facts)


def make_rebase(connection: sa.Connection, draft: OpenDraft, operation: Rebase) -> Change:
    """Put what a draft changed on to a newer plan."""
    if draft.based_on is None:
        raise InputError(f"Draft {draft.plan.name!r} is based on no plan.", field="plan")
    onto = _onto(connection, draft, operation)
    base = state_of(connection, draft, plan_of_id(connection, draft.based_on))
    theirs = state_of(connection, draft, onto)
    ours = State(
        drafts.areas_of_all_blocks(connection, draft.id),
        {code: _facts_of(area) for code, area in drafts.areas_by_code(connection, draft.id).items()},
    )
    roots = drafts.roots_of(connection, {*base.places, *theirs.places, *ours.places}, set(base.places))
    _refuse_other_ground(draft, onto, base, theirs, ours, roots)
    ours = _with_codes_of_its_own(connection, draft, base, ours, theirs)
    prefer = operation.on_conflict or "ours"
    ours_said, theirs_said = _said_of_ended(base, ours, theirs), _said_of_ended(base, theirs, ours)
    merged = ThreeWay(
        base.places,
        ours.places,
        theirs.places,
        base.codes - ours.codes,
        base.codes - theirs.codes,
        ours_said,
        theirs_said,
        prefer,
    ).merged(roots)
    facts, said = _facts(base, ours, theirs, prefer, ours_said | theirs_said)
    conflicts = (*_told(connection, merged), *said)
    if conflicts and operation.on_conflict is None:
        raise _conflict(draft, onto, conflicts)
    places = match_vertices(connection, merged.places, ours.places, theirs.places)
    return replace(_change(connection, draft, places, facts), based_on=onto.id, conflicts=conflicts)


def successor_name(connection: sa.Connection, draft: OpenDraft) -> str | None:
    """Return the name of the newest plan that took the place of the one a draft is based on."""
    if draft.based_on is None:
        return None
    newest = newest_after(connection, draft.based_on)
    return None if newest is None else newest[1]


def state_of(connection: sa.Connection, draft: OpenDraft, plan: StoredPlan) -> State:
    """Return a plan as blocks; one of plain polygons of those that a branch of it would be made of."""
    areas = drafts.areas_by_code(connection, plan.id)
    places = drafts.areas_of_all_blocks(connection, plan.id)
    described = describe(connection, plan, today=draft.day, timezone=draft.timezone)
    ground = ground_of(connection, described, areas)
    if ground is not None:
        places.update(zip(ground.block_ids, ground.codes, strict=True))
    facts = {code: replace(_facts_of(area), locked=False) for code, area in areas.items()}
    return State(places, facts)


def _facts_of(area: DraftArea) -> AreaFacts:
    """Return what people say of an area, but for its counts: what is put together states none."""
    return replace(stored_facts(area), stated=None)


def _onto(connection: sa.Connection, draft: OpenDraft, operation: Rebase) -> StoredPlan:
    name = operation.onto or successor_name(connection, draft)
    if name is None:
        raise ConflictError(f"No newer plan took the place of what draft {draft.plan.name!r} is based on.")
    onto = find_plan(connection, name)
    if onto.status == "draft":
        raise InputError(f"Plan {name!r} is a draft: a draft is rebased to published plans.", field="onto")
    if onto.layer_id != draft.plan.layer_id:
        raise InputError(f"Plan {name!r} is of layer {onto.layer!r}, not {draft.plan.layer!r}.", field="onto")
    if onto.scope_code != draft.plan.scope_code:
        raise InputError(f"Plan {name!r} is of another scope than draft {draft.plan.name!r}.", field="onto")
    if onto.id == draft.based_on:
        raise ConflictError(f"Draft {draft.plan.name!r} is based on {name!r} already.", field="onto")
    return onto


def _refuse_other_ground(
    draft: OpenDraft, onto: StoredPlan, base: State, theirs: State, ours: State, roots: dict[int, int]
) -> None:
    """Refuse plans that are made of other blocks: nothing would say what of one is what of the other."""
    for name, state in ((onto.name, theirs), (draft.plan.name, ours)):
        missing = set(base.places) - {roots.get(block, block) for block in state.places}
        if missing:
            raise InputError(
                f"Plan {name!r} is made of other blocks than what draft {draft.plan.name!r} is based on: "
                f"{len(missing)} of {len(base.places)} are not in it.",
                hint="Branch the newer plan and do the changes again.",
                field="onto",
            )


def _with_codes_of_its_own(
    connection: sa.Connection, draft: OpenDraft, base: State, ours: State, theirs: State
) -> State:
    """Give new areas of a draft other codes where the newer plan gave these to other ground."""
    taken = (ours.codes & theirs.codes) - base.codes
    blocks: dict[str, set[int]] = {code: set() for code in taken}
    for block, code in ours.places.items():
        if code in blocks:
            blocks[code].add(block)
    other = sorted(
        code for code in taken if blocks[code] != {one for one, of in theirs.places.items() if of == code}
    )
    if not other:
        return ours
    grounds = [drafts.blocks_of_areas(connection, draft.id, [code]).blocks.geometries for code in other]
    new = dict(zip(other, name_new_areas(connection, draft, grounds), strict=True))
    facts = {code: said for code, said in ours.facts.items() if code not in new}
    facts.update({new[code].code: ours.facts[code] for code in other})
    places = {
        block: new[code].code if code is not None and code in new else code
        for block, code in ours.places.items()
    }
    return State(places, facts)


def _said_of_ended(base: State, one: State, other: State) -> frozenset[str]:
    """Return the codes of areas of which one side says something else, and which the other ended."""
    ended = (base.codes - other.codes) & one.codes
    return frozenset(code for code in ended if replace(one.facts[code], locked=False) != base.facts[code])


def _facts(
    base: State, ours: State, theirs: State, prefer: str, fought: frozenset[str]
) -> tuple[dict[str, AreaFacts], tuple[Conflict, ...]]:
    """Return what is said of areas when both sides are put together, and what they disagree about."""
    facts, conflicts = {}, []
    for code in sorted(ours.codes | theirs.codes):
        own, other, before = (state.facts.get(code) for state in (ours, theirs, base))
        if own is None or other is None:
            facts[code] = own or other or AreaFacts(code)
            if code in fought:
                names = (None if one is None else one.name for one in (before, own, other))
                conflicts.append(Conflict("area", code, *names))
            continue
        locked = own.locked
        own, other = replace(own, locked=False), replace(other, locked=False)
        if own in (other, before):
            said = other
        elif other == before:
            said = own
        else:
            name = None if before is None else before.name
            conflicts.append(Conflict("area", code, name, own.name, other.name))
            said = own if prefer == "ours" else other
        facts[code] = replace(said, locked=locked)
    return facts, tuple(conflicts)


def _told(connection: sa.Connection, merged: Merged) -> tuple[Conflict, ...]:
    codes = drafts.codes_of_blocks(connection, [one.block for one in merged.clashes])
    found = (
        Conflict("cut" if one.cut else "block", codes[one.block], one.base, one.ours, one.theirs)
        for one in merged.clashes
    )
    return tuple(sorted(found, key=lambda one: one.code))


def _conflict(draft: OpenDraft, onto: StoredPlan, conflicts: tuple[Conflict, ...]) -> RebaseConflict:
    named = ", ".join(one.code for one in conflicts[:_MOST_NAMED])
    more = " …" if len(conflicts) > _MOST_NAMED else ""
    return RebaseConflict(
        f"Draft {draft.plan.name!r} and plan {onto.name!r} changed {len(conflicts)} in different ways: "
        f"{named}{more}.",
        conflicts=[one.told() for one in conflicts],
        hint="Say whose changes count with on_conflict: ours or theirs. Nothing was changed.",
        field="on_conflict",
    )


def _change(
    connection: sa.Connection, draft: OpenDraft, places: Places, facts: dict[str, AreaFacts]
) -> Change:
    """Return the change that makes the draft what it shall be."""
    now = drafts.areas_of_all_blocks(connection, draft.id)
    said = {code: _facts_of(area) for code, area in drafts.areas_by_code(connection, draft.id).items()}
    held = {code for code in places.values() if code is not None}
    return Change(
        moved={one: code for one, code in places.items() if one in now and now[one] != code},
        entering={one: code for one, code in places.items() if one not in now},
        leaving=frozenset(now) - frozenset(places),
        areas={code: facts[code] for code in held if facts[code] != said.get(code)},
        keeps_locks=False,
    )
