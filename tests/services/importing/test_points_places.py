"""Events in: where they are, and files that hold it in other ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely
from area_files import shapes
from point_files import FOUR, asked, csv, events

from gisgov.errors import CoordinateError, CrsError
from gisgov.files.vectors import read_vectors, write_vectors
from gisgov.geometry.crs import GCJ02, from_wgs84
from gisgov.services.importing.points import import_events
from gisgov.store.database import Database


def test_rows_without_a_place_are_kept_and_listed(ground: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        "1,2026-02-01 08:30,,,a,,",
        "2,2026-02-01 08:30,120.x,30,a,,",
        "3,2026-02-01 08:30,0,0,a,,",
        "4,2026-02-01 08:30,30.0005,120.0005,a,,",
        "5,2026-02-01 08:30,120.0005,30.0005,a,,",
        "6,2026-02-01 08:30,120.0005,30.0005,a,,",
        "7,2026-02-01 08:30,120.0005,30.0005,a,,",
    )
    report = import_events(ground, asked(path, orphans_path=tmp_path / "orphans.csv"))
    assert (report.inserted, report.rejected, report.without_place) == (7, 0, 4)
    assert [(one.row, one.layer, one.reason) for one in report.orphans] == [
        (1, None, "no-coordinate"), (2, None, "bad-coordinate"), (3, None, "bad-coordinate"),
        (4, None, "bad-coordinate"),
    ]  # fmt: skip
    assert [one.message for one in report.orphans] == [
        "has no value in '经度'",
        "has '120.x' in '经度', which is no coordinate",
        "lies at 0, 0, which stands for no place",
        "has its axes swapped: (30.0005, 120.0005) should read (120.0005, 30.0005)",
    ]
    assert [(one.joined, one.orphans) for one in report.joined] == [(3, 4), (3, 4)]
    assert events(ground)["2"]["attributes"] == {"经度": "120.x", "纬度": "30"}
    written = pd.read_csv(tmp_path / "orphans.csv", dtype=str)
    assert written["external_id"].tolist() == ["1", "2", "3", "4"]
    assert written["reason"].tolist()[0] == "no-coordinate"
    assert report.orphans_path == str(tmp_path / "orphans.csv")


def test_coordinates_in_gcj02(ground: Database, tmp_path: Path) -> None:
    lon, lat = from_wgs84([120.0005], [30.0005], GCJ02)
    path = csv(
        tmp_path / "a.csv",
        f"1,2026-02-01,{lon[0]!r},{lat[0]!r}".replace("np.float64(", "").replace(")", ""),
        header="id,time,lng,lat",
    )
    report = import_events(ground, asked(path, crs="gcj02"))
    assert report.crs == "GCJ-02"
    assert report.joined[1].joined == 1
    assert events(ground)["1"]["place"] == "POINT(120.0005 30.0005)"
    assert events(ground)["1"]["crs"] == "GCJ-02"
    # the same numbers taken as WGS84 lie some 500 m away
    assert import_events(ground, asked(path, source="wrong")).joined[1].joined == 0


def test_a_system_with_heights_is_read_as_the_flat_one(ground: Database, tmp_path: Path) -> None:
    report = import_events(ground, asked(csv(tmp_path / "a.csv", *FOUR), crs="EPSG:4979"))
    assert (report.crs, report.inserted) == ("EPSG:4326", 4)
    assert events(ground)["1"]["place"] == "POINT(120.0005 30.0005)"


def test_tables_do_not_state_their_system(ground: Database, tmp_path: Path) -> None:
    with pytest.raises(CrsError, match=r"a\.csv does not state its coordinate system"):
        import_events(ground, asked(csv(tmp_path / "a.csv", *FOUR), crs=None))


def test_most_coordinates_wrong_is_one_error(ground: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    with pytest.raises(
        CoordinateError, match=r"4 of the 4 .* has its axes swapped.*Swap --lon-field and --lat-field"
    ):
        import_events(ground, asked(path, lon_field="纬度", lat_field="经度"))
    with pytest.raises(
        CoordinateError, match=r"4 of the 4 coordinates of a\.csv cannot be right.*Is --crs right"
    ):
        import_events(ground, asked(path, crs="EPSG:4549"))
    assert events(ground) == {}


def test_a_swap_that_only_the_ground_betrays(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    new_york = shapely.box(-74.0, 40.6, -73.9, 40.8)
    plant("grid", {"a": new_york})
    path = csv(tmp_path / "a.csv", "1,2026-02-01,40.7,-73.95", header="id,time,lon,lat")
    with pytest.raises(CoordinateError, match="axes swapped"):
        import_events(database, asked(path))


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.tsv"])
def test_other_tables(ground: Database, tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"id": [1], "time": ["2026-02-01"], "lon": [120.0005], "lat": [30.0005]})
    if name == "a.xlsx":
        book = openpyxl.Workbook()
        book.active.append(list(frame.columns))
        book.active.append(frame.iloc[0].tolist())
        book.save(tmp_path / name)
    elif name == "a.parquet":
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_csv(tmp_path / name, sep="\t", index=False)
    assert import_events(ground, asked(tmp_path / name)).joined[1].joined == 1


def test_events_from_a_vector_layer(ground: Database, tmp_path: Path) -> None:
    inside = shapes("ab")["a"]
    frame = geopandas.GeoDataFrame(
        {"id": ["p", "q", "r", None], "time": ["2026-02-01"] * 4},
        geometry=[shapely.Point(120.0005, 30.0005, 9.0), inside, None, inside],
    )
    write_vectors(frame, tmp_path / "a.geojson", crs=None)
    report = import_events(ground, asked(tmp_path / "a.geojson", fields={"id": "id"}))
    assert (report.inserted, report.rejected, report.joined[1].joined) == (3, 1, 2)
    assert [(one.external_id, one.reason, one.message) for one in report.orphans] == [
        ("r", "no-coordinate", "has no geometry")
    ]
    # an event happens at a point: of an outline, one inside it
    assert events(ground)["q"]["place"].startswith("POINT(120.0005 30.000")
    assert report.rejects_path == "a.events.rejects.gpkg"
    assert read_vectors(Path("a.events.rejects.gpkg")).frame["gisgov_problem"].tolist() == [
        "has no id in 'id'"
    ]
