"""Plans, stored: made, found, published, retired, deleted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store import plans, succession
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.database import Database
from gisgov.store.layers import insert_layer

SQUARE = shapely.box(114.0, 22.5, 114.01, 22.51)


def table(codes: str, **changes: object) -> AreaTable:
    count = len(codes)
    columns: dict[str, object] = {
        "codes": np.array(list(codes), dtype=object),
        "names": np.array(list(codes.lower()), dtype=object),
        "parent_codes": [()] * count,
        "geometries": np.array([SQUARE] * count, dtype=object),
        "area_m2": np.ones(count),
        "population": np.full(count, None),
        "households": np.full(count, None),
        "attributes": [{}] * count,
    }
    return AreaTable(**{**columns, **changes})  # type: ignore[arg-type]


@pytest.fixture
def grid(database: Database) -> int:
    """Id of a layer."""
    row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
    with database.begin() as connection:
        return insert_layer(connection, row)


def publish(connection: sa.Connection, plan_id: int, valid_from: date, valid_to: date | None = None) -> str:
    return succession.set_published(
        connection,
        plan_id,
        valid_from=valid_from,
        valid_to=valid_to,
        decision=None,
        author=None,
        accepted_defects=None,
        certificate={"certified": True},
    )


def test_a_draft_is_found_as_it_was_made(database: Database, grid: int) -> None:
    with database.begin() as connection:
        made = plans.create_draft(
            connection,
            name="a",
            layer_id=grid,
            working_crs="EPSG:4547",
            scope_code="330106",
            scope=SQUARE,
            source={"file": "a.gpkg"},
            author="规划科",
        )
        put_areas(connection, made, table("AB"))
        found = plans.find_plan(connection, "a")
    assert (found.id, found.layer, found.layer_kind, found.scope_code) == (
        made,
        "grid",
        "partition",
        "330106",
    )
    assert (found.status, found.valid_from, found.areas) == ("draft", None, 2)
    assert (found.source, found.author, found.decision) == ({"file": "a.gpkg"}, "规划科", None)
    assert found.scope is not None
    assert found.scope.equals(SQUARE)


def test_a_plan_without_outline_has_none(database: Database, grid: int) -> None:
    with database.begin() as connection:
        plans.create_draft(connection, name="a", layer_id=grid, working_crs="x")
        assert plans.find_plan(connection, "a").scope is None
        assert plans.has_plan(connection, "a")
        assert not plans.has_plan(connection, "b")
        with pytest.raises(NotFoundError, match="'b'"):
            plans.find_plan(connection, "b", for_change=True)


def test_a_draft_changes_and_goes(database: Database, grid: int) -> None:
    with database.begin() as connection:
        made = plans.create_draft(connection, name="a", layer_id=grid, working_crs="x")
        plans.update_draft(connection, made, {"author": "someone"})
        assert plans.find_plan(connection, "a").author == "someone"
        plans.delete_draft(connection, made)
        assert not plans.has_plan(connection, "a")


def test_publishing_keeps_what_the_draft_says_and_retiring_ends_it(database: Database, grid: int) -> None:
    with database.begin() as connection:
        made = plans.create_draft(
            connection, name="a", layer_id=grid, working_crs="x", decision="Order 1", author="someone"
        )
        put_areas(connection, made, table("A"))
        digest = publish(connection, made, date(2026, 1, 1))
        found = plans.find_plan(connection, "a")
        assert (found.status, found.decision, found.author) == ("published", "Order 1", "someone")
        assert found.certificate == {"certified": True}
        assert found.content_sha256 == digest == plans.content_sha256(connection, made)
        assert found.published_at is not None
        succession.set_retired(connection, made, date(2026, 6, 1))
        assert plans.find_plan(connection, "a").valid_to == date(2026, 6, 1)


def test_a_digest_is_of_the_content_alone(database: Database, grid: int) -> None:
    with database.begin() as connection:
        ids = [plans.create_draft(connection, name=name, layer_id=grid, working_crs="x") for name in "abcde"]
        moved = np.array([SQUARE, shapely.box(114.0, 22.5, 114.01, 22.5100001)], dtype=object)
        put_areas(connection, ids[0], table("AB"))
        put_areas(connection, ids[1], table("BA"))
        put_areas(connection, ids[2], table("AB", geometries=moved))
        put_areas(connection, ids[3], table("AB", parent_codes=[("X",), ()]))
        digests = [plans.content_sha256(connection, one) for one in ids]
    assert digests[0] == digests[1]
    assert len({digests[0], *digests[2:]}) == 4  # another ground, another parent, no areas at all
    assert all(len(digest) == 64 for digest in digests)


def test_plans_are_listed_by_layer_scope_and_time(database: Database, grid: int) -> None:
    with database.begin() as connection:
        for name, begin, end in (
            ("second", date(2026, 1, 1), None),
            ("first", date(2025, 1, 1), date(2026, 1, 1)),
            ("draft", None, None),
        ):
            made = plans.create_draft(connection, name=name, layer_id=grid, working_crs="x")
            if begin is not None:
                publish(connection, made, begin, end)
        assert [one.name for one in plans.all_plans(connection)] == ["first", "second", "draft"]
        at = plans.all_plans(connection, layer_name="grid", at=date(2025, 12, 31))
        assert [one.name for one in at] == ["first"]
        assert plans.all_plans(connection, layer_name="street") == ()
        in_the_way = succession.plans_in_the_way(connection, grid, "", date(2025, 6, 1), date(2026, 1, 1))
        assert [one.name for one in in_the_way] == ["first"]
        assert succession.plans_in_the_way(connection, grid, "330106", date(2025, 6, 1), None) == ()


def test_sums_are_over_the_areas(database: Database, grid: int) -> None:
    with database.begin() as connection:
        made = plans.create_draft(connection, name="a", layer_id=grid, working_crs="x")
        assert plans.sums_of_plan(connection, made) == plans.Sums(0.0, None, None, 0)
        put_areas(connection, made, table("AB", population=np.array([5, None], dtype=object)))
        assert plans.sums_of_plan(connection, made) == plans.Sums(2.0, 5, None, 0)
