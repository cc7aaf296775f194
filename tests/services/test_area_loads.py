"""Areas held against the target of their layer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
import sqlalchemy as sa
from acting_sessions import put_account
from risk_ground import ZONE, adopt, put

from gisgov.errors import NotFoundError
from gisgov.governance.access import Actor, ActorKind, Errand
from gisgov.services.area_loads import area_loads, loads_table
from gisgov.services.joining import join_buildings
from gisgov.store.database import Database

DAY = date(2026, 6, 1)
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> None:
    """Two grids; A has 100 people and two buildings, one of them warning, B 300 people."""
    plant("grid", {"A": WEST, "B": EAST}, valid_from=date(2026, 1, 1))
    put(database, "burnt", (114.005, 22.505), built_year=1950, fires=3)
    put(database, "new", (114.006, 22.505), built_year=2000, fires=0)
    join_buildings(database, at=DAY)
    adopt(database)
    with database.begin() as connection:
        connection.execute(
            sa.text("ALTER TABLE area DISABLE TRIGGER USER")
        )  # published areas keep their count
        connection.execute(sa.text("UPDATE area SET population = CASE code WHEN 'A' THEN 100 ELSE 300 END"))
        connection.execute(sa.text("ALTER TABLE area ENABLE TRIGGER USER"))


def aim(database: Database, targets: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET targets = CAST(:t AS JSONB)"), {"t": targets})


def test_a_load_adds_up_from_its_terms(database: Database, grids: None) -> None:
    aim(
        database,
        '{"population": 200, "terms": [{"attribute": "warning_buildings", "weight": 1, "target": 2}]}',
    )
    found = area_loads(database, "grid", at=DAY, timezone=ZONE)
    assert [(one.attribute, one.weight, one.target) for one in found.terms] == [
        ("population", 0.5, 200.0),
        ("warning_buildings", 0.5, 2.0),
    ]
    # B: ½ · 300/200; A: ½ · 100/200 + ½ · 1/2
    assert [(one.code, one.load, one.deviation) for one in found.areas] == [
        ("B", 0.75, -0.25),
        ("A", 0.5, -0.5),
    ]
    assert found.areas[1].shares == {"population": 0.25, "warning_buildings": 0.25}
    assert (found.mean_load, found.greatest_load) == (0.625, 0.75)
    rows = [*loads_table(found, "en").rows]
    assert rows[0][:4] == ("B", "grid B", 0.75, -25.0)


def test_a_layer_without_a_target_has_counts_and_no_load(database: Database, grids: None) -> None:
    found = area_loads(database, "grid", at=DAY, timezone=ZONE)
    assert found.terms == ()
    assert [(one.code, one.load, one.counts["warning_buildings"]) for one in found.areas] == [
        ("A", None, 1),
        ("B", None, 0),
    ]
    with pytest.raises(NotFoundError, match="No plan of layer 'grid' is in force"):
        area_loads(database, "grid", at=date(2020, 1, 1), timezone=ZONE)
    assert area_loads(database, "grid", at=date.max, timezone=ZONE).at == date.max
    with pytest.raises(NotFoundError):
        area_loads(database, "grid", at=date.min, timezone=ZONE)


def test_only_the_areas_of_a_role_are_told(database: Database, grids: None) -> None:
    with database.begin() as connection:
        session = connection.connection.driver_connection
        account = put_account(session, "wang", ("manager", "grid", "B"))  # type: ignore[arg-type]
    own = database.acting(Actor("wang", ActorKind.PERSON, account), Errand("test", "here", "r-1"))
    assert [one.code for one in area_loads(own, "grid", at=DAY, timezone=ZONE).areas] == ["B"]
