"""Figures of areas that can be counted by hand, and the same on the areas of another date."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from plans_of_blocks import CELL, SOUTH, WEST, WORKING, drawn, put_cells, put_layer, put_plan
from pydantic import TypeAdapter

from gisgov.errors import FileError, InputError, NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.services.editing.branching import branch_plan
from gisgov.services.statistics import LayerStatistics, TransferReport, layer_statistics, transfer_table
from gisgov.services.statistics.tables import write_transferred
from gisgov.store import tables
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)


@pytest.fixture(scope="module")
def plans(module_database_url: str) -> Iterator[Database]:
    """Two plans of two rows of three blocks; a building and an event on each, and on one that no plan has."""
    database = Database(module_database_url)
    layer = put_layer(database)
    put_cells(database, "1239 4559")
    put_plan(database, "spring", layer, drawn("AAB AAB"), since=date(2026, 1, 1), until=date(2026, 7, 1))
    put_plan(database, "autumn", layer, drawn("AAA CCC"), since=date(2026, 7, 1))
    with database.begin() as connection:
        for i in range(8):
            x, y = WEST + (i % 4 + 0.5) * CELL, SOUTH + (1.5 - i // 4) * CELL
            place = {"external_id": str(i), "source": "t", "geom": f"SRID=4326;POINT({x:.5f} {y:.5f})"}
            state, category = ("closed", "噪音") if i % 2 else ("handling", None)
            # the first is before midnight in Shanghai, and the day before in Greenwich
            at = datetime(2026, 3, 1 + i, 0, 30, tzinfo=ZONE)
            event = {**place, "occurred_at": at, "crs": "wgs84", "state": state, "category": category}
            connection.execute(sa.insert(tables.event).values(event))
            connection.execute(sa.insert(tables.building).values(**place, crs="wgs84"))
        nowhere = {"external_id": "?", "source": "t", "problem": "no-coordinate", "crs": "wgs84"}
        event = {
            **nowhere,
            "occurred_at": datetime(2026, 3, 2, tzinfo=ZONE),
            "state": "closed",
            "category": "噪音",
        }
        connection.execute(sa.insert(tables.event).values(event))
    yield database
    database.dispose()


def counted(database: Database, **asked: object) -> dict[str, tuple[object, ...]]:
    """Return people, households, unclassified buildings, events handled and closed, of noise, by code."""
    told = layer_statistics(database, "grid", at=SPRING, timezone=ZONE, **asked)  # type: ignore[arg-type]
    document = TypeAdapter(LayerStatistics).dump_python(told, mode="json", warnings="error")
    parts = {one["code"]: one["figures"] for one in document["areas"]}
    parts |= {"": document["in_no_area"], "all": document["total"]}
    return {
        code: (
            one["population"],
            one["households"],
            one["buildings"]["unclassified"],
            one["events"]["handling"],
            one["events"]["closed"],
            one["events_by_category"]["噪音"],
        )
        for code, one in parts.items()
    }


def test_a_draft_of_whole_areas_changes_no_figure(plans: Database) -> None:
    before = counted(plans)
    layer = put_layer(plans, "police")
    with plans.begin() as connection:
        values = {"name": "polygons", "layer_id": layer, "working_crs": WORKING}
        plan = connection.scalar(sa.insert(tables.plan).values(values).returning(tables.plan.c.id))
        east = WEST + 9 * CELL  # ground that no area of the grid has
        ground = f"SRID=4326;MULTIPOLYGON((({east} 22, {east} 22.1, 115 22.1, 115 22, {east} 22)))"
        area = {"plan_id": plan, "code": "P", "name": "P", "geom": ground, "area_m2": 1, "population": 500}
        connection.execute(sa.insert(tables.area).values(area))
    branch_plan(plans, "polygons", "draft", author="me", today=AUTUMN, timezone=ZONE)
    assert counted(plans) == before


def test_the_parts_add_up_to_the_whole(plans: Database) -> None:
    """12 people and two columns of blocks in A; what lies beside all areas, or nowhere, is told."""
    assert counted(plans) == {
        "A": (12, 5, 4, 2, 2, 2),
        "B": (8, 3, 2, 2, 0, 0),
        "": (18, 8, 2, 0, 3, 3),
        "all": (38, 16, 8, 4, 5, 5),
    }


def test_days_of_a_period_are_those_of_the_place(plans: Database) -> None:
    found = counted(plans, first=date(2026, 3, 1), last=date(2026, 3, 2))
    assert found["all"][3:] == (1, 2, 2)
    assert counted(plans, first=date(2026, 3, 8))["all"][3:5] == (0, 1)
    with pytest.raises(InputError, match="ends before it begins"):
        counted(plans, first=date(2026, 3, 2), last=date(2026, 3, 1))


def test_figures_of_spring_stand_on_the_areas_of_autumn(plans: Database) -> None:
    """Of A 3 of 12 people are in the north, of B 3 of 8: so is everything that A and B had."""
    found = counted(plans, on=AUTUMN)
    assert found["A"] == (6, 2.375, 1.75, 1.25, 0.5, 0.5)
    assert found["C"] == (14, 5.625, 4.25, 2.75, 1.5, 1.5)
    assert found["all"] == counted(plans)["all"] == (38, 16, 8, 4, 5, 5)
    told = layer_statistics(plans, "grid", at=SPRING, on=AUTUMN, timezone=ZONE)
    assert set(told.remainder.values()) == {0.0}
    assert (told.plans, {"population", "buildings unclassified"} <= set(told.remainder)) == (
        ("autumn",),
        True,
    )


def test_and_the_other_way_round_in_whole_numbers(plans: Database) -> None:
    told = layer_statistics(plans, "grid", at=AUTUMN, on=SPRING, whole=True, timezone=ZONE)
    figures = {one.code: one.figures for one in told.areas}
    assert {code: one.population for code, one in figures.items()} == {"A": 12, "B": 8}
    buildings = [one.buildings["unclassified"] for one in figures.values() if one.buildings]
    assert buildings == [4, 2]  # 1.5 + 2 (of 14 people 9) and 1.5 + 1
    assert all(isinstance(one, int) for one in buildings)


def test_a_day_without_a_plan_is_said(plans: Database) -> None:
    with pytest.raises(NotFoundError, match="No plan of layer 'grid' is in force on 2025-01-01"):
        layer_statistics(plans, "grid", at=date(2025, 1, 1), timezone=ZONE)
    with pytest.raises(NotFoundError, match="on 2020-01-01"):
        layer_statistics(plans, "grid", at=SPRING, on=date(2020, 1, 1), timezone=ZONE)


def test_a_table_is_put_onto_another_plan(plans: Database, tmp_path: Path) -> None:
    given = tmp_path / "visits.csv"
    given.write_text("编码,名称,visits,hours\nB,东,8,\nA,西,12,1.2\n", encoding="utf-8")
    told = transfer_table(plans, given, from_plan="spring", onto_plan="autumn")
    TypeAdapter(TransferReport).dump_json(told, warnings="error")
    assert (told.columns, told.left_out) == (("visits", "hours"), ("名称",))
    assert told.rows == (("A", "网格A", (6, 0.3)), ("C", "网格C", (14, 0.9)))
    assert told.remainder == (0.0, 0.0)
    write_transferred(told, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [*csv.reader(file)] == [["code", "name", "visits", "hours"], ["A", "网格A", "6", "0.3"],
                                       ["C", "网格C", "14", "0.9"]]  # fmt: skip
    write_transferred(told, tmp_path / "out.xlsx")
    back = transfer_table(
        plans, tmp_path / "out.xlsx", from_plan="autumn", onto_plan="spring", columns=["visits"]
    )
    assert back.rows == (("A", "网格A", (12,)), ("B", "网格B", (8,)))


def test_what_is_missing_counts_as_nothing(plans: Database, tmp_path: Path) -> None:
    book = Workbook()
    for row in (("code", "visits"), ("A", 5)):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    told = transfer_table(plans, tmp_path / "a.xlsx", from_plan="spring", onto_plan="autumn", whole=True)
    assert told.without_figures == ("B",)
    assert [figures for _, _, figures in told.rows] == [(1,), (4,)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,n\nA,1\nA,2\n", "Row 2 has 'A' in 'code', as row 1 has"),
        ("code,n\nA,1\nX,2\n", "Row 2 has 'X', which is no area of plan 'spring', in 'code'"),
        ("code,n\n,1\n", "Row 1 has no code, in 'code'"),
        ("code,n\nA,1\nB,viele\n", "Row 2 has 'viele' in 'n', which is no number"),
        ("code,n\nA,1.5\n", "Column 'n': 1.5 is no whole number"),
        ("code,n\nA,x\n", "No column of t.csv holds numbers"),
        ("area,n\nA,1\n", "No column of t.csv is called like a code"),
    ],
)
def test_what_cannot_be_used_is_named(plans: Database, tmp_path: Path, text: str, message: str) -> None:
    given = tmp_path / "t.csv"
    given.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        transfer_table(plans, given, from_plan="spring", onto_plan="autumn", whole=True)
    assert str(refusal.value).startswith(message)
    with pytest.raises(FileError):
        write_transferred(TransferReport("a", "b", (), (), (), (), ()), tmp_path / "t.txt")


def test_who_may_see_no_events_is_told_of_none(plans: Database) -> None:
    """A planner has no right to events and buildings: their figures are not known, rather than zero."""
    with plans.begin() as connection:
        made = sa.insert(tables.account).values(name="lin", kind="person").returning(tables.account.c.id)
        account = connection.scalar(made)
        connection.execute(sa.insert(tables.account_role).values(account_id=account, role="planner"))
    planner = Actor("lin", ActorKind.PERSON, account, (Grant(Role.PLANNER),))
    told = layer_statistics(plans.acting(planner, Errand()), "grid", at=SPRING, on=AUTUMN, timezone=ZONE)
    assert (told.total.population, told.total.buildings, told.total.events) == (38, None, None)
    assert {one.code: one.figures.population for one in told.areas} == {"A": 6, "C": 14}


def test_no_event_is_left_out_for_its_words(plans: Database) -> None:
    """Eleven categories: the ten with most stand alone. A state that no list has is told as it is."""
    with plans.begin() as connection:
        for i in range(12):
            event = {"external_id": f"more {i}", "source": "t", "problem": "no-coordinate", "crs": "wgs84"}
            event |= {"occurred_at": datetime(2020, 1, 1, tzinfo=ZONE), "category": f"{min(i, 10):02}"}
            connection.execute(sa.insert(tables.event).values(**event, state="odd"))
    told = layer_statistics(plans, "grid", at=SPRING, last=date(2020, 1, 2), timezone=ZONE)
    events, categories = told.in_no_area.events, told.total.events_by_category
    assert (events or {})["odd"] == 12
    assert categories == {"10": 2, **{f"{i:02}": 1 for i in range(9)}, "other": 1}
    with plans.begin() as connection:
        connection.execute(sa.delete(tables.event).where(tables.event.c.state == "odd"))


def test_a_period_may_end_with_the_last_day_there_is(plans: Database) -> None:
    assert counted(plans, first=date.min, last=date.max) == counted(plans)


def test_what_was_given_to_an_area_is_counted_there(plans: Database) -> None:
    """The first event lies in A, but was given to B: that is what counts, as long as B is asked about."""
    event, plan = tables.event, tables.plan
    with plans.begin() as connection:
        row = {
            "event_id": connection.scalar(sa.select(event.c.id).where(event.c.external_id == "0")),
            "layer_id": connection.scalar(sa.select(plan.c.layer_id).where(plan.c.name == "spring")),
            "plan_id": connection.scalar(sa.select(plan.c.id).where(plan.c.name == "spring")),
        }
        connection.execute(sa.insert(tables.event_area).values(**row, area_code="B"))
    found = counted(plans)
    assert (found["A"][3], found["B"][3], found["all"][3]) == (1, 3, 4)
    told = layer_statistics(plans, "grid", at=AUTUMN, timezone=ZONE)
    assert [one.figures.events["handling"] for one in told.areas if one.figures.events] == [2, 2]
