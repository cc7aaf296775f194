"""Plans that take effect on their day, and who is told."""

from __future__ import annotations

import json
from datetime import date, timedelta

import psycopg
import sqlalchemy as sa
from published_grids import LATER, OWNERS, TODAY, ZONE, preview, publish, rows

from gisgov.services.plans import show_plan
from gisgov.services.publishing import (
    Rerouting,
    take_effect,
)
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.store.lineage import lineage_between
from gisgov.store.rerouting import Reroute


def test_a_plan_of_the_future_takes_effect_on_its_day(ground: Database) -> None:
    publish(ground, valid_from=LATER, decided_on=date(2026, 5, 1), decision="Order 7")
    info = show_plan(ground, "next").plan
    assert (info.decided_on, info.valid_from, info.took_effect_at) == (date(2026, 5, 1), LATER, None)
    assert take_effect(ground, LATER - timedelta(days=1)) == ()
    assert {one[1] for one in rows(ground, OWNERS)} == {"now"}
    (done,) = take_effect(ground, LATER + timedelta(days=3))  # nobody was there on the day
    assert (done.plan, done.rerouted.events if done.rerouted else 0) == ("next", 6)
    assert show_plan(ground, "next").plan.took_effect_at is not None
    with ground.begin() as connection:
        ids = {row.name: row.id for row in connection.execute(sa.text("SELECT name, id FROM plan"))}
        found = lineage_between(connection, ids["next"], ids["now"])
    assert found is not None
    assert [(one.former_code, one.code, one.origin) for one in found] == [
        ("A", "A", "reshaped"), ("A", "D", "split"), ("B", "B", "merged"), ("C", "B", "merged"),
    ]  # fmt: skip


def test_whoever_listens_is_told(ground: Database) -> None:
    url = ground.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute("LISTEN gisgov_plans")
        preview(ground, effective=TODAY)  # tells nobody
        publish(ground, valid_from=TODAY)
        told = [json.loads(one.payload) for one in listener.notifies(timeout=10, stop_after=2)]
    common = {"plan": "next", "layer": "grid", "scope": ""}
    assert told == [{**common, "what": "published"}, {**common, "what": "in-effect"}]


def test_events_that_come_in_late_go_on_to_the_plan_that_followed(ground: Database) -> None:
    publish(ground, valid_from=TODAY)
    with ground.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event (external_id, source, state, occurred_at, geom, crs)"
                " SELECT 'late-' || state, source, state, occurred_at, geom, crs FROM event"
                " WHERE external_id LIKE '%-5'"
            )
        )
        joining.join_events(connection, timezone=ZONE)
    assert [one[1:] for one in rows(ground, OWNERS) if one[0].startswith("late")] == [("now", "C")] * 2
    (late,) = take_effect(ground, TODAY)
    assert late.rerouted == Rerouting(1, 1, (Reroute("now", "C", "next", "B", 1),))
    assert take_effect(ground, TODAY) == ()
    assert [one for one in rows(ground, OWNERS) if one[0].startswith("late")] == [
        ("late-closed", "now", "C"),
        ("late-handling", "next", "B"),
    ]
