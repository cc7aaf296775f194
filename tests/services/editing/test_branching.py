"""Drafts that begin as plans, of blocks or of plain polygons, and drafts that nobody changed yet."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, Edit, assigned, publish, state_of
from plans_of_blocks import WORKING, cell_box, drawn, put_cells, put_layer, put_plan

from gisgov.errors import ConflictError, DraftChanged, InputError, NameTaken, NotFoundError, PlanPublished
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import Assign, Lock, Merge, Rebase, Redo, Rename, Restore, Split, Undo
from gisgov.services.editing.showing import show_draft
from gisgov.services.editing.snapshots import take_snapshot
from gisgov.services.publishing import publish_plan
from gisgov.store import tables
from gisgov.store.areas import AreaTable, areas_of_plan, put_areas
from gisgov.store.database import Database
from gisgov.store.plans import create_draft, find_plan

PICTURE = "AABB AABB CCDD CCDD"


def put_polygons(database: Database, name: str, layer_id: int, shapes: dict[str, shapely.Geometry]) -> None:
    """Store a draft of plain polygons, each with 8 people."""
    grounds = np.array([*shapes.values()], dtype=object)
    names = np.array([*shapes], dtype=object)
    with database.begin() as connection:
        plan_id = create_draft(connection, name=name, layer_id=layer_id, working_crs=WORKING)
        put_areas(
            connection,
            plan_id,
            AreaTable(
                codes=names,
                names=names,
                parent_codes=[()] * len(names),
                geometries=grounds,
                area_m2=areas_m2(grounds, parse_crs(WORKING)),
                population=np.full(len(names), 8, dtype=object),
                households=np.full(len(names), None, dtype=object),
                attributes=[{"kept": True}] * len(names),
            ),
        )


def squares(*, shifted: float = 0.0) -> dict[str, shapely.Geometry]:
    """Areas A and B above C and D, two cells wide and high; the border of A and B may lie elsewhere."""
    cells = {(i, j): cell_box(i, j, 4).bounds for i in range(4) for j in range(4)}
    west, south = cells[3, 0][:2]
    x, y = cells[1, 2][0], cells[1, 2][1]
    east, north = cells[0, 3][2:]
    middle = round(x + shifted, 7)
    return {
        "A": shapely.box(west, y, middle, north),
        "B": shapely.box(middle, y, east, north),
        "C": shapely.box(west, south, x, y),
        "D": shapely.box(x, south, east, y),
    }


def test_polygons_are_made_of_the_blocks_that_nest_in_them(database: Database, edit: Edit) -> None:
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    shapes = squares()
    del shapes["D"]
    put_polygons(database, "2025", layer_id, shapes)
    publish(database, "2025", date(2025, 1, 1))
    branch = branch_plan(database, "2025", "d", author="me", today=TODAY, timezone=ZONE)
    assert (branch.made_of, branch.based_on, branch.plan.author) == ("blocks", "2025", "me")
    assert "stored blocks" in branch.sentence_en
    assert assigned(database, "d") == drawn("AABB AABB CC.. CC..")
    shown = show_draft(database, "d", today=TODAY, timezone=ZONE)
    # they state 8 people each, and 10 live in their blocks; of households they state nothing
    assert "3 areas state other people than their blocks" in branch.sentence_en
    assert [(one.population, one.households) for one in shown.areas] == [(8, 4), (8, 4), (8, 4)]
    assert [(one.kind, one.count) for one in shown.problems] == [("unassigned", 4), ("counts-differ", 3)]
    start = state_of(database, "d")
    changed = edit(Assign(("00",), "B"), plan="d")
    assert [one.population for one in changed.areas] == [9, 11]
    assert changed.problems[-1].codes == ("C",)
    after = state_of(database, "d")
    edit(Lock(("A",)), plan="d")
    edit(Undo(), plan="d")
    edit(Undo(), plan="d")
    assert state_of(database, "d") == start
    edit(Redo(), plan="d")
    assert state_of(database, "d") == after
    edit(Rename("C", code="E"), plan="d")
    assert edit(Restore(revision=0), plan="d").problems == shown.problems
    assert state_of(database, "d") == start
    with database.begin() as connection:
        areas = areas_of_plan(connection, find_plan(connection, "d").id)
    assert shapely.equals(areas.geometries, [*shapes.values()]).all()
    assert areas.attributes == [{"kept": True}] * 3
    with pytest.raises(PlanPublished, match="gisgov draft branch 2025"):
        edit(Undo(), plan="2025")


def test_polygons_that_no_blocks_fit_are_blocks_of_their_own(database: Database, edit: Edit) -> None:
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_polygons(database, "2025", layer_id, squares(shifted=0.0005))
    publish(database, "2025", date(2025, 1, 1), date(2026, 1, 1))
    for name in ("ours", "theirs"):
        assert branch_plan(database, "2025", name, today=TODAY, timezone=ZONE).made_of == "areas"
    assert state_of(database, "ours") == state_of(database, "theirs")  # of the same blocks
    assert [*assigned(database, "ours").values()] == ["A", "B", "C", "D"]
    start = state_of(database, "ours")
    merged = edit(Merge(("A", "C")), plan="ours")  # C has got the corner of A and B in its border
    assert (merged.areas[0].population, merged.areas[0].parts) == (16, 1)
    edit(Undo(), plan="ours")
    assert state_of(database, "ours") == start
    edit(Merge(("A", "C"), into="A"), plan="ours")
    edit(Merge(("B", "D"), into="B"), plan="theirs")
    publish(database, "theirs", date(2026, 1, 1))
    assert edit(Rebase(), plan="ours").ended == ("D",)
    assert sorted(assigned(database, "ours").values()) == ["A", "A", "B", "B"]


@pytest.mark.parametrize("unknown", [False, True])
def test_areas_keep_what_they_state_where_nobody_lives_in_blocks(
    database: Database, edit: Edit, *, unknown: bool
) -> None:
    layer_id = put_layer(database)
    put_cells(database, "0000 0000 0000 0000", scope="")
    put_polygons(database, "2025", layer_id, squares())
    with database.begin() as connection:
        people = {"population": None if unknown else 5000}
        connection.execute(sa.update(tables.area).values(people))
        targets = {"area_km2": 1, "population": 5000, "weight_area": 0, "weight_population": 1}
        connection.execute(sa.update(tables.layer).values(targets=targets))
    publish(database, "2025", date(2025, 1, 1))
    branch = branch_plan(database, "2025", "d", author="me", today=TODAY, timezone=ZONE)
    # where areas state people, these would be lost with the blocks
    assert branch.made_of == ("blocks" if unknown else "areas")
    assert unknown or "so each area is a block" in branch.sentence_en
    start = state_of(database, "d")
    assert [row[5:7] for row in start[0]] == [(people["population"], None)] * 4
    shown = show_draft(database, "d", today=TODAY, timezone=ZONE)
    assert [one.load for one in shown.areas] == [0 if unknown else 1] * 4
    edit(Merge(("A", "C"), into="A"), plan="d")
    # nobody knows of households, and knows no more of two areas together
    assert state_of(database, "d")[0][0][5:7] == (None if unknown else 10000, None)
    edit(Undo(), plan="d")
    assert state_of(database, "d") == start


def test_blocks_without_people_load_areas_as_these_state(database: Database, edit: Edit) -> None:
    layer_id = put_layer(database)
    put_cells(database, "1200 3400 1212 3434", scope="")
    put_polygons(database, "draft", layer_id, squares())
    with database.begin() as connection:
        targets = {"area_km2": 1, "population": 8, "weight_area": 0, "weight_population": 1}
        connection.execute(sa.update(tables.layer).values(targets=targets))
    # a block goes by the people in it; B, where nobody lives in one, by the 8 that it states
    changed = edit(Assign(("20",), "D"))
    assert [(one.population, one.load) for one in changed.areas] == [(9, 1.125), (11, 1.375)]
    a, b = show_draft(database, "draft", today=TODAY, timezone=ZONE).areas[:2]
    assert [(one.population, one.load) for one in (a, b)] == [(8, 1.25), (8, 1.0)]


def test_cuts_of_two_planners_are_put_together(database: Database, edit: Edit) -> None:
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "2025", layer_id, drawn(PICTURE), since=date(2025, 1, 1), until=date(2026, 1, 1))
    for name in ("ours", "theirs", "both"):
        branch_plan(database, "2025", name, today=TODAY, timezone=ZONE)
    west, _, _, y = squares()["C"].bounds
    first = Split("A", line=((west + 0.0003, y - 0.0001), (west + 0.0004, y + 0.003)))
    below = Split("C", line=((west + 0.0007, y - 0.003), (west + 0.0006, y + 0.0001)))
    other = Split("A", line=((west + 0.0009, y - 0.0001), (west + 0.0008, y + 0.003)))
    assert edit(first, plan="ours").cut_blocks == 2
    assert edit(below, plan="theirs").cut_blocks == 2
    assert edit(Assign(("33",), "C"), plan="theirs").moved_blocks == 1
    edit(other, plan="both")
    before = state_of(database, "ours")
    publish(database, "theirs", date(2026, 1, 1))
    assert edit(Rebase(), plan="ours").conflicts == ()
    shown = show_draft(database, "ours", today=TODAY, timezone=ZONE)
    assert sorted(one.parts for one in shown.areas) == [1, 1, 1, 1, 1, 2]
    assert sum(one.population for one in shown.areas) == 40
    every = tuple(one.code for one in shown.areas)
    assert edit(Merge(every), plan="ours").areas[0].parts == 1  # all vertices match
    edit(Undo(), plan="ours")
    edit(Undo(), plan="ours")
    assert state_of(database, "ours") == before
    # the same blocks cut in two ways are a conflict
    publish(database, "both", date(2026, 2, 1), retire="theirs")
    with pytest.raises(ConflictError, match="2 in different ways"):
        edit(Rebase(onto="both"), plan="ours")
    assert len(edit(Rebase(onto="both", on_conflict="theirs"), plan="ours").conflicts) == 2
    assert assigned(database, "ours") == assigned(database, "both")


def test_drafts_of_polygons_are_made_ready_by_the_first_operation(database: Database, edit: Edit) -> None:
    layer_id = put_layer(database)
    put_polygons(database, "draft", layer_id, squares())
    done = edit(Merge(("A", "B")), seen=0)
    assert (done.revision, done.areas[0].blocks, done.areas[0].population) == (1, 2, 16)
    put_polygons(database, "empty", layer_id, {})
    assert show_draft(database, "empty", today=TODAY, timezone=ZONE).areas == ()
    shapes = squares()
    put_polygons(database, "wrong", layer_id, {"A": shapes["A"], "B": shapes["A"].union(shapes["B"])})
    with pytest.raises(InputError, match="overlap"):
        edit(Merge(("A", "B")), plan="wrong")


@pytest.mark.usefixtures("draft")
def test_what_is_written_without_a_trace_is_told_of_and_not_gone_back_behind(
    database: Database, edit: Edit
) -> None:
    edit(Assign(("00", "01"), "B"), seen=0)
    take_snapshot(database, "draft", "s")
    with database.begin() as connection:
        plan_id = find_plan(connection, "draft").id
        areas = areas_of_plan(connection, plan_id)
        for i in range(2):  # one transaction is one revision
            put_areas(connection, plan_id, areas.chosen(np.array([i])))
        blocks = "(SELECT id FROM block WHERE code = '00')"
        connection.execute(sa.text(f"UPDATE assignment SET area_code = 'C' WHERE block_id = {blocks}"))
    with pytest.raises(DraftChanged) as changed:
        edit(Assign(("10",), "B"), seen=1)
    assert [(one["revision"], one["kind"]) for one in changed.value.since] == [(2, "overwritten")]
    for back in (Undo(), Restore(snapshot="s"), Restore(revision=0)):
        with pytest.raises(ConflictError, match="written otherwise than by operations at revision 2"):
            edit(back)
    with pytest.raises(ConflictError, match="at revision 2"):
        branch_plan(database, "draft", "n", snapshot="s", today=TODAY, timezone=ZONE)
    done = edit(Assign(("10",), "B"), seen=2)
    assert (done.revision, done.undoable) == (3, "assign")
    assert edit(Undo()).undoable is None
    with pytest.raises(ConflictError, match="at revision 2"):
        edit(Undo())
    assert edit(Restore(revision=2)).revision == 5


@pytest.mark.usefixtures("draft")
def test_what_nothing_told_the_log_of_is_noticed(database: Database, edit: Edit) -> None:
    edit(Assign(("00", "01"), "B"))
    with database.begin() as connection:
        blocks = "(SELECT id FROM block WHERE code = '00')"
        connection.execute(sa.text(f"UPDATE assignment SET area_code = 'C' WHERE block_id = {blocks}"))
    with pytest.raises(ConflictError, match="written otherwise"):
        edit(Undo())


def test_what_a_plan_was_before_its_areas_were_numbered_anew_can_be_branched(
    database: Database, edit: Edit
) -> None:
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "2025", layer_id, drawn(PICTURE), since=date(2025, 1, 1))
    for name, one in (("a", Split("A", blocks=("00",))), ("b", Split("D", blocks=("33",)))):
        branch_plan(database, "2025", name, today=TODAY, timezone=ZONE)
        edit(one, plan=name)
    take_snapshot(database, "b", "s")
    split = assigned(database, "b")
    edit(Assign(("32",), "C"), plan="b")
    publish_plan(database, "a", valid_from=date(2026, 2, 1), timezone=ZONE, today=TODAY)
    done = publish_plan(
        database, "b", valid_from=date(2026, 2, 15), over_newer=True, timezone=ZONE, today=TODAY
    )
    assert done.effect.renumbered == {"001": "002"}
    assert [one.kind for one in list_operations(database, "b")] == ["renumber", "assign", "split"]
    branch_plan(database, "b", "c", snapshot="s", today=TODAY, timezone=ZONE)
    assert assigned(database, "c") == split
    branch_plan(database, "b", "d", revision=0, today=TODAY, timezone=ZONE)
    assert assigned(database, "d") == drawn(PICTURE)
    branch_plan(database, "b", "e", today=TODAY, timezone=ZONE)
    assert assigned(database, "e")["33"] == "002"


@pytest.mark.usefixtures("draft")
def test_what_cannot_be_branched_or_named_is_refused(database: Database, edit: Edit) -> None:
    edit(Assign(("00",), "B"))
    take_snapshot(database, "draft", "s")
    with pytest.raises(NameTaken):
        take_snapshot(database, "draft", " s ")
    with pytest.raises(InputError, match="blank"):
        take_snapshot(database, "draft", " ")
    for name, at, error in (
        (" ", {}, InputError),
        (" draft ", {}, NameTaken),
        ("a\u202eb", {}, InputError),
        ("n", {"snapshot": "t"}, NotFoundError),
        ("n", {"revision": 2}, InputError),
        ("n", {"snapshot": "s", "revision": 1}, InputError),
    ):
        with pytest.raises(error):
            branch_plan(database, "draft", name, today=TODAY, timezone=ZONE, **at)  # type: ignore[arg-type]
    assert branch_plan(database, "draft", "n", snapshot="s", today=TODAY, timezone=ZONE).revision == 1
    with pytest.raises(InputError, match="based on no plan"):
        edit(Rebase(onto="draft"))
