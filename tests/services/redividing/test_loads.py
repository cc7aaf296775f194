"""What loads blocks: stated attributes, events of the last year, buildings by class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import geopandas
import numpy as np
import pytest
import sqlalchemy as sa
from lattices import SCOPE, SIDE, WEST

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.governance.layers import LoadTerm, Targets
from gisgov.services.blocks import store_blocks
from gisgov.services.loading import load_profile
from gisgov.services.redividing import HowMany, Kept, RedivisionReport
from gisgov.store import tables
from gisgov.store.database import Database

Run = Callable[..., RedivisionReport]

pytestmark = pytest.mark.usefixtures("ground")


def loads(run: Run, weight: str, **asked: Any) -> list[float]:
    """Load of each community where nothing else weighs."""
    how_many = HowMany(weights=("population=0", "area_km2=0", weight), counts={WEST: 2, "449901001002": 2})
    told = run("x", keep="none", how_many=how_many, **asked)
    return [one.load for one in told.parents]


def on(column: float, row: float) -> str:
    return f"SRID=4326;POINT({114 + column * SIDE} {22.5 + row * SIDE})"


def test_what_blocks_state_counts(database: Database, run: Run, ground: geopandas.GeoDataFrame) -> None:
    # 100 blocks with 250 households each
    assert loads(run, "households=1:5000") == [5.0, 5.0]
    more = ground.copy()
    more["shops"] = np.where(more["code"] == "0000", 30, 0)
    store_blocks(database, more, scope_code=SCOPE)
    assert loads(run, "shops=1:10") == [3.0, 0.0]


def test_what_blocks_state_must_be_numbers(database: Database, run: Run, ground: Any) -> None:
    with pytest.raises(InputError, match="No block has 'shops'") as caught:
        loads(run, "shops=1:10")
    assert "visits_due" in str(caught.value.hint)
    more = ground.copy()
    more["shops"] = "many"
    store_blocks(database, more, scope_code=SCOPE)
    with pytest.raises(InputError, match="Block 0000 has 'many' in 'shops'"):
        loads(run, "shops=1:10")


def test_events_of_the_year_before_the_day_count(database: Database, run: Run) -> None:
    # on the border of two blocks, inside West; inside East; a year too early; on the day itself
    events = [
        ("1", on(1, 0.5), datetime(2026, 2, 1, tzinfo=UTC)),
        ("2", on(15.5, 0.5), datetime(2025, 4, 1, tzinfo=UTC)),
        ("3", on(1.5, 0.5), datetime(2025, 2, 1, tzinfo=UTC)),
        ("4", on(1.5, 0.5), datetime(2026, 3, 1, 1, tzinfo=UTC)),
    ]
    with database.begin() as connection:
        for name, geom, moment in events:
            connection.execute(
                tables.event.insert().values(
                    external_id=name, source="12345", state="reported", occurred_at=moment, geom=geom, crs="x"
                )
            )
    assert loads(run, "events=1:1") == [1.0, 1.0]


def test_buildings_count_by_their_class(database: Database, run: Run) -> None:
    places = {"1": on(0.5, 0.5), "2": on(1.5, 0.5), "3": on(15.5, 0.5), "4": on(16.5, 0.5)}
    classes = {"1": "warning", "2": "warning", "3": "safe"}
    with database.begin() as connection:
        connection.execute(tables.risk_rules.insert().values(version="v", definition={}))
        for name, geom in places.items():
            rated = {}
            if name in classes:
                rated = {
                    "risk_class": classes[name],
                    "risk_points": 1,
                    "risk_reasons": [],
                    "risk_rules_version": "v",
                    "rated_at": sa.func.now(),
                }
            connection.execute(
                tables.building.insert().values(external_id=name, source="s", geom=geom, crs="x", **rated)
            )
    assert loads(run, "warning_buildings=1:1") == [2.0, 0.0]
    # two of 52 visits; one of 4, and one that was not rated, of 12
    assert loads(run, "visits_due=1:1") == [104.0, 16.0]


def test_a_year_without_events_loads_nothing(run: Run) -> None:
    assert loads(run, "events=1:1") == [0.0, 0.0]


def test_weights_join_those_of_the_layer(run: Run) -> None:
    told = run(how_many=HowMany(weights=("households=0.5:2500",)), kept=Kept(parents=(WEST,)))
    assert [(term.attribute, round(term.weight, 4)) for term in told.rule] == [
        ("population", 0.3333),
        ("area_km2", 0.3333),
        ("households", 0.3333),
    ]
    # 10, 9.1 and 10 targets
    assert told.load == pytest.approx((10 + 9.13 + 10) / 3, abs=0.02)
    assert told.areas == 10


def test_a_profile_may_let_more_join(database: Database, run: Run) -> None:
    practice = shipped.profile("sub-grids")
    aims = Targets(0.5, 5000, 0.5, 0.5, (LoadTerm("households", 1.0, 2500.0),))
    lowest = replace(practice.layers[-1], targets=aims)
    load_profile(database, replace(practice, layers=(*practice.layers[:-1], lowest)))
    told = run(kept=Kept(parents=(WEST,)))
    assert [(term.attribute, term.weight) for term in told.rule] == [
        ("population", 0.25),
        ("area_km2", 0.25),
        ("households", 0.5),
    ]
