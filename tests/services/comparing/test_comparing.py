"""What changes hands between two plans, counted cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import shapely
import sqlalchemy as sa
from plans_of_blocks import CELL, SOUTH, WEST, drawn, put_cells, put_layer, put_plan
from pydantic import TypeAdapter

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.services.comparing.comparing import compare_plans, compare_with_ground
from gisgov.services.comparing.features import changes_frame
from gisgov.services.comparing.reports import Hands, PlanComparison
from gisgov.store import tables
from gisgov.store.database import Database

PEOPLE = "1234 5678"
BEFORE = "AABB AACC"
AFTER = "AADD ABDD"


@pytest.fixture(scope="module")
def plans(module_database_url: str) -> Iterator[Database]:
    """Eight blocks, a building on each: B and C become D, and B is the code of a block of A."""
    database = Database(module_database_url)
    layer = put_layer(database)
    put_layer(database, "street")
    put_cells(database, PEOPLE)
    put_plan(database, "before", layer, drawn(BEFORE), since=date(2026, 1, 1))
    put_plan(database, "after", layer, drawn(AFTER))
    with database.begin() as connection:
        middles = [(WEST + (j + 0.5) * CELL, SOUTH + (1.5 - i) * CELL) for i in (0, 1) for j in range(4)]
        for i, (x, y) in enumerate(middles):
            place = {"external_id": str(i), "source": "t", "geom": f"SRID=4326;POINT({x:.5f} {y:.5f})"}
            event = {**place, "occurred_at": date(2026, 1, 1), "crs": "wgs84"}
            state = "closed" if i == 2 else "handling"
            connection.execute(sa.insert(tables.event).values(**event, state=state))
            connection.execute(sa.insert(tables.building).values(**place, crs="wgs84"))
        for code, role in (("B", "网格长"), ("C", "网格长"), ("C", "网格员")):
            post = {"layer_id": layer, "area_code": code, "role": role, "holder": f"{code}{role}"}
            connection.execute(sa.insert(tables.staff_post).values(post))
    yield database
    database.dispose()


def test_what_changes_hands_is_a_row_for_each_way(plans: Database) -> None:
    told = compare_plans(plans, "before", "after")
    TypeAdapter(PlanComparison).dump_json(told, warnings="error")
    rows = [
        (one.from_code, one.to_code, one.is_recoded, *_counts(one.hands)) for one in told.changes
    ]  # people, blocks, buildings, open events, posts
    assert rows == [
        ("A", "B", False, 6, 1, 1, 1, 0),
        ("B", "D", False, 7, 2, 2, 1, 0),
        ("C", "D", True, 15, 2, 2, 2, 2),
    ]
    assert _counts(told.total) == (28, 5, 5, 4, 2)
    assert told.all_people == 36
    assert told.total.ground_m2 == pytest.approx(told.all_ground_m2 * 5 / 8, rel=1e-4)
    assert told.total.ground_m2 == round(sum(one.hands.ground_m2 for one in told.changes), 3)


def test_areas_tell_what_became_of_them(plans: Database) -> None:
    told = compare_plans(plans, "before", "after")
    assert [(one.code, one.fate, one.goes_on_in) for one in told.former_areas] == [
        ("A", "split", "A"),
        ("B", "merged", None),
        ("C", "reshaped", "D"),
    ]
    assert [(one.code, one.origin, one.goes_on_from, one.people) for one in told.areas] == [
        ("A", "reshaped", "A", 8),
        ("B", "split", None, 6),
        ("D", "merged", "C", 22),
    ]
    assert [(one.code, one.people, one.people_share) for one in told.areas[2].out_of] == [
        ("C", 15, pytest.approx(15 / 22)),
        ("B", 7, pytest.approx(7 / 22)),
    ]
    assert (told.fates["merged"], told.origins["merged"], told.origins["kept"]) == (1, 1, 0)


def test_the_ground_that_changes_hands_is_shown(plans: Database) -> None:
    found = compare_with_ground(plans, "before", "after")
    assert [round(shapely.area(ground) / CELL**2, 3) for ground in found.grounds] == [1, 2, 2]
    back = compare_with_ground(plans, "after", "before")
    assert shapely.area(back.grounds).sum() == pytest.approx(5 * CELL**2)
    assert back.report.total.people == found.report.total.people


def test_nothing_changes_between_a_plan_and_itself(plans: Database) -> None:
    told = compare_plans(plans, "before", "before")
    assert (told.changes, told.total) == ((), Hands(0.0, 0, 0, 0, 0, 0))
    assert told.fates["kept"] == 3


def test_plans_of_two_layers_are_not_compared(plans: Database) -> None:
    with plans.begin() as connection:
        layer = connection.scalar(sa.select(tables.layer.c.id).where(tables.layer.c.name == "street"))
        assert layer is not None
    put_plan(plans, "streets", layer, {})
    with pytest.raises(InputError, match="'before' is of layer grid, and plan 'streets' of layer street"):
        compare_plans(plans, "before", "streets")
    with pytest.raises(NotFoundError):
        compare_plans(plans, "before", "nowhere")


def _counts(hands: Hands) -> tuple[int, int, int | None, int | None, int]:
    return hands.people, hands.blocks, hands.buildings, hands.open_events, hands.staff_posts


def test_who_may_see_no_event_and_no_building_is_told_no_sums_of_them(plans: Database) -> None:
    """A planner could draw a border around a house. A viewer sees no block, and is told sums of people."""
    planner, viewer = (_acting(plans, role) for role in (Role.PLANNER, Role.VIEWER))
    untold, told = compare_with_ground(planner, "before", "after"), compare_plans(plans, "before", "after")
    hidden = {"buildings": None, "open_events": None}
    assert untold.report == replace(
        told,
        total=replace(told.total, **hidden),
        changes=tuple(replace(one, hands=replace(one.hands, **hidden)) for one in told.changes),
    )
    assert not {*hidden} & {*changes_frame(untold).columns}
    assert {*hidden} < {*changes_frame(compare_with_ground(plans, "before", "after")).columns}
    with pytest.raises(NotFoundError):  # a draft is not for everybody
        compare_plans(viewer, "before", "after")
    assert compare_plans(viewer, "before", "before").fates["kept"] == 3


def _acting(plans: Database, role: Role) -> Database:
    account, held = tables.account, tables.account_role
    with plans.begin() as connection:
        values = {"name": role.value, "kind": "person"}
        account_id = connection.scalar(sa.insert(account).values(values).returning(account.c.id))
        connection.execute(sa.insert(held).values(account_id=account_id, role=role.value))
    return plans.acting(Actor(role.value, ActorKind.PERSON, account_id, (Grant(role),)), Errand())
