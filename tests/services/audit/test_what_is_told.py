"""Whatever is changed is told, in any order; and what people wrote of persons never is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisgov.services.audit import verify_audit
from gisgov.services.importing.points import import_buildings, import_events
from gisgov.store.database import Database
from tests.support.audited_changes import head, told
from tests.support.point_files import asked, csv

MARK = "王五13800138000"
SCHEMES = st.lists(
    st.tuples(st.sampled_from(["put", "change", "same", "drop", "undone"]), st.integers(0, 30)), max_size=12
)
PUT = "INSERT INTO code_scheme SELECT 's' || i, '1' FROM generate_series(0, :n) AS i ON CONFLICT DO NOTHING"
WORDS = {
    "put": PUT,
    "undone": PUT,
    "change": "UPDATE code_scheme SET definition = to_jsonb((definition::TEXT)::INT + 1) "
    "WHERE substr(name, 2)::INT <= :n",
    "same": "UPDATE code_scheme SET definition = definition",
    "drop": "DELETE FROM code_scheme WHERE substr(name, 2)::INT <= :n",
}
BY = f'{{"by": "{MARK}"}}'
# as people would by hand, in whatever column takes a text
PERSONAL = (
    f"INSERT INTO staff_phone SELECT id, '13800138000' FROM staff_post WHERE holder = '{MARK}'",
    f"UPDATE event SET description = '{MARK}', attributes = jsonb_build_object('{MARK}', '{MARK}')",
    f"UPDATE building SET name = '{MARK}x', facts = '{BY}'",
    "UPDATE staff_post SET holder = holder || 'x'",
    f"""INSERT INTO plan (name, layer_id, working_crs, author, decision, source)
        SELECT 'draft', id, 'EPSG:4547', '{MARK}', '{MARK}', '{BY}' FROM layer""",
    f"""INSERT INTO area (plan_id, code, name, geom, area_m2, attributes)
        SELECT plan.id, 'B', 'b', area.geom, 1, '{BY}' FROM plan, area WHERE plan.name = 'draft'""",
    f"""INSERT INTO block (code, scope_code, geom, area_m2, attributes)
        SELECT 'b1', 'A', geom, 1, '{BY}' FROM area WHERE code = 'A'""",
    f"DELETE FROM staff_post WHERE holder LIKE '{MARK}%%'",
    "DELETE FROM event",
)
VERBS = {"put": "insert", "change": "update", "drop": "delete"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=SCHEMES)
def test_any_sequence_of_changes_is_told(database: Database, steps: list[tuple[str, int]]) -> None:
    before, expected = head(database), []
    for word, number in steps:
        with database.engine.connect() as connection:
            counted = connection.execute(sa.text(WORDS[word]), {"n": number}).rowcount
            if word == "undone":
                connection.rollback()
                continue
            connection.commit()
        if counted and word in VERBS:
            expected.append((VERBS[word], counted))
    entries = told(database, before)
    assert [(one["verb"], one["rows"]) for one in entries] == expected
    assert all(len(one.get("changes", ())) == (one["rows"] if one["rows"] <= 20 else 0) for one in entries)
    assert verify_audit(database).intact


def test_no_text_of_persons_gets_into_the_audit(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", {"A": shapely.box(120, 30, 120.01, 30.01)}, staff={"A": [("网格长", MARK)]})
    rows = [f"{i},2026-02-01 08:30,120.000{i % 9},30.0005,垃圾满溢,一级,{MARK}" for i in range(1, 40)]
    few, many = csv(tmp_path / f"{MARK}.csv", *rows[:5]), csv(tmp_path / "many.csv", *rows)
    for path in (few, many):
        import_events(database, asked(path))
    header = "编号,经度,纬度,名称,备注"
    places = [f"{i},120.000{i % 9},30.0005,{MARK},{MARK}" for i in range(1, 5)]
    import_buildings(database, asked(csv(tmp_path / "houses.csv", *places, header=header)))
    with database.begin() as connection:
        for statement in PERSONAL:
            connection.exec_driver_sql(statement)
    entries = told(database)
    tables = {one.get("table") for one in entries}
    assert {
        "event",
        "building",
        "staff_post",
        "staff_phone",
        "plan",
        "area",
        "block",
        "import_batch",
    } <= tables
    assert "王五" not in str(entries)
    assert "13800138000" not in str(entries)
    assert any("holder" in change.get("also", ()) for one in entries for change in one.get("changes", ()))


@pytest.mark.parametrize("count", [1, 21])
def test_staff_is_told_without_names(database: Database, plant: Callable[..., None], count: int) -> None:
    posts = [("网格员", f"{MARK}{i}") for i in range(count)]
    before = head(database)
    plant("grid", {"A": shapely.box(120, 30, 120.01, 30.01)}, staff={"A": posts})
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_post SET holder = holder || 'x', role = '网格长'")
    entry = told(database, before)[-1]
    assert entry["rows"] == count
    assert MARK not in str(entry)
