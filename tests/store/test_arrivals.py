"""Events and buildings on their way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.store.arrivals import Taken, ground_of_partitions, hex_ewkb
from gisgov.store.buildings import BUILDINGS
from gisgov.store.database import Database
from gisgov.store.events import EVENTS
from gisgov.store.tables import building, event, event_area

AT = datetime(2026, 2, 1, tzinfo=UTC)
HERE, THERE = shapely.Point(120.5, 30.5), shapely.Point(140, 40)


def an_event(key: str, place: shapely.Geometry | None = HERE, **values: Any) -> tuple[object, ...]:
    given = {"crs": "EPSG:4326", "occurred_at": AT, "attributes": "{}", **values}
    if place is None:
        given["problem"] = "no-coordinate"
    wkb = hex_ewkb(np.array([place], dtype=object))[0]
    return (int(key), key, "s", wkb, *(given.get(column) for column in EVENTS.columns))


def take(database: Database, *records: tuple[object, ...], **options: Any) -> Taken:
    with database.begin() as connection:
        EVENTS.stage(connection, records)
        return EVENTS.take_over(connection, **options)


def stored(database: Database) -> list[Any]:
    with database.begin() as connection:
        return list(connection.execute(sa.select(event).order_by(event.c.external_id)).mappings())


def test_new_known_and_moved(database: Database) -> None:
    first = take(database, an_event("1"), an_event("2"), an_event("3", None))
    assert (first.inserted, first.updated, len(first.to_join)) == (3, 0, 3)
    assert take(database, an_event("1"), an_event("2")) == Taken(0, 0, ())
    later = datetime(2026, 2, 2, tzinfo=UTC)
    second = take(
        database,
        an_event("1", THERE),
        an_event("2", occurred_at=later),
        an_event("3", None, category="x"),
        an_event("4"),
    )
    assert (second.inserted, second.updated, len(second.to_join)) == (1, 3, 3)
    rows = stored(database)
    assert [row["category"] for row in rows] == [None, None, "x", None]
    assert rows[1]["occurred_at"] == later


def test_what_the_file_does_not_say_stays(database: Database) -> None:
    take(database, an_event("1", state="closed", category="x", attributes='{"a": 1, "b": 2}'))
    done = take(database, an_event("1", attributes='{"b": 3}'), absent=["category"], keys=["b", "c"])
    assert (done.updated, done.to_join) == (1, ())
    row = stored(database)[0]
    assert (row["state"], row["category"], row["attributes"]) == ("closed", "x", {"a": 1, "b": 3})
    take(database, an_event("1"), keys=["a"])
    assert (stored(database)[0]["category"], stored(database)[0]["attributes"]) == (None, {"b": 3})


def test_a_file_does_not_contradict_the_history_of_an_event(database: Database) -> None:
    take(database, an_event("1"), an_event("2"))
    with database.begin() as connection:
        walked = sa.update(event).where(event.c.external_id == "1")
        connection.execute(walked.values(state="handling", step_number=4))
    again = (an_event("1", state="closed", category="x"), an_event("2", state="closed"))
    assert take(database, *again).updated == 2
    assert [(row["state"], row["category"]) for row in stored(database)] == [
        ("handling", "x"),
        ("closed", None),
    ]
    assert take(database, *again).updated == 0


def test_where_the_rows_stand(database: Database, plant: Callable[..., None]) -> None:
    plant("street", {"s": shapely.box(120, 30, 121, 31)})
    plant("beat", {"x": shapely.box(120, 30, 121, 31)}, kind="overlay")
    with database.begin() as connection:
        EVENTS.stage(connection, [an_event("1"), an_event("2", THERE), an_event("3", None), an_event("4")])
        ids = EVENTS.take_over(connection).to_join
        layer_id = connection.scalar(sa.text("SELECT id FROM layer WHERE name = 'street'"))
        plan_id = connection.scalar(sa.text("SELECT id FROM plan WHERE name = 'street-2026'"))
        row = {"layer_id": layer_id, "plan_id": plan_id, "on_border": False}
        connection.execute(event_area.insert().values(event_id=ids[0], area_code="s", **row))
        outside = {"orphan_reason": "outside", "nearest_code": "s", "distance_m": 5.0}
        connection.execute(event_area.insert().values(event_id=ids[1], **row, **outside))
        nowhere = {"event_id": ids[2], "layer_id": layer_id, "orphan_reason": "no-coordinate"}
        connection.execute(event_area.insert().values(**nowhere))
        assert [dict(one) for one in EVENTS.joined(connection)] == [
            {"layer": "street", "joined": 1, "on_border": 0, "orphans": 2, "no_plan": 1}
        ]
        assert [dict(one) for one in EVENTS.outside(connection)] == [
            {
                "row": 2,
                "source": "s",
                "external_id": "2",
                "layer": "street",
                "nearest_area": "s",
                "distance_m": 5.0,
            }
        ]


def test_buildings_keep_their_rating(database: Database) -> None:
    def a_building(**values: Any) -> tuple[object, ...]:
        given = {"crs": "EPSG:4326", "facts": "{}", **values}
        wkb = hex_ewkb(np.array([shapely.box(120, 30, 121, 31)], dtype=object))[0]
        return (1, "1", "s", wkb, *(given.get(column) for column in BUILDINGS.columns))

    for floors in (3, 4):
        with database.begin() as connection:
            BUILDINGS.stage(connection, [a_building(floors=floors, name="一栋")])
            BUILDINGS.take_over(connection)
    with database.begin() as connection:
        assert connection.execute(sa.select(building.c.floors, building.c.name)).one() == (4, "一栋")


def test_the_ground_of_all_partitions(database: Database, plant: Callable[..., None]) -> None:
    with database.begin() as connection:
        assert ground_of_partitions(connection) is None
    plant("grid", {"a": shapely.box(120, 30, 121, 31)})
    plant("grid", {"b": shapely.box(100, 30, 121, 31)}, plan="draft", valid_from=None)
    plant("beat", {"x": shapely.box(1, 1, 2, 2)}, kind="overlay")
    with database.begin() as connection:
        assert ground_of_partitions(connection) == pytest.approx((120.0, 30.0, 121.0, 31.0))
