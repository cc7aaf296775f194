"""Tiles take over what a statement gave to many buildings from the log, and are as if all were read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from gisgov.services.tiles import sources
from gisgov.services.tiles.kinds import KINDS
from gisgov.services.tiles.sources import TileSource
from gisgov.store import tile_changes
from gisgov.store.changes import current_version
from gisgov.store.database import Database
from gisgov.store.tile_changes import changed_rows, told_values
from gisgov.store.tile_reading import Reading

COUNT = 300
PLANTED = f"""INSERT INTO building (external_id, source, geom, crs, floors, use)
    SELECT i, 's', ST_SetSRID(ST_MakePoint(114 + i * 0.001, 22.5), 4326), 'x', i,
        CASE WHEN i % 2 = 0 THEN '住宅' END
    FROM generate_series(1, {COUNT}) AS i"""
NOWHERE = """INSERT INTO building (external_id, source, problem, crs)
    SELECT 'nowhere' || i, 's', 'no-coordinate', 'x' FROM generate_series(1, 5) AS i"""
RATE = """UPDATE building SET risk_class = '{risk}', risk_points = id % 7, risk_reasons = '{{}}',
    risk_rules_version = 'r', rated_at = now()"""
STATEMENTS = {
    "all are rated": (RATE.format(risk="safe"),),
    "few are rated": (RATE.format(risk="warning") + " WHERE id <= 99",),
    "in one statement some move, too": (
        RATE.format(risk="general")
        + ", geom = CASE WHEN id % 3 = 0 THEN ST_Translate(geom, 0.1, 0) ELSE geom END",
    ),
    "twice in a transaction": (
        RATE.format(risk="warning"),
        "UPDATE building SET floors = NULL WHERE id < 200",
    ),
    "by statements at once that touch others": (
        "UPDATE building SET floors = 1 WHERE id <= 150",
        "UPDATE building SET built_year = 1999, use = NULL WHERE id > 150",
    ),
    "gone and come, after": (
        "UPDATE building SET floors = 2",
        "DELETE FROM building WHERE id BETWEEN 10 AND 20",
        PLANTED.replace("SELECT i,", "SELECT 1000 + i,"),
        "UPDATE building SET geom = NULL, problem = 'no-coordinate' WHERE id = 30",
    ),
    "where constraints do not wait": ("SET CONSTRAINTS ALL IMMEDIATE", "UPDATE building SET floors = 3"),
    "by who says nothing of it": ("UPDATE building SET name = 'n'",),
}


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    execute(opened, "INSERT INTO risk_rules (version, definition) VALUES ('r', '{}')", PLANTED, NOWHERE)
    yield opened
    opened.dispose()


def execute(database: Database, *statements: str) -> None:
    with database.begin() as connection:
        for words in statements:
            connection.execute(sa.text(words))


def loaded(database: Database) -> TileSource:
    return TileSource.load(Reading(database, 60.0), KINDS["buildings"], "buildings", (), ())


def shown(source: TileSource) -> dict[int, list[Any]]:
    """Return what each feature has, by its id."""
    snapshot = source.state.snapshot
    columns = [snapshot.values(name).tolist() for name in snapshot.kinds]
    return {one: [*values] for one, *values in zip(snapshot.ids.tolist(), *columns, strict=True) if one >= 0}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many buildings the rows were read."""
    counts: list[int] = []
    read: Callable[..., Any] = sources.tile_rows

    def noted(*given: Any, **named: Any) -> Any:
        if named.get("ids") is not None:
            counts.append(len(named["ids"]))
        return read(*given, **named)

    monkeypatch.setattr(sources, "tile_rows", noted)
    return counts


def test_whatever_changes_tiles_are_as_if_all_were_read_anew(database: Database, asked: list[int]) -> None:
    source, late = loaded(database), loaded(database)
    read = {}
    for what, statements in STATEMENTS.items():
        execute(database, *statements)
        assert source.follow(Reading(database, 60.0)), what
        anew = loaded(database)
        assert shown(source) == shown(anew), what
        assert source.state.name == anew.state.name
        assert source.state.snapshot.tile(14, 13382, 7140) == anew.state.snapshot.tile(14, 13382, 7140)
        read[what], asked[:] = sum(asked), []
    assert read == {
        "all are rated": 0,
        "few are rated": 99,
        "in one statement some move, too": COUNT // 3,
        "twice in a transaction": 199,
        "by statements at once that touch others": 0,
        "gone and come, after": 12 + COUNT,
        "where constraints do not wait": 0,
        "by who says nothing of it": 0,
    }
    assert late.follow(Reading(database, 60.0)), "all of it at once"
    assert shown(late) == shown(source)


def test_values_are_told_for_a_while(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.begin() as connection:
        seen = current_version(connection)
    execute(database, "UPDATE building SET floors = 4 WHERE id <= 150")
    execute(database, "UPDATE building SET floors = 5 WHERE id > 150")
    with database.begin() as connection:
        changed = changed_rows(connection, "building", seen)
        assert changed.ids is not None
        assert changed.is_once.all()
        told = told_values(connection, "buildings", seen, changed.ids)
        assert sorted(told.ids.tolist()) == changed.ids.tolist()
        assert set(np.asarray(told.columns["floors"]).tolist()) == {4, 5}
        assert len(told_values(connection, "events", seen, changed.ids).ids) == 0
        monkeypatch.setattr(tile_changes, "_MOST_STATEMENTS", 1)
        last = told_values(connection, "buildings", seen, changed.ids)
        assert set(np.asarray(last.columns["floors"]).tolist()) == {5}, (
            "what is read is bounded, newest first"
        )
        monkeypatch.setattr(tile_changes, "_MOST_TOLD", len(changed.ids) - 1)
        assert changed_rows(connection, "building", seen).ids is None, "so many are not looked through"
    execute(database, "UPDATE change_head SET version = 1999999")
    execute(database, "UPDATE building SET floors = 6 WHERE id = 1")  # this is 2,000,000
    with database.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM change_values")) == 0
