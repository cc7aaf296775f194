"""What imported areas go into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import shapely

from gisgov.errors import InputError, NameTaken
from gisgov.services.importing.area_report import AreaImport
from gisgov.services.importing.area_targets import AreaTarget, find_target
from gisgov.store.database import Database

WEST, EAST = shapely.box(120, 30, 120.5, 30.5), shapely.box(120.5, 30, 121, 30.5)


@pytest.fixture
def planted(database: Database, plant: Callable[..., None]) -> Database:
    plant("town", {"1": WEST, "2": EAST})
    plant("grid", {"a": WEST}, parent="town", valid_from=None)
    return database


def target(database: Database, **options: object) -> AreaTarget:
    given = {
        "path": Path("far/grid.rejects.gpkg"),
        "layer": "grid",
        "day": date(2026, 3, 1),
        "code_field": ("x",),
    }
    with database.begin() as connection:
        return find_target(connection, AreaImport(**{**given, **options}))  # type: ignore[arg-type]


def test_the_plan_is_named_after_the_layer_and_the_file(planted: Database) -> None:
    assert target(planted).name == "grid-grid.rejects"
    # rejects go to the plan of the file that they are of
    assert target(planted, path=Path("city.grid.rejects.gpkg")).name == "grid-city"
    assert target(planted, plan="p").name == "p"


def test_the_ground_near_which_areas_lie(planted: Database) -> None:
    assert target(planted).near() == ((120.0, 30.0, 121.0, 30.5), "layer town")
    assert target(planted, scope="2").near() == ((120.5, 30.0, 121.0, 30.5), "the scope")
    assert target(planted, layer="town").near() == (None, "the scope")


def test_an_existing_plan_keeps_its_scope(planted: Database) -> None:
    found = target(planted, plan="grid-2026")
    assert found.plan is not None
    assert found.scope.outline is None
    with pytest.raises(NameTaken, match="Plan 'grid-2026' exists, for another scope"):
        target(planted, plan="grid-2026", scope="1")
    with pytest.raises(NameTaken, match="Plan 'town-2026' exists, of layer 'town'"):
        target(planted, plan="town-2026")


def test_requests_that_do_not_fit_the_layer(planted: Database) -> None:
    with pytest.raises(InputError, match="Layer 'grid' has no code scheme"):
        target(planted, code_field=())
    with pytest.raises(InputError, match="Layer 'town' has no layer above it"):
        target(planted, layer="town", parent_plan="x")
