"""Plans as decisions: previewed, published for a day to come, in effect, taken back, corrected."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
import pytest
import shapely
import sqlalchemy as sa
from lattices import EAST, SCOPE, WEST, between, lattice, settle
from pydantic import TypeAdapter

from fixtures.shipped import redivision_policy
from gisgov.errors import ConflictError, DefectsFound, InputError, PlanPublished
from gisgov.services.plans import list_plans, show_plan
from gisgov.services.publishing import (
    PlanPreview,
    PlanPublication,
    Rerouting,
    preview_plan,
    publish_plan,
    take_effect,
    withdraw_plan,
)
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.store.lineage import lineage_between
from gisgov.store.plans import content_sha256, find_plan
from gisgov.store.rerouting import Reroute
from gisgov.testing import areas_from_grid

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 10)
LATER = date(2026, 6, 1)
CELL = 0.01


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * CELL + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> Database:
    """Grids A, B, C in force with sub-grids under them; a draft that splits A, and merges B and C."""
    plant("grid", drawn("AABBCC"), plan="now", staff={"C": [("网格长", "王"), ("专职网格员", "李")]})
    below = {"1": ["A"], "2": ["B"], "3": ["C"]}
    plant("sub", drawn("112233"), parent="grid", parents=below)
    plant("grid", drawn("ADBBBB"), plan="next", valid_from=None)
    with database.begin() as connection:
        for number in range(6):
            for state in ("handling", "closed"):
                connection.execute(
                    sa.text(
                        "INSERT INTO event (external_id, source, state, occurred_at, geom, crs) VALUES (:id,"
                        " 'hotline', :state, :at, ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84')"
                    ),
                    {
                        "id": f"{state}-{number}",
                        "state": state,
                        "x": 114.005 + number * CELL,
                        "at": f"2026-0{2 + number % 3}-01 12:00+08",
                    },
                )
            connection.execute(
                sa.text(
                    "INSERT INTO building (external_id, source, geom, crs, risk_class) VALUES (:id, 's',"
                    " ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84', NULL)"
                ),
                {"id": str(number), "x": 114.005 + number * CELL},
            )
        joining.join_events(connection, timezone=ZONE)
        joining.join_buildings(connection, day=TODAY)
        connection.execute(sa.text("UPDATE plan SET took_effect_at = now() WHERE status = 'published'"))
    return database


def preview(database: Database, plan: str = "next", **options: Any) -> PlanPreview:
    asked = {"policy": redivision_policy(), "timezone": ZONE, "today": TODAY, **options}
    return preview_plan(database, plan, **asked)


def publish(database: Database, plan: str = "next", **options: Any) -> PlanPublication:
    return publish_plan(database, plan, **{"timezone": ZONE, "today": TODAY, **options})


def rows(database: Database, query: str) -> list[Any]:
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


OWNERS = (
    "SELECT event.external_id, plan.name, area_code FROM event_area JOIN event ON event.id = event_id"
    " JOIN layer ON layer.id = layer_id JOIN plan ON plan.id = plan_id WHERE layer.name = 'grid' ORDER BY 1"
)
ROUTES = (
    "SELECT external_id, came.name, from_code, went.name, to_code FROM event_reroute"
    " JOIN event ON event.id = event_id LEFT JOIN plan AS came ON came.id = from_plan_id"
    " LEFT JOIN plan AS went ON went.id = to_plan_id ORDER BY event_reroute.id"
)


@pytest.mark.parametrize("effective", [TODAY, LATER])
def test_a_preview_is_exactly_what_publication_then_does(ground: Database, effective: date) -> None:
    before = [rows(ground, query) for query in (OWNERS, ROUTES, "SELECT * FROM plan ORDER BY id")]
    told = preview(ground, effective=effective)
    assert [rows(ground, query) for query in (OWNERS, ROUTES, "SELECT * FROM plan ORDER BY id")] == before
    TypeAdapter(PlanPreview).dump_json(told, warnings="error")

    done = publish(ground, valid_from=effective)
    then = take_effect(ground, effective)
    assert (told.effect, told.content_sha256) == (done.effect, done.content_sha256)
    assert done.effect.took_effect is (effective == TODAY)
    assert bool(then) is (effective == LATER)
    assert told.rerouted == (then[0].rerouted if then else done.effect.rerouted)
    assert told.buildings == (then[0].buildings if then else done.effect.buildings)
    listed = [
        (one.external_id, one.from_plan, one.from_code, one.to_plan, one.to_code) for one in told.events
    ]
    assert listed == rows(ground, ROUTES)
    assert [(one[0], one[2], one[4]) for one in listed] == [
        ("handling-0", "A", "A"), ("handling-1", "A", "D"), ("handling-2", "B", "B"),
        ("handling-3", "B", "B"), ("handling-4", "C", "B"), ("handling-5", "C", "B"),
    ]  # fmt: skip
    assert told.rerouted is not None
    assert (told.rerouted.events, told.rerouted.handed_over) == (6, 3)
    # those that are closed keep what they had
    assert {one[1:] for one in rows(ground, OWNERS) if one[0].startswith("closed")} == {
        ("now", "A"), ("now", "B"), ("now", "C")
    }  # fmt: skip
    assert take_effect(ground, effective) == ()


def test_a_preview_tells_of_codes_posts_layers_below_and_work(ground: Database) -> None:
    told = preview(ground, effective=LATER)
    assert told.refusals == ()
    assert told.effect is not None
    assert (told.effect.replaced, told.effect.lineage_of) == ("now", "now")
    assert (told.effect.codes_given, told.effect.codes_retired) == (("D",), ("C",))
    assert [(one.area_code, one.role) for one in told.posts] == [("C", "专职网格员"), ("C", "网格长")]
    assert [(one.code, one.ended_parents, one.crossed) for one in told.below] == [
        ("1", (), ("D",)),
        ("3", ("C",), ("B",)),
    ]
    visits = redivision_policy().visits_per_year["unclassified"]
    works = {one.code: (one.before, one.after) for one in told.workload}
    assert {
        code: [None if one is None else (one.events_per_year, one.visits_per_year // visits) for one in pair]
        for code, pair in works.items()
    } == {"A": [(4, 2), (2, 1)], "B": [(4, 2), (8, 4)], "C": [(4, 2), None], "D": [None, (2, 1)]}


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


def test_a_withdrawn_plan_never_begins_and_what_was_before_goes_on(ground: Database) -> None:
    publish(ground, valid_from=LATER)
    done = withdraw_plan(ground, "next", reason="the court stopped it", timezone=ZONE, today=TODAY)
    assert (done.plan.name, done.plan.corrects, done.plan.reason) == (
        "now@2026-06-01", "next", "the court stopped it"
    )  # fmt: skip
    assert done.content_sha256 == publication_sha(ground, "now")
    assert (done.effect.never_began, done.plan.based_on) == (True, "now")
    assert [(one.name, one.status, one.valid_from, one.valid_to) for one in list_plans(ground, "grid")] == [
        ("now", "retired", date(2026, 1, 1), LATER),
        ("next", "retired", LATER, LATER),
        ("now@2026-06-01", "published", LATER, None),
    ]
    assert [one.name for one in list_plans(ground, "grid", LATER)] == ["now@2026-06-01"]
    (taken,) = take_effect(ground, LATER)
    assert (taken.plan, taken.rerouted.handed_over if taken.rerouted else None) == ("now@2026-06-01", 0)
    with pytest.raises(PlanPublished, match="'next' is retired already"):
        withdraw_plan(ground, "next", reason="again", timezone=ZONE, today=TODAY)


def publication_sha(database: Database, plan: str) -> str:
    with database.begin() as connection:
        return content_sha256(connection, find_plan(connection, plan).id)


def test_what_began_today_is_taken_back_today(ground: Database) -> None:
    publish(ground, valid_from=TODAY)
    done = withdraw_plan(ground, "next", reason="wrong file", timezone=ZONE, today=TODAY)
    assert (done.effect.never_began, done.effect.took_effect) == (True, True)
    assert done.effect.rerouted is not None
    assert (done.effect.rerouted.events, done.effect.rerouted.handed_over) == (6, 3)
    assert {one[1:] for one in rows(ground, OWNERS) if one[0].startswith("handling")} == {
        ("now@2026-05-10", code) for code in "ABC"
    }


def test_a_plan_in_force_is_withdrawn_from_a_day_on_and_its_codes_are_not_given_again(
    ground: Database, plant: Callable[..., None]
) -> None:
    publish(ground, valid_from=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(InputError, match="2026-05-10 does not end it"):
        withdraw_plan(ground, "next", reason="x", effective=TODAY, timezone=ZONE, today=tomorrow)
    withdraw_plan(ground, "next", reason="x", effective=LATER, timezone=ZONE, today=tomorrow)
    assert [(one.name, one.valid_to) for one in list_plans(ground, "grid", TODAY)] == [("next", LATER)]
    # D was in force for a part of A; this D is new ground at the other end, and this C the old one
    plant("grid", drawn("AABBCD"), plan="third", valid_from=None)
    told = preview(ground, "third", effective=date(2026, 7, 1))
    done = publish(ground, "third", valid_from=date(2026, 7, 1))
    assert told.effect == done.effect
    assert (done.effect.renumbered, done.effect.codes_given) == ({"D": "001"}, ("001",))
    assert (done.effect.codes_retired, done.effect.codes_carried) == ((), ())


def test_codes_that_others_decided_on_are_kept_and_said(ground: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("BBAACC"), plan="swapped", valid_from=None)
    plant("grid", drawn("CCCCAA"), plan="decreed", valid_from=None)
    assert preview(ground, "swapped", effective=LATER).effect.codes_carried == ("A", "B")  # type: ignore[union-attr]
    done = publish(ground, "decreed", valid_from=LATER, keep_codes=True)
    assert (done.effect.codes_carried, done.effect.renumbered) == (("A", "C"), {})


def test_a_draft_corrects_a_plan(ground: Database, plant: Callable[..., None]) -> None:
    publish(ground, valid_from=LATER)
    plant("grid", drawn("AABBBB"), plan="right", valid_from=None)
    plant("grid", drawn("AABBBB"), plan="elsewhere", scope="330106", valid_from=None)
    plant("grid", drawn("AABBBB"), plan="late", valid_from=None)
    with pytest.raises(ConflictError, match="another layer or scope"):
        publish(ground, "elsewhere", valid_from=date(2030, 1, 1), corrects="next", reason="x")
    for options, words in (
        ({"corrects": "next"}, "names the plan"),
        ({"reason": "x"}, "names the plan"),
        ({"corrects": "next", "reason": " "}, "blank"),
        ({"corrects": "next", "reason": "x", "valid_from": TODAY}, "does not end it"),
    ):
        with pytest.raises(InputError, match=words):
            publish(ground, "right", **{"valid_from": LATER, **options})
    with pytest.raises(ConflictError, match="'right' is a draft"):
        publish(ground, "right", valid_from=LATER, corrects="right", reason="x")
    done = publish(ground, "right", valid_from=LATER, corrects="next", reason="D was a slip")
    assert (done.replaced, done.effect.never_began, done.effect.lineage_of) == ("next", True, "now")
    assert (done.plan.corrects, done.plan.reason) == ("next", "D was a slip")
    with pytest.raises(PlanPublished, match="'next' is retired already"):
        publish(ground, "late", valid_from=LATER, corrects="next", reason="x")


def test_what_cannot_be_withdrawn_is_said(ground: Database) -> None:
    with pytest.raises(ConflictError, match="'next' is a draft"):
        withdraw_plan(ground, "next", reason="x", timezone=ZONE, today=TODAY)
    with pytest.raises(ConflictError, match="No plan was in force before 'now'"):
        withdraw_plan(ground, "now", reason="x", timezone=ZONE, today=TODAY)
    publish(ground, valid_from=LATER)
    with pytest.raises(InputError, match="blank"):
        withdraw_plan(ground, "next", reason=" ", timezone=ZONE, today=TODAY)


def test_a_preview_says_what_refuses_it(ground: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("AABBBB\nAAB.BB\nAABBBB"), plan="holey", valid_from=None)
    told = preview(ground, "holey", effective=LATER)
    assert [(one.slug, one.sentence) for one in told.refusals] == [
        ("defects-found", "Plan 'holey' has 1 gap.")
    ]
    assert told.effect is not None  # what would be, were it accepted
    assert told.effect.codes_retired == ("C",)
    early = preview(ground, effective=date(2025, 12, 1))
    assert [one.slug for one in early.refusals] == ["validity-overlap"]
    assert (early.effect, early.rerouted, early.events) == (None, None, ())
    accepted = preview(ground, "holey", effective=LATER, accept_defects="as surveyed")
    assert (accepted.refusals, accepted.effect) == ((), told.effect)


def test_blocks_hold_their_areas(ground: Database) -> None:
    """An area that is not the ground of its blocks is refused, and so are blocks in no area."""
    with ground.begin() as connection:
        for number, (code, area) in enumerate((("a", "A"), ("d", "D"), ("b", "B"))):
            shape = shapely.MultiPolygon([drawn("ADBBBB")[area]]).wkt if area != "B" else None
            box = shape or shapely.MultiPolygon([shapely.box(114.02, 22.5, 114.05, 22.51)]).wkt
            connection.execute(
                sa.text(
                    "INSERT INTO block (code, scope_code, geom, area_m2) VALUES (:code, '',"
                    " ST_GeomFromText(:wkt, 4326), :number)"
                ),
                {"code": code, "wkt": box, "number": number + 1},
            )
            connection.execute(
                sa.text(
                    "INSERT INTO assignment (plan_id, block_id, area_code)"
                    " SELECT plan.id, block.id, :area FROM plan, block WHERE plan.name = 'next' AND"
                    " block.code = :code"
                ),
                {"code": code, "area": area},
            )
    with pytest.raises(ConflictError, match="'next' are not the ground of their blocks: B"):
        publish(ground, valid_from=LATER)
    with ground.begin() as connection:
        connection.execute(sa.text("UPDATE assignment SET area_code = NULL WHERE area_code = 'B'"))
    with pytest.raises(DefectsFound, match=r"'next'.*1 block"):
        publish(ground, valid_from=LATER, accept_defects="so what")


def test_new_areas_are_numbered_by_the_scheme_of_their_layer(
    database: Database, plant: Callable[..., None]
) -> None:
    frame = lattice(20, 2)
    settle(database, plant, frame)
    west, half, east = f"{WEST}001", f"{WEST}002", f"{EAST}001"
    west_of, east_of = between(frame, 0, 10), between(frame, 10, 20)
    first = {west: between(frame, 0, 5), half: between(frame, 5, 10), east: east_of}
    merged = {west: west_of, east: east_of}
    wrong = {west: west_of, east: between(frame, 10, 15), half: between(frame, 15, 20)}
    parents = {west: [WEST], half: [WEST], east: [EAST]}
    days = [date(2026, month, 1) for month in (2, 3, 4)]
    for name, areas, day in zip("abc", (first, merged, wrong), days, strict=True):
        plant("subgrid", areas, plan=name, scope=SCOPE, parents=parents, valid_from=None)
        done = publish(database, name, valid_from=day, accept_defects="drawn so")
    assert done.effect.renumbered == {half: f"{EAST}002"}
    assert (done.effect.codes_given, done.effect.codes_retired) == ((f"{EAST}002",), ())
    lineage = "SELECT code, former_code FROM area_lineage JOIN plan ON plan.id = plan_id"
    assert rows(database, f"{lineage} WHERE plan.name = 'c' ORDER BY 1") == [
        (west, west),
        (east, east),
        (f"{EAST}002", east),
    ]
