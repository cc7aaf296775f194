"""Rating buildings: rules are kept, every building is counted, what did not change is not written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, NotFoundError
from gisgov.governance.risk import parse_rules
from gisgov.services.joining import join_buildings
from gisgov.services.risk import ClassChange, FactTrouble, rate_buildings
from gisgov.services.risk_rules import adopt_rules, find_rules, list_rules, show_rules
from gisgov.services.risk_summary import risk_summary
from gisgov.store import risk
from gisgov.store.database import Database

DAY = date(2026, 3, 1)
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)

RULES = parse_rules(
    {
        "version": "1",
        "title_zh": "试行",
        "title_en": "Trial",
        "source": "A test.",
        "thresholds": {"general": 10, "warning": 20},
        "facts": [
            {"name": "built_year", "kind": "year", "title_zh": "建成", "title_en": "Built", "meaning": "-"},
            {"name": "fires", "kind": "integer", "title_zh": "火灾", "title_en": "Fires", "meaning": "-"},
        ],
        "factors": [
            {
                "name": "age",
                "title_zh": "楼龄",
                "title_en": "Age",
                "fact": "built_year",
                "bands": [{"at_most": 1979, "points": 10}],
            },
            {
                "name": "fire",
                "title_zh": "火灾",
                "title_en": "Fire",
                "fact": "fires",
                "bands": [{"at_least": 2, "points": 15}],
            },
        ],
    }
)


def put(database: Database, name: str, place: tuple[float, float] | None = None, **columns: Any) -> None:
    """Put a building into the database; what is no column of the table becomes a fact."""
    own = {key: columns.pop(key) for key in ("built_year", "floors", "use") if key in columns}
    statement = """
        INSERT INTO building (external_id, source, geom, crs, problem, built_year, floors, use, facts)
        VALUES (:name, 's', ST_GeomFromText(:wkt, 4326), 'EPSG:4326', :problem, :built_year, :floors, :use,
                CAST(:facts AS JSONB))"""
    values = {
        "name": name,
        "wkt": None if place is None else shapely.Point(place).wkt,
        "problem": "no-coordinate" if place is None else None,
        "facts": json.dumps(columns),
        **dict.fromkeys(("built_year", "floors", "use")),
        **own,
    }
    with database.begin() as connection:
        connection.execute(sa.text(statement), values)


def rows(database: Database) -> dict[str, tuple[Any, ...]]:
    query = "SELECT external_id, risk_class, risk_points, risk_reasons, risk_rules_version FROM building"
    with database.begin() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(sa.text(query))}


def test_every_building_is_rated_with_its_reasons(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    put(database, "burnt", built_year=1950, fires="3")
    put(database, "new", built_year=2020, fires=1)
    put(database, "unknown")
    adopt_rules(database, RULES)
    report = rate_buildings(database)
    assert (report.version, report.is_example, report.buildings, report.written) == ("1", False, 4, 4)
    assert report.counts == {"safe": 1, "general": 1, "warning": 1, "unclassified": 1}
    assert report.unknown == {"built_year": 1, "fires": 1}
    assert report.changes == tuple(
        ClassChange(None, after, 1) for after in ("general", "safe", "unclassified", "warning")
    )
    assert rows(database) == {
        "old": ("general", 10, ["age: built_year<=1979 +10"], "1"),
        "burnt": ("warning", 25, ["fire: fires>=2 +15", "age: built_year<=1979 +10"], "1"),
        "new": ("safe", 0, [], "1"),
        "unknown": ("unclassified", 0, [], "1"),
    }


def test_a_second_rating_changes_nothing(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    adopt_rules(database, RULES)
    rate_buildings(database)
    query = sa.text("SELECT rated_at, xmin FROM building")
    with database.begin() as connection:
        before = connection.execute(query).all()
    again = rate_buildings(database)
    assert (again.written, again.changes) == (0, ())
    with database.begin() as connection:
        assert connection.execute(query).all() == before


def test_new_rules_say_what_they_change(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    put(database, "new", built_year=2020, fires=0)
    adopt_rules(database, RULES)
    rate_buildings(database)
    adopt_rules(database, replace(RULES, version="2", general_points=5, warning_points=10))
    report = rate_buildings(database)
    assert report.version == "2"
    assert report.written == 2  # the safe one rests on another version now
    assert report.changes == (ClassChange("general", "warning", 1),)
    assert rate_buildings(database, "1").changes == (ClassChange("warning", "general", 1),)
    with pytest.raises(NotFoundError, match=r"version '3' were adopted\. There are 2, 1\."):
        rate_buildings(database, "3")


def test_a_column_goes_before_a_fact_of_its_name(database: Database) -> None:
    put(database, "column", built_year=2020, fires=0)
    put(database, "fact", fires=0)
    with database.begin() as connection:
        connection.execute(sa.text("""UPDATE building SET facts = facts || '{"built_year": 1950}'"""))
    adopt_rules(database, RULES)
    rate_buildings(database)
    assert {name: row[0] for name, row in rows(database).items()} == {"column": "safe", "fact": "general"}


def test_values_that_cannot_be_used_are_named(database: Database) -> None:
    put(database, "fine", fires=1)
    put(database, "odd", fires="many")
    put(database, "list", fires=[1, 2])
    adopt_rules(database, RULES)
    (trouble,) = rate_buildings(database).problems
    assert isinstance(trouble, FactTrouble)
    assert (trouble.fact, trouble.buildings, trouble.first) == ("fires", 2, "s odd")
    assert "many" in trouble.message


def test_many_buildings_are_rated_batch_by_batch(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(database, f"b{number}", built_year=1950 + 20 * number, fires="?" if number in (1, 4) else 0)
    adopt_rules(database, RULES)
    monkeypatch.setattr(risk.ask_buildings, "__kwdefaults__", {"batch": 2})
    told: list[str] = []

    def progress(items: Any, *, label: str, total: int | None = None) -> Any:
        told.append(label)
        yield from items

    report = rate_buildings(database, progress=progress)
    assert report.counts == {"safe": 3, "general": 2, "warning": 0, "unclassified": 0}
    assert [(one.buildings, one.first) for one in report.problems] == [(2, "s b1")]
    assert told == ["rate buildings"]


def test_no_building_is_a_rating_too(database: Database) -> None:
    adopt_rules(database, RULES)
    report = rate_buildings(database)
    assert (report.buildings, sum(report.counts.values()), report.changes) == (0, 0, ())


def test_rules_are_kept_under_their_version(database: Database) -> None:
    with pytest.raises(NotFoundError, match="No risk rules were adopted yet"):
        show_rules(database)
    assert adopt_rules(database, RULES).is_new
    assert not adopt_rules(database, RULES).is_new
    with pytest.raises(ConflictError, match="Other risk rules were adopted as version '1'"):
        adopt_rules(database, replace(RULES, warning_points=99))
    assert show_rules(database) == RULES
    adopt_rules(database, replace(RULES, version="0"))
    assert [one.version for one in list_rules(database)] == ["0", "1"]  # the latest adopted first
    with database.begin() as connection:
        assert find_rules(connection, "1") == RULES


def test_areas_are_counted_by_class(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": WEST, "B": EAST, "C": shapely.box(114.02, 22.5, 114.03, 22.51)})
    put(database, "a1", (114.005, 22.505), built_year=1950, fires=5)
    put(database, "a2", (114.006, 22.505), built_year=2000, fires=0)
    put(database, "b1", (114.015, 22.505), built_year=1950, fires=0)
    put(database, "far", (115.0, 22.505), built_year=1950, fires=5)
    put(database, "lost", None, built_year=2000)
    join_buildings(database, at=DAY)
    adopt_rules(database, RULES)
    rate_buildings(database)
    put(database, "late", (114.016, 22.505))
    join_buildings(database, at=DAY)
    summary = risk_summary(database, at=DAY)
    assert summary.layer == "grid"
    assert (summary.total.buildings, summary.never_rated, summary.versions) == (6, 1, {"1": 5})
    assert summary.total.counts == {"safe": 2, "general": 1, "warning": 2, "unclassified": 1}
    shown = [
        (area.code, area.buildings, area.counts["warning"], area.warning_share) for area in summary.areas
    ]
    assert shown == [("A", 2, 1, 0.5), ("B", 2, 0, 0.0), ("C", 0, 0, None), (None, 2, 1, 0.5)]


def test_a_summary_needs_a_plan_in_force(database: Database, plant: Callable[..., None]) -> None:
    with pytest.raises(NotFoundError, match="No plan of any partition layer is in force on 2026-03-01"):
        risk_summary(database, at=DAY)
    plant("grid", {"A": WEST}, valid_from=date(2027, 1, 1))
    with pytest.raises(NotFoundError, match="No plan of layer 'grid' is in force"):
        risk_summary(database, layer="grid", at=DAY)
    with pytest.raises(NotFoundError, match="No layer is called 'beat'"):
        risk_summary(database, layer="beat", at=DAY)
