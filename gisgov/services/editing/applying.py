"""A change written into a draft: blocks, the areas that follow from them, their figures, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.deltas import Delta, find_delta
from gisgov.services.editing.figures import Measures, along_streets, measure
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.parents import area_parents, block_parents
from gisgov.services.editing.reports import Conflict
from gisgov.services.editing.stating import keep_unknown, stated_counts, stated_work
from gisgov.store import drafts, drafts_log, drafts_writing
from gisgov.store.areas import AreaTable
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts import DraftBlocks
from gisgov.types import Geometries, Ints, Json, Texts


@dataclass(frozen=True, slots=True)
class Entry:
    """How an operation goes into the log: its kind, who did it, and what was asked for."""

    kind: str
    account: str
    parameters: Json


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What a change did.

    Attributes
    ----------
    draft : OpenDraft
        The draft as it is now.
    delta : Delta
        What moved.
    blocks : BlockTable
        The blocks of all areas that became others, before and after, and those that moved.
    changed : tuple of str
        Codes of areas that are new, made of other blocks, or of which something else is said.
    ended : tuple of str
        Codes of areas that are no more.
    conflicts : tuple of Conflict
        What was decided for one side of a rebase.
    """

    draft: OpenDraft
    delta: Delta
    blocks: BlockTable
    changed: tuple[str, ...]
    ended: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def apply_change(connection: sa.Connection, draft: OpenDraft, change: Change, entry: Entry | None) -> Applied:
    """Write a change into a draft, as the service.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    draft : OpenDraft
        The draft, prepared.
    change : Change
        What to do.
    entry : Entry or None
        How it goes into the log, which makes a revision. None for what is no operation: the first state of
        a branch.

    Raises
    ------
    InputError
        A block or area is not there, or blocks of an area do not fit together.
    ConflictError
        A locked area would become another.
    """
    delta = find_delta(connection, draft, change)
    before = _blocks_before(connection, draft, delta)
    after = _blocks_after(connection, before, delta)
    codes, label = _labels(after)
    keep_unknown(delta, change, codes, after.blocks, label)
    ended = {code for code in delta.ground | delta.ending if code in delta.areas} - set(codes)
    _refuse_empty(delta, codes)
    based_on = change.based_on or draft.based_on
    if entry is not None:
        drafts_log.log_operation(
            connection,
            draft.id,
            revision=draft.revision + 1,
            kind=entry.kind,
            account=entry.account,
            parameters=_parameters(draft, change, entry),
            undoes=change.undoes,
            moves=delta.moves,
            said=delta.said(ended),
        )
    parent = block_parents(connection, draft, after.blocks, delta.cut_from)
    placed = np.flatnonzero(label >= 0)
    blocks, label = after.blocks.chosen(placed), label[placed]
    grounds = dissolve(blocks.geometries, label)
    measures = draw(connection, draft, codes, delta.facts, grounds, blocks, label, parent[placed])
    said = sorted(code for code, facts in delta.facts.items() if code not in ended and code not in set(codes))
    _say(connection, draft, delta, said)
    _move(connection, draft, delta, dict(zip(after.blocks.ids.tolist(), parent, strict=True)))
    _end(connection, draft, sorted(ended))
    keep_figures(connection, draft, measures, grounds)
    if entry is not None:
        now = replace(draft, revision=draft.revision + 1, based_on=based_on)
        drafts_writing.put_revision(connection, draft.id, now.revision, now.based_on)
        draft = now
    changed = tuple(sorted({*codes, *said}))
    came = np.flatnonzero(~np.isin(after.blocks.ids, before.blocks.ids))
    told = before.blocks.joined(after.blocks.chosen(came))
    return Applied(draft, delta, told, changed, tuple(sorted(ended)), change.conflicts)


def draw(
    connection: sa.Connection,
    draft: OpenDraft,
    codes: Texts,
    facts: dict[str, AreaFacts],
    grounds: Geometries,
    blocks: BlockTable,
    label: Ints,
    parent: Texts,
) -> Measures:
    """Write areas whole, of the blocks that make them up; return what was measured of them."""
    measures = measure(connection, draft, codes, grounds, blocks, label)
    if not len(codes):
        return measures
    said = [facts[code] for code in codes]
    stated, figures = [one.stated for one in said], measures.figures
    counts = stated_counts(figures, stated)
    work = stated_work(draft.rule, figures, stated)
    measures = replace(measures, figures=replace(figures, load=figures.load + work))
    drafts_writing.put_drawn_areas(
        connection,
        draft.id,
        AreaTable(
            codes=codes,
            names=_column([one.name for one in said]),
            parent_codes=area_parents(parent, blocks, label, len(codes)),
            geometries=grounds,
            area_m2=measures.area_m2,
            population=counts[0],
            households=counts[1],
            attributes=[one.attributes for one in said],
        ),
        np.array([one.locked for one in said], dtype=np.bool_),
    )
    return measures


