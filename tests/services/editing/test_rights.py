"""Accounts that change drafts: where they may, under their names."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, assigned, publish
from plans_of_blocks import drawn, put_cells, put_layer, put_plan

from gisgov.errors import InputError, NotAllowed, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.services.editing.block_shapes import plan_blocks
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.choosing import choose_division
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.history import list_operations
from gisgov.services.editing.operations import Assign, Merge, Rebase, Undo
from gisgov.services.editing.presence import tell_presence
from gisgov.services.editing.showing import show_draft
from gisgov.services.editing.snapshots import take_snapshot
from gisgov.services.plans import delete_draft
from gisgov.services.publishing import preview_plan
from gisgov.services.redividing.kept_divisions import KeptDivision
from gisgov.store import tables
from gisgov.store.database import Database


@pytest.fixture
def ground(database: Database) -> Database:
    """Streets S and T in force, and a plan of grids in each."""
    street, grid = put_layer(database, "street"), put_layer(database, "grid")
    put_cells(database, "1212 3434")
    put_plan(database, "streets", street, drawn("SSTT SSTT"))
    publish(database, "streets", date(2025, 1, 1))
    for name, scope, picture in (("s", "S", "AABB"), ("t", "T", "CCDD")):
        put_plan(database, name, grid, {f"0{i}": code for i, code in enumerate(picture)})
        with database.begin() as connection:
            scoped = sa.update(tables.plan).where(tables.plan.c.name == name)
            connection.execute(scoped.values(scope_code=scope))
            above = sa.update(tables.layer).where(tables.layer.c.id == grid)
            connection.execute(above.values(parent_id=street, nesting="nested"))
    return database


def holding(database: Database, role: Role, code: str) -> Database:
    """Return the database in the hands of somebody who holds one role in a street."""
    name = f"{role.value}-{code}".lower()
    with database.begin() as connection:
        made = connection.scalar(
            sa.insert(tables.account).values(name=name, kind="person").returning(tables.account.c.id)
        )
        layer_id = connection.scalar(sa.select(tables.layer.c.id).where(tables.layer.c.name == "street"))
        grant = {"account_id": made, "role": role, "layer_id": layer_id, "area_code": code}
        connection.execute(sa.insert(tables.account_role).values(grant))
    actor = Actor(name, ActorKind.PERSON, made, (Grant(role, "street", code),))
    return database.acting(actor, Errand("test", "127.0.0.1", "r1", limit_s=20))


def test_a_planner_changes_drafts_of_his_street_under_his_name(ground: Database) -> None:
    planner = holding(ground, Role.PLANNER, "S")
    done = edit_draft(planner, "s", Assign(("01",), "B"), seen=0, today=TODAY, timezone=ZONE)
    assert done.areas[0].parent_codes == ("S",)
    take_snapshot(planner, "s", "one")
    branch_plan(planner, "s", "mine", today=TODAY, timezone=ZONE)
    edit_draft(planner, "mine", Merge(("A", "B")), seen=0, today=TODAY, timezone=ZONE)
    edit_draft(planner, "mine", Undo(), seen=1, today=TODAY, timezone=ZONE)
    assert assigned(ground, "mine") == assigned(ground, "s")
    assert [one.account for one in list_operations(planner, "mine")] == ["planner-s"] * 2
    assert show_draft(planner, "s", today=TODAY, timezone=ZONE).snapshots[0].account == "planner-s"
    delete_draft(planner, "mine")
    for change in (
        lambda: edit_draft(planner, "t", Merge(("C", "D")), seen=0, today=TODAY, timezone=ZONE),
        lambda: take_snapshot(planner, "t", "n"),
        lambda: branch_plan(planner, "t", "n", today=TODAY, timezone=ZONE),
    ):
        with pytest.raises((NotAllowed, NotFoundError)):
            change()


def test_who_only_reads_follows_a_draft_and_does_nothing_in_it(ground: Database) -> None:
    planner, manager = holding(ground, Role.PLANNER, "S"), holding(ground, Role.MANAGER, "S")
    tell_presence(planner, "s", None)
    edit_draft(planner, "s", Assign(("01",), "B"), seen=0, today=TODAY, timezone=ZONE)
    assert [one.account for one in tell_presence(ground, "s", None).others] == ["planner-s"]
    for reader in (planner, manager):
        found = plan_blocks(reader, "s", since=0, today=TODAY, timezone=ZONE).blocks
        assert found is not None
        assert found.codes == ("01",)
        with pytest.raises(NotFoundError):
            plan_blocks(reader, "t", today=TODAY, timezone=ZONE)
    nothing = KeptDivision((), (), ())
    with pytest.raises(NotAllowed):
        choose_division(manager, "s", nothing, asked={}, seen=None, today=TODAY, timezone=ZONE)
    for person, plan in ((manager, "s"), (planner, "t")):
        with pytest.raises((NotAllowed, NotFoundError)):
            tell_presence(person, plan, None)


def test_whoever_looks_alone_changes_nothing(ground: Database) -> None:
    manager = holding(ground, Role.MANAGER, "S")
    shown = show_draft(manager, "s", today=TODAY, timezone=ZONE)
    assert [(one.code, one.blocks) for one in shown.areas] == [("A", 0), ("B", 0)]  # nobody counted them yet
    with pytest.raises(NotAllowed):
        edit_draft(manager, "s", Assign(("01",), "B"), seen=0, today=TODAY, timezone=ZONE)
    planner = holding(ground, Role.PLANNER, "S")
    edit_draft(planner, "s", Assign(("01",), "B"), seen=0, today=TODAY, timezone=ZONE)
    assert [one.blocks for one in show_draft(manager, "s", today=TODAY, timezone=ZONE).areas] == [1, 3]
    assert len(list_operations(manager, "s")) == 1


def test_plans_of_other_scopes_are_not_rebased_to_and_hidden_ones_not_told_of(ground: Database) -> None:
    planner = holding(ground, Role.PLANNER, "S")
    publish(ground, "s", date(2025, 1, 1))
    branch_plan(planner, "s", "mine", today=TODAY, timezone=ZONE)

    def change(operation: Rebase) -> None:
        edit_draft(planner, "mine", operation, seen=0, today=TODAY, timezone=ZONE)

    def preview(other: str) -> None:
        preview_plan(planner, "mine", corrects=other, timezone=ZONE, today=TODAY)

    with pytest.raises(NotFoundError):  # draft of another street
        change(Rebase(onto="t"))
    with pytest.raises(NotFoundError):
        preview("t")
    with ground.begin() as connection:
        grid = connection.scalar(sa.select(tables.layer.c.id).where(tables.layer.c.name == "grid"))
    put_plan(ground, "whole", int(grid or 0), drawn("AABB CCDD"))
    publish(ground, "whole", date(2026, 2, 1), retire="s")
    with pytest.raises(InputError, match="another scope"):
        change(Rebase(onto="whole"))
    assert assigned(ground, "mine") == assigned(ground, "s")
