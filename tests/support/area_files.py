"""Files of areas for the tests of their import, and what became of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84, CoordinateSystem, from_wgs84_geometries
from gisgov.governance.codes import parse_scheme
from gisgov.services.importing.areas import AreaImport, AreaImportReport
from gisgov.store.database import Database
from gisgov.store.tables import area, plan
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)


SCHEME = parse_scheme(
    {
        "name": "pair",
        "title_zh": "双段码",
        "title_en": "Pair",
        "source": "A test.",
        "segments": [
            {"name": "town", "width": 1, "title_zh": "镇", "title_en": "Town"},
            {"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"},
        ],
        "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid", "parent": "{town}"}],
    }
)


def shapes(picture: str) -> dict[str, shapely.Geometry]:
    """Draw areas of 0.001° cells near Hangzhou."""
    letters, drawn = areas_from_grid(picture, cell_m=1)
    return dict(zip(letters, shapely.transform(drawn, lambda xy: xy * 0.001 + (120.0, 30.0)), strict=True))


def written(
    path: Path,
    drawn: dict[str, shapely.Geometry] | list[shapely.Geometry],
    *,
    system: CoordinateSystem = WGS84,
    label: CoordinateSystem | None = None,
    **columns: list[object],
) -> Path:
    given = list(drawn.values()) if isinstance(drawn, dict) else drawn
    codes = list(drawn) if isinstance(drawn, dict) else [None] * len(drawn)
    geometry = from_wgs84_geometries(np.array(given, dtype=object), system)
    frame = geopandas.GeoDataFrame({"code": codes, **columns}, geometry=geometry)
    write_vectors(frame, path, crs=label or system)
    return path


def asked(path: Path, **options: Any) -> AreaImport:
    return AreaImport(**{"path": path, "layer": "grid", "day": DAY, "code_field": ("code",), **options})


def stored(database: Database, name: str) -> dict[str, tuple[str, tuple[str, ...], float]]:
    query = (
        sa.select(area.c.code, area.c.name, area.c.parent_codes, area.c.area_m2)
        .join_from(area, plan)
        .where(plan.c.name == name)
    )
    with database.begin() as connection:
        return {r.code: (r.name, tuple(r.parent_codes), round(r.area_m2)) for r in connection.execute(query)}


def kinds(report: AreaImportReport) -> list[tuple[int, str]]:
    return [(one.row, one.kind) for one in report.problems]
