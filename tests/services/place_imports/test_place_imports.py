"""Devices, exceptions, service points and care counts brought in: once, by name, and never half."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import loop_ground
import patrol_ground
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import CrsError, NotAllowed, NotFoundError, RowsRefused
from gisgov.services.place_imports import PlacesImport, PlacesImportReport, import_places
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    patrol_ground.settle(opened)
    yield opened
    opened.dispose()


def bring(
    database: Database, kind: str, folder: Path, text: str, *, crs: str | None = "wgs84", **given: Any
) -> PlacesImportReport:
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return import_places(
        database, kind, PlacesImport(path, crs=crs, rejects_path=folder / "rejects.csv", **given)
    )


def counts(report: PlacesImportReport) -> tuple[int, ...]:
    assert report.rows_read == report.inserted + report.updated + report.unchanged + report.rejected
    return report.inserted, report.updated, report.unchanged, report.rejected


def told(report: PlacesImportReport) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for problem in report.problems:
        found.setdefault(problem.row, []).append(problem.message)
    return found


def stored(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_devices_come_in_once_and_take_over_what_changes(database: Database, tmp_path: Path) -> None:
    header = "设备编号,类型,名称,状态,lon,lat\n"
    text = f"{header}c1,camera,路口,在线,114.005,22.505\nc2,camera,,故障,114.015,22.505\n"
    assert counts(bring(database, "devices", tmp_path, text, dry_run=True)) == (2, 0, 0, 0)
    assert counts(bring(database, "devices", tmp_path, text)) == (2, 0, 0, 0)
    assert counts(bring(database, "devices", tmp_path, text)) == (0, 0, 2, 0)
    changed = "id,kind,lon,lat\nc1,camera,114.006,22.505\nc1,,1,\nc3,,0,0\nc4,x,114.0,22.5\nc4,x,114.0,22.5\n"
    report = bring(database, "devices", tmp_path, changed)
    assert counts(report) == (0, 1, 0, 4)
    assert told(report) == {
        2: ["names no kind", "has no value in 'lat'"],
        3: ["names no kind", "lies at 0, 0, which stands for no place"],
        4: ["is told of in 1 other rows too"],
        5: ["is told of in 1 other rows too"],
    }
    query = "SELECT id, title, state, ST_X(geom), source FROM device ORDER BY id"
    assert stored(database, query) == [
        ("c1", "路口", "online", 114.006, "devices"),
        ("c2", None, "offline", 114.015, "devices"),
    ]
    assert "gisgov_problem" in (tmp_path / "rejects.csv").read_text(encoding="utf-8")


def test_no_coordinate_is_read_without_its_system(database: Database, tmp_path: Path) -> None:
    text = "id,kind,lon,lat\nx,camera,114.0,22.5\n"
    with pytest.raises(CrsError):
        bring(database, "devices", tmp_path, text, crs=None)
    shifted = bring(database, "devices", tmp_path, text, crs="gcj02", dry_run=True)
    assert shifted.crs == "GCJ-02"


def test_exceptions_name_their_owner(database: Database, tmp_path: Path) -> None:
    box = "POLYGON((114.001 22.501,114.002 22.501,114.002 22.502,114.001 22.501))"
    with database.begin() as connection:
        values = "('A1', 1, '积水', 'f', 'g', 'event', '2', 's')"
        columns = "code, version, title, function, grp, kind, level, source"
        connection.execute(sa.text(f"INSERT INTO category ({columns}) VALUES {values}"))
    text = (
        "title,reach_m,categories,layer,area,department,valid_from,valid_to,wkt\n"
        f'公园,,,,,公园中心,2026-01-01,,"{box}"\n'
        '路灯,20,"A1;积水",grid,B,,,,"LINESTRING(114.001 22.501,114.002 22.502)"\n'
    )
    assert counts(bring(database, "exceptions", tmp_path, text)) == (2, 0, 0, 0)
    assert counts(bring(database, "exceptions", tmp_path, text)) == (0, 0, 2, 0)
    query = "SELECT title, reach_m, categories, area_code, department_code FROM routing_exception ORDER BY id"
    assert stored(database, query) == [
        ("公园", 0.0, [], None, "parks"),
        ("路灯", 20.0, ["A1"], "B", None),
    ]
    bad = (
        "title,reach_m,categories,layer,area,department,valid_from,valid_to,wkt\n"
        ",9,,grid,Z,,,,POINT(114.001 22.501)\n"
        "a,,,,,parks,,,POINT(114.001 22.501)\n"
        "b,x,A9,nothing,A,nobody,2026-05-01,2026-05-01,POINT(114.001 22.501)\n"
        'c,1,,grid,,,soon,,"POLYGON((114 22.5,114.1 22.6,114.1 22.5,114 22.6,114 22.5))"\n'
        "d,1,,,,parks,,,somewhere\n"
        "公园,5,,,,parks,,,POINT(114.001 22.501)\n"
    )
    report = bring(database, "exceptions", tmp_path, bad)
    assert counts(report) == (0, 1, 0, 5)
    found = told(report)
    assert found[1] == ["names no title", "names Z, which is no area of layer grid"]
    assert found[2] == ["is no ground, so it needs a reach_m above 0"]
    assert found[3] == [
        "names A9, which is no item of the register",
        "has 'x' as reach_m, which is no number from 0 to 1000",
        "names nothing, which is no layer",
        "names nobody, which is no department",
        "ends on 2026-05-01, which is not after 2026-05-01",
    ]
    assert found[4][0].startswith("has an outline that cannot be (Self-intersection")
    assert found[4][1:] == [
        "names a layer without an area, or an area without its layer",
        "names neither an area nor a department that answers there",
        "has 'soon' as valid_from, which is no day",
    ]
    assert found[5] == ["has no WKT with a place in 'wkt'"]


def test_a_geojson_of_exceptions_states_its_system(database: Database, tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"title": ["绿道"], "department": ["parks"], "reach_m": [15.0]},
        geometry=[shapely.MultiLineString([[(114.001, 22.501), (114.002, 22.502)]])],
        crs="EPSG:4326",
    )
    path = tmp_path / "green.geojson"
    frame.to_file(path)
    report = import_places(database, "exceptions", PlacesImport(path))
    assert (counts(report), report.crs) == ((1, 0, 0, 0), "EPSG:4326")
    assert counts(import_places(database, "exceptions", PlacesImport(path))) == (0, 0, 1, 0)


def test_service_points_have_tiers(database: Database, tmp_path: Path) -> None:
    text = (
        "编码,层级,名称,lon,lat\n"
        "1,区级,区中心,114.005,22.505\n2,grid,网格点,114.015,22.505\n3,county,x,114,22.5\n"
    )
    report = bring(database, "service-points", tmp_path, text)
    assert counts(report) == (2, 0, 0, 1)
    assert told(report) == {
        3: ["names county, which is no tier of service points (district, street, community, grid)"]
    }
    lines = 'code,tier,title,wkt\n4,grid,x,"LINESTRING(114 22.5,114.1 22.5)"\n'
    with pytest.raises(RowsRefused, match="is a LineString, not a point"):
        bring(database, "service-points", tmp_path, lines)


def test_care_counts_are_of_buildings_and_never_go_back(database: Database, tmp_path: Path) -> None:
    text = (
        "楼栋编号,类别,人数,截至日期\na1,重点关爱,3,2026-05-01\na1,alone,2,2026-05-01\nb1,key,1,2026-05-01\n"
    )
    report = bring(database, "care", tmp_path, text)
    assert (counts(report), report.crs) == ((3, 0, 0, 0), None)
    assert counts(bring(database, "care", tmp_path, text)) == (0, 0, 3, 0)
    later = (
        "building,building_source,category,count,as_of\n"
        "a1,s,key,4,2026-05-02\n"
        "a1,s,alone,9,2026-04-30\n"
        "zz,,key,1,2026-05-01\n"
        "b1,other,key,1,2026-05-01\n"
        "b1,,nobody,1.5,soon\n"
        ",,,,\n"
    )
    report = bring(database, "care", tmp_path, later)
    assert counts(report) == (0, 1, 0, 4)  # an empty line is no row
    assert told(report) == {
        2: ["is of 2026-04-30, older than what is known, of 2026-05-01"],
        3: ["names zz, which is no building"],
        4: ["names b1 of other, which is no building"],
        5: [
            "names nobody, which is no care category (key, alone, disabled, general)",
            "has '1.5' as count, which is no whole number from 0 to 100000",
            "has 'soon' as as_of, which is no day",
        ],
    }
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO building (external_id, source, problem, crs)"
                " VALUES ('b1', 'other', 'no-coordinate', 'wgs84')"
            )
        )
    with pytest.raises(RowsRefused, match="2 sources have; say whose it is"):
        bring(database, "care", tmp_path, "building,category,count,as_of\nb1,key,1,2026-05-01\n")
    query = "SELECT category, count, as_of FROM care_count ORDER BY building_id, category"
    assert stored(database, query) == [
        ("alone", 2, date(2026, 5, 1)),
        ("key", 4, date(2026, 5, 2)),
        ("key", 1, date(2026, 5, 1)),
    ]


def test_only_those_who_may_propose_bring_anything_in(database: Database, tmp_path: Path) -> None:
    text = "id,kind,lon,lat\nx,camera,114.0,22.5\n"
    hands = loop_ground.people(database)
    with pytest.raises(NotAllowed):
        bring(hands["dispatcher-s"], "devices", tmp_path, text)
    assert counts(bring(hands["manager"], "devices", tmp_path, text, dry_run=True)) == (1, 0, 0, 0)
    with pytest.raises(NotFoundError, match="Nothing is imported as 'lamps'"):
        bring(database, "lamps", tmp_path, text)
