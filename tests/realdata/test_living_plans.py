"""The grids of Xihu, Hangzhou, changed by two planners and published for next month."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from living_plans import ZONE, Story

from fixtures.shipped import code_schemes
from gisgov.governance.profiles import parse_profile
from gisgov.services.block_building.building import BlockBuild, build_plan_blocks
from gisgov.services.block_building.line_files import LineFile
from gisgov.services.checking import check_plan
from gisgov.services.importing.areas import AreaImport, import_areas
from gisgov.services.loading import load_profile
from gisgov.services.publishing import publish_plan
from gisgov.store.block_counts import put_block_counts
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata

DAY = date(2026, 3, 1)
AS_FOUND = "as the district gave it"
PROFILE = """
name: xihu
title_zh: 西湖
title_en: Xihu
source: A test of the public data of Hangzhou.
layers:
  - {name: town, title_zh: 街道, title_en: Town, kind: partition}
  - {name: community, title_zh: 社区, title_en: Community, kind: partition, parent: town, nesting: nested}
  - {name: grid, title_zh: 网格, title_en: Grid, kind: partition, parent: community, nesting: nested,
     code_scheme: grid-15,
     targets: {area_km2: 0.5, population: 5000, weight_area: 0.5, weight_population: 0.5}}
"""
FIELDS = {"town": ("areaCode", "name"), "community": ("xzqhbm", "cunshe"), "grid": ("XZQHBM", "name")}


def streets(folder: Path) -> Path:
    """Draw a street about every 400 m: the data has none."""
    west, south, east, north = 119.98, 30.05, 120.18, 30.36
    lines = [[(x, south), (x, north)] for x in np.arange(west, east, 0.004).round(7).tolist()]
    lines += [[(west, y), (east, y)] for y in np.arange(south, north, 0.0035).round(7).tolist()]
    features = [
        {
            "type": "Feature",
            "properties": {"highway": "residential"},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line in lines
    ]
    path = folder / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_grids_as_found_are_changed_and_published(
    database: Database, realdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load_profile(database, parse_profile(yaml.safe_load(PROFILE), "xihu", schemes=code_schemes()))
    path = realdata / "cn_hangzhou_xihu.gpkg"
    for layer, (code, name) in FIELDS.items():
        request = AreaImport(
            path, layer, DAY, file_layer=layer, code_field=(code,), name_field=name, plan=layer
        )
        import_areas(database, request)
        publish_plan(database, layer, valid_from=DAY, accept_defects=AS_FOUND, timezone=ZONE)
    build_plan_blocks(database, BlockBuild("grid", LineFile(streets(tmp_path), crs="wgs84")))
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "")
        people = np.round(blocks.area_m2 / 1e6 * 8000).astype(np.int64)
        put_block_counts(connection, blocks.ids, people, people // 3, "8,000 a km²")
    before = check_plan(database, "grid")
    Story(database, layer="grid", plan="grid", today=DAY, accept=AS_FOUND).tell()
    after = check_plan(database, "mine")
    for kind in ("gap", "overlap", "duplicate", "contained", "outside", "sliver", "invalid-ring"):
        assert after.counts[kind] <= before.counts[kind], kind
