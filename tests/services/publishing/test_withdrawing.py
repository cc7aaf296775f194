"""Plans taken back and corrected: another publication, and nothing deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from published_grids import LATER, OWNERS, TODAY, ZONE, digest_of, drawn, preview, publish, rows

from gisgov.errors import ConflictError, InputError, PlanPublished
from gisgov.services.plans import list_plans
from gisgov.services.publishing import (
    take_effect,
    withdraw_plan,
)
from gisgov.store.database import Database


def test_a_withdrawn_plan_never_begins_and_what_was_before_goes_on(ground: Database) -> None:
    publish(ground, valid_from=LATER)
    done = withdraw_plan(ground, "next", reason="the court stopped it", timezone=ZONE, today=TODAY)
    assert (done.plan.name, done.plan.corrects, done.plan.reason) == (
        "now@2026-06-01", "next", "the court stopped it"
    )  # fmt: skip
    assert done.content_sha256 == digest_of(ground, "now")
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


def test_a_plan_in_force_is_corrected_and_withdrawn_though_another_is_decided(
    ground: Database, plant: Callable[..., None]
) -> None:
    publish(ground, valid_from=TODAY)
    for name in ("third", "right"):
        plant("grid", drawn("ADDBBB"), plan=name, valid_from=None)
    publish(ground, "third", valid_from=LATER)
    days = [TODAY + timedelta(days=number) for number in range(3)]
    refused = preview(ground, "right", effective=days[1], valid_to=LATER).refusals
    assert [one.slug for one in refused] == ["validity-overlap"]
    assert "`--corrects next --reason TEXT`" in str(refused[0].hint)
    corrected = {"corrects": "next", "reason": "x", "today": days[1], "valid_from": days[1]}
    with pytest.raises(PlanPublished, match="'next' is retired already"):
        publish(ground, "right", **{**corrected, "today": LATER, "valid_from": LATER})
    done = publish(ground, "right", **corrected)
    assert (done.replaced, done.plan.valid_to, done.effect.never_began) == ("next", LATER, False)
    back = withdraw_plan(ground, "right", reason="no", timezone=ZONE, today=days[2])
    assert [(one.name, one.status, one.valid_from, one.valid_to) for one in list_plans(ground, "grid")] == [
        ("now", "retired", date(2026, 1, 1), TODAY),
        ("next", "retired", TODAY, days[1]),
        ("right", "retired", days[1], days[2]),
        ("next@2026-05-12", "published", days[2], LATER),
        ("third", "published", LATER, None),
    ]
    # the plan that is yet to begin comes from what is in force before it now
    followed = (
        "SELECT DISTINCT plan.name, former.name FROM area_lineage JOIN plan ON plan.id = plan_id"
        " JOIN plan AS former ON former.id = former_plan_id WHERE plan.name = 'third'"
    )
    assert rows(ground, followed) == [("third", back.plan.name)]
    with pytest.raises(InputError, match="is blank"):
        withdraw_plan(ground, "third", reason="x", new_name=" ", timezone=ZONE, today=days[2])


def test_what_cannot_be_withdrawn_is_said(ground: Database) -> None:
    with pytest.raises(ConflictError, match="'next' is a draft"):
        withdraw_plan(ground, "next", reason="x", timezone=ZONE, today=TODAY)
    with pytest.raises(ConflictError, match="No plan was in force before 'now'"):
        withdraw_plan(ground, "now", reason="x", timezone=ZONE, today=TODAY)
    publish(ground, valid_from=LATER)
    with pytest.raises(InputError, match="blank"):
        withdraw_plan(ground, "next", reason=" ", timezone=ZONE, today=TODAY)
