"""Raw SQL in tests of what the database itself holds: no gisgov code between the test and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

SQUARE = "SRID=4326;MULTIPOLYGON(((114 30,114.01 30,114.01 30.01,114 30.01,114 30)))"

Run = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def session(database_url: str) -> Iterator[psycopg.Connection]:
    """A psql-like session: every statement is a transaction."""
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as opened:
        yield opened


@pytest.fixture
def run(session: psycopg.Connection) -> Run:
    """Run one statement and return its rows."""

    def ran(statement: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = session.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    return ran


@pytest.fixture
def grid(run: Run) -> int:
    """Id of a partition layer."""
    row = "('grid', '网格', 'Grid', 'partition', 1)"
    return run(f"INSERT INTO layer (name, title_zh, title_en, kind, position) VALUES {row} RETURNING id")[0][
        0
    ]


@pytest.fixture
def draft(run: Run, grid: int) -> int:
    """Id of a draft of that layer with two areas, A and B, and a block assigned to A."""
    (made,) = run("INSERT INTO plan (name, layer_id, working_crs) VALUES ('p', %s, 'x') RETURNING id", grid)
    for code in "AB":
        run(
            "INSERT INTO area (plan_id, code, name, geom, area_m2) VALUES (%s, %s, 'n', %s, 1)",
            made[0], code, SQUARE,
        )  # fmt: skip
    (block,) = run(
        "INSERT INTO block (code, scope_code, geom, area_m2) VALUES ('b', '', %s, 1) RETURNING id", SQUARE
    )
    run("INSERT INTO assignment (plan_id, block_id, area_code) VALUES (%s, %s, 'A')", made[0], block[0])
    return int(made[0])


@pytest.fixture
def published(run: Run, draft: int) -> int:
    """Id of the same plan, published from 2026-01-01 on."""
    run(
        "UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now() WHERE id = %s",
        draft,
    )
    return draft
