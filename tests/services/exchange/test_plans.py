"""A plan goes out as a file of every format, and comes back as a draft that is the same to the bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import FileError, InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.services.blocks import store_blocks
from gisgov.services.exchange.plans_out import export_plan
from gisgov.services.importing.area_report import AreaImport
from gisgov.services.importing.areas import import_areas
from gisgov.store.areas import AreaTable, areas_of_plan, put_areas
from gisgov.store.blocks import all_assignments_of_plan, blocks_of_scope, put_assignments
from gisgov.store.database import Database
from gisgov.store.plans import create_draft, find_plan
from gisgov.store.tables import area

DAY = date(2026, 3, 1)
FORMATS = ("gpkg", "shp", "zip", "geojson", "kml", "parquet", "fgb")

Said = dict[str, tuple[object, ...]]


def said(database: Database, plan: str) -> Said:
    """What a plan says, by code: everything, the ground as normalised WKB."""
    with database.begin() as connection:
        areas = areas_of_plan(connection, find_plan(connection, plan).id)
    grounds = shapely.to_wkb(shapely.normalize(areas.geometries)).tolist()
    columns = (areas.names, areas.parent_codes, areas.population, areas.households, areas.attributes, grounds)
    return {code: tuple(rest) for code, *rest in zip(areas.codes, *columns, strict=True)}


def back(database: Database, path: Path, plan: str, name: str = "grid") -> Said:
    report = import_areas(database, AreaImport(path=path, layer=name, day=DAY, plan=plan))
    assert not report.problems
    return said(database, plan)


@pytest.fixture
def district(database: Database, plant: Callable[..., None]) -> Database:
    """A draft of blocks: an area with a hole, one in two parts, counts that are lacking, odd codes."""
    rng = np.random.default_rng(5)
    xs, ys = (
        np.round(start + np.r_[0, np.cumsum(rng.uniform(0.001, 0.002, 6))], 7) for start in (120.0, 30.0)
    )
    drawn = ["aaabbb", "adabcb", "aaabbb", "eeeeee", "ffeegg", "ffeegf"]
    cells = [shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(6) for i in range(6)]
    codes = [f"{number:04d}" for number in range(36)]
    beside = shapely.box(xs[6], ys[0], xs[6] + 0.001, ys[1])  # in no area
    frame = geopandas.GeoDataFrame({"code": [*codes, "0099"]}, geometry=[*cells, beside], crs=4326)
    letters = np.array(list("".join(drawn)))
    towns = dissolve(np.array(cells, dtype=object), np.repeat(["1", "2"], 18))
    plant("town", dict(zip(["1", "2"], towns, strict=True)))
    plant("grid", {}, parent="town", plan="was", valid_from=None)
    store_blocks(database, frame, scope_code="")
    grounds = dissolve(np.array(cells, dtype=object), letters)
    count = len(grounds)
    with database.begin() as connection:
        plan = create_draft(
            connection, name="方案 1", layer_id=find_plan(connection, "was").layer_id, working_crs="EPSG:4549"
        )
        facts = [{}, {"级别": "甲", "n": 0.1, "list": [1, None, {"a": "“b”"}]}, *({"x": "y"},) * (count - 2)]
        table = AreaTable(
            codes=np.array(["001", "01", "1", "1a", "0000000000000017", "33010601G01", "网-1"], dtype=object),
            names=np.array(["和平里", "A & <北>", "翠苑", "古荡", "西溪", "灵隐", "转塘"], dtype=object),
            parent_codes=[("1",), ("1", "2"), (), *(("2",),) * (count - 3)],
            geometries=grounds,
            area_m2=np.full(count, 12.5),
            population=np.array([None, 0, *range(7, 5 + count)], dtype=object),
            households=np.array([3, None, *range(7, 5 + count)], dtype=object),
            attributes=facts,
        )  # fmt: skip
        put_areas(connection, plan, table)
        blocks = blocks_of_scope(connection, "")
        numbers = np.searchsorted(np.unique(letters), letters)
        put_assignments(connection, plan, blocks.ids.tolist(), [*table.codes[numbers], None])
    return database


def test_every_format_holds_it_to_the_bit(district: Database, tmp_path: Path) -> None:
    before = said(district, "方案 1")
    for suffix in FORMATS:
        path = tmp_path / f"out.{suffix}"
        done = export_plan(district, "方案 1", path)
        assert (done.areas, done.blocks, done.status) == (7, 37 if suffix == "gpkg" else None, "draft")
        assert [one.field for one in done.not_held] == ([] if suffix == "gpkg" else ["assignments"])
        assert back(district, path, suffix) == before, suffix
    with district.begin() as connection:
        assigned = [
            all_assignments_of_plan(connection, find_plan(connection, name).id) for name in ("方案 1", "gpkg")
        ]
    assert assigned[0] == assigned[1]
    assert assigned[0]["0099"] is None
    export_plan(
        district, "gpkg", tmp_path / "again.gpkg"
    )  # and blocks that are others are not given to areas
    with district.begin() as connection:
        connection.execute(sa.text("UPDATE block SET code = 'other' WHERE code = '0007'"))
    asked = AreaImport(path=tmp_path / "again.gpkg", layer="grid", day=DAY, plan="elsewhere")
    report = import_areas(district, asked)
    assert (report.imported, report.blocks) == (7, 0)
    assert report.blocks_left == "1 blocks are not stored here, the first is 0007."
    with district.begin() as connection:  # two blocks under each other's codes
        connection.execute(sa.text("UPDATE block SET code = '0007' WHERE code = '0024'"))
        connection.execute(sa.text("UPDATE block SET code = '0024' WHERE code = 'other'"))
    other = import_areas(district, replace(asked, plan="there"))
    assert (other.imported, other.blocks) == (7, 0)
    assert str(other.blocks_left).startswith("Blocks of those codes are here, but do not make up area ")


def test_a_shapefile_says_what_it_cannot_hold(district: Database, tmp_path: Path) -> None:
    with district.begin() as connection:
        connection.execute(
            area.update().where(area.c.code == "001").values(name="和" * 200, attributes={"a": "b" * 300})
        )
    path = tmp_path / "out.shp"
    done = export_plan(district, "方案 1", path, encoding="gbk")
    assert [(one.field, one.count, one.codes) for one in done.not_held[:2]] == [
        ("name", 1, ("001",)),
        ("attributes", 1, ("001",)),
    ]
    assert path.with_suffix(".cpg").read_text() == "GBK"
    assert "翠苑".encode("gbk") in path.with_suffix(".dbf").read_bytes()
    found = back(district, path, "cut")
    assert found["001"][:5] == ("和" * 127, ("1",), None, 3, {})
    assert {code: rest for code, rest in found.items() if code != "001"} == {
        code: rest for code, rest in said(district, "方案 1").items() if code != "001"
    }


def test_what_cannot_be_written_is_refused(district: Database, tmp_path: Path) -> None:
    with district.begin() as connection:
        connection.execute(area.update().where(area.c.code == "001").values(name="\U00020bb7"))
        connection.execute(area.update().where(area.c.code == "1a").values(name="a\x07"))
    with pytest.raises(InputError, match="GBK has no letter '𠮷', which is in the name of 001"):
        export_plan(district, "方案 1", tmp_path / "a.shp", encoding="gbk")
    with pytest.raises(InputError, match="KML cannot hold the name 'a\\\\x07'"):
        export_plan(district, "方案 1", tmp_path / "a.kml")
    with pytest.raises(InputError, match="Only a Shapefile has an encoding"):
        export_plan(district, "方案 1", tmp_path / "a.gpkg", encoding="gbk")
    with pytest.raises(InputError, match="'big5' is not known"):
        export_plan(district, "方案 1", tmp_path / "a.shp", encoding="big5")
    with pytest.raises(InputError, match="has no areas"):
        export_plan(district, "was", tmp_path / "a.shp")
    with pytest.raises(FileError, match=r"does not write \.dxf"):
        export_plan(district, "方案 1", tmp_path / "a.dxf")
    assert not list(tmp_path.iterdir())


@pytest.mark.realdata
def test_the_grids_of_xihu_come_back_to_the_bit(
    database: Database, plant: Callable[..., None], realdata: Path, tmp_path: Path
) -> None:
    plant("grid", {}, plan="was", valid_from=None)
    asked = AreaImport(
        path=realdata / "cn_hangzhou_xihu.gpkg", layer="grid", day=DAY, file_layer="grid", plan="xihu",
        code_field=("XZQHBM",), name_field="name",
    )  # fmt: skip
    assert import_areas(database, asked).rows_read == 605
    before = said(database, "xihu")
    assert len(before) > 570
    for suffix in FORMATS:
        encoding = "gbk" if suffix == "shp" else "utf-8"
        done = export_plan(database, "xihu", tmp_path / f"x.{suffix}", encoding=encoding)
        kept = [one.field for one in done.not_held]
        assert kept == (["attributes"] if suffix in ("shp", "zip") else []), done.not_held
        found = back(database, tmp_path / f"x.{suffix}", suffix)
        assert _without(found, kept) == _without(before, kept), suffix


def _without(found: Said, fields: list[str]) -> Said:
    return {code: (*rest[:4], rest[5]) for code, rest in found.items()} if fields else found
