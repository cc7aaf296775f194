"""Blocks with people to be placed on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import pytest
from counted_blocks import POLICY, Place, Save
from street_files import CRS, ground

from gisgov.services.block_population.placing import place_population
from gisgov.services.block_population.reports import BlockPopulation
from gisgov.services.block_population.requests import PopulationRequest
from gisgov.services.blocks import store_blocks
from gisgov.store.database import Database


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write rows as a layer: ``save("tracts", [{"pop": 3}], [box(...)])``."""

    def saved(name: str, rows: Sequence[dict[str, Any]], shapes: Sequence[Any], crs: str = CRS) -> Path:
        path = tmp_path / f"{name}.gpkg"
        geopandas.GeoDataFrame(list(rows), geometry=list(shapes), crs=crs).to_file(path)
        return path

    return saved


@pytest.fixture
def blocks(database: Database) -> Database:
    """The blocks A, B, C of scope 7, side by side, each a square kilometre; A has homes, C is water."""
    shapes = ground("ABC")
    frame = geopandas.GeoDataFrame(
        {
            "code": list(shapes),
            "population": [9, 8, 7],
            "households": [3, 2, 1],
            "land_use": ["homes", "shops", "water"],
        },
        geometry=list(shapes.values()),
        crs=4326,
    )
    store_blocks(database, frame, scope_code="7")
    return database


@pytest.fixture
def place(blocks: Database, policy: Path) -> Place:
    def placed(**asked: Any) -> BlockPopulation:
        return place_population(blocks, PopulationRequest("7", policy=policy, **asked))

    return placed
