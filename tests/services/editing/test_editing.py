"""Operations on drafts: what they change, what they answer, what they refuse."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, Edit, state_of
from plans_of_blocks import put_plan

from gisgov.errors import ConflictError, DraftChanged, GisgovError, InputError, NotFoundError
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import (
    Assign,
    Lock,
    Merge,
    NewArea,
    Operation,
    Redo,
    Rename,
    Restore,
    Undo,
    Unlock,
)
from gisgov.services.editing.showing import show_draft
from gisgov.services.editing.snapshots import list_snapshots, take_snapshot
from gisgov.services.plans import delete_draft
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.store.layers import find_layer, put_scheme

pytestmark = pytest.mark.usefixtures("draft")


def test_blocks_change_hands_and_the_answer_tells_how(edit: Edit) -> None:
    done = edit(Assign(("01", "11"), "B"))
    assert (done.revision, done.operation, done.ended) == (1, "assign", ())
    assert (done.moved_blocks, done.moved_population, done.cut_blocks) == (2, 6, 0)
    a, b = done.areas
    assert (a.code, a.blocks, a.population, a.households) == ("A", 2, 4, 1)
    assert (b.code, b.blocks, b.population, b.parts) == ("B", 6, 16, 1)
    assert a.area_km2 * 3 == pytest.approx(b.area_km2, rel=1e-3)
    assert a.polsby_popper == pytest.approx(2 * 3.14159 / 9, rel=0.05)  # two cells in a column
    assert (a.load, a.deviation, a.along_streets) == (None, None, None)  # no targets, no streets
    assert (done.problems, done.undoable, done.redoable) == ((), "assign", None)


def test_what_is_left_over_is_told_of(edit: Edit) -> None:
    loose = edit(Assign(("00", "33"), None))
    (unassigned,) = loose.problems
    assert (unassigned.kind, unassigned.refused, unassigned.count) == ("unassigned", True, 2)
    assert unassigned.codes == ("00", "33")
    assert "2 blocks" in unassigned.sentence_en
    assert "2 个地块" in unassigned.sentence_zh
    parted = edit(Assign(("00", "33"), "B"))
    (several,) = parted.problems
    assert (several.kind, several.refused, several.codes) == ("several-parts", True, ("B",))


def test_an_area_without_blocks_ends(edit: Edit) -> None:
    done = edit(Merge(("A", "B")))
    assert (done.ended, [one.code for one in done.areas]) == (("A",), ["B"])
    assert edit(Merge(("B", "C"), into="C")).ended == ("B",)
    assert edit(Assign(("00", "01", "02", "03", "10", "11", "12", "13"), "D")).areas[1].blocks == 12


def test_new_areas_have_the_code_that_was_given_or_one_that_follows(edit: Edit) -> None:
    named = edit(NewArea(("00",), code="N", name="北"))
    assert [(one.code, one.name, one.blocks) for one in named.areas] == [("A", "网格A", 3), ("N", "北", 1)]
    found = edit(NewArea(("33", "32")))
    new = next(one for one in found.areas if one.code != "D")
    assert new.code not in "ABCDN"
    assert new.name


def test_names_codes_and_locks(database: Database, edit: Edit) -> None:
    assert edit(Rename("A", name="甲")).areas[0].name == "甲"
    recoded = edit(Rename("A", code="A1"))
    assert (recoded.ended, recoded.areas[0].code, recoded.areas[0].name) == (("A",), "A1", "甲")
    assert edit(Lock(("B", "C"))).areas[0].locked
    for operation in (
        Assign(("02",), "A1"),
        Assign(("00",), "B"),
        Merge(("B", "A1")),
        Rename("C", name="丙"),
        NewArea(("02",), code="N", name="n"),
    ):
        with pytest.raises(ConflictError, match="locked"):
            edit(operation)
    assert edit(Unlock(("B",))).areas[0].locked is False
    assert edit(Assign(("02",), "A1")).revision == 5


def test_codes_follow_the_scheme_and_are_not_given_twice(database: Database, edit: Edit) -> None:
    digit = {"name": "digit", "width": 1, "title_zh": "一", "title_en": "One"}
    town = {**digit, "name": "town"}
    series = {"name": "digit", "title_zh": "一", "title_en": "One", "parent": "{town}"}
    scheme = {"name": "digits", "title_zh": "一", "title_en": "One", "source": "A test."}
    with database.begin() as connection:
        put_scheme(connection, "digits", {**scheme, "segments": [town, digit], "series": [series]})
        connection.execute(sa.update(tables.layer).values(code_scheme="digits"))
        layer_id = find_layer(connection, "grid").id
    put_plan(database, "2024", layer_id, {"00": "17", "01": "18"}, since=date(2024, 1, 1))
    with pytest.raises(InputError, match="scheme of the layer"):
        edit(NewArea(("33",), code="123", name="n"))
    with pytest.raises(ConflictError, match="not given twice"):
        edit(NewArea(("33",), code="17", name="n"))
    # for its own ground a code may come back
    assert edit(NewArea(("00",), code="17", name="n")).areas[0].code == "17"
    edit(NewArea(("33",), code="15", name="n"))
    with pytest.raises(ConflictError, match="not given twice"):
        edit(Rename("15", code="18"))


def test_undo_gives_back_the_same_to_the_bit(database: Database, edit: Edit) -> None:
    edit(Lock(("A",)))
    edit(Unlock(("A",)))
    before = state_of(database)
    for operation in (Assign(("01", "02"), "D"), Merge(("A", "B", "C")), Rename("D", code="E"), Lock(("D",))):
        edit(operation)
        assert state_of(database) != before
        assert edit(Undo()).redoable == operation.kind
        assert state_of(database) == before
        edit(Redo())
        assert edit(Undo()).undoable == "unlock"
        assert state_of(database) == before
    edit(Undo())
    edit(Undo())
    with pytest.raises(ConflictError, match="Nothing was done"):
        edit(Undo())
    edit(Assign(("00",), "B"))
    with pytest.raises(ConflictError, match="Nothing was taken back"):
        edit(Redo())


def test_snapshots_survive_what_is_undone_and_done_after(database: Database, edit: Edit) -> None:
    edit(Assign(("00",), "B"))
    edit(Assign(("10",), "C"))
    taken = take_snapshot(database, "draft", "gone")
    kept = state_of(database)
    assert taken.revision == 2
    edit(Undo())
    edit(Merge(("C", "D")))
    later = state_of(database)
    assert edit(Restore(snapshot="gone")).operation == "restore"
    assert state_of(database) == kept
    assert edit(Undo()).redoable == "restore"
    assert state_of(database) == later
    assert list_snapshots(database, "draft") == (taken,)
    edit(Restore(revision=0))
    assert [one.kind for one in list_operations(database, "draft", limit=3)] == ["restore", "undo", "restore"]


def test_the_log_says_who_did_what(database: Database, edit: Edit) -> None:
    edit(Assign(("00", "01"), "B"))
    edit(Undo())
    undone, assigned = list_operations(database, "draft")
    assert (assigned.revision, assigned.kind, assigned.blocks, assigned.areas) == (1, "assign", 2, ("A", "B"))
    assert assigned.parameters == {"kind": "assign", "blocks": ["00", "01"], "area": "B"}
    assert assigned.account
    assert (undone.undoes, undone.blocks) == (1, 2)
    assert [one.revision for one in list_operations(database, "draft", before=2)] == [1]


def test_whoever_saw_another_revision_is_told_what_changed(edit: Edit) -> None:
    edit(Assign(("00",), "B"), seen=0)
    with pytest.raises(DraftChanged) as refused:
        edit(Assign(("01",), "B"), seen=0)
    assert refused.value.revision == 1
    (since,) = refused.value.since
    assert (since["revision"], since["kind"], since["areas"]) == (1, "assign", ["A", "B"])
    assert edit(Assign(("01",), "B"), seen=1).revision == 2


@pytest.mark.parametrize(
    ("operation", "error", "words"),
    [
        (Assign((), "A"), InputError, "Name a block"),
        (Assign(("99",), "A"), NotFoundError, "not made of block '99'"),
        (Assign(("00",), "X"), NotFoundError, "no area 'X'"),
        (Merge(("A",)), InputError, "two areas"),
        (Merge(("A", "B"), into="C"), InputError, "none of those"),
        (NewArea(("00",), code="B", name="b"), ConflictError, "already"),
        (NewArea(("00",), code=" N", name="b"), InputError, "blank"),
        (NewArea(("00",), code="N", name="a\nb"), InputError, "cannot be seen"),
        (Rename("A", code="a\u200bb"), InputError, "cannot be seen"),
        (Rename("A"), InputError, "Give a name"),
        (Rename("A", name=" "), InputError, "blank"),
        (Lock(()), InputError, "Name an area"),
        (Restore(), InputError, "snapshot or a revision"),
        (Restore(snapshot="x"), NotFoundError, "no snapshot"),
        (Restore(revision=9), InputError, "revisions 0 to 0"),
    ],
)
def test_what_cannot_be_done_is_refused(
    edit: Edit, operation: Operation, error: type[GisgovError], words: str
) -> None:
    with pytest.raises(error, match=words):
        edit(operation)


def test_drafts_are_shown_branched_and_deleted(database: Database, edit: Edit) -> None:
    shown = show_draft(database, "draft", today=TODAY, timezone=ZONE)
    assert [one.blocks for one in shown.areas] == [4, 4, 4, 4]
    edit(Assign(("00",), "B"))
    first = state_of(database)
    edit(Merge(("C", "D")))
    branch = branch_plan(database, "draft", "other", revision=1, today=TODAY, timezone=ZONE)
    assert (branch.made_of, branch.plan.status, branch.based_on) == ("assignments", "draft", None)
    assert state_of(database, "other") == first
    edit(Assign(("00",), "A"), plan="other", seen=0)
    assert delete_draft(database, "draft").name == "draft"
    assert edit(Undo(), plan="other").revision == 2
