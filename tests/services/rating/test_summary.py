"""Buildings counted by class, area by area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
from risk_ground import ZONE, adopt, put

from gisgov.errors import NotFoundError
from gisgov.services.joining import join_buildings
from gisgov.services.rating import RiskSummary, risk_summary
from gisgov.store.database import Database

DAY = date(2026, 3, 1)
WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)


def summary_of(database: Database, layer: str | None = None) -> RiskSummary:
    return risk_summary(database, layer=layer, at=DAY, today=DAY, timezone=ZONE)


def test_areas_are_counted_by_class(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"A": WEST, "B": EAST, "C": shapely.box(114.02, 22.5, 114.03, 22.51)})
    put(database, "a1", (114.005, 22.505), built_year=1950, fires=5)
    put(database, "a2", (114.006, 22.505), built_year=2000, fires=0)
    put(database, "b1", (114.015, 22.505), built_year=1950, fires=0)
    put(database, "far", (115.0, 22.505), built_year=1950, fires=5)
    put(database, "lost", None, built_year=2000)
    join_buildings(database, at=DAY)
    adopt(database)
    put(database, "late", (114.016, 22.505))
    join_buildings(database, at=DAY)
    summary = summary_of(database)
    assert summary.layer == "grid"
    assert (summary.total.buildings, summary.never_rated, summary.versions) == (6, 1, {"1": 5})
    assert summary.total.counts == {"safe": 2, "general": 1, "warning": 2, "unclassified": 1}
    shown = [
        (area.code, area.buildings, area.counts["warning"], area.warning_share) for area in summary.areas
    ]
    assert shown == [("A", 2, 1, 0.5), ("B", 2, 0, 0.0), ("C", 0, 0, None), (None, 2, 1, 0.5)]


def test_a_summary_needs_a_plan_in_force(database: Database, plant: Callable[..., None]) -> None:
    with pytest.raises(NotFoundError, match="No plan of any partition layer is in force on 2026-03-01"):
        summary_of(database)
    plant("grid", {"A": WEST}, valid_from=date(2027, 1, 1))
    with pytest.raises(NotFoundError, match="No plan of layer 'grid' is in force"):
        summary_of(database, "grid")
    with pytest.raises(NotFoundError, match="No layer is called 'beat'"):
        summary_of(database, "beat")
