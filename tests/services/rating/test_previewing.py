"""What rules would change, told before they are in force; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
import shapely
import sqlalchemy as sa
from risk_ground import RULES, TODAY, ZONE, adopt, history, put, rows

from gisgov.errors import NotFoundError
from gisgov.services.joining import join_buildings
from gisgov.services.rating import RatingPreview, list_rules, preview_rules, propose_rules
from gisgov.services.rating.reports import ClassChange
from gisgov.store import risk_facts
from gisgov.store.database import Database

WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)
STRICTER = replace(RULES, version="2", general_points=5, warning_points=10)


@pytest.fixture
def town(database: Database, plant: Callable[..., None]) -> Database:
    """Two grids; in A one old building and a burnt one, in B an old one, and one that is nowhere."""
    plant("grid", {"A": WEST, "B": EAST}, names={"A": "和平"})
    put(database, "a-old", (114.005, 22.505), built_year=1950)
    put(database, "a-burnt", (114.006, 22.505), built_year=1950, fires=3)
    put(database, "b-new", (114.015, 22.505), built_year=2000)
    put(database, "b-old", (114.016, 22.505), built_year=1960)
    put(database, "nowhere", built_year=1960, fires="many")
    join_buildings(database, at=TODAY)
    return database


def previewed(database: Database, rules: object = STRICTER, **given: object) -> RatingPreview:
    return preview_rules(database, rules, today=TODAY, timezone=ZONE, **given)  # type: ignore[arg-type]


def test_a_preview_counts_what_would_change(town: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt(town)
    monkeypatch.setattr(risk_facts, "BATCH", 2)
    before = rows(town), history(town), list_rules(town)
    found = previewed(town)
    assert (rows(town), history(town), list_rules(town)) == before
    assert (found.version, found.in_force, found.layer, found.buildings) == ("2", "1", "grid", 5)
    assert found.before == {"safe": 1, "general": 3, "warning": 1, "unclassified": 0}
    assert found.after == {"safe": 1, "general": 0, "warning": 4, "unclassified": 0}
    assert (found.changed, found.changes) == (3, (ClassChange("general", "warning", 3),))
    assert [(one.code, one.name, one.warnings_before, one.warnings_after) for one in found.areas] == [
        ("A", "和平", 1, 2),
        ("B", "grid B", 0, 1),
        (None, None, 0, 1),
    ]
    assert [(one.changed, one.more, one.fewer) for one in found.areas] == [(1, 1, 0)] * 3
    assert [one.external_id for one in found.first] == ["a-old", "b-old", "nowhere"]
    assert [one.area for one in found.first] == ["A", "B", None]
    assert found.first[0].before.risk_class == "general"
    assert found.first[0].after.reasons[0].zh == "建成：1979 年及以前，+10 分"
    assert found.unknown == {"built_year": 0, "fires": 4}
    assert [(one.fact, one.first) for one in found.problems] == [("fires", "s nowhere")]
    assert [(one.name, one.after) for one in found.differences] == [("general", "5"), ("warning", "10")]


def test_rules_that_take_warnings_away(town: Database) -> None:
    adopt(town)
    propose_rules(town, replace(RULES, version="3", warning_points=100))
    found = previewed(town, "3", shown=0)
    (area,) = found.areas
    assert (area.code, area.warnings_before, area.warnings_after, area.fewer) == ("A", 1, 0, 1)
    assert found.first == ()


def test_without_rules_in_force_all_are_new(town: Database) -> None:
    found = previewed(town, RULES, shown=1)
    assert (found.in_force, found.differences, found.changed) == (None, (), 5)
    assert found.before["unclassified"] == 5
    (first,) = found.first
    assert (first.external_id, first.before.risk_class, first.after.points) == ("a-burnt", None, 25)


def test_without_areas_the_whole_is_told(database: Database) -> None:
    put(database, "old", built_year=1950)
    found = previewed(database, RULES)
    assert (found.layer, found.areas, found.changed, found.first[0].area) == (None, (), 1, None)
    with pytest.raises(NotFoundError, match="No layer is called 'beat'"):
        previewed(database, RULES, layer="beat")


def test_the_transaction_could_not_write(town: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def writing(connection: sa.Connection, *_: object, **__: object) -> object:
        connection.execute(sa.text("UPDATE building SET floors = 1"))
        raise AssertionError("something was written")

    monkeypatch.setattr("gisgov.services.rating.previewing.rate_part", writing)
    with pytest.raises(Exception, match=r"read-only|changed"):
        previewed(town, RULES)


def test_a_preview_is_of_one_moment(town: Database) -> None:
    def interrupted(parts: Iterator[object], **_: object) -> Iterator[object]:
        yield from parts
        with town.begin() as connection:
            connection.execute(sa.text("DELETE FROM building WHERE external_id = 'a-old'"))

    found = previewed(town, RULES, progress=interrupted)
    assert found.buildings == 5
    assert "a-old" in {one.external_id for one in found.first}


def test_events_count_as_of_the_day_that_is_asked(database: Database) -> None:
    assert previewed(database, RULES).today == date(2026, 6, 1)
