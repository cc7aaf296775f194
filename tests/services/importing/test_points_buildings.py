"""Buildings in, and to the areas that own them."""

from __future__ import annotations

from pathlib import Path

import geopandas
import shapely
from point_files import asked, buildings, csv

from gisgov.files.vectors import write_vectors
from gisgov.services.importing.points import import_buildings
from gisgov.store.database import Database


def test_buildings_with_outlines(ground: Database, tmp_path: Path) -> None:
    inside = shapely.box(120.0002, 30.0002, 120.0004, 30.0004)
    bow_tie = shapely.Polygon([(120, 30), (120.0005, 30.0005), (120.0005, 30), (120, 30.0005)])
    line = shapely.LineString([(120, 30), (120.0005, 30.0005)])
    frame = geopandas.GeoDataFrame(
        {
            "楼栋编号": ["1", "2", "3", "4", "5"],
            "name": ["一栋", None, None, None, None],
            "层数": [7, None, None, None, None],
            "structure": ["砖混", None, None, None, None],
        },
        geometry=[inside, shapely.Point(120.0015, 30.0005), bow_tie, line, None],
    )
    write_vectors(frame, tmp_path / "a.gpkg", crs=None)
    report = import_buildings(ground, asked(tmp_path / "a.gpkg"))
    assert [(one.row, one.code, one.kind) for one in report.problems] == [
        (3, "3", "invalid-ring"), (4, "4", "not-a-polygon"),
    ]  # fmt: skip
    assert (report.kind, report.inserted, report.rejected, report.without_place) == ("buildings", 3, 2, 1)
    assert [(one.layer, one.joined, one.orphans) for one in report.joined] == [
        ("street", 2, 1),
        ("grid", 2, 1),
    ]
    found = buildings(ground)
    assert (found["1"]["type"], found["2"]["type"], found["5"]["type"]) == ("POLYGON", "POINT", None)
    assert (found["1"]["floors"], found["1"]["name"], found["1"]["facts"]) == (
        7,
        "一栋",
        {"structure": "砖混"},
    )
    assert found["5"]["problem"] == "no-coordinate"
    assert import_buildings(ground, asked(tmp_path / "a.gpkg")).unchanged == 3


def test_what_a_file_does_not_have_stays(ground: Database, tmp_path: Path) -> None:
    full = csv(tmp_path / "a.csv", "1,120.0005,30.0005,7,住宅", header="id,lon,lat,floors,use")
    import_buildings(ground, asked(full))
    partial = csv(tmp_path / "a.csv", "1,120.0005,30.0005,", header="id,lon,lat,use")
    report = import_buildings(ground, asked(partial))
    assert report.updated == 1
    assert (buildings(ground)["1"]["floors"], buildings(ground)["1"]["use"]) == (7, None)


def test_counts_that_are_none(ground: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv", "1,120.0005,30.0005,many", "2,120.0005,30.0005,3.0", header="id,lon,lat,floors"
    )
    report = import_buildings(ground, asked(path))
    assert [(one.row, one.kind) for one in report.problems] == [(1, "bad-number")]
    assert report.notes == ("'floors' was taken as floors by its name: --floors-field '' leaves it unread.",)
    assert buildings(ground)["2"]["floors"] == 3
