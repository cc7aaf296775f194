"""Row-level security: raw SQL of an account shows what lies in its territory, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from acting_sessions import acting, put_account, seen
from two_streets import drawn, plant_two_streets, put_event

from gisgov.store.privileges import ACTOR, TABLES

REFUSED = (psycopg.errors.InsufficientPrivilege,)


@pytest.fixture
def ground(session: psycopg.Connection, plant: Callable[..., None]) -> psycopg.Connection:
    return plant_two_streets(session, plant)


@pytest.mark.parametrize("subject", ["event", "building"])
@pytest.mark.parametrize(
    ("layer", "code", "sees"),
    [
        ("street", "S", "ab"),
        ("street", "T", "cd"),
        ("grid", "2", "bc"),
        ("grid", "3", "d"),
        ("beat", "B", "bc"),
        ("street", "none", ""),
        (None, None, "abcd"),
    ],
)
def test_a_dispatcher_sees_what_happened_in_his_area(
    ground: psycopg.Connection, subject: str, layer: str | None, code: str | None, sees: str
) -> None:
    account = put_account(ground, "wang", ("dispatcher", layer, code))
    assert seen(ground, subject, "external_id", account) == sorted(sees)
    owners = f"{subject}_area JOIN {subject} ON id = {subject}_id"
    assert seen(ground, owners, "DISTINCT external_id", account) == sorted(sees)
    assert len(seen(ground, f"{subject}_area", f"{subject}_id", account)) == 2 * len(sees)


def test_territories_of_one_account_add_up_and_roles_do_not_mix(ground: psycopg.Connection) -> None:
    account = put_account(ground, "wang", ("dispatcher", "grid", "1"), ("planner", "street", "T"))
    assert seen(ground, "event", "external_id", account) == ["a"]
    assert seen(ground, "plan", "name", account) == ["beat-2026", "draft-T", "grid-2026", "street-2026"]


@pytest.mark.parametrize("table", sorted({*TABLES} - {"role_right"}))
def test_nobody_sees_nothing(ground: psycopg.Connection, table: str) -> None:
    put_account(ground, "wang", ("administrator", None, None))
    ground.execute(
        "INSERT INTO block (code, scope_code, geom, area_m2) SELECT 'b', 'S', geom, 1 FROM area LIMIT 1"
    )
    assert seen(ground, table, "1", "") == []
    assert seen(ground, table, "1", 4711) == []


def test_a_disabled_account_sees_nothing(ground: psycopg.Connection) -> None:
    account = put_account(ground, "wang", ("dispatcher", None, None))
    ground.execute("UPDATE account SET disabled_at = now()")
    assert seen(ground, "event", "external_id", account) == []


def test_a_key_for_other_rights_sees_nothing(ground: psycopg.Connection) -> None:
    account = put_account(ground, "wang", ("dispatcher", "street", "S"))
    assert seen(ground, "event", "external_id", account, scopes="areas.read,staff.read") == []
    assert seen(ground, "event", "external_id", account, scopes="areas.read,events.read") == ["a", "b"]


@pytest.mark.parametrize(
    ("scope", "drafts"), [("S", ["draft-S"]), ("T", ["draft-T"]), (None, ["draft-S", "draft-T", "draft-all"])]
)
def test_a_planner_sees_the_drafts_of_his_ground(
    ground: psycopg.Connection, scope: str | None, drafts: list[str]
) -> None:
    where = ("street", scope) if scope else (None, None)
    account = put_account(ground, "lin", ("planner", *where))
    visible = "plan WHERE status = 'draft'"
    assert seen(ground, visible, "name", account) == drafts
    areas = "area JOIN plan ON plan.id = plan_id WHERE status = 'draft'"
    assert seen(ground, areas, "DISTINCT plan.name", account) == drafts
    published = ["beat-2026", "grid-2026", "street-2026"]
    assert seen(ground, "plan WHERE status <> 'draft'", "name", account) == published


def test_a_viewer_sees_no_draft(ground: psycopg.Connection) -> None:
    account = put_account(ground, "he", ("viewer", None, None))
    assert seen(ground, "plan WHERE status = 'draft'", "name", account) == []


CHANGES = {
    "own draft": ("UPDATE plan SET decision = 'x' WHERE name = 'draft-S'", 1),
    "draft of others": ("UPDATE plan SET decision = 'x' WHERE name = 'draft-T'", 0),
    "draft of the whole": ("UPDATE plan SET decision = 'x' WHERE name = 'draft-all'", 0),
    "areas of the own draft": (
        "DELETE FROM area USING plan WHERE plan.id = plan_id AND plan.name = 'draft-S'",
        3,
    ),
    "areas of another draft": (
        "DELETE FROM area USING plan WHERE plan.id = plan_id AND plan.name = 'draft-T'",
        0,
    ),
    "event": ("UPDATE event SET level = 'first'", 0),
    "layer": ("UPDATE layer SET title_en = 'x'", 0),
    "own account": ("UPDATE account SET name = 'chief'", 0),
    "own roles": ("UPDATE account_role SET role = 'administrator'", 0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_planner_changes_the_drafts_of_his_ground_alone(ground: psycopg.Connection, what: str) -> None:
    account = put_account(ground, "lin", ("planner", "street", "S"))
    change, count = CHANGES[what]
    with acting(ground, account):
        assert ground.execute(change).rowcount == count


def test_no_plan_is_put_into_force_by_sql(ground: psycopg.Connection) -> None:
    """The service checks a plan first: areas with codes and parents of others would widen a territory."""
    publish = "UPDATE plan SET status = 'published', valid_from = '2020-01-01', published_at = now() "
    for role in ("planner", "administrator"):
        account = put_account(ground, role, (role, None, None))
        with acting(ground, account), pytest.raises(REFUSED):
            ground.execute(publish + "WHERE name = 'draft-S'")
        with acting(ground, account):
            assert (
                ground.execute("UPDATE plan SET valid_to = '2027-01-01' WHERE name = 'grid-2026'").rowcount
                == 0
            )


@pytest.mark.parametrize("scope", ["T", "", "none", "2"])
def test_a_planner_drafts_on_his_ground_alone(ground: psycopg.Connection, scope: str) -> None:
    account = put_account(ground, "lin", ("planner", "street", "S"))
    insert = (
        "INSERT INTO plan (name, layer_id, scope_code, working_crs) SELECT 'new', id, %s, 'x' FROM layer "
    )
    with acting(ground, account):
        ground.execute(insert + "WHERE name = 'grid'", ("S",))
    with acting(ground, account), pytest.raises(REFUSED):
        ground.execute(insert + "WHERE name = 'grid'", (scope,))


def test_a_code_of_two_layers_must_be_reached_in_both(
    ground: psycopg.Connection, plant: Callable[..., None]
) -> None:
    plant("village", drawn("SUTT"), parent="street", parents={"S": ["S"], "U": ["S"], "T": ["T"]})
    account = put_account(ground, "lin", ("planner", "village", "S"))
    reaches = "SELECT reaches_scope('plans.draft', %s)"
    with acting(ground, account):
        assert ground.execute(reaches, ("S",)).fetchone() == (
            False,
        )  # the street S is more than the village S
    street = put_account(ground, "liu", ("planner", "street", "S"))
    with acting(ground, street):
        assert ground.execute(reaches, ("S",)).fetchone() == (True,)
        assert ground.execute(reaches, ("U",)).fetchone() == (True,)
        assert ground.execute(reaches, ("T",)).fetchone() == (False,)


def test_ground_goes_down_through_layers_that_nest_or_span(ground: psycopg.Connection) -> None:
    account = put_account(ground, "lin", ("planner", "street", "S"))
    query = (
        "SELECT name || ' ' || area_code FROM acting_ground('plans.draft', %s) JOIN layer ON id = layer_id"
    )
    with acting(ground, account):
        wholly = {row[0] for row in ground.execute(query, (True,))}
        partly = {row[0] for row in ground.execute(query, (False,))}
    assert wholly == {"street S", "grid 1"}
    assert partly == {"street S", "grid 1", "grid 2"}


def test_an_area_that_was_in_force_once_is_reached_no_more(
    ground: psycopg.Connection, plant: Callable[..., None]
) -> None:
    plant(
        "grid",
        drawn("9..."),
        plan="grid-2020",
        parents={"9": ["S"]},
        valid_from=date(2020, 1, 1),
        valid_to=date(2021, 1, 1),
    )
    account = put_account(ground, "lin", ("planner", "street", "S"))
    with acting(ground, account):
        codes = {row[0] for row in ground.execute("SELECT area_code FROM acting_ground('plans.draft', true)")}
    assert codes == {"S", "1"}


def test_events_come_in_on_the_own_ground_alone(ground: psycopg.Connection) -> None:
    account = put_account(ground, "wang", ("dispatcher", "street", "S"))
    with acting(ground, account):
        put_event(ground, "new", 0.7)
    with acting(ground, account), pytest.raises(REFUSED):
        put_event(ground, "new", 3.3)
    with acting(ground, account), pytest.raises(REFUSED):
        ground.execute(
            "UPDATE event SET geom = %s WHERE external_id = 'a'", ("SRID=4326;POINT(114.035 22.505)",)
        )


def test_what_comes_in_without_a_place_is_for_those_of_the_whole_ground(ground: psycopg.Connection) -> None:
    insert = (
        "INSERT INTO event (external_id, source, problem, crs, occurred_at, state) "
        "VALUES ('n', 'hotline', 'no-coordinate', 'wgs84', now(), 'new')"
    )
    with acting(ground, put_account(ground, "wang", ("dispatcher", "street", "S"))), pytest.raises(REFUSED):
        ground.execute(insert)
    with acting(ground, put_account(ground, "liu", ("dispatcher", None, None))):
        ground.execute(insert)


def test_leaky_conditions_see_no_more(ground: psycopg.Connection) -> None:
    """A condition that tells what it is asked of is asked of visible rows alone."""
    account = put_account(ground, "wang", ("dispatcher", "street", "S"))
    ground.execute(
        "CREATE FUNCTION tell(word TEXT) RETURNS BOOLEAN LANGUAGE plpgsql COST 0.0001 AS "
        "$$ BEGIN IF word IN ('c', 'd') THEN RAISE 'seen'; END IF; RETURN true; END $$"
    )
    with acting(ground, account):
        rows = ground.execute("SELECT external_id FROM event WHERE tell(external_id)").fetchall()
    assert sorted(rows) == [("a",), ("b",)]


def test_every_table_with_rows_of_some_ground_is_guarded(session: psycopg.Connection) -> None:
    """What the role may touch at all has row-level security; a view must keep its conditions to itself."""
    relations = dict(
        session.execute(
            "SELECT relname, CASE relkind WHEN 'r' THEN relrowsecurity "
            "ELSE 'security_barrier=true' = ANY(reloptions) END "
            "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        ).fetchall()
    )
    open_to_all = {"role_right"}  # the table of rights itself
    assert [table for table in TABLES if table not in open_to_all and relations[table] is not True] == []


def test_the_role_may_touch_what_is_listed_and_nothing_else(session: psycopg.Connection) -> None:
    granted = session.execute(
        "SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = %s", (ACTOR,)
    ).fetchall()
    assert {row[0] for row in granted} == set(TABLES)


def test_a_setting_opens_what_is_in_force_to_everybody(ground: psycopg.Connection) -> None:
    with acting(ground, ""):
        ground.execute("SELECT set_config('gisgov.open_rights', 'areas.read', true)")
        names = sorted(row[0] for row in ground.execute("SELECT name FROM plan"))
        assert names == ["beat-2026", "grid-2026", "street-2026"]
        assert ground.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_who_may_ask_who_answers_for_a_place_is_told_the_name(
    ground: psycopg.Connection, plant: Callable[..., None]
) -> None:
    plant("patrol", drawn("P..."), kind="overlay", staff={"P": [("网格长", "王")]})
    account = put_account(ground, "other-system", ("viewer", None, None))
    assert seen(ground, "staff_post", "holder", account, scopes="areas.read") == ["王"]
    assert seen(ground, "staff_post", "holder", account, scopes="events.read") == []
