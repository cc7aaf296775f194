"""Where the areas of layers lie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from feature_layers import settle_features

from gisgov.store.database import Database
from gisgov.store.features import extents
from gisgov.store.features.reading import layer_of_features, only_read
from gisgov.types import BBox

LARGER = """UPDATE area SET geom = ST_Translate(geom, 1, 0)
    FROM plan WHERE plan.id = plan_id AND plan.name = 'draft'"""
DRAFT = """UPDATE plan SET status = 'published', valid_from = '2026-01-01', scope_code = 'D',
    published_at = now() WHERE name = 'draft'"""
BACK = "UPDATE plan SET status = 'retired', valid_to = valid_from WHERE name = 'draft'"


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle_features(database)
    yield database
    database.dispose()


@pytest.fixture
def asked(ground: Database) -> Iterator[list[int]]:
    """Of how many plans the areas were looked at, each time."""
    counts: list[int] = []

    def look(_c: object, _cursor: object, statement: str, given: dict[str, list[int]], *_: object) -> None:
        if "ST_Extent" in statement:
            counts.append(len(given["plans"]))

    sa.event.listen(ground.engine, "before_cursor_execute", look)
    yield counts
    sa.event.remove(ground.engine, "before_cursor_execute", look)


def extent(database: Database, layer: str = "grid", epoch: str = "a") -> BBox | None:
    with database.begin() as connection:
        only_read(connection, limit_s=9, timezone="Asia/Shanghai")
        return layer_of_features(connection, layer, epoch=epoch).extent


def change(database: Database, *words: str) -> None:
    with database.begin() as connection:
        for one in words:
            connection.execute(sa.text(one))


def test_the_areas_of_a_plan_are_looked_at_once(ground: Database, asked: list[int]) -> None:
    assert [extent(ground) for _ in range(3)] == [(114, 22.5, 114.1, 22.6)] * 3
    assert extent(ground, "empty") is None
    assert asked == [4]
    change(ground, LARGER, DRAFT)
    assert extent(ground) == (114, 22.5, 115.1, 22.6)
    assert extent(ground, "街道/乡") == (114, 22.5, 114.5, 23)
    assert asked == [4, 1], "at what is new alone"
    change(ground, BACK)
    assert extent(ground) == (114, 22.5, 114.1, 22.6)
    assert asked == [4, 1]
    assert extent(ground, epoch="b") == extent(ground)
    assert asked == [4, 1, 4], "plans of a restored database are others"


def test_no_more_is_remembered_than_there_is_room_for(
    ground: Database, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extents, "_MOST", 3)
    assert [extent(ground, epoch="c") for _ in range(2)] == [(114, 22.5, 114.1, 22.6)] * 2
    assert asked == [4, 1]
