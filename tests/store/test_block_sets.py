"""All blocks of a scope at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.block_edges import block_edges_of_scope, put_block_edges
from gisgov.store.block_sets import Replaced, replace_blocks
from gisgov.store.blocks import BlockTable, blocks_of_scope, put_assignments
from gisgov.store.database import Database
from gisgov.store.layers import insert_layer
from gisgov.store.plans import create_draft
from gisgov.types import Geometries, Ints


def made(codes: str, *, width: float = 0.01, use: str | None = None, people: int = 0) -> BlockTable:
    shapes = [shapely.box(114 + ord(c) * 0.01, 22.5, 114 + ord(c) * 0.01 + width, 22.51) for c in codes]
    count = len(codes)
    return BlockTable(
        codes=np.array(list(codes), dtype=object),
        geometries=np.array(shapes, dtype=object),
        area_m2=np.ones(count),
        population=np.full(count, people),
        households=np.full(count, people // 2),
        land_use=np.full(count, use, dtype=object),
        attributes=[{"new": 1} for _ in codes],
        ids=np.zeros(0, dtype=np.int64),
    )


def test_blocks_that_stay_keep_what_is_known_and_the_others_go(database: Database) -> None:
    with database.begin() as connection:
        assert replace_blocks(connection, "1", made("abc", people=8, use="school")) == Replaced(3, 0, 0, 0)
        assert replace_blocks(connection, "2", made("xy")) == Replaced(2, 0, 0, 0)
        assert replace_blocks(connection, "", made("z")) == Replaced(1, 0, 0, 0)
        assert replace_blocks(connection, "1", made("bcd", use="water")) == Replaced(1, 0, 2, 1)
        found = blocks_of_scope(connection, "1")
        assert found.codes.tolist() == ["b", "c", "d"]
        assert found.population.tolist() == [8, 8, 0]
        assert found.households.tolist() == [4, 4, 0]
        assert found.land_use.tolist() == ["school", "school", "water"]
        # of no scope is not of every scope
        assert replace_blocks(connection, "", made("q")) == Replaced(1, 0, 0, 1)
        assert blocks_of_scope(connection, "").codes.tolist() == ["b", "c", "d", "q", "x", "y"]


def test_a_block_that_lies_elsewhere_loses_its_people(database: Database) -> None:
    with database.begin() as connection:
        replace_blocks(connection, "1", made("ab", people=8))
        assert replace_blocks(connection, "1", made("ab", width=0.009)) == Replaced(0, 2, 0, 0)
        assert blocks_of_scope(connection, "1").population.tolist() == [0, 0]


def test_a_code_of_another_scope_is_refused(database: Database) -> None:
    with database.begin() as connection:
        replace_blocks(connection, "1", made("ab"))
    with (
        pytest.raises(ConflictError, match="Block 'b' is there already, in scope '1'"),
        database.begin() as connection,
    ):
        replace_blocks(connection, "2", made("bc"))
    with database.begin() as connection:
        replace_blocks(connection, "", made("z"))
    with pytest.raises(ConflictError, match="in a scope without a code"), database.begin() as connection:
        replace_blocks(connection, "2", made("z"))


@pytest.mark.parametrize(
    ("status", "hint"), [("draft", "Delete the draft first"), ("published", "A plan keeps the ground")]
)
def test_blocks_of_plans_stay(database: Database, status: str, hint: str) -> None:
    row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
    none = np.full(1, None)
    with database.begin() as connection:
        replace_blocks(connection, "1", made("abc"))
        layer, ids = insert_layer(connection, row), blocks_of_scope(connection, "1").ids
        for name in ("p1", "p2", "p3", "p4"):
            draft = create_draft(connection, name=name, layer_id=layer, working_crs="x")
            code, ground = np.array(["A"], dtype=object), made("a").geometries
            area = AreaTable(code, code, [()], ground, np.ones(1), none, none, [{}])
            put_areas(connection, draft, area)
            put_assignments(connection, draft, ids[:2].tolist(), ["A", "A"])
        if status == "published":
            connection.execute(
                sa.text(
                    "UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()"
                    " WHERE name = 'p4'"
                )
            )
    with database.begin() as connection:
        assert replace_blocks(connection, "1", made("abd")) == Replaced(1, 0, 2, 1)
    match = r"2 blocks of which plan p1 \(draft\), p2 \(draft\), p3 \(draft\) and 1 more is made would go"
    with pytest.raises(ConflictError, match=match) as refused, database.begin() as connection:
        replace_blocks(connection, "1", made("d"))
    assert hint in str(refused.value)
    shapes = made("abd").geometries
    shapes[0] = made("a", width=0.005).geometries[0]
    moved = replace(made("abd"), geometries=shapes)
    with pytest.raises(ConflictError, match="1 blocks of which plan"), database.begin() as connection:
        replace_blocks(connection, "1", moved)


def test_of_two_at_once_the_second_waits_for_the_first(database: Database) -> None:
    """Both replace the blocks of one scope: what is stored is whole and of the last one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        with database.begin() as connection:
            replace_blocks(connection, "1", made("abc"))
            put_block_edges(connection, "1", *edges(3))
            other = pool.submit(_write, database)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        assert other.result(timeout=60) == Replaced(1, 0, 2, 1)
    with database.begin() as connection:
        assert blocks_of_scope(connection, "1").codes.tolist() == ["b", "c", "d"]
        assert len(block_edges_of_scope(connection, "1")[0]) == 2


def edges(count: int) -> tuple[Geometries, Ints]:
    lines = [shapely.LineString([(114, 22 + i), (115, 22 + i)]) for i in range(count)]
    return np.array(lines, dtype=object), np.ones(count, dtype=np.int64)


def _write(database: Database) -> Replaced:
    with database.begin() as connection:
        done = replace_blocks(connection, "1", made("bcd"))
        put_block_edges(connection, "1", *edges(2))
        return done
