"""Re-divisions as maps draw them, made by hand on ASCII maps."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gisgov.governance.layers import LoadTerm
from gisgov.governance.obstacles import ObstacleTitle
from gisgov.services.redividing.reports import (
    AlternativeReport,
    DivisionFigures,
    ObstacleReport,
    RedivisionReport,
)
from gisgov.testing import areas_from_grid

WEST, SOUTH = 114.3, 30.5
_M_LON, _M_LAT = 96486.0, 110852.0


def drawn(text: str, **columns: Any) -> gpd.GeoDataFrame:
    """Areas of an ASCII map of 100 m cells around 114.3°E 30.5°N, with figures that can be counted."""
    codes, shapes = areas_from_grid(text, cell_m=100)
    moved = shapely.transform(shapes, lambda xy: np.round(xy / [_M_LON, _M_LAT] + [WEST, SOUTH], 7))
    count = len(codes)
    given = {
        "code": codes,
        "name": [f"{code}网格" for code in codes],
        "parent_name": None,
        "origin": "new",
        "sources": "",
        "blocks": 4,
        "population": np.arange(count) * 100 + 4900,
        "households": 0,
        "area_km2": shapely.area(shapes) / 1e6,
        "load": 1.0,
        "deviation": np.linspace(-0.12, 0.12, count),
        "polsby_popper": 0.5,
        "along_streets": np.nan,
        "parts": 1,
        **columns,
    }
    return gpd.GeoDataFrame(given, geometry=list(moved), crs=4326)


def obstacle(zh: str, en: str) -> ObstacleReport:
    """Say why something could not be had."""
    return ObstacleReport(ObstacleTitle.GIANT_BLOCK, None, None, "0012", 2.3, 0.0, zh, en)


def alternative(number: int, plan: str | None = None, *told: ObstacleReport, **figures: Any) -> Any:
    """Figures of an alternative; those not given are ordinary."""
    usual = {
        "areas": 3,
        "several_parts": 0,
        "within_band": 0.5,
        "within_limit": 1.0,
        "mean_deviation": 0.031,
        "largest_deviation": 0.12,
        "mean_polsby_popper": 0.55,
        "least_polsby_popper": 0.4,
        "cut_km": 3.0,
        "inner_cut_km": 2.0,
        "along_streets": None,
        "kept_areas": 0,
        "moved_population": None,
        "moved_blocks": None,
        "moved_share": None,
    }
    return AlternativeReport(number, plan, DivisionFigures(**{**usual, **figures}), (), told)


def redivision(*alternatives: Any, **told: Any) -> RedivisionReport:
    """A re-division of 12 blocks."""
    usual = {
        "layer": "subgrid",
        "layer_title_zh": "子网格",
        "layer_title_en": "Sub-grid",
        "scope_code": "4201",
        "source": None,
        "at": date(2026, 3, 1),
        "rule": (LoadTerm("population", 0.5, 5000), LoadTerm("area_km2", 0.5, 0.5)),
        "counted_by": "rule",
        "band": 0.05,
        "limit": 0.10,
        "effort": "standard",
        "seed": 7,
        "blocks": 12,
        "population": 15000,
        "households": 0,
        "area_km2": 0.12,
        "load": 2.9,
        "areas": 3,
        "areas_untouched": 0,
        "parents": (),
        "least_moved_population": None,
        "two_balances": None,
        "alternatives_asked": len(alternatives),
        "alternatives": alternatives,
        "measured_in": "EPSG:4547",
        "seconds": 0.1,
    }
    return RedivisionReport(**{**usual, **told})
