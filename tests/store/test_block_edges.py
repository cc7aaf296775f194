"""Edges of blocks, stored."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.block_edges import EdgeTitle
from gisgov.store.block_edges import block_edges_of_scope, put_block_edges
from gisgov.store.database import Database
from gisgov.types import Geometries, Ints


def made(count: int, north: float = 22.5) -> tuple[Geometries, Ints]:
    ends = [[(114 + i * 0.01, north), (114.01 + i * 0.01, north)] for i in range(count)]
    lines = np.array([shapely.LineString(line) for line in ends], dtype=object)
    return lines, np.arange(count) % len(EdgeClass)


def test_edges_are_read_as_they_were_written(database: Database) -> None:
    lines, classes = made(9)
    with database.begin() as connection:
        put_block_edges(connection, "330106", lines, classes)
        found, their_classes = block_edges_of_scope(connection, "330106")
    assert shapely.equals_identical(found, lines).all()
    assert their_classes.tolist() == classes.tolist()


def test_edges_of_a_scope_replace_those_it_had_and_leave_the_others(database: Database) -> None:
    with database.begin() as connection:
        put_block_edges(connection, "330106", *made(3))
        put_block_edges(connection, "330102", *made(2, north=23.0))
        put_block_edges(connection, "330106", *made(1))
        assert [len(block_edges_of_scope(connection, code)[0]) for code in ("330106", "330102", "")] == [
            1,
            2,
            3,
        ]
        put_block_edges(connection, "330102", *made(0))
        lines, classes = block_edges_of_scope(connection, "330102")
    assert len(lines) == len(classes) == 0
    assert classes.dtype == np.int64


def test_a_line_that_is_none_is_refused(database: Database) -> None:
    _, classes = made(1)
    nowhere = np.array([shapely.LineString([(0, 0), (0, 0)])])
    with pytest.raises(ConflictError, match="block_edge"), database.begin() as connection:
        put_block_edges(connection, "330106", nowhere, classes)
    with database.begin() as connection:
        assert len(block_edges_of_scope(connection, "330106")[0]) == 0


def test_the_database_knows_every_class(database: Database) -> None:
    with database.begin() as connection:
        check = connection.scalar(
            sa.text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conname = 'block_edge_edge_class_check'"
            )
        )
    assert all(f"'{word.value}'" in check for word in EdgeTitle)
