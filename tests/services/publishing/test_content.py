"""What areas of a draft may be published: their codes, and their ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import shapely
import sqlalchemy as sa
from lattices import EAST, SCOPE, WEST, between, lattice, settle
from published_grids import LATER, TODAY, ZONE, drawn, preview, publish, rows

from gisgov.errors import ConflictError, DefectsFound, StaleBase
from gisgov.services.editing.branching import branch_plan
from gisgov.services.publishing import retire_plan, withdraw_plan
from gisgov.store.database import Database


def test_codes_that_others_decided_on_are_kept_and_said(ground: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("BBAACC"), plan="swapped", valid_from=None)
    plant("grid", drawn("CCCCAA"), plan="decreed", valid_from=None)
    assert preview(ground, "swapped", effective=LATER).effect.codes_carried == ("A", "B")  # type: ignore[union-attr]
    done = publish(ground, "decreed", valid_from=LATER, keep_codes=True)
    assert (done.effect.codes_carried, done.effect.renumbered) == (("A", "C"), {})


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


def test_a_draft_does_not_undo_unasked_what_a_newer_plan_changed(ground: Database) -> None:
    for name in ("mine", "right"):
        branch_plan(ground, "now", name, today=TODAY, timezone=ZONE)
    early = preview(ground, "mine", effective=TODAY)
    assert early.refusals == ()
    publish(ground, valid_from=TODAY)
    told = preview(ground, "mine", effective=LATER)
    assert [one.slug for one in told.refusals] == ["stale-base"]
    assert "`gisgov draft rebase mine --onto next`" in str(told.refusals[0].hint)
    assert told.effect is not None  # what would be
    with pytest.raises(StaleBase, match="would follow the newer 'next'"):
        publish(ground, "mine", valid_from=LATER)
    # after a gap as well; and a correction says itself what it takes the place of
    gap = LATER + timedelta(days=9)
    retire_plan(ground, "next", valid_to=LATER, timezone=ZONE)
    assert [one.slug for one in preview(ground, "mine", effective=gap).refusals] == ["stale-base"]
    assert preview(ground, "right", effective=TODAY, corrects="next").refusals == ()
    done = publish(ground, "mine", valid_from=LATER, over_newer=True)
    assert done.effect.lineage_of == "next"
    # the areas of its base are in force once more: there is nothing to undo
    branch_plan(ground, "next", "fourth", today=TODAY, timezone=ZONE)
    assert [one.slug for one in preview(ground, "fourth", effective=gap).refusals] == ["stale-base"]
    withdraw_plan(ground, "mine", reason="x", timezone=ZONE, today=TODAY)
    assert preview(ground, "fourth", effective=gap).refusals == ()
