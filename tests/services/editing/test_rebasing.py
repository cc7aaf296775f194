"""Drafts put on to a plan that another planner published meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, Edit, assigned, publish, state_of
from plans_of_blocks import drawn, put_cells, put_layer, put_plan

from gisgov.errors import ConflictError, InputError, RebaseConflict
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import Assign, Merge, NewArea, Rebase, Rename, Restore, Undo
from gisgov.services.editing.showing import show_draft
from gisgov.store.database import Database

BASE = "AABB AABB CCDD CCDD"


@pytest.fixture
def published(database: Database) -> int:
    """A plan in force made of sixteen blocks; return the id of its layer."""
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "2025", layer_id, drawn(BASE), since=date(2025, 1, 1), until=date(2026, 1, 1))
    return layer_id


@pytest.fixture
def ours(database: Database, published: int) -> str:
    """A branch of it."""
    branch = branch_plan(database, "2025", "ours", today=TODAY, timezone=ZONE)
    assert (branch.based_on, branch.made_of) == ("2025", "assignments")
    return "ours"


def theirs(database: Database, layer_id: int, picture: str) -> None:
    put_plan(database, "2026", layer_id, drawn(picture), since=date(2026, 1, 1))


def test_what_was_changed_is_put_on_to_the_newer_plan(
    database: Database, published: int, ours: str, edit: Edit
) -> None:
    edit(Assign(("01",), "B"), plan=ours)
    edit(Rename("D", name="丁"), plan=ours)
    edit(NewArea(("22",), code="N", name="新"), plan=ours)
    before = state_of(database, ours)
    with pytest.raises(ConflictError, match="No newer plan"):
        edit(Rebase(), plan=ours)
    theirs(database, published, "AABB AABB CCDD AADD")
    shown = show_draft(database, ours, today=TODAY, timezone=ZONE)
    assert (shown.based_on, shown.replaced_by) == ("2025", "2026")
    done = edit(Rebase(), plan=ours)
    assert (done.moved_blocks, done.conflicts) == (2, ())
    assert assigned(database, ours) == drawn("ABBB AABB CCND AADD")
    assert {one.code: one.name for one in show_draft(database, ours, today=TODAY, timezone=ZONE).areas}[
        "D"
    ] == "丁"
    assert show_draft(database, ours, today=TODAY, timezone=ZONE).based_on == "2026"
    with pytest.raises(ConflictError, match="No newer plan"):
        edit(Rebase(), plan=ours)
    with pytest.raises(ConflictError, match="already"):
        edit(Rebase(onto="2026"), plan=ours)
    edit(Undo(), plan=ours)
    assert state_of(database, ours) == before
    assert show_draft(database, ours, today=TODAY, timezone=ZONE).based_on == "2025"
    edit(Restore(revision=4), plan=ours)
    assert show_draft(database, ours, today=TODAY, timezone=ZONE).based_on == "2026"


def test_what_both_changed_is_listed_by_block(
    database: Database, published: int, ours: str, edit: Edit
) -> None:
    edit(Assign(("01", "11"), "B"), plan=ours)
    edit(Assign(("33",), "C"), plan=ours)
    before = state_of(database, ours)
    theirs(database, published, "ACBB ABBB CCDD CCDD")
    with pytest.raises(RebaseConflict, match="1 in different ways: 01") as refused:
        edit(Rebase(), plan=ours)
    told = {"kind": "block", "code": "01", "base": "A", "ours": "B", "theirs": "C"}
    assert refused.value.conflicts == [told]
    assert state_of(database, ours) == before
    done = edit(Rebase(on_conflict="ours"), plan=ours)
    assert [one.told() for one in done.conflicts] == [told]
    assert list_operations(database, ours, limit=1)[0].parameters["conflicts"] == [told]
    assert assigned(database, ours) == drawn("ABBB ABBB CCDD CCDC")
    edit(Undo(), plan=ours)
    edit(Rebase(on_conflict="theirs"), plan=ours)
    assert assigned(database, ours) == drawn("ACBB ABBB CCDD CCDC")


def test_a_block_that_goes_to_an_area_which_ended_is_a_conflict(
    database: Database, published: int, ours: str, edit: Edit
) -> None:
    edit(Assign(("01",), "B"), plan=ours)
    edit(Merge(("C", "D"), into="C"), plan=ours)
    theirs(database, published, "AAAA AADA CCDD CCDD")  # B ended; 12 went to D, which ended here
    with pytest.raises(RebaseConflict) as refused:
        edit(Rebase(), plan=ours)
    assert [(one["code"], one["ours"], one["theirs"]) for one in refused.value.conflicts] == [
        ("01", "B", "A"),
        ("12", "B", "D"),
    ]
    edit(Rebase(on_conflict="theirs"), plan=ours)
    assert assigned(database, ours) == drawn("AAAA AADA CCCC CCCC")


def test_new_areas_of_one_code_stay_two(database: Database, published: int, ours: str, edit: Edit) -> None:
    edit(NewArea(("00",), code="N", name="ours"), plan=ours)
    theirs(database, published, "AABB AABB CCDD CCDN")
    edit(Rebase(), plan=ours)
    found = assigned(database, ours)
    assert found["33"] == "N"
    assert found["00"] not in "ABCDN"
    areas = {one.code: one.name for one in show_draft(database, ours, today=TODAY, timezone=ZONE).areas}
    assert areas[found["00"]] == "ours"


def test_names_that_both_gave_are_a_conflict(
    database: Database, published: int, ours: str, edit: Edit
) -> None:
    edit(Rename("A", name="甲"), plan=ours)
    theirs(database, published, BASE)
    with database.begin() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))  # as if it were named so
        query = "UPDATE area SET name = '子' FROM plan WHERE plan.id = plan_id AND plan.name = '2026'"
        connection.execute(sa.text(f"{query} AND code = 'A'"))
    with pytest.raises(RebaseConflict) as refused:
        edit(Rebase(), plan=ours)
    assert refused.value.conflicts == [
        {"kind": "area", "code": "A", "base": "网格A", "ours": "甲", "theirs": "子"}
    ]
    assert edit(Rebase(on_conflict="theirs"), plan=ours).areas[0].name == "子"


def test_plans_of_other_blocks_are_refused(database: Database, published: int, ours: str, edit: Edit) -> None:
    put_plan(database, "2026", published, {"00": "A", "01": "A"}, since=date(2026, 1, 1))
    with pytest.raises(InputError, match="other blocks"):
        edit(Rebase(), plan=ours)
    with pytest.raises(InputError, match="is a draft"):
        edit(Rebase(onto="ours"), plan=ours)


@pytest.mark.parametrize("picture", ["BBBB BBBB CCDD CCDD", "XXBB XXBB CCDD CCDD"], ids=["merged", "recoded"])
def test_a_name_given_to_an_area_that_the_other_side_ended_is_not_lost_unsaid(
    database: Database, published: int, ours: str, edit: Edit, picture: str
) -> None:
    edit(Rename("A", name="Neu"), plan=ours)
    theirs(database, published, picture)
    with pytest.raises(RebaseConflict, match="1 in different ways: A"):
        edit(Rebase(), plan=ours)
    done = edit(Rebase(on_conflict="theirs"), plan=ours)
    assert [(one.kind, one.code, one.ours, one.theirs) for one in done.conflicts] == [
        ("area", "A", "Neu", None)
    ]
    assert assigned(database, ours) == drawn(picture)
    edit(Undo(), plan=ours)
    edit(Rebase(on_conflict="ours"), plan=ours)
    assert assigned(database, ours) == drawn(BASE)
    shown = show_draft(database, ours, today=TODAY, timezone=ZONE)
    assert [one.name for one in shown.areas if one.code == "A"] == ["Neu"]


def test_an_area_that_the_draft_ended_and_the_plan_renamed_is_a_conflict_too(
    database: Database, published: int, ours: str, edit: Edit
) -> None:
    edit(Merge(("A", "B"), into="B"), plan=ours)
    branch_plan(database, "2025", "2026", today=TODAY, timezone=ZONE)
    edit(Rename("A", name="Neu"), plan="2026")
    publish(database, "2026", date(2026, 1, 1))
    with pytest.raises(RebaseConflict, match="1 in different ways: A"):
        edit(Rebase(), plan=ours)
    edit(Rebase(on_conflict="ours"), plan=ours)
    assert assigned(database, ours) == drawn("BBBB BBBB CCDD CCDD")
    edit(Undo(), plan=ours)
    edit(Rebase(on_conflict="theirs"), plan=ours)
    assert assigned(database, ours) == drawn(BASE)
