"""Layers and code schemes, stored."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store import layers
from gisgov.store.database import Database

GRID = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 2}
STREET = {"name": "street", "title_zh": "街道", "title_en": "Street", "kind": "partition", "position": 1}


def test_layers_come_by_position_with_the_name_of_their_parent(database: Database) -> None:
    with database.begin() as connection:
        street = layers.insert_layer(connection, STREET)
        layers.insert_layer(
            connection, {**GRID, "parent_id": street, "nesting": "nested", "targets": {"population": 5000}}
        )
        found = layers.all_layers(connection)
    assert [(one.name, one.parent) for one in found] == [("street", None), ("grid", "street")]
    assert found[1].targets == {"population": 5000}
    assert found[0].targets is None


def test_a_layer_that_is_not_there_is_said_with_those_that_are(database: Database) -> None:
    with database.begin() as connection:
        with pytest.raises(NotFoundError, match="'grid'") as refused:
            layers.find_layer(connection, "grid")
        assert "gisgov layers load" in (refused.value.hint or "")
        layers.insert_layer(connection, STREET)
        with pytest.raises(NotFoundError) as refused:
            layers.find_layer(connection, "grid")
        assert refused.value.hint == "There are street."


def test_a_layer_changes(database: Database) -> None:
    with database.begin() as connection:
        street = layers.insert_layer(connection, STREET)
        layers.update_layer(connection, street, {"title_en": "Subdistrict"})
        assert layers.find_layer(connection, "street").title_en == "Subdistrict"


def test_schemes_are_put_and_replaced(database: Database) -> None:
    with database.begin() as connection:
        layers.put_scheme(connection, "pair", {"segments": [1]})
        layers.put_scheme(connection, "pair", {"segments": [1, 2]})
        assert layers.all_schemes(connection) == {"pair": {"segments": [1, 2]}}


def test_only_one_loads_layers_at_a_time(database: Database) -> None:
    entered = threading.Event()

    def second() -> None:
        with database.begin() as connection:
            layers.lock_layers(connection)
            entered.set()

    with database.begin() as connection:
        layers.lock_layers(connection)
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.2)
        # reading goes on meanwhile
        with database.begin() as reader:
            assert reader.scalar(sa.text("SELECT count(*) FROM layer")) == 0
    thread.join()
    assert entered.is_set()
