"""A folder and a database for each test of an import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from area_files import SCHEME, shapes

from gisgov.governance.codes import format_scheme
from gisgov.store.database import Database
from gisgov.store.layers import put_scheme
from gisgov.store.tables import layer


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> Database:
    """A database with towns 1 (west) and 2 (east) in force, and a layer for grids inside them."""
    plant("town", shapes("1122\n1122"))
    with database.begin() as connection:
        put_scheme(connection, SCHEME.name, format_scheme(SCHEME))
        above = connection.scalar(sa.select(layer.c.id).where(layer.c.name == "town"))
        values = {"title_zh": "网格", "title_en": "Grid", "kind": "partition", "parent_id": above}
        for name, scheme, nesting in (
            ("grid", None, "nested"), ("coded", SCHEME.name, "nested"), ("wide", None, "spanning"),
        ):  # fmt: skip
            row = {**values, "name": name, "code_scheme": scheme, "nesting": nesting, "position": 5}
            connection.execute(layer.insert().values(**row))
    return database


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> Database:
    """Grids a and b of 0.001°, side by side from 120, 30, since 2026; a street over both since 2020."""
    plant("street", shapes("ss"), valid_from=date(2020, 1, 1))
    plant("grid", shapes("ab"), parent="street", valid_from=date(2026, 1, 1))
    return database
