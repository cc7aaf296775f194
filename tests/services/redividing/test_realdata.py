"""A real city: the census blocks of Providence, its district layer as parents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from fixtures import shipped
from gisgov.services.blocks import store_blocks
from gisgov.services.redividing import HowMany, RedivisionReport, RedivisionRequest, Sought, redivide
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

pytestmark = pytest.mark.realdata

DAY = date(2026, 3, 1)


@pytest.fixture
def blocks(realdata: Path, database: Database, plant: Callable[..., None]) -> geopandas.GeoDataFrame:
    """The blocks, stored; the districts in force above a grid layer of 0.5 km² and 5,000 people."""
    path = realdata / "us_providence.gpkg"
    districts = geopandas.read_file(path, layer="district").to_crs(4326)
    rounded = shapely.transform(districts.geometry.to_numpy(), lambda xy: np.round(xy, 7))
    codes = [f"{number:02d}" for number in range(1, len(districts) + 1)]
    plant("district", dict(zip(codes, shapely.make_valid(rounded), strict=True)))
    plant("grid", {}, parent="district", plan="first", valid_from=None)
    with database.begin() as connection:
        targets = '{"area_km2": 0.5, "population": 5000, "weight_area": 0.5, "weight_population": 0.5}'
        connection.execute(
            sa.text("UPDATE layer SET targets = CAST(:targets AS jsonb) WHERE name = 'grid'"),
            {"targets": targets},
        )
    frame = geopandas.read_file(path, layer="block")
    frame = frame.rename(columns={"GEOID10": "code", "TOTPOP": "population"})[
        ["code", "population", "geometry"]
    ]
    store_blocks(database, frame, scope_code="44")
    return frame


def run(database: Database, request: RedivisionRequest) -> RedivisionReport:
    return redivide(
        database,
        replace(request, at=DAY),
        policy=shipped.redivision_policy(),
        today=DAY,
        timezone=ZoneInfo("America/New_York"),
    )


def check_whole(database: Database, told: RedivisionReport, plan: str) -> dict[str, str]:
    """Every block once, in an area of its own district, as many areas as asked for; nobody is lost."""
    with database.begin() as connection:
        assigned = assignments_of_plan(connection, find_plan(connection, plan).id)
    assert len(assigned) == told.blocks == 3014
    (only,) = told.alternatives
    parents = {one.code: one.parent_codes for one in only.areas}
    assert set(assigned.values()) == parents.keys()
    assert len(parents) == told.areas == sum(one.areas for one in told.parents)
    assert all(len(codes) == 1 for codes in parents.values())
    assert sum(one.population for one in only.areas) == told.population == 178_040
    return assigned


def test_a_city_is_divided_by_the_rule_and_changed_little(
    database: Database, blocks: geopandas.GeoDataFrame
) -> None:
    told = run(database, RedivisionRequest("p", layer="grid", scope="44"))
    # ½ · 178,040 / 5,000 + ½ · 48.7 / 0.5 = 17.8 + 48.7
    assert (told.counted_by, told.areas) == ("rule", 67)
    assert len(told.parents) == 15
    assert told.load == pytest.approx(66.5, abs=0.2)
    before = check_whole(database, told, "p")
    figures, obstacles = told.alternatives[0].figures, told.alternatives[0].obstacles
    pieces = sum(one.parts for one in told.parents)
    assert sum(one.parts for one in told.alternatives[0].areas) <= told.areas + pieces - len(told.parents)
    # what is off has a reason, with a number in it
    off = [one for one in told.alternatives[0].areas if abs(one.deviation or 0) > told.limit]
    assert {one.code for one in off} <= {one.area for one in obstacles}
    assert all(any(letter.isdigit() for letter in one.sentence_zh) for one in obstacles)
    assert figures.within_limit > 0.7

    again = run(database, RedivisionRequest("q", source="p"))
    assert check_whole(database, again, "q").keys() == before.keys()
    moved = again.alternatives[0].figures.moved_population or 0
    assert moved <= max(2 * (again.least_moved_population or 0), 0.02 * told.population)

    fewer = run(database, RedivisionRequest("r", source="p", how_many=HowMany(one_fewer="01")))
    assert fewer.areas == told.parents[0].areas - 1
    assert fewer.areas_untouched == told.areas - told.parents[0].areas


def test_people_alone_are_balanced_better_than_people_and_ground(
    database: Database, blocks: geopandas.GeoDataFrame
) -> None:
    asked: dict[str, Any] = {"layer": "grid", "scope": "44", "how_many": HowMany(weights=("area_km2=0",))}
    told = run(database, RedivisionRequest("people", sought=Sought(effort="quality"), **asked))
    check_whole(database, told, "people")
    assert (told.areas, told.parents[0].two_balances_deviation) == (36, None)
    assert told.alternatives[0].figures.within_limit > 0.9
