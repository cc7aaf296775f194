"""Putting plans into force and ending them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from published_grids import drawn, put_points
from pydantic import TypeAdapter

from gisgov.errors import (
    DefectsFound,
    InputError,
    NotFoundError,
    PlanPublished,
    ValidityOverlap,
)
from gisgov.services.plans import list_plans, show_plan
from gisgov.services.publishing import PlanPublication, Rerouting
from gisgov.store.database import Database
from gisgov.store.plans import create_draft
from gisgov.store.rerouting import Reroute

BEGIN = date(2026, 1, 1)


def test_a_sound_draft_comes_into_force(database: Database, draft: Any, publish: Any) -> None:
    draft("grid", "AAB\nACB")
    done = publish(decision="Order 7", author="规划科")
    assert (done.plan.status, done.plan.valid_from, done.plan.valid_to) == ("published", BEGIN, None)
    assert (done.plan.decision, done.plan.author) == ("Order 7", "规划科")
    assert done.replaced is None
    assert set(done.defects.values()) == {0}
    assert (done.certified, done.proof) == (
        False,
        "nothing is proved: there is no scope that the areas are to cover",
    )
    assert done.accepted_because is None
    assert show_plan(database, "p").content_sha256 == done.content_sha256
    TypeAdapter(PlanPublication).dump_json(done, warnings="error")


def test_a_draft_with_defects_stays_a_draft(database: Database, draft: Any, publish: Any) -> None:
    draft("grid", "AAB\nA.B\nCCB")
    with pytest.raises(DefectsFound, match="Plan 'p' has 1 gap") as refused:
        publish()
    assert "--accept-defects" in (refused.value.hint or "")
    assert show_plan(database, "p").plan.status == "draft"


def test_defects_are_accepted_for_a_reason_that_is_recorded(
    database: Database, draft: Any, publish: Any
) -> None:
    draft("grid", "AAB\nA.B\nCCB")
    done = publish(accept_defects=" inherited from 2019 ")
    assert done.accepted_because == "inherited from 2019"
    assert done.defects["gap"] == 1
    record = show_plan(database, "p").accepted_defects
    assert record is not None
    assert (record["reason"], record["counts"]["gap"]) == ("inherited from 2019", 1)
    assert record["ground_m2"]["gap"] == pytest.approx(1.14e6, rel=0.01)
    with pytest.raises(InputError, match="blank"):
        publish(accept_defects=" ")


def test_what_is_proved_is_stored_with_the_plan(
    database: Database, plant: Any, draft: Any, publish: Any
) -> None:
    plant("street", drawn("SST"))
    draft("grid", "ABC", parent="street", parents={"A": ["S"], "B": ["S"], "C": ["T"]})
    assert show_plan(database, "p").certificate is None
    done = publish()
    assert (done.certified, done.plan.status) == (True, "published")
    assert show_plan(database, "p").certificate == {
        "certified": True,
        "figure": "0000000000000000-0000000000000000 over 20 edges",
        "proof": done.proof,
        "scope": "all of layer street on 2026-01-01",
        "tolerances": {"sliver_width_m": 0.5, "vertex_tolerance_m": 0.0223, "min_gap_m2": 0.0},
        "notices": {"vertex-mismatch": 0},
        "below": {"min_gap_m2": 0, "vertex_tolerance_m": 0},
    }


def test_vertex_mismatches_do_not_keep_a_plan_from_being_published(
    database: Database, plant: Any, publish: Any
) -> None:
    plant("street", drawn("SS"))
    bare = shapely.box(114, 22.5, 114.02, 22.51)  # without the corners that S has half-way
    plant("grid", {"A": bare}, parent="street", parents={"A": ["S"]}, plan="p", valid_from=None)
    done = publish()
    assert (done.certified, done.accepted_because) == (False, None)
    stored = show_plan(database, "p").certificate
    assert stored is not None
    assert stored["notices"] == {"vertex-mismatch": done.defects["vertex-mismatch"]}
    assert done.defects["vertex-mismatch"] > 0


def test_a_reason_without_defects_is_not_recorded(database: Database, draft: Any, publish: Any) -> None:
    draft("grid", "AB")
    assert publish(accept_defects="to be safe").accepted_because is None
    assert show_plan(database, "p").accepted_defects is None


def test_no_ground_is_in_force_twice_under_two_scopes(draft: Any, publish: Any) -> None:
    draft("grid", "AAB", plan="whole")
    draft("grid", "..B", plan="part", scope="330106")
    publish("whole", valid_to=date(2026, 6, 1))
    for reason in (None, "as it was"):
        with pytest.raises(
            ValidityOverlap, match=r"m² of plan 'whole'.*1 of its areas are in force"
        ) as refused:
            publish("part", accept_defects=reason)
        assert "gisgov plan retire whole" in (refused.value.hint or "")
    assert publish("part", valid_from=date(2026, 6, 1)).replaced is None


def test_scopes_may_touch(draft: Any, publish: Any) -> None:
    draft("grid", "AAB", plan="west", scope="330106")
    draft("grid", "...CC", plan="east", scope="330108")
    publish("west")
    assert publish("east").accepted_because is None


def test_a_flaw_along_the_border_of_another_scope_may_be_accepted(
    database: Database, draft: Any, publish: Any
) -> None:
    draft("grid", "AAB", plan="west", scope="330106")
    draft("grid", "..CCC", plan="east", scope="330108")
    publish("west")
    with pytest.raises(DefectsFound, match=r"covers 1,1\d\d,\d\d\d m² of plan 'west'") as refused:
        publish("east")
    assert "--accept-defects" in (refused.value.hint or "")
    assert publish("east", accept_defects="surveyed apart").accepted_because == "surveyed apart"
    record = show_plan(database, "east").accepted_defects
    assert record is not None
    assert record["shared_ground_m2"] == {"west": pytest.approx(1.14e6, rel=0.01)}


def test_the_ground_of_the_layer_above_is_to_be_covered(plant: Any, draft: Any, publish: Any) -> None:
    plant("street", drawn("SST"))
    draft("grid", "AB.", parent="street", parents={"A": ["S"], "B": ["S"]})
    with pytest.raises(DefectsFound, match="1 gap"):
        publish()


def test_areas_stay_inside_their_parents(plant: Any, draft: Any, publish: Any) -> None:
    plant("street", drawn("SST"))
    parents = {"A": ["S"], "B": ["T"], "C": []}
    draft("grid", "ABC", parent="street", parents=parents)
    with pytest.raises(DefectsFound, match="1 piece outside its parent and 1 area without parent"):
        publish()


def test_parents_are_those_in_force_on_the_first_day(plant: Any, draft: Any, publish: Any) -> None:
    plant("street", drawn("SS."), plan="old", valid_from=date(2025, 1, 1), valid_to=BEGIN)
    plant("street", drawn("SSS"), plan="new", valid_from=BEGIN)
    draft("grid", "AA.", parent="street", parents={"A": ["S"]})
    with pytest.raises(DefectsFound, match="1 gap"):
        publish()
    publish(valid_from=date(2025, 6, 1), valid_to=BEGIN)


def test_an_overlay_need_not_cover_anything(database: Database, plant: Any, draft: Any, publish: Any) -> None:
    plant("street", drawn("SSSS"))
    draft("school", "X.Y.", parent="street", kind="overlay", parents={"X": ["S"], "Y": ["S"]})
    put_points(database, (114.005, 22.505))
    done = publish()
    assert (done.events, done.buildings) == (None, None)
    assert "gap" not in done.defects


def test_the_open_ended_plan_before_it_ends(database: Database, draft: Any, publish: Any) -> None:
    draft("grid", "AA", plan="old")
    draft("grid", "BB", plan="new")
    publish("old", valid_from=date(2025, 1, 1))
    assert publish("new").replaced == "old"
    assert [(one.name, one.status, one.valid_to) for one in list_plans(database)] == [
        ("old", "retired", BEGIN),
        ("new", "published", None),
    ]


@pytest.mark.parametrize(
    ("first", "second", "in_the_way"),
    [
        ((date(2026, 6, 1), None), (BEGIN, None), "'a'"),  # it would have to begin after the one that stays
        ((BEGIN, None), (BEGIN, None), "'a'"),
        ((date(2025, 1, 1), date(2026, 6, 1)), (BEGIN, None), "'a'"),  # bounded: it was meant to last
        ((date(2026, 6, 1), date(2027, 1, 1)), (BEGIN, date(2026, 6, 2)), "'a'"),
        ((date(2026, 6, 1), date(2027, 1, 1)), (BEGIN, None), "'a'"),
    ],
)
def test_plans_that_cannot_give_way_are_named(
    draft: Any, publish: Any, first: Any, second: Any, in_the_way: str
) -> None:
    draft("grid", "AA", plan="a")
    draft("grid", "AA", plan="b")
    publish("a", valid_from=first[0], valid_to=first[1])
    with pytest.raises(ValidityOverlap, match=f"Plan {in_the_way}"):
        publish("b", valid_from=second[0], valid_to=second[1])


def test_a_bounded_plan_fits_between(draft: Any, publish: Any) -> None:
    draft("grid", "AA", plan="a")
    draft("grid", "AA", plan="b")
    publish("a", valid_from=BEGIN)
    publish("b", valid_from=date(2025, 1, 1), valid_to=BEGIN)


def test_what_cannot_be_published_is_said(database: Database, draft: Any, publish: Any) -> None:
    draft("grid", "AA")
    with pytest.raises(InputError, match="cannot be in force from 2026-01-01 to 2026-01-01"):
        publish(valid_to=BEGIN)
    with pytest.raises(NotFoundError, match="'q'"):
        publish("q")
    publish()
    with pytest.raises(PlanPublished, match="'p' is published already"):
        publish()
    with database.begin() as connection:
        layer = connection.scalar(sa.text("SELECT id FROM layer"))
        create_draft(connection, name="empty", layer_id=layer, working_crs="EPSG:4547")
    with pytest.raises(InputError, match="'empty' has no areas"):
        publish("empty", valid_from=date(2027, 1, 1))


def test_events_and_buildings_find_their_area(database: Database, draft: Any, publish: Any) -> None:
    put_points(database, (114.005, 22.505), (114.01, 22.505), (114.5, 22.505))
    draft("grid", "AB")
    done = publish()
    assert done.events is not None
    assert done.buildings is not None
    for join in (done.events, done.buildings):
        assert (join.joined, join.on_border, join.orphans) == (2, 1, 1)


def test_closed_events_keep_their_area_and_open_ones_go_to_the_next(
    database: Database, draft: Any, publish: Any
) -> None:
    put_points(database, (114.005, 22.505), (114.015, 22.505))
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE event SET state = 'closed' WHERE external_id = '0'"))
    draft("grid", "AA", plan="old")
    draft("grid", "BB", plan="new")
    publish("old")
    done = publish("new", valid_from=date(2026, 2, 1))
    assert (done.events.joined, done.buildings.joined) == (0, 2)  # buildings have no day but today
    assert done.effect.rerouted == Rerouting(1, 1, (Reroute("old", "A", "new", "B", 1),))
    with database.begin() as connection:
        owners = connection.scalars(sa.text("SELECT area_code FROM event_area ORDER BY event_id"))
        assert owners.all() == ["A", "B"]
        assert set(connection.scalars(sa.text("SELECT area_code FROM building_area"))) == {"B"}


def test_what_fails_late_leaves_the_predecessor_in_force(
    database: Database, draft: Any, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft("grid", "AA", plan="old")
    draft("grid", "BB", plan="new")
    publish("old", valid_from=date(2025, 1, 1))

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gisgov.store.joining.join_buildings", fail)
    with pytest.raises(ZeroDivisionError):
        publish("new")
    assert [(one.name, one.status, one.valid_to) for one in list_plans(database)] == [
        ("old", "published", None),
        ("new", "draft", None),
    ]
