"""What the database refuses, whoever writes: asked with raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

Run = Callable[..., list[tuple[Any, ...]]]

SQUARE = "SRID=4326;MULTIPOLYGON(((114 30,114.01 30,114.01 30.01,114 30.01,114 30)))"
PUBLISH = "UPDATE plan SET status = %s, valid_from = %s, valid_to = %s, published_at = now() WHERE id = %s"


def refuse(run: Run, statement: str, *values: object, constraint: str) -> None:
    """Fail unless the statement breaks exactly this constraint; what is refused changes nothing."""
    broken = "none"
    try:
        run(statement, *values)
    except psycopg.errors.IntegrityError as error:
        broken = error.diag.constraint_name or ""
    assert broken == constraint, statement


def plan_of(run: Run, layer: int, name: str, *, scope: str = "") -> int:
    row = run(
        "INSERT INTO plan (name, layer_id, scope_code, working_crs) VALUES (%s, %s, %s, 'x') RETURNING id",
        name, layer, scope,
    )  # fmt: skip
    return int(row[0][0])


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (("2026-01-01", None), ("2026-06-01", None), True),
        (("2026-01-01", None), ("2025-01-01", "2026-01-02"), True),
        (("2026-01-01", "2026-06-01"), ("2026-05-31", None), True),
        (("2026-01-01", "2026-06-01"), ("2026-06-01", None), False),  # half-open: the days meet, not overlap
        (("2026-06-01", None), ("2026-01-01", "2026-06-01"), False),
    ],
)
def test_two_plans_of_a_layer_and_scope_are_never_in_force_at_once(
    run: Run, grid: int, first: tuple[str, str | None], second: tuple[str, str | None], meet: bool
) -> None:
    a, b = plan_of(run, grid, "a"), plan_of(run, grid, "b")
    run(PUBLISH, "published", *first, a)
    if meet:
        with pytest.raises(psycopg.errors.ExclusionViolation, match="plan_validity_excl"):
            run(PUBLISH, "published", *second, b)
    else:
        run(PUBLISH, "published", *second, b)


def test_other_scopes_other_layers_and_drafts_may_overlap(run: Run, grid: int) -> None:
    (beat,) = run(
        "INSERT INTO layer (name, title_zh, title_en, kind, position)"
        " VALUES ('beat', '警区', 'Beat', 'partition', 2) RETURNING id"
    )
    plan_of(run, grid, "draft")
    plans = [plan_of(run, grid, "a"), plan_of(run, grid, "b", scope="330106"), plan_of(run, beat[0], "c")]
    for plan in plans:
        run(PUBLISH, "published", "2026-01-01", None, plan)


def test_a_retired_plan_still_holds_its_days(run: Run, grid: int) -> None:
    a, b = plan_of(run, grid, "a"), plan_of(run, grid, "b")
    run(PUBLISH, "published", "2026-01-01", None, a)
    run("UPDATE plan SET status = 'retired', valid_to = '2026-06-01' WHERE id = %s", a)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        run(PUBLISH, "published", "2026-05-01", None, b)
    run(PUBLISH, "published", "2026-06-01", None, b)


IN_FORCE = "valid_from = '2026-01-01', published_at = now()"


def test_a_plan_has_the_dates_of_its_status(run: Run, grid: int) -> None:
    plan = plan_of(run, grid, "a")
    for change, constraint in (
        (f"status = 'approved', valid_to = '2027-01-01', {IN_FORCE}", "plan_status_check"),
        ("status = 'published', published_at = now()", "plan_dates_of_status_check"),
        ("status = 'published', valid_from = '2026-01-01'", "plan_dates_of_status_check"),
        ("valid_from = '2026-01-01'", "plan_dates_of_status_check"),  # a draft has no validity
        (f"status = 'published', valid_to = '2026-01-01', {IN_FORCE}", "plan_validity_check"),
        ("name = ''", "plan_name_check"),
    ):
        refuse(run, f"UPDATE plan SET {change} WHERE id = %s", plan, constraint=constraint)


def test_names_of_plans_and_layers_are_taken_once(run: Run, grid: int) -> None:
    plan_of(run, grid, "a")
    plan_of(run, grid, "b")
    refuse(run, "UPDATE plan SET name = 'a'", constraint="plan_name_key")
    row = "('grid', '网格', 'Grid', 'partition', 1)"
    refuse(
        run,
        f"INSERT INTO layer (name, title_zh, title_en, kind, position) VALUES {row}",
        constraint="layer_name_key",
    )


BAD_GROUND = {
    "bow tie": "SRID=4326;MULTIPOLYGON(((114 30,114.02 30.02,114.02 30,114 30.02,114 30)))",
    "empty": "SRID=4326;MULTIPOLYGON EMPTY",
    "metres": "SRID=4326;MULTIPOLYGON(((500000 3300000,500100 3300000,500100 3300100,500000 3300000)))",
    "latitude of 95": "SRID=4326;MULTIPOLYGON(((114 94,115 94,115 95,114 94)))",
}


def test_ground_is_sound_and_in_lon_lat(run: Run, draft: int) -> None:
    for ground in BAD_GROUND.values():
        for column in ("area.geom", "block.geom", "plan.scope_geom"):
            table, _, name = column.partition(".")
            refuse(run, f"UPDATE {table} SET {name} = %s", ground, constraint=f"{table}_{name}_check")


def test_other_systems_types_and_heights_do_not_fit(run: Run, draft: int) -> None:
    for ground, fault in (
        ("SRID=4490;MULTIPOLYGON(((114 30,114.01 30,114.01 30.01,114 30)))", "SRID"),
        ("SRID=4326;POINT(114 30)", "type"),
        ("SRID=4326;MULTIPOLYGON Z(((114 30 1,114.01 30 1,114.01 30.01 1,114 30 1)))", "Z"),
    ):
        with pytest.raises(psycopg.errors.InvalidParameterValue, match=fault):
            run("UPDATE area SET geom = %s", ground)


def test_values_that_mean_nothing_are_refused(run: Run, draft: int) -> None:
    for statement, constraint in (
        ("area SET code = ''", "area_code_check"),
        ("area SET area_m2 = -1", "area_area_m2_check"),
        ("area SET population = -1", "area_population_check"),
        ("area SET households = -1", "area_households_check"),
        ("block SET code = ''", "block_code_check"),
        ("block SET area_m2 = -1", "block_area_m2_check"),
        ("block SET population = -1", "block_population_check"),
        ("block SET households = -1", "block_households_check"),
        ("layer SET kind = 'coverage'", "layer_kind_check"),
        ("layer SET nesting = 'nested'", "layer_nesting_needs_parent_check"),
        ("layer SET nesting = 'nested', parent_id = id", "layer_parent_is_another_check"),
    ):
        refuse(run, f"UPDATE {statement}", constraint=constraint)


def test_foreign_keys_hold(run: Run, draft: int) -> None:
    for statement, constraint in (
        ("INSERT INTO plan (name, layer_id, working_crs) VALUES ('x', 99, 'x')", "plan_layer_id_fkey"),
        ("UPDATE area SET plan_id = 99", "area_plan_id_fkey"),
        ("UPDATE assignment SET area_code = 'Z'", "assignment_plan_id_area_code_fkey"),
        ("UPDATE assignment SET block_id = 99", "assignment_block_id_fkey"),
        ("DELETE FROM block", "assignment_block_id_fkey"),
        ("DELETE FROM layer", "plan_layer_id_fkey"),
        ("UPDATE layer SET parent_id = 99, nesting = 'nested'", "layer_parent_id_fkey"),
        ("UPDATE layer SET code_scheme = 'none'", "layer_code_scheme_fkey"),
        (
            "INSERT INTO staff_post (layer_id, area_code, role, holder) VALUES (99, 'A', 'r', 'h')",
            "staff_post_layer_id_fkey",
        ),
    ):
        refuse(run, statement, constraint=constraint)


def test_a_code_comes_once_in_a_plan(run: Run, draft: int) -> None:
    refuse(run, "UPDATE area SET code = 'A'", constraint="area_plan_id_code_key")


def test_codes_are_ordered_by_code_point(run: Run, draft: int) -> None:
    run("UPDATE area SET code = 'a' WHERE code = 'A'")
    run("INSERT INTO area (plan_id, code, name, geom, area_m2) VALUES (%s, '网', 'n', %s, 1)", draft, SQUARE)
    assert run("SELECT array_agg(code ORDER BY code) FROM area") == [(["B", "a", "网"],)]
    assert run("SELECT parent_codes FROM area WHERE parent_codes @> ARRAY['x']") == []


def test_renaming_an_area_of_a_draft_takes_its_blocks_along(run: Run, draft: int) -> None:
    run("UPDATE area SET code = 'C' WHERE code = 'A'")
    assert run("SELECT area_code FROM assignment") == [("C",)]


def test_deleting_a_draft_takes_its_areas_and_assignments_along(run: Run, draft: int) -> None:
    run("DELETE FROM plan WHERE id = %s", draft)
    assert run("SELECT count(*) FROM area") == run("SELECT count(*) FROM assignment") == [(0,)]
    assert run("SELECT count(*) FROM block") == [(1,)]


EVENT = "INSERT INTO event (external_id, source, state, occurred_at, geom, crs, problem) VALUES "


def test_an_event_has_a_place_or_a_reason_for_none(run: Run) -> None:
    for statement, constraint in (
        ("('1', 's', 'open', now(), NULL, 'x', NULL)", "event_problem_or_geom_check"),
        (
            "('1', 's', 'open', now(), 'SRID=4326;POINT(114 30)', 'x', 'no-coordinate')",
            "event_problem_or_geom_check",
        ),
        ("('1', 's', 'open', now(), NULL, 'x', 'lost')", "event_problem_check"),
        ("('1', 's', 'open', now(), 'SRID=4326;POINT(30 114)', 'x', NULL)", "event_geom_check"),
        ("('1', 's', 'open', now(), 'SRID=4326;POINT(NaN 30)', 'x', NULL)", "event_geom_check"),
        ("('1', 's', 'open', now(), 'SRID=4326;POINT EMPTY', 'x', NULL)", "event_geom_check"),
    ):
        refuse(run, EVENT + statement, constraint=constraint)


def test_an_event_comes_once_from_a_source(run: Run) -> None:
    run(EVENT + "('1', 's', 'open', now(), NULL, 'x', 'no-coordinate')")
    run(EVENT + "('1', 't', 'open', now(), NULL, 'x', 'no-coordinate')")
    again = EVENT + "('1', 's', 'open', now(), NULL, 'x', 'no-coordinate')"
    refuse(run, again, constraint="event_source_external_id_key")


BUILDING = (
    "INSERT INTO building (external_id, source, geom, crs, problem{0}) VALUES ('1', 's', {1}, 'x', {2}{3})"
)
HERE = "'SRID=4326;POINT(114 30)'"


def test_a_building_makes_sense(run: Run) -> None:
    for statement, constraint in (
        (BUILDING.format("", "NULL", "NULL", ""), "building_problem_or_geom_check"),
        (BUILDING.format("", "'SRID=4326;LINESTRING(114 30,115 30)'", "NULL", ""), "building_geom_check"),
        (BUILDING.format("", "'SRID=4326;POINT(30 114)'", "NULL", ""), "building_geom_check"),
        (BUILDING.format(", floors", HERE, "NULL", ", -1"), "building_counts_check"),
        (BUILDING.format(", risk_class", HERE, "NULL", ", 'safe'"), "building_rating_is_whole_check"),
    ):
        refuse(run, statement, constraint=constraint)


@pytest.mark.parametrize("subject", ["event", "building"])
def test_an_owner_is_an_area_of_the_plan_and_an_orphan_has_a_reason(
    run: Run, grid: int, published: int, subject: str
) -> None:
    run(EVENT + "('1', 's', 'open', now(), NULL, 'x', 'no-coordinate')")
    run(BUILDING.format("", HERE, "NULL", ""))
    columns = f"({subject}_id, layer_id, plan_id, area_code, orphan_reason, nearest_code)"
    row = f"INSERT INTO {subject}_area {columns} VALUES (1, %s"
    for values, constraint in (
        (", NULL, NULL, NULL, NULL)", "owner_or_orphan_check"),
        (", %s, 'A', 'outside', NULL)", "owner_or_orphan_check"),
        (", NULL, 'A', NULL, NULL)", "area_has_plan_check"),
        (", NULL, NULL, 'outside', 'B')", "area_has_plan_check"),
        (", %s, NULL, 'outside', NULL)", "area_has_plan_check"),
        (", %s, 'A', NULL, 'B')", "owner_is_no_neighbour_check"),
        (", %s, NULL, 'lost', 'B')", "orphan_reason_check"),
        (", %s, 'Z', NULL, NULL)", "plan_id_area_code_fkey"),
        (", %s, NULL, 'outside', 'Z')", "plan_id_nearest_code_fkey"),
    ):
        given = [published] * values.count("%s")
        refuse(run, row + values, grid, *given, constraint=f"{subject}_area_{constraint}")
    run(row + ", %s, 'A', NULL, NULL)", grid, published)
    run(f"DELETE FROM {subject}")
    assert run(f"SELECT count(*) FROM {subject}_area") == [(0,)]


def test_a_rating_is_whole_and_of_a_known_class(run: Run) -> None:
    run("INSERT INTO risk_rules (version, definition) VALUES ('1', '{}')")
    run(BUILDING.format("", HERE, "NULL", ""))
    rating = "risk_points = 3, risk_reasons = '{}', risk_rules_version = '1', rated_at = now()"
    refuse(
        run,
        f"UPDATE building SET risk_class = 'red', {rating}",
        constraint="building_risk_class_check",
    )
    refuse(run, f"UPDATE building SET {rating}", constraint="building_rating_is_whole_check")
    run(f"UPDATE building SET risk_class = 'safe', {rating}")
    refuse(run, "DELETE FROM risk_rules", constraint="building_risk_rules_version_fkey")


def test_an_import_is_of_a_known_kind(run: Run) -> None:
    columns = "(kind, file_name, sha256, rows_read, rows_imported, rows_unchanged, rows_rejected)"
    refuse(
        run,
        f"INSERT INTO import_batch {columns} VALUES ('people', 'f', 's', 0, 0, 0, 0)",
        constraint="import_batch_kind_check",
    )


def test_ground_is_found_by_an_index_of_its_plan(run: Run, draft: int) -> None:
    run("SET enable_seqscan = off")
    question = (
        "SELECT code FROM area WHERE plan_id = 1 AND ST_Intersects(geom, ST_Point(114.005, 30.005, 4326))"
    )
    lines = " ".join(line for (line,) in run("EXPLAIN " + question))
    assert "area_plan_id_geom_idx" in lines
    assert "plan_id = 1" in lines.partition("Index Cond")[2]
