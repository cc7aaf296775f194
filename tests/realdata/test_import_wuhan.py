"""Grids and buildings of Xujiapeng, Wuhan: buildings fall in the grid whose number they carry."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from gisgov.services.importing.areas import AreaImport, import_areas
from gisgov.services.importing.points import PointImport, import_buildings
from gisgov.services.publishing import publish_plan
from gisgov.store.database import Database
from gisgov.store.tables import building, building_area, layer

pytestmark = pytest.mark.realdata

DAY, ZONE = date(2020, 1, 1), ZoneInfo("Asia/Shanghai")


@pytest.fixture
def wuhan(database: Database, realdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    values = {"kind": "partition", "position": 0}
    with database.begin() as connection:
        row = {**values, "name": "community", "title_zh": "社区", "title_en": "Community"}
        above = connection.scalar(layer.insert().values(**row).returning(layer.c.id))
        row = {**values, "name": "grid", "title_zh": "网格", "title_en": "Grid", "parent_id": above}
        connection.execute(layer.insert().values(**row, nesting="nested"))
    path = realdata / "cn_wuhan_xujiapeng.gpkg"
    fields = {"code_field": ("name_1",), "name_field": "name_1"}
    report = import_areas(database, AreaImport(path, "community", DAY, file_layer="community", **fields))
    publish_plan(database, report.plan, valid_from=DAY, accept_defects="as found", timezone=ZONE)
    return path


def grids(path: Path, **options: object) -> AreaImport:
    fields = {"code_field": ("community", "grid_num"), "name_field": "grid_name"}
    return AreaImport(path, "grid", DAY, file_layer="grid", **fields, **options)  # type: ignore[arg-type]


def test_quirks_are_reported(database: Database, wuhan: Path) -> None:
    by_name = import_areas(database, grids(wuhan, parent_field="community", dry_run=True))
    assert [(one.row, one.kind) for one in by_name.problems] == [
        (4, "several-rows"), (10, "several-rows"), *[(row, "missing-parent") for row in range(11, 18)],
    ]  # fmt: skip
    assert "names 湖大社区 as its parent, which is no area of layer community" in by_name.problems[2].message
    by_place = import_areas(database, grids(wuhan))
    assert [(one.row, one.code, one.kind) for one in by_place.problems] == [
        (4, "水岸星城社区-3", "several-rows"), (10, "水岸星城社区-3", "several-rows"),
    ]  # fmt: skip
    assert by_place.imported == 15


def test_buildings_fall_in_the_grid_whose_number_they_carry(database: Database, wuhan: Path) -> None:
    report = import_areas(database, grids(wuhan, merge_parts=True))
    assert (report.imported, report.merged, report.rejected) == (16, 1, 0)
    publish_plan(database, report.plan, valid_from=DAY, accept_defects="as found", timezone=ZONE)
    rejected = {}
    for file_layer, community in (
        ("building_shuian_with_grid", "水岸星城社区"),
        ("building_hubu_with_grid", "湖大社区"),
    ):
        request = PointImport(wuhan, ZONE, DAY, file_layer=file_layer, source=community)
        imported = import_buildings(database, request)
        rejected[community] = [(one.row, one.kind) for one in imported.problems]
    assert rejected == {"水岸星城社区": [], "湖大社区": [(12, "invalid-ring"), (35, "invalid-ring")]}

    number = building.c.facts["grid_num"].astext
    query = (
        sa.select(building.c.source, number.label("number"), building_area.c.area_code)
        .join_from(building, building_area)
        .join(layer)
        .where(layer.c.name == "grid", number.is_not(None))
    )
    with database.begin() as connection:
        rows = connection.execute(query).all()
    pairs = [(f"{row.source}-{int(float(row.number))}", row.area_code) for row in rows]
    others = [(said, found) for said, found in pairs if said != found]
    assert len(pairs) == 286
    # 284 of 286 lie in the grid of their number
    assert others == [("湖大社区-6", "湖大社区-5")] * 2


def test_a_local_plane_gives_the_same_places(database: Database, wuhan: Path) -> None:
    for file_layer in ("building_shuian", "building_shuian_wh2000"):
        request = PointImport(wuhan, ZONE, DAY, file_layer=file_layer, source=file_layer)
        report = import_buildings(database, request)
        assert report.inserted == 518
        assert [(one.layer, one.joined, one.orphans) for one in report.joined] == [("community", 518, 0)]
    centre = sa.func.ST_Centroid(sa.func.ST_Collect(sa.func.ST_Centroid(building.c.geom)))
    query = sa.select(sa.func.ST_X(centre), sa.func.ST_Y(centre)).group_by(building.c.source)
    with database.begin() as connection:
        (x1, y1), (x2, y2) = connection.execute(query).all()
    assert abs(x1 - x2) * 95_000 < 1.0
    assert abs(y1 - y2) * 111_000 < 1.0