def keep_figures(
    connection: sa.Connection, draft: OpenDraft, measures: Measures, grounds: Geometries
) -> None:
    """Keep the figures of areas, after all blocks are where they belong."""
    figures = measures.figures
    if len(figures.codes):
        along = along_streets(connection, draft, figures.codes, grounds)
        drafts_writing.put_figures(connection, draft.id, replace(figures, along_streets=along))


def _blocks_before(connection: sa.Connection, draft: OpenDraft, delta: Delta) -> DraftBlocks:
    """Return the blocks of all areas whose ground changes, as they are, and others that are moved."""
    codes, stating = delta.ground & set(delta.areas), [term.attribute for term in draft.rule]
    own = drafts.blocks_of_areas(connection, draft.id, codes, stating=stating)
    loose = [one.block_id for one in delta.moves if one.was_in and one.from_code is None]
    return own if not loose else _together(own, drafts.blocks_by_id(connection, draft.id, loose))


def _blocks_after(connection: sa.Connection, before: DraftBlocks, delta: Delta) -> DraftBlocks:
    """Return the same afterwards, with those that come in and without those that go."""
    now = {one.block_id: one.to_code for one in delta.moves if one.is_in}
    gone = {one.block_id for one in delta.moves if not one.is_in}
    area = before.area.copy()
    stays = np.ones(len(area), dtype=np.bool_)
    for i, block_id in enumerate(before.blocks.ids.tolist()):
        if block_id in now:
            area[i] = now[block_id]
        elif block_id in gone:
            stays[i] = False
    after = DraftBlocks(before.blocks, area).chosen(np.flatnonzero(stays))
    entering = [one.block_id for one in delta.moves if not one.was_in]
    if not entering:
        return after
    blocks = drafts.stored_blocks(connection, entering)
    return _together(after, DraftBlocks(blocks, _column([now[one] for one in blocks.ids.tolist()])))


def _labels(after: DraftBlocks) -> tuple[Texts, Ints]:
    """Return the codes of areas, ascending, and the number of that of each block; −1 in none."""
    codes = sorted({code for code in after.area if code is not None})
    number: dict[str | None, int] = {code: i for i, code in enumerate(codes)}
    return _column(codes), np.array([number.get(code, -1) for code in after.area], dtype=np.int64)


def _move(
    connection: sa.Connection, draft: OpenDraft, delta: Delta, parents: Mapping[int, str | None]
) -> None:
    moved = [one for one in delta.moves if one.was_in and one.is_in]
    entering = [one for one in delta.moves if not one.was_in]
    ids = [one.block_id for one in moved]
    drafts_writing.move_blocks(connection, draft.id, ids, [one.to_code for one in moved])
    gone = [one.block_id for one in delta.moves if not one.is_in]
    drafts_writing.leave_blocks(connection, draft.id, gone)
    ids = [one.block_id for one in entering]
    codes, above = [one.to_code for one in entering], [parents[one] for one in ids]
    drafts_writing.enter_blocks(connection, draft.id, ids, codes, above)


def _parameters(draft: OpenDraft, change: Change, entry: Entry) -> Json:
    """Return what was asked for, and what else the log has to tell to take it back."""
    found = {**entry.parameters}
    if change.based_on not in (None, draft.based_on):
        found[drafts_log.BASED_ON] = [draft.based_on, change.based_on]
    if change.conflicts:
        found["conflicts"] = [one.told() for one in change.conflicts]
    return found


def _refuse_empty(delta: Delta, codes: Texts) -> None:
    empty = sorted(set(delta.facts) - set(delta.areas) - set(codes))
    if empty:
        raise InputError(f"Area {empty[0]!r} would have no blocks.", field="blocks")


def _end(connection: sa.Connection, draft: OpenDraft, codes: list[str]) -> None:
    left = drafts_writing.end_areas(connection, draft.id, codes)
    if left:
        raise InputError(f"Area {left[0]!r} has blocks, and cannot end.", field="areas")


def _say(connection: sa.Connection, draft: OpenDraft, delta: Delta, codes: list[str]) -> None:
    """Write what is said of areas whose ground stays."""
    for code in codes:
        one = delta.facts[code]
        drafts_writing.say_of_area(
            connection, draft.id, code, name=one.name, attributes=one.attributes, locked=one.locked
        )


def _together(a: DraftBlocks, b: DraftBlocks) -> DraftBlocks:
    return DraftBlocks(a.blocks.joined(b.blocks), np.concatenate((a.area, b.area)))


def _column(values: list[str] | list[int] | list[str | None]) -> Texts:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
