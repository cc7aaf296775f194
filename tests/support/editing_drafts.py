"""What the tests of drafts share: a day, a kind of helper, and what a draft is to the bit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.services.editing.reports import EditReport
from gisgov.store import tables
from gisgov.store.database import Database

TODAY = date(2026, 3, 1)
ZONE = ZoneInfo("Asia/Shanghai")

Edit = Callable[..., EditReport]

_AREAS = sa.text(
    "SELECT code, area.name, parent_codes, geom::TEXT, area_m2, population, households, attributes::TEXT, "
    "locked FROM area JOIN plan ON plan.id = area.plan_id WHERE plan.name = :name ORDER BY code"
)
_BLOCKS = sa.text(
    "SELECT block_id, area_code FROM assignment JOIN plan ON plan.id = assignment.plan_id "
    "WHERE plan.name = :name ORDER BY block_id"
)


def state_of(database: Database, plan: str = "draft") -> tuple[list[tuple[object, ...]], ...]:
    """Return all that a plan is, its grounds to the bit."""
    with database.begin() as connection:
        return tuple(
            [tuple(row) for row in connection.execute(query, {"name": plan})] for query in (_AREAS, _BLOCKS)
        )


def assigned(database: Database, plan: str = "draft") -> dict[str, str]:
    """Return the area of each block, by the code of the block; ``.`` for none."""
    query = sa.text(
        "SELECT block.code, coalesce(area_code, '.') FROM assignment JOIN plan ON plan.id = plan_id "
        "JOIN block ON block.id = block_id WHERE plan.name = :name ORDER BY block.code"
    )
    with database.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(query, {"name": plan})}


def publish(
    database: Database, plan: str, since: date, until: date | None = None, *, retire: str | None = None
) -> None:
    """Put a plan into force as it is; ``retire`` names one that ends then."""
    values = {"status": "published", "valid_from": since, "valid_to": None, "published_at": sa.func.now()}
    with database.begin() as connection:
        if retire is not None:
            end = {"status": "retired", "valid_to": since}
            connection.execute(sa.update(tables.plan).where(tables.plan.c.name == retire).values(end))
        connection.execute(sa.update(tables.plan).where(tables.plan.c.name == plan).values(values))
        if until is not None:
            end = {"status": "retired", "valid_to": until}
            connection.execute(sa.update(tables.plan).where(tables.plan.c.name == plan).values(end))
