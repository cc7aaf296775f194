"""Rating buildings: rules are kept, every building is counted, what did not change is not written."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from held_locks import until_waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from risk_ground import COUNTING, RULES, TODAY, ZONE, adopt, find_hazard, history, put, rate_again, rows

from gisgov.errors import GisgovError, InputError, NotFoundError
from gisgov.governance.risk import rate
from gisgov.services.rating import ClassChange, FactTrouble, propose_rules, put_in_force, rate_some
from gisgov.store import risk_facts
from gisgov.store.database import Database


def test_every_building_is_rated_with_its_reasons(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    put(database, "burnt", built_year=1950, fires="3")
    put(database, "new", built_year=2020, fires=1)
    put(database, "unknown")
    report = adopt(database)
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
    adopt(database)
    query = sa.text("SELECT rated_at, xmin FROM building")
    with database.begin() as connection:
        before = connection.execute(query).all()
    again = rate_again(database)
    assert (again.written, again.changes) == (0, ())
    with database.begin() as connection:
        assert connection.execute(query).all() == before


def test_new_rules_say_what_they_change(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    put(database, "new", built_year=2020, fires=0)
    adopt(database)
    report = adopt(database, replace(RULES, version="2", general_points=5, warning_points=10))
    assert report.version == "2"
    assert report.written == 2  # the safe one rests on another version now
    assert report.changes == (ClassChange("general", "warning", 1),)
    # rules that were in force may be so again
    assert adopt(database).changes == (ClassChange("warning", "general", 1),)


def test_a_column_goes_before_a_fact_of_its_name(database: Database) -> None:
    put(database, "column", built_year=2020, fires=0)
    put(database, "fact", fires=0)
    with database.begin() as connection:
        connection.execute(sa.text("""UPDATE building SET facts = facts || '{"built_year": 1950}'"""))
    adopt(database)
    assert {name: row[0] for name, row in rows(database).items()} == {"column": "safe", "fact": "general"}


def test_values_that_cannot_be_used_are_named(database: Database) -> None:
    put(database, "fine", fires=1)
    put(database, "odd", fires="many")
    put(database, "list", fires=[1, 2])
    (trouble,) = adopt(database).problems
    assert isinstance(trouble, FactTrouble)
    assert (trouble.fact, trouble.buildings, trouble.first) == ("fires", 2, "s odd")
    assert "many" in trouble.message


def test_many_buildings_are_rated_batch_by_batch(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(database, f"b{number}", built_year=1950 + 20 * number, fires="?" if number in (1, 4) else 0)
    monkeypatch.setattr(risk_facts, "BATCH", 2)
    told: list[tuple[str, int | None]] = []

    def progress(items: Any, *, label: str, total: int | None = None) -> Any:
        told.append((label, total))
        yield from items

    propose_rules(database, RULES)
    done = put_in_force(database, "1", reason="so", today=TODAY, timezone=ZONE, progress=progress)
    report = done.rating
    assert report.counts == {"safe": 3, "general": 2, "warning": 0, "unclassified": 0}
    assert [(one.buildings, one.first) for one in report.problems] == [(2, "s b1")]
    assert told == [("rate buildings", 3)]


def test_no_building_is_a_rating_too(database: Database) -> None:
    report = adopt(database)
    assert (report.buildings, sum(report.counts.values()), report.changes) == (0, 0, ())


def test_nothing_is_rated_without_rules_in_force(database: Database) -> None:
    one = put(database, "one", built_year=1950)
    propose_rules(database, RULES)
    with pytest.raises(NotFoundError, match="No risk rules are in force"):
        rate_again(database)
    with database.begin() as connection:
        assert rate_some(connection, [one], today=TODAY, timezone=ZONE) == 0
    assert history(database) == []


def test_every_rating_that_differs_is_kept_with_what_was_known(database: Database) -> None:
    put(database, "old", built_year=1950, fires=0)
    put(database, "new", built_year=2020)
    adopt(database)
    assert history(database) == [
        ("old", "general", 10, "1", ["1950", "0"]),
        ("new", "safe", 0, "1", ["2020", None]),
    ]
    rate_again(database)
    assert len(history(database)) == 2
    # the class stays, but it rests on something else
    with database.begin() as connection:
        connection.execute(
            sa.text("""UPDATE building SET facts = '{"fires": 1}' WHERE external_id = 'old'""")
        )
    assert (rate_again(database).written, rate_again(database).written) == (1, 0)
    assert history(database)[2:] == [("old", "general", 10, "1", ["1950", "1"])]
    with database.begin() as connection:
        shown = (
            "SELECT count(*) FROM building JOIN risk_rating AS last"
            " ON (last.building_id, last.rated_at) = (building.id, building.rated_at)"
        )
        assert connection.scalar(sa.text(shown)) == 2  # each shows its last one


def test_texts_of_any_sort_are_kept_as_they_are(database: Database) -> None:
    odd = ['a "b"', "{x,y}", "back\\slash", "NULL", "", "两, 三", "line\nbreak"]
    for number, text in enumerate(odd):
        put(database, f"b{number}", fires=text)
    adopt(database)
    assert [row[4][1] for row in history(database)] == odd
    assert rate_again(database).written == 0


def test_history_cannot_be_rewritten(database: Database) -> None:
    put(database, "old", built_year=1950)
    adopt(database)
    for change in ("UPDATE risk_rating SET risk_points = 0", "TRUNCATE risk_rating"):
        with pytest.raises(GisgovError), database.begin() as connection:
            connection.execute(sa.text(change))
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM building"))
    assert history(database) == []  # it goes with the building


def test_some_buildings_follow_what_they_rest_on(database: Database) -> None:
    one, other = put(database, "one", built_year=1950), put(database, "other", built_year=1950)
    adopt(database, COUNTING)
    find_hazard(database, one, 1)
    find_hazard(database, one, 2, due=TODAY)
    find_hazard(database, other, 1)
    with database.begin() as connection:
        assert rate_some(connection, [one, one, 999_999], today=TODAY, timezone=ZONE) == 1
        assert rate_some(connection, [one], today=TODAY, timezone=ZONE) == 0
        # the day after, the second is overdue: two ratings of one transaction, one after the other
        assert rate_some(connection, [one], today=TODAY + timedelta(days=1), timezone=ZONE) == 1
        assert rate_some(connection, [], today=TODAY, timezone=ZONE) == 0
    assert [row for row in history(database) if row[0] == "one"] == [
        ("one", "general", 10, "counting", ["1950", "0", "0", "0", "0"]),
        ("one", "warning", 20, "counting", ["1950", "2", "0", "0", "0"]),
        ("one", "warning", 30, "counting", ["1950", "2", "1", "0", "0"]),
    ]
    assert rows(database)["other"][0] == "general"  # nobody asked for it


def test_events_near_and_inside_are_counted(database: Database) -> None:
    one = put(database, "one", (114.0, 22.5), built_year=2000)
    put(database, "far", (114.01, 22.5), built_year=2000)
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, category, state, occurred_at, geom, crs)"
                " SELECT CAST(i AS TEXT), 't', '治安', 'closed', '2026-05-20 12:00+08',"
                " ST_SetSRID(ST_MakePoint(114.0 + i * 0.0003, 22.5), 4326), 'wgs84'"
                " FROM generate_series(1, 4) AS i"
            )
        )
        connection.execute(
            sa.text("INSERT INTO event_building SELECT min(id), :one, 'nearest', 12 FROM event"), {"one": one}
        )
    adopt(database, COUNTING)
    assert [row[4][3:] for row in history(database)] == [["3", "1"], ["0", "0"]]


def test_two_ratings_at_once_keep_every_rating_once(database: Database) -> None:
    ids = [put(database, f"b{number}", built_year=1950) for number in range(20)]
    adopt(database, COUNTING)
    for one in ids:
        find_hazard(database, one, 1)
        find_hazard(database, one, 2)
    begun = threading.Barrier(3)
    written: list[int] = []

    def all_of_them() -> None:
        begun.wait()
        written.append(rate_again(database).written)

    def some() -> None:
        begun.wait()
        with database.begin() as connection:
            written.append(rate_some(connection, reversed(ids), today=TODAY, timezone=ZONE))

    together = [threading.Thread(target=one) for one in (all_of_them, some, some)]
    for one in together:
        one.start()
    for one in together:
        one.join(timeout=30)
    assert sorted(written) == [0, 0, 20]
    assert len(history(database)) == 40


def test_a_rating_that_breaks_off_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(database, f"b{number}", built_year=1950)
    adopt(database)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE building SET built_year = 2020"))
    before = rows(database), history(database)
    monkeypatch.setattr(risk_facts, "BATCH", 2)

    def breaking(rules: Any, answers: Any) -> Any:
        if len(asked) == 2:
            raise InputError("something is broken")
        asked.append(answers)
        return rate(rules, answers)

    for _ in range(20):  # more often than there are connections
        asked: list[Any] = []
        with monkeypatch.context() as patched:
            patched.setattr("gisgov.services.rating.gathering.rate", breaking)
            with pytest.raises(InputError, match="something is broken"):
                rate_again(database)
    assert (rows(database), history(database)) == before
    assert rate_again(database).written == 5


_YEARS = st.none() | st.integers(1900, 2030) | st.sampled_from(["1950", "x", " "])
_BUILDINGS = st.lists(st.tuples(_YEARS, st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=7)


@given(_BUILDINGS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sets_are_rated_as_one_by_one(database: Database, drawn: list[tuple[Any, int, int]]) -> None:
    """The rating of all at once, read back from the database, is `rate` of each building by itself."""
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM building"))
    for number, (year, fires, late) in enumerate(drawn):
        one = put(database, f"b{number}", **({} if year is None else {"built_year": year}))
        for i in range(fires):
            find_hazard(database, one, i)
        for i in range(late):
            find_hazard(database, one, 10 + i, kind="other", due=TODAY - timedelta(days=1))
    adopt(database, COUNTING)
    shown = rows(database)
    for number, (year, fires, late) in enumerate(drawn):
        answers = {"built_year": year, "fires": fires, "overdue": late, "thefts": 0, "inside": 0}
        alone = rate(COUNTING, {name: np.array([value], dtype=object) for name, value in answers.items()})
        expected = (alone.classes[0], int(alone.points[0]), [*alone.reasons[0]], "counting")
        assert shown[f"b{number}"] == expected


def test_a_building_that_is_removed_meanwhile_stops_no_rating(database: Database) -> None:
    put(database, "stays", built_year=1950, fires=0)
    put(database, "goes", built_year=1950, fires=0)
    propose_rules(database, RULES)
    rating = threading.Thread(target=adopt, args=(database,))
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM building WHERE external_id = 'goes'"))
        rating.start()
        until_waiting(database)
    rating.join()
    assert rows(database) == {"stays": ("general", 10, ["age: built_year<=1979 +10"], "1")}
    assert [row[0] for row in history(database)] == ["stays"]
