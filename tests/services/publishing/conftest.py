"""Grids in force with a draft that changes them, for the tests of publishing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from published_grids import ZONE, drawn, settle_grids

from gisgov.services.publishing import PlanPublication, publish_plan
from gisgov.store.database import Database


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> Database:
    """Grids A, B, C in force with sub-grids under them; a draft that splits A, and merges B and C."""
    settle_grids(database, plant)
    return database


@pytest.fixture
def draft(plant: Callable[..., None]) -> Callable[..., None]:
    """Put a draft into the database: ``draft("grid", "AAB", plan="p")``."""

    def drafted(layer: str, picture: str, **options: Any) -> None:
        plant(layer, drawn(picture), **{"plan": "p", "valid_from": None, **options})

    return drafted


@pytest.fixture
def publish(database: Database) -> Callable[..., PlanPublication]:
    """Publish in the test's database, from 2026-01-01 on if nothing else is said."""

    def published(name: str = "p", **options: Any) -> PlanPublication:
        return publish_plan(database, name, **{"valid_from": date(2026, 1, 1), "timezone": ZONE, **options})

    return published
