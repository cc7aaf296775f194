"""An area through several plans, on blocks that can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from plans_of_blocks import drawn, put_cells, put_layer, put_plan
from pydantic import TypeAdapter

from gisgov.errors import AreaRetired, InputError, NotFoundError
from gisgov.services.areas import children_of, get_area, neighbours_of
from gisgov.services.comparing import lineage_rows, overlaps_of
from gisgov.services.lineage import AreaLineage, LineageLink, lineage_of
from gisgov.store.database import Database
from gisgov.store.lineage import put_lineage
from gisgov.store.plans import find_plan

JANUARY, MARCH, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))


@pytest.fixture(scope="module")
def plans(module_database_url: str) -> Iterator[Database]:
    """Four plans of six blocks; the lineage of the second was written down. A fifth was never in force."""
    database = Database(module_database_url)
    layer = put_layer(database)
    put_cells(database, "111 222")
    put_plan(database, "first", layer, drawn("AAB AAB"), since=JANUARY, until=MARCH)
    put_plan(database, "withdrawn", layer, drawn("XXX XXX"), since=MARCH, until=MARCH)
    put_plan(database, "second", layer, drawn("ACB ACB"), since=MARCH, until=MAY)
    put_plan(database, "third", layer, drawn("DDD DCB"), since=MAY, until=JULY)
    put_plan(database, "fourth", layer, drawn("DDD DEE"), since=JULY)
    with database.begin() as connection:
        former, later = find_plan(connection, "first"), find_plan(connection, "second")
        put_lineage(connection, later.id, former.id, lineage_rows(overlaps_of(connection, former, later)))
    yield database
    database.dispose()


def told(links: tuple[LineageLink, ...]) -> list[str]:
    """Write links as ``generation former>code origin ground/people`` with what went of the former area."""
    return [
        f"{one.generation} {one.former_code or ''}>{one.code or ''} {one.origin} "
        f"{one.former_ground_share:.2f}/{one.former_people_share:.2f}"
        for one in links
    ]


def test_an_area_is_followed_both_ways(plans: Database) -> None:
    found = lineage_of(plans, "C", at=date(2026, 4, 1))
    TypeAdapter(AreaLineage).dump_json(found, warnings="error")
    assert told(found.before) == ["1 A>C split 0.50/0.50"]
    assert told(found.after) == ["1 C>C reshaped 0.50/0.67", "1 C>D reshaped 0.50/0.33",
                                 "2 C>E merged 1.00/1.00", "2 D>D kept 1.00/1.00"]  # fmt: skip
    assert (found.name, found.is_in_force, found.replaced_by) == ("网格C", True, ())
    assert [(one.plan, one.valid_to) for one in found.held_by] == [("second", MAY), ("third", JULY)]
    ends = [(one.day, one.former_plan, one.plan, one.former_name) for one in found.after]
    assert ends[3] == (JULY, "third", "fourth", "网格D")


def test_what_came_of_a_little_is_not_followed_for_ever(plans: Database) -> None:
    """From D everything is reached that its ground was of, each area once."""
    found = lineage_of(plans, "D", layer="grid", at=JULY)
    assert told(found.after) == []
    assert told(found.before) == [
        "1 D>D kept 1.00/1.00",
        "2 A>D reshaped 1.00/1.00",
        "2 B>D reshaped 0.50/0.33",
        "2 C>D reshaped 0.50/0.33",
        "3 A>A reshaped 0.50/0.50",
        "3 B>B kept 1.00/1.00",
        "3 A>C split 0.50/0.50",
    ]


def test_an_old_code_is_answered_with_what_replaced_it(plans: Database) -> None:
    """By what was found of the next plan, or, over several plans, by common blocks."""
    with pytest.raises(AreaRetired, match="until 2026-05-01, and is not on 2026-06-01") as refusal:
        get_area(plans, "A", at=date(2026, 6, 1))
    assert refusal.value.replaced_by == [
        {
            "code": "D",
            "name": "网格D",
            "plan": "third",
            "origin": "reshaped",
            "ground_share": 1.0,
            "people_share": 1.0,
        }
    ]
    with pytest.raises(AreaRetired, match=r"E 网格E \(100.0%\)"):
        neighbours_of(plans, "B", layer="grid", at=JULY)
    last = lineage_of(plans, "C", at=date(2027, 1, 1))
    assert [(one.code, one.ground_share) for one in last.replaced_by] == [("E", 1.0)]
    then = lineage_of(plans, "A", at=date(2026, 12, 1))
    assert [(one.code, one.plan) for one in then.replaced_by] == [("D", "fourth")]


def test_a_code_before_its_time_or_without_one_is_not_found(plans: Database) -> None:
    for code, day in (("E", JANUARY), ("X", JULY), ("?", JULY)):
        with pytest.raises(NotFoundError) as refusal:
            children_of(plans, code, at=day)
        assert not isinstance(refusal.value, AreaRetired)
    assert lineage_of(plans, "E", at=JANUARY).replaced_by == ()
    with pytest.raises(NotFoundError, match="'X' of layer grid was ever in force"):
        lineage_of(plans, "X", layer="grid", at=JULY)


def test_a_code_of_several_layers_asks_which(plans: Database) -> None:
    layer = put_layer(plans, "street")
    put_plan(plans, "streets", layer, {"00": "A"}, since=JANUARY, until=MARCH)
    with pytest.raises(InputError, match="several layers have had the code 'A'"):
        lineage_of(plans, "A", at=JULY)
    ended = lineage_of(plans, "A", layer="street", at=JULY)
    assert (ended.after, ended.replaced_by, ended.is_in_force) == ((), (), False)
    with pytest.raises(InputError, match="several layers have had the code 'A'"):
        get_area(plans, "A", at=JULY)
    with pytest.raises(AreaRetired, match="No area has its ground") as refusal:
        get_area(plans, "A", layer="street", at=JULY)
    assert refusal.value.replaced_by == []


def test_plans_of_parts_give_way_to_one_of_the_whole(database: Database) -> None:
    layer = put_layer(database)
    put_cells(database, "1234")
    west, east = {"00": "A", "01": "A"}, {"02": "B", "03": "C"}
    put_plan(database, "west", layer, west, since=JANUARY, until=MAY, scope="W")
    put_plan(database, "east", layer, east, since=MARCH, until=MAY, scope="E")
    put_plan(database, "whole", layer, {"00": "A", "01": "A", "02": "A", "03": "D"}, since=MAY)
    found = lineage_of(database, "A", at=MAY)
    assert told(found.before) == ["1 A>A merged 1.00/1.00", "1 B>A merged 1.00/1.00"]
    assert [one.former_plan for one in found.before] == ["west", "east"]
    assert told(lineage_of(database, "C", at=MARCH).after) == ["1 C>D kept 1.00/1.00"]


def test_a_plan_follows_the_last_of_its_scope_over_a_gap(database: Database) -> None:
    layer = put_layer(database)
    put_cells(database, "12")
    put_plan(database, "first", layer, drawn("AB"), since=JANUARY, until=MARCH)
    put_plan(database, "second", layer, drawn("AC"), since=MAY)
    with pytest.raises(AreaRetired, match="No area has its ground on that day"):
        get_area(database, "B", at=date(2026, 4, 1))
    with pytest.raises(AreaRetired, match=r"that of C 网格C \(100.0%\)"):
        get_area(database, "B", at=MAY)
    assert told(lineage_of(database, "C", at=MAY).before) == ["1 B>C kept 1.00/1.00"]
