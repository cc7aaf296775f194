"""Blocks and assignments, stored."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.errors import ConflictError, PlanPublished
from gisgov.store import blocks
from gisgov.store.areas import AreaTable, Put, put_areas
from gisgov.store.blocks import BlockTable, put_blocks
from gisgov.store.database import Database
from gisgov.store.layers import insert_layer
from gisgov.store.plans import create_draft


def made(*codes: str, width: float = 0.01) -> BlockTable:
    shapes = [shapely.box(114 + i * 0.01, 22.5, 114 + i * 0.01 + width, 22.51) for i in range(len(codes))]
    count = len(codes)
    return BlockTable(
        codes=np.array(codes, dtype=object),
        geometries=np.array(shapes, dtype=object),
        area_m2=np.ones(count),
        population=np.arange(count),
        households=np.zeros(count, dtype=np.int64),
        land_use=np.array([None, *["residential"] * (count - 1)], dtype=object),
        attributes=[{"编号": i} for i in range(count)],
        ids=np.zeros(0, dtype=np.int64),
    )


@pytest.fixture
def plan(database: Database) -> int:
    """Id of a draft with the areas A and B, and the blocks 1 and 2 in the database."""
    row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
    ground = made("1", "2").geometries
    none = np.full(2, None)
    areas = AreaTable(
        np.array(["A", "B"], object), np.array(["a", "b"], object), [(), ()], ground, np.ones(2), none, none,
        [{}, {}],
    )  # fmt: skip
    with database.begin() as connection:
        layer = insert_layer(connection, row)
        draft = create_draft(connection, name="p", layer_id=layer, working_crs="x")
        put_areas(connection, draft, areas)
        put_blocks(connection, "330106", made("1", "2"))
        return draft


def test_blocks_are_read_as_they_were_written(
    database: Database, plan: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_BATCH", 1)
    with database.begin() as connection:
        assert put_blocks(connection, "330106", made("1", "2")) == Put(0, 0, 2)
        assert put_blocks(connection, "330102", made("3")) == Put(1, 0, 0)
        found = blocks.blocks_of_scope(connection, "330106")
        assert blocks.blocks_of_scope(connection, "").codes.tolist() == ["1", "2", "3"]
        assert len(blocks.blocks_of_scope(connection, "440305")) == 0
    assert len(found) == len(set(found.ids.tolist())) == 2
    assert found.codes.tolist() == ["1", "2"]
    assert found.population.tolist() == [0, 1]
    assert found.land_use.tolist() == [None, "residential"]
    assert found.attributes == [{"编号": 0}, {"编号": 1}]
    assert shapely.get_num_geometries(found.geometries).tolist() == [1, 1]


def test_a_block_that_no_plan_uses_may_move(database: Database, plan: int) -> None:
    with database.begin() as connection:
        assert put_blocks(connection, "330106", made("1", "2", width=0.009)) == Put(0, 2, 0)


def test_a_block_of_a_plan_stays_where_it_is(database: Database, plan: int) -> None:
    with database.begin() as connection:
        ids = blocks.blocks_of_scope(connection, "330106").ids
        blocks.put_assignments(connection, plan, ids.tolist(), ["A", "B"])
        blocks.put_assignments(connection, plan, ids[:1].tolist(), ["B"])
        assert blocks.assignments_of_plan(connection, plan) == {"1": "B", "2": "B"}
        richer = made("1", "2")
        assert put_blocks(connection, "330102", richer) == Put(
            0, 2, 0
        )  # its scope may change, not its ground
    with (
        pytest.raises(ConflictError, match="Block '1' would move, but plan 'p'"),
        database.begin() as connection,
    ):
        put_blocks(connection, "330106", made("1", "2", width=0.009))


def test_assignments_name_areas_of_the_plan(database: Database, plan: int) -> None:
    with pytest.raises(ConflictError, match="area_code"), database.begin() as connection:
        blocks.put_assignments(connection, plan, [1], ["Z"])


def test_a_published_plan_keeps_its_assignments(database: Database, plan: int) -> None:
    import sqlalchemy as sa

    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
    with pytest.raises(PlanPublished, match="its assignments"), database.begin() as connection:
        blocks.put_assignments(connection, plan, [1], ["A"])
