"""Two communities of 10 × 10 blocks side by side, and re-divisions of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas
import pytest
from lattices import DAY, SCOPE, ZONE, lattice, settle

from fixtures import shipped
from gisgov.services.redividing import RedivisionReport, RedivisionRequest, redivide
from gisgov.store.areas import AreaTable, areas_of_plan
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan, find_plan


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> geopandas.GeoDataFrame:
    """Blocks of 500 people each: 100,000 people are 20 targets, 9.1 km² are 18.2; half of each is 19."""
    frame = lattice(20, 10)
    settle(database, plant, frame)
    return frame


@pytest.fixture
def run(database: Database) -> Callable[..., RedivisionReport]:
    """Re-divide in the test's database: ``run("p", source="q")``."""

    def ran(plan: str = "p", **asked: Any) -> RedivisionReport:
        given = {"at": DAY, **({} if "source" in asked else {"layer": "subgrid", "scope": SCOPE}), **asked}
        return redivide(
            database,
            RedivisionRequest(plan, **given),
            policy=shipped.redivision_policy(),
            today=DAY,
            timezone=ZONE,
        )

    return ran


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan as it is stored."""

    plan: StoredPlan
    areas: AreaTable
    assigned: dict[str, str]

    def blocks_of(self, code: str) -> set[str]:
        """The blocks of an area."""
        return {block for block, area in self.assigned.items() if area == code}


@pytest.fixture
def stored(database: Database) -> Callable[[str], Stored]:
    """Read a plan: ``stored("p").assigned``."""

    def found(name: str) -> Stored:
        with database.begin() as connection:
            plan = find_plan(connection, name)
            areas = areas_of_plan(connection, plan.id)
            return Stored(plan, areas, assignments_of_plan(connection, plan.id))

    return found
