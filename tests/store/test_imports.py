"""What an import needs to know of its target."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
import sqlalchemy as sa

from gisgov.store import imports
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.tables import import_batch, plan

WEST, EAST = shapely.box(120, 30, 121, 31), shapely.box(121, 30, 122, 31)


@pytest.fixture
def planted(database: Database, plant: Callable[..., None]) -> Database:
    plant("grid", {"b": EAST, "a": WEST})
    plant("grid", {"c": EAST}, plan="draft", valid_from=None)
    plant("street", {"a": WEST})
    return database


def test_drafts_and_codes_of_a_layer(planted: Database) -> None:
    with planted.begin() as connection:
        grid = find_layer(connection, "grid").id
        drafts = imports.drafts_of_layer(connection, grid)
        assert [name for _, name in drafts] == ["draft"]
        assert sorted(imports.codes_of_layer(connection, grid)) == ["a", "b", "c"]


def test_the_ground_of_plans_comes_by_code(planted: Database) -> None:
    with planted.begin() as connection:
        ids = connection.scalars(sa.select(plan.c.id).where(plan.c.name.in_(["grid-2026", "draft"]))).all()
        codes, shapes = imports.ground_of_plans(connection, ids)
    assert codes.tolist() == ["a", "b", "c"]
    assert shapely.equals(shapes, [WEST, EAST, EAST]).all()


def test_outlines_of_a_code(planted: Database) -> None:
    with planted.begin() as connection:
        found = imports.outlines_of_code(connection, "a", date(2026, 3, 1))
        assert [layer for layer, _ in found] == ["grid", "street"]
        assert imports.outlines_of_code(connection, "c", date(2026, 3, 1)) == ()


def test_batches_are_recorded(planted: Database) -> None:
    rows = {"rows_read": 3, "rows_imported": 1, "rows_unchanged": 1, "rows_rejected": 1}
    values = {"kind": "areas", "file_name": "a.gpkg", "sha256": "x", "options": {"crs": "gcj02"}}
    with planted.begin() as connection:
        imports.record_batch(connection, {**values, **rows})
        stored = connection.execute(sa.select(import_batch)).mappings().one()
    assert {name: stored[name] for name in (*values, *rows)} == {**values, **rows}


def test_a_name_is_locked_for_one_at_a_time(planted: Database) -> None:
    locks = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    with planted.begin() as connection:
        imports.lock_name(connection, "plan", "x")
        imports.lock_name(connection, "plan", "'; DROP TABLE plan; --")
        assert connection.scalar(locks) == 2
    with planted.begin() as connection:
        assert connection.scalar(locks) == 0
