"""Rows that wait in a table of the transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.store import waiting
from gisgov.store.database import Database
from gisgov.store.tables import area, plan


def square(west: float) -> shapely.Geometry:
    return shapely.MultiPolygon([shapely.box(west, 30, west + 0.1, 30.1)])


def column(*values: Any) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def wait(connection: sa.Connection, codes: list[str | None], shapes: list[shapely.Geometry]) -> None:
    nothing = column(*[None] * len(codes))
    waiting.stage_areas(connection)
    waiting.add_waiting(
        connection,
        np.arange(1, len(codes) + 1),
        column(*codes),
        nothing,
        nothing,
        column(*shapes),
        nothing,
        nothing,
        [{"名": "\\ \t\n", "n": 1.5}] * len(codes),
    )


def settle(connection: sa.Connection, codes: list[str]) -> None:
    count = len(codes)
    waiting.settle_waiting(
        connection, np.arange(1, count + 1), column(*codes), [("p", "q")] * count, np.full(count, 2.5)
    )
    waiting.take_settled(connection)


@pytest.fixture
def plan_id(database: Database, plant: Callable[..., None]) -> int:
    plant("grid", {"a": square(120), "b": square(121), "z": square(120)}, valid_from=None)
    with database.begin() as connection:
        return int(connection.execute(sa.select(plan.c.id)).scalar_one())


def test_rows_are_read_back_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.begin() as connection:
        wait(connection, ["a", None, "c"], [square(120), square(121), square(122)])
        monkeypatch.setattr(waiting, "_MOST_ROWS", 2)
        batches = list(waiting.waiting_rows(connection))
        assert [batch.rows.tolist() for batch in batches] == [[1, 2], [3]]
        assert batches[0].codes.tolist() == ["a", None]
        assert shapely.equals_exact(batches[1].geometries[0], square(122))
        monkeypatch.setattr(waiting, "_BATCH_BYTES", 1)
        assert [batch.rows.tolist() for batch in waiting.waiting_rows(connection)] == [[1], [2], [3]]
        assert waiting.waiting_extent(connection) == (120.0, 30.0, 122.1, 30.1)
        waiting.drop_waiting(connection, [3, 1])
        assert waiting.waiting_extent(connection) == (121.0, 30.0, 121.1, 30.1)
        waiting.drop_waiting(connection, [2])
        assert waiting.waiting_extent(connection) is None
        assert list(waiting.waiting_rows(connection)) == []


def test_the_ground_of_a_row_can_be_replaced(database: Database) -> None:
    with database.begin() as connection:
        wait(connection, ["a", "a"], [square(120), square(121)])
        both = shapely.union_all(waiting.waiting_geometries(connection, [2, 1]))
        waiting.replace_ground(connection, 1, both)
        assert shapely.equals_exact(waiting.waiting_geometries(connection, [1])[0], both)


def test_rows_are_compared_with_a_plan(database: Database, plan_id: int) -> None:
    with database.begin() as connection:
        wait(connection, ["a", "b", "c"], [square(120), square(121.5), square(122)])
        settle(connection, ["a", "b", "c"])
        compared = waiting.compare_areas(connection, plan_id)
        assert (compared.new, compared.changed, compared.unchanged, compared.lacking) == (1, 2, 0, 1)
        assert (compared.first_new, compared.first_changed, compared.first_lacking) == ("c", "a", "z")
        assert waiting.insert_areas(connection, plan_id) == 1
        stored = connection.execute(sa.select(area).where(area.c.code == "c")).mappings().one()
        assert (stored["name"], stored["parent_codes"], stored["area_m2"]) == ("c", ["p", "q"], 2.5)
        assert stored["attributes"] == {"名": "\\ \t\n", "n": 1.5}
        after = waiting.compare_areas(connection, plan_id)
        assert (after.new, after.changed, after.unchanged) == (0, 2, 1)


def test_rows_without_code_take_that_of_the_same_ground(database: Database, plan_id: int) -> None:
    with database.begin() as connection:
        wait(connection, [None, None, "x"], [square(120), square(123), square(121)])
        waiting.adopt_codes(connection, plan_id)
        codes = [code for batch in waiting.waiting_rows(connection) for code in batch.codes]
        assert codes == ["a", None, "x"]
