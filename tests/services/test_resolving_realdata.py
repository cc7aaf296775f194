"""A real district with gaps and overlaps: a point still has one chain, the same in SQL and in Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.systems import WGS84
from gisgov.services.resolution import Resolution
from gisgov.services.resolving import resolve
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata

_LAYERS = {"town": "areaCode", "community": "xzqhbm", "grid": "XZQHBM"}
_DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def layers(realdata: Path) -> dict[str, dict[str, shapely.Geometry]]:
    """Sound areas of each layer by code; of doubled codes the first."""
    read = {}
    for name, field in _LAYERS.items():
        frame = geopandas.read_file(realdata / "cn_hangzhou_xihu.gpkg", layer=name).to_crs(4326)
        frame["geometry"] = shapely.transform(frame.geometry.array, lambda xy: np.round(xy, 7))
        sound = frame.geometry.is_valid & ~frame.geometry.is_empty
        frame = frame[sound & (frame[field].fillna("") != "")].drop_duplicates(field)
        read[name] = dict(zip(frame[field], frame.geometry, strict=True))
    return read


def told(answer: Resolution, layer: str) -> tuple[str, ...]:
    return tuple(code for one in answer.chain if one.layer == layer for code in (one.code, *one.candidates))


def test_every_point_has_one_chain(
    layers: dict[str, dict[str, shapely.Geometry]], database: Database, plant: Callable[..., None]
) -> None:
    parent = None
    for name, areas in layers.items():
        plant(name, areas, parent=parent)
        parent = name
    rng = np.random.default_rng(7)
    west, south, east, north = shapely.total_bounds([*layers["town"].values()])
    vertices = np.vstack([shapely.get_coordinates([*areas.values()]) for areas in layers.values()])
    points = np.vstack(
        [rng.uniform((west, south), (east, north), (150, 2)), vertices[rng.integers(0, len(vertices), 150)]]
    )
    answers = [
        resolve(database, x, y, at=_DAY, timezone=ZoneInfo("Asia/Shanghai")) for x, y in points.tolist()
    ]

    for name, areas in layers.items():
        codes = [*areas]
        index = build_cell_index(np.array([*areas.values()]), codes, WGS84, parse_crs("EPSG:4547"))
        located = index.locate(points[:, 0], points[:, 1])
        expected = [
            tuple(codes[i] for i in (owner, *others) if i >= 0)
            for owner, others in zip(located.area, located.candidates, strict=True)
        ]
        assert [told(answer, name) for answer in answers] == expected
        away = [{one.layer: one for one in answer.outside}.get(name) for answer in answers]
        assert [None if one is None else one.nearest_code for one in away] == [
            codes[i] if owner < 0 else None for i, owner in zip(located.nearest, located.area, strict=True)
        ]
    depths = {len(answer.chain) for answer in answers}
    assert {0, 3} <= depths
