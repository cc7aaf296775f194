"""What a preview tells, and that publication then does just that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from published_grids import LATER, OWNERS, ROUTES, TODAY, drawn, preview, publish, rows
from pydantic import TypeAdapter

from fixtures.shipped import visit_policy
from gisgov.services.publishing import (
    PlanPreview,
    take_effect,
)
from gisgov.store.database import Database


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
    visits = visit_policy().patrols_per_year["unclassified"]
    works = {one.code: (one.before, one.after) for one in told.workload}
    assert {
        code: [None if one is None else (one.events_per_year, one.visits_per_year // visits) for one in pair]
        for code, pair in works.items()
    } == {"A": [(4, 2), (2, 1)], "B": [(4, 2), (8, 4)], "C": [(4, 2), None], "D": [None, (2, 1)]}


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
