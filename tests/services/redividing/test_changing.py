"""Areas of a plan changed: little, by one, in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas
import pytest
import shapely
from lattices import DAY, EAST, SCOPE, WEST, ZONE

from gisgov.errors import ConflictError, DraftChanged, InputError, NameTaken, PlanPublished
from gisgov.governance.lineage import AreaOrigin
from gisgov.services.blocks import store_blocks
from gisgov.services.checking import check_plan
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import Assign, Operation, Restore, Undo
from gisgov.services.editing.reports import EditReport
from gisgov.services.editing.snapshots import take_snapshot
from gisgov.services.publishing import publish_plan
from gisgov.services.redividing import HowMany, Kept, RedivisionReport, Sought
from gisgov.store.database import Database

Run = Callable[..., RedivisionReport]
Look = Callable[[str], Any]

pytestmark = pytest.mark.usefixtures("ground")


def test_a_plan_is_changed_little(run: Run, stored: Look) -> None:
    run("p", how_many=HowMany(total=10))
    told = run("q", source="p")
    (only,) = told.alternatives
    assert (told.counted_by, told.areas, told.source) == ("current", 10, "p")
    # nothing is wrong with it, so nothing moves
    assert (only.figures.moved_population, only.figures.kept_areas) == (0, 10)
    assert told.least_moved_population == 0
    assert stored("q").assigned == stored("p").assigned
    for mine, before in zip(stored("q").areas.geometries, stored("p").areas.geometries, strict=True):
        assert shapely.to_wkb(mine) == shapely.to_wkb(before)


def test_populations_that_changed_move_few_people(
    database: Database, run: Run, stored: Look, ground: geopandas.GeoDataFrame
) -> None:
    run("p", how_many=HowMany(total=10))
    first = stored("p")
    grown = ground.copy()
    inside = grown["code"].isin(first.blocks_of(f"{WEST}001"))
    grown.loc[inside, "population"] = 800
    store_blocks(database, grown, scope_code=SCOPE)
    told = run("q", source="p")
    figures = told.alternatives[0].figures
    assert figures.within_limit == 1.0
    assert 0 < (told.least_moved_population or 0) <= (figures.moved_population or 0) < 10_000
    assert set(stored("q").areas.codes) == set(first.areas.codes)
    reshaped = [one for one in told.alternatives[0].areas if one.origin is AreaOrigin.RESHAPED]
    assert reshaped
    assert all(one.sources[0].code == one.code for one in reshaped)


@pytest.mark.parametrize(("word", "count"), [("one_more", 6), ("one_fewer", 4)])
def test_one_more_and_one_fewer_change_one_parent(run: Run, stored: Look, word: str, count: int) -> None:
    run("p", how_many=HowMany(total=10))
    told = run("q", source="p", how_many=HowMany(**{word: WEST}))
    before, after = stored("p"), stored("q")
    assert told.counted_by == word.replace("_", "-")
    assert (told.areas, told.areas_untouched, len(after.areas)) == (count, 5, count + 5)
    east = {block: code for block, code in before.assigned.items() if code.startswith(EAST)}
    assert {block: code for block, code in after.assigned.items() if code.startswith(EAST)} == east
    if word == "one_more":
        # a code that was never given out, and all that there were
        assert set(after.areas.codes) - set(before.areas.codes) == {f"{WEST}006"}
        assert set(before.areas.codes) <= set(after.areas.codes)
    else:
        assert set(after.areas.codes) < set(before.areas.codes)


def test_a_draft_is_divided_in_place(database: Database, run: Run, stored: Look) -> None:
    run("p", how_many=HowMany(total=10), author="甲")
    told = run("p", source="p", how_many=HowMany(total=6))
    after = stored("p")
    assert (told.alternatives[0].plan, told.areas, len(after.areas)) == ("p", 6, 6)
    assert len(after.assigned) == 200
    assert (after.plan.author, after.plan.source["plan"]) == ("甲", "p")
    assert after.plan.source["before"]["kind"] == "redivision"
    assert check_plan(database, "p", at=DAY).clean


def test_blocks_of_a_draft_that_no_area_has_are_divided_with_the_others(
    database: Database, run: Run, stored: Look
) -> None:
    run("p", how_many=HowMany(total=10))
    code = f"{WEST}001"
    blocks = tuple(sorted(stored("p").blocks_of(code)))
    loose = Assign(blocks[:3], None)
    assert edit_draft(database, "p", loose, seen=0, today=DAY, timezone=ZONE).problems[0].count == 3
    assert not set(blocks[:3]) & set(stored("p").assigned)
    told = run("p", source="p")
    assert (told.areas, len(stored("p").assigned)) == (10, 200)
    # whoever saw the draft before is told, and what was before is still to be had
    with pytest.raises(DraftChanged) as refused:
        edit_draft(database, "p", loose, seen=1, today=DAY, timezone=ZONE)
    assert [(one["revision"], one["kind"]) for one in refused.value.since] == [(2, "written")]
    assert edit_draft(database, "p", loose, seen=None, today=DAY, timezone=ZONE).moved_blocks == 3


def test_what_a_draft_was_before_it_was_divided_in_place_comes_back(
    database: Database, run: Run, stored: Look
) -> None:
    def edit(operation: Operation) -> EditReport:
        return edit_draft(database, "p", operation, seen=None, today=DAY, timezone=ZONE)

    run("p", how_many=HowMany(total=10))
    take_snapshot(database, "p", "s")
    first = stored("p")
    run("p", source="p", how_many=HowMany(total=6))
    second = stored("p")
    run("p", source="p", how_many=HowMany(total=8))
    assert edit(Undo()).undoable == "written"
    assert stored("p").assigned == second.assigned
    edit(Restore(snapshot="s"))
    assert stored("p").assigned == first.assigned
    assert set(stored("p").areas.codes) == set(first.areas.codes)
    for mine, before in zip(stored("p").areas.geometries, first.areas.geometries, strict=True):
        assert shapely.equals(mine, before)
    branch_plan(database, "p", "q", revision=1, today=DAY, timezone=ZONE)
    assert stored("q").assigned == second.assigned
    log = list_operations(database, "p")
    assert [one.kind for one in log] == ["restore", "undo", "written", "written"]
    assert log[-1].blocks > 0


def test_a_draft_with_polygons_but_no_blocks_is_a_plan_to_start_from(
    database: Database, run: Run, stored: Look, plant: Callable[..., None]
) -> None:
    run("p", how_many=HowMany(total=4))
    areas = stored("p").areas
    plant(
        "subgrid",
        dict(zip(areas.codes, areas.geometries, strict=True)),
        plan="drawn",
        scope=SCOPE,
        valid_from=None,
        parents=dict(zip(areas.codes, areas.parent_codes, strict=True)),
    )
    take_snapshot(database, "drawn", "s")
    told = run("drawn", source="drawn")
    assert told.alternatives[0].figures.moved_population == 0
    assert stored("drawn").assigned == stored("p").assigned
    # polygons are no state of blocks that one could get back to
    with pytest.raises(ConflictError, match="at revision 1"):
        edit_draft(database, "drawn", Restore(snapshot="s"), seen=None, today=DAY, timezone=ZONE)


def test_an_empty_draft_is_divided_from_nothing(run: Run, stored: Look, plant: Callable[..., None]) -> None:
    plant("subgrid", {}, plan="empty", scope=SCOPE, valid_from=None)
    told = run("empty", source="empty")
    assert (told.counted_by, told.areas, len(stored("empty").areas)) == ("rule", 19, 19)
    assert told.alternatives[0].figures.moved_population is None


def test_parents_alone_leave_the_others_as_they_are(run: Run, stored: Look) -> None:
    run("p", how_many=HowMany(total=10))
    told = run("q", source="p", kept=Kept(parents=(EAST,)), how_many=HowMany(by="rule"))
    before, after = stored("p"), stored("q")
    assert ([one.code for one in told.parents], told.areas_untouched) == ([EAST], 5)
    west = {block: code for block, code in before.assigned.items() if code.startswith(WEST)}
    assert {block: code for block, code in after.assigned.items() if code.startswith(WEST)} == west
    assert len(after.assigned) == 200
    run("r", kept=Kept(parents=(EAST,)), how_many=HowMany(counts={EAST: 3}))
    assert len(stored("r").areas) == 3


def test_codes_in_force_go_on_and_are_never_given_to_other_ground(
    database: Database, run: Run, stored: Look
) -> None:
    run("p", how_many=HowMany(total=10))
    publish_plan(database, "p", valid_from=DAY, timezone=ZONE)
    in_force = set(stored("p").areas.codes)
    run("q", how_many=HowMany(total=30), seed=5)
    before, after = stored("p"), stored("q")
    for code in set(after.areas.codes) & in_force:
        shared = before.blocks_of(code) & after.blocks_of(code)
        assert len(shared) > min(len(before.blocks_of(code)), len(after.blocks_of(code))) / 2
    fresh = sorted(set(after.areas.codes) - in_force)
    assert min(int(code[-3:]) for code in fresh if code.startswith(WEST)) == 6


def test_one_more_moves_few_people_whatever_the_weight(run: Run, stored: Look) -> None:
    run("p", how_many=HowMany(total=10))
    told = run("q", source="p", how_many=HowMany(one_more=WEST), sought=Sought(movement=0.0))
    assert (told.alternatives[0].figures.moved_population or 0) < 25_000


def test_plans_that_there_are_stay(database: Database, run: Run, stored: Look) -> None:
    run("p", how_many=HowMany(total=4))
    with pytest.raises(NameTaken, match="'p' already"):
        run("p")
    with pytest.raises(InputError, match="is of layer 'subgrid', not 'street'"):
        run("q", source="p", layer="street")
    with pytest.raises(InputError, match="holds one alternative"):
        run("p", source="p", alternatives=2, keep="all")
    publish_plan(database, "p", valid_from=DAY, timezone=ZONE)
    before = stored("p").assigned
    with pytest.raises(PlanPublished, match="'p' is published"):
        run("p", source="p")
    assert stored("p").assigned == before
