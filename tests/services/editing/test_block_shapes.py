"""What a page that follows a draft has is what one has that opens it anew, whatever is done meanwhile."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, Edit
from plans_of_blocks import CELL, SOUTH, WEST
from stepped_outlines import outlines_of

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.services.editing.block_shapes import PlanBlocks, plan_blocks
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.operations import (
    Assign,
    Merge,
    NewArea,
    Operation,
    Redo,
    Rename,
    Restore,
    Split,
    Undo,
)
from gisgov.store.database import Database
from gisgov.store.drafts_in_place import written_in_place
from gisgov.store.plans import find_plan

Kept = dict[str, tuple[Any, ...]]


def blocks(database: Database, since: int | None = None, plan: str = "draft") -> PlanBlocks:
    found = plan_blocks(database, plan, since=since, today=TODAY, timezone=ZONE).blocks
    assert found is not None
    return found


def read(told: PlanBlocks) -> Kept:
    """Return what is told of each block, its shape in degrees."""
    origin = [round(one / told.scale) for one in told.origin]
    columns = (told.area, told.parent, told.population, told.households, told.area_m2, told.shapes)
    return {
        code: (
            None if area < 0 else told.area_codes[area],
            None if parent < 0 else told.parent_codes[parent],
            *counts,
            outlines_of(origin, shape),
        )
        for code, area, parent, *counts, shape in zip(told.codes, *columns, strict=True)
    }


def followed(kept: Kept, told: PlanBlocks) -> Kept:
    """Return what a page has after an answer."""
    if told.whole:
        return read(told)
    rest = {code: one for code, one in kept.items() if code not in told.gone}
    return {**rest, **read(told)}


def thought_of(random: Random, kept: Kept, revision: int) -> Operation:
    """Return an operation, many of which cannot be done."""
    areas = sorted({one[0] for one in kept.values() if one[0] is not None}) or ["A"]
    named = tuple(random.sample(sorted(kept), random.randint(1, 4)))
    across, along = WEST + CELL * random.uniform(0.2, 3.8), SOUTH + CELL * random.uniform(0.2, 3.8)
    lines = (
        ((across, SOUTH - CELL), (across, SOUTH + 5 * CELL)),
        ((WEST - CELL, along), (WEST + 5 * CELL, along)),
    )
    return random.choice(
        [
            Assign(named, random.choice([*areas, None])),
            NewArea(named),
            Merge(tuple(random.sample(areas, min(2, len(areas))))),
            Split(random.choice(areas), line=random.choice(lines)),
            Rename(random.choice(areas), code=f"N{revision}"),
            Undo(),
            Redo(),
            Restore(revision=random.randint(0, revision)),
        ]
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_follows_has_what_is_there(draft: str, database: Database, edit: Edit, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    told = blocks(database)
    kept, revision, kinds, cut = read(told), told.revision, set(), 0
    while revision < 25:
        operation = thought_of(random, kept, revision)
        try:
            revision = edit(operation).revision
            kinds.add(operation.kind)
        except (ConflictError, InputError, NotFoundError):
            continue
        if random.random() < 0.5:  # not after each: several are told together
            continue
        news = blocks(database, since=told.revision)
        assert not news.whole
        cut += len(news.gone)
        told, kept = news, followed(kept, news)
        assert told.revision == revision
        assert kept == read(blocks(database))
    assert cut, kinds
    assert len(kinds) > 4


def test_a_block_that_is_told_of_stays_and_an_answer_may_be_empty(
    draft: str, database: Database, edit: Edit
) -> None:
    edit(Assign(("00", "01"), "B"))
    edit(Assign(("01",), "A"))
    told = blocks(database, since=0)
    assert (told.whole, told.codes, told.area_codes, told.gone) == (False, ("00", "01"), ("A", "B"), ())
    empty = blocks(database, since=2)
    assert (empty.whole, empty.revision, empty.codes, empty.shapes) == (False, 2, (), [])
    assert blocks(database, since=7).whole  # of another draft of that name, perhaps


def test_all_is_told_after_a_draft_was_written_in_place(draft: str, database: Database, edit: Edit) -> None:
    edit(Assign(("00",), "B"))
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft", for_change=True).id
        with written_in_place(connection, plan_id):
            moved = "block_id = (SELECT id FROM block WHERE code = '20')"
            connection.execute(sa.text(f"UPDATE assignment SET area_code = 'D' WHERE {moved}"))
    told = blocks(database, since=1)
    assert (told.whole, told.revision, len(told.codes)) == (True, 2, 16)
    assert read(told)["20"][0] == "D"


def test_the_version_tells_also_what_no_operation_did(draft: str, database: Database) -> None:
    first = plan_blocks(database, "draft", today=TODAY, timezone=ZONE)
    assert first.version is not None
    again = plan_blocks(database, "draft", today=TODAY, timezone=ZONE, is_known=first.version.__eq__)
    assert again.blocks is None
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE block SET population = population + 1 WHERE code = '00'"))
    again = plan_blocks(database, "draft", today=TODAY, timezone=ZONE, is_known=first.version.__eq__)
    assert again.blocks is not None
    assert again.blocks.population[0] == 2


def test_plain_polygons_are_to_be_branched(draft: str, database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM assignment"))
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
    with pytest.raises(ConflictError, match="made of plain polygons") as refused:
        blocks(database)
    assert "gisgov draft branch draft NAME" in str(refused.value.hint)
    branch_plan(database, "draft", "next", today=TODAY, timezone=ZONE)
    assert len(blocks(database, plan="next").codes) in (4, 16)
