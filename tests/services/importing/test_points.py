"""Events and buildings in, and to the areas that own them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import openpyxl
import pandas as pd
import psycopg
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import CoordinateError, CrsError, DatabaseUnavailable, FileError, InputError, RowsRefused
from gisgov.files.vectors import read_vectors, write_vectors
from gisgov.geometry.crs import GCJ02, from_wgs84
from gisgov.services.importing.points import PointImport, import_buildings, import_events
from gisgov.store.database import Database
from gisgov.store.tables import building, event, import_batch
from gisgov.testing import areas_from_grid

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 1)


def shapes(picture: str) -> dict[str, shapely.Geometry]:
    letters, drawn = areas_from_grid(picture, cell_m=1)
    return dict(zip(letters, shapely.transform(drawn, lambda xy: xy * 0.001 + (120.0, 30.0)), strict=True))


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> Database:
    """Grids a and b of 0.001°, side by side from 120, 30, since 2026; a street over both since 2020."""
    plant("street", shapes("ss"), valid_from=date(2020, 1, 1))
    plant("grid", shapes("ab"), parent="street", valid_from=date(2026, 1, 1))
    return database


def csv(path: Path, *rows: str, header: str = "编号,时间,经度,纬度,事项,等级,备注") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def asked(path: Path, **options: Any) -> PointImport:
    return PointImport(**{"path": path, "timezone": ZONE, "day": DAY, "crs": "wgs84", **options})


def events(database: Database) -> dict[str, Any]:
    with database.begin() as connection:
        query = sa.select(event, sa.func.ST_AsText(event.c.geom).label("place"))
        return {row["external_id"]: row for row in connection.execute(query).mappings()}


FOUR = (
    "1,2026-02-01 08:30,120.0005,30.0005,垃圾满溢,一级,x",
    "2,2026-02-01 08:31,120.001,30.0005,垃圾满溢,2,",
    "3,2025-02-01 08:32,120.0005,30.0005,井盖缺失,,",
    "4,2026-02-01 08:33,120.0035,30.0005,井盖缺失,,y",
)


def test_events_are_stored_and_joined(grids: Database, tmp_path: Path) -> None:
    report = import_events(grids, asked(csv(tmp_path / "a.csv", *FOUR)))
    assert (report.rows_read, report.inserted, report.updated, report.unchanged, report.rejected) == (
        4,
        4,
        0,
        0,
        0,
    )
    assert [(one.holds, one.column, one.guessed) for one in report.fields] == [
        ("lon", "经度", True), ("lat", "纬度", True), ("id", "编号", True), ("time", "时间", True),
        ("category", "事项", True), ("level", "等级", True),
    ]  # fmt: skip
    assert report.time_format == "ISO 8601"
    assert [(one.layer, one.joined, one.on_border, one.orphans, one.no_plan) for one in report.joined] == [
        ("street", 3, 0, 1, 0),
        ("grid", 2, 1, 1, 1),
    ]
    assert [
        (one.row, one.external_id, one.layer, one.reason, one.nearest_area) for one in report.orphans
    ] == [
        (4, "4", "street", "outside", "s"),
        (4, "4", "grid", "outside", "b"),
    ]
    assert report.orphans[1].message == "lies in no area of layer grid; b is 144.7 m away"
    found = events(grids)
    assert (found["1"]["source"], found["1"]["category"], found["1"]["level"]) == ("a", "垃圾满溢", "1")
    assert (found["1"]["state"], found["1"]["crs"], found["1"]["place"]) == (
        "reported", "EPSG:4326", "POINT(120.0005 30.0005)",
    )  # fmt: skip
    assert found["1"]["occurred_at"] == datetime(2026, 2, 1, 0, 30, tzinfo=UTC)
    assert found["1"]["attributes"] == {"备注": "x"}
    with grids.begin() as connection:
        assert connection.execute(sa.select(import_batch.c.kind, import_batch.c.rows_imported)).one() == (
            "events",
            4,
        )


def test_a_second_import_updates_instead_of_doubling(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    import_events(grids, asked(path))
    before = events(grids)
    again = import_events(grids, asked(path))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 4)
    assert again.joined[1].joined == 2
    assert len(again.orphans) == 2
    assert events(grids) == before
    with grids.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(import_batch)) == 1
    moved = csv(
        tmp_path / "a.csv", FOUR[0], FOUR[1], FOUR[2].replace("2025", "2026"), FOUR[3].replace("0035", "0005")
    )
    third = import_events(grids, asked(moved))
    assert (third.inserted, third.updated, third.unchanged) == (0, 2, 2)
    assert [(one.joined, one.orphans, one.no_plan) for one in third.joined] == [(4, 0, 0), (4, 0, 0)]
    assert {key: row["id"] for key, row in events(grids).items()} == {
        key: row["id"] for key, row in before.items()
    }


def test_what_is_known_better_here_stays(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    import_events(grids, asked(path))
    with grids.begin() as connection:
        connection.execute(
            event.update().where(event.c.external_id == "1").values(state="closed", description="说明")
        )
    assert import_events(grids, asked(path)).unchanged == 4
    stated = csv(
        tmp_path / "a.csv",
        "1,2026-02-01 08:30,120.0005,30.0005,处置中",
        "2,2026-02-01 08:31,120.001,30.0005,",
        header="编号,时间,经度,纬度,状态",
    )
    assert import_events(grids, asked(stated)).updated == 1
    found = events(grids)
    assert found["1"]["attributes"] == {"备注": "x"}
    emptied = csv(
        tmp_path / "a.csv", "1,2026-02-01 08:30,120.0005,30.0005,", header="编号,时间,经度,纬度,备注"
    )
    import_events(grids, asked(emptied))
    assert events(grids)["1"]["attributes"] == {}
    assert (found["1"]["state"], found["2"]["state"], found["1"]["description"]) == (
        "handling",
        "reported",
        "说明",
    )


def test_rows_without_a_place_are_kept_and_listed(grids: Database, tmp_path: Path) -> None:
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
    report = import_events(grids, asked(path, orphans_path=tmp_path / "orphans.csv"))
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
    assert events(grids)["2"]["attributes"] == {"经度": "120.x", "纬度": "30"}
    written = pd.read_csv(tmp_path / "orphans.csv", dtype=str)
    assert written["external_id"].tolist() == ["1", "2", "3", "4"]
    assert written["reason"].tolist()[0] == "no-coordinate"
    assert report.orphans_path == str(tmp_path / "orphans.csv")


def test_rows_that_cannot_be_stored_are_rejected_and_mended(grids: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        "1,2026-02-01 08:30,120.0005,30.0005,a,,",
        ",2026-02-01 08:30,120.0005,30.0005,a,,",
        "3,soon,120.0005,30.0005,a,,",
        "4,,120.0005,30.0005,a,,",
        "5,2026-02-01 08:30,120.0005,30.0005,a,九级,",
        "6,2026-02-01 08:30,120.0005,30.0005,a",
        "7,2026-02-01 08:30,120.0005,30.0005,a,,",
        "7,2026-02-01 08:30,120.0005,30.0005,b,,",
        f"{'x' * 201},2026-02-01 08:30,120.0005,30.0005,b,,",
    )
    fields = {"id": "编号", "level": "等级"}
    report = import_events(grids, asked(path, fields=fields))
    assert [(one.row, one.kind, one.message[:60]) for one in report.problems] == [
        (2, "missing-id", "has no id in '编号'"),
        (3, "bad-time", "has 'soon' in '时间', which is no time as ISO 8601 has it"),
        (4, "bad-time", "has no time in '时间'"),
        (5, "bad-value", "has '九级' in '等级', which means nothing there"),
        (6, "ragged-row", "has 5 cells where the header has 7"),
        (7, "duplicate-id", "shares its id '7' with row 8"),
        (8, "duplicate-id", "shares its id '7' with row 7"),
        (9, "bad-value", "has an id that is no id: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    ]
    assert (report.inserted, report.rejected) == (1, 8)
    assert report.rejects_path == "a.events.rejects.csv"
    rejects = pd.read_csv("a.events.rejects.csv", dtype=str)
    assert list(rejects.columns) == [
        *["编号", "时间", "经度", "纬度", "事项", "等级", "备注"],
        "gisgov_row",
        "gisgov_problem",
    ]
    assert rejects["gisgov_row"].tolist() == ["2", "3", "4", "5", "6", "7", "8", "9"]
    rejects["编号"] = [f"m{i}" for i in range(8)]
    rejects["时间"], rejects["等级"] = "2026-02-01 08:30", None
    rejects.to_csv("a.events.rejects.csv", index=False)
    mended = import_events(grids, asked(Path("a.events.rejects.csv"), fields=fields))
    assert (mended.inserted, mended.rejected) == (8, 0)
    assert {row["source"] for row in events(grids).values()} == {"a"}
    assert "gisgov_row" not in events(grids)["m0"]["attributes"]


def test_strict_and_dry_run(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", FOUR[0], "2,soon,120.0005,30.0005,a,,")
    with pytest.raises(
        RowsRefused, match=r"1 of the 2 rows of a\.csv has problems, so nothing was imported; row 2"
    ):
        import_events(grids, asked(path, strict=True))
    assert events(grids) == {}
    report = import_events(grids, asked(path, dry_run=True))
    assert (report.inserted, report.rejected, report.rejects_path) == (1, 1, None)
    assert report.joined[1].joined == 1
    assert events(grids) == {}
    bad = csv(tmp_path / "b.csv", "1,soon,120.0005,30.0005,a,,", "2,2026-02-01,120.0005,30.0005,a,9级,")
    with pytest.raises(RowsRefused, match=r"2 of the 2 rows of b\.csv have problems") as told:
        import_events(grids, asked(bad, fields={"level": "等级"}, rejects_path=tmp_path / "r.csv"))
    assert told.value.hint == f"All are in {tmp_path / 'r.csv'}."


def test_ids_belong_to_their_source(grids: Database, tmp_path: Path) -> None:
    header = "id,time,lon,lat,来源"
    rows = (
        "1,2026-02-01,120.0005,30.0005,12345 热线",
        "1,2026-02-01,120.0005,30.0005,网格巡查",
        "2,2026-02-01,1,1,",
    )
    path = csv(tmp_path / "a.csv", *rows, header=header)
    report = import_events(grids, asked(path))
    assert (report.inserted, report.rejected) == (3, 0)
    with grids.begin() as connection:
        sources = connection.scalars(sa.select(event.c.source).order_by(event.c.id)).all()
    assert sources == ["hotline", "patrol", "a"]
    other = import_events(grids, asked(path, fields={"id": "id"}, source="camera"))
    assert [one.kind for one in other.problems] == ["duplicate-id", "duplicate-id"]
    assert other.inserted == 1


def test_rows_without_an_id_are_known_by_their_content(grids: Database, tmp_path: Path) -> None:
    header = "time,lon,lat,type"
    row = "2026-02-01,120.0005,30.0005,a"
    path = csv(tmp_path / "a.csv", row, row, "2026-02-02,120.0005,30.0005,a", header=header)
    report = import_events(grids, asked(path))
    assert report.inserted == 3
    assert report.notes == (
        "Rows are recognised by all they say, since no column was named that holds an id.",
    )
    assert import_events(grids, asked(path)).unchanged == 3
    assert {len(key) for key in events(grids)} == {16, 18}
    doubled = csv(tmp_path / "b.csv", f"{row},7", f"{row},7", header=f"{header},id")
    with pytest.raises(RowsRefused, match="shares its id '7' with row 2") as told:
        import_events(grids, asked(doubled))
    assert "--id-field '' leaves it unread" in str(told.value.hint)
    assert import_events(grids, asked(doubled, fields={"id": ""})).inserted == 2


def test_one_bad_cell_costs_its_row_and_not_the_column(grids: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        "1,2026-02-01,120.0005,30.0005,一级",
        "2,2026-02-01,120.0005,30.0005,九级",
        "3,2026-02-01,120.0005,30.0005,",
        header="编号,时间,经度,纬度,级别",
    )
    report = import_events(grids, asked(path))
    assert [(one.row, one.kind) for one in report.problems] == [(2, "bad-value")]
    assert {key: row["level"] for key, row in events(grids).items()} == {"1": "1", "3": None}
    mended = csv(
        Path("a.events.rejects.csv"), "2,2026-02-01,120.0005,30.0005,三级", header="编号,时间,经度,纬度,级别"
    )
    assert import_events(grids, asked(mended)).inserted == 1
    # all of it again: the ids are those of the file, so nothing doubles
    again = import_events(grids, asked(path))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
    assert len(events(grids)) == 3


def test_a_column_that_only_happens_to_be_called_so(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,2026-02-01,120.0005,30.0005,Open", header="id,time,lon,lat,status")
    with pytest.raises(RowsRefused, match="has 'Open' in 'status'") as told:
        import_events(grids, asked(path))
    assert "--state-field '' leaves it unread" in str(told.value.hint)
    report = import_events(grids, asked(path, fields={"state": ""}))
    assert (report.inserted, report.notes) == (1, ())
    assert events(grids)["1"]["attributes"] == {"status": "Open"}


def test_days_as_excel_counts_them(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,46054.3541666667,120.0005,30.0005", header="id,time,lon,lat")
    assert import_events(grids, asked(path)).time_format == "days since 1899-12-30 (Excel)"
    assert events(grids)["1"]["occurred_at"] == datetime(2026, 2, 1, 0, 30, tzinfo=UTC)


def test_coordinates_in_gcj02(grids: Database, tmp_path: Path) -> None:
    lon, lat = from_wgs84([120.0005], [30.0005], GCJ02)
    path = csv(
        tmp_path / "a.csv",
        f"1,2026-02-01,{lon[0]!r},{lat[0]!r}".replace("np.float64(", "").replace(")", ""),
        header="id,time,lng,lat",
    )
    report = import_events(grids, asked(path, crs="gcj02"))
    assert report.crs == "GCJ-02"
    assert report.joined[1].joined == 1
    assert events(grids)["1"]["place"] == "POINT(120.0005 30.0005)"
    assert events(grids)["1"]["crs"] == "GCJ-02"
    # the same numbers taken as WGS84 lie some 500 m away
    assert import_events(grids, asked(path, source="wrong")).joined[1].joined == 0


def test_tables_do_not_state_their_system(grids: Database, tmp_path: Path) -> None:
    with pytest.raises(CrsError, match=r"a\.csv does not state its coordinate system"):
        import_events(grids, asked(csv(tmp_path / "a.csv", *FOUR), crs=None))


def test_most_coordinates_wrong_is_one_error(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *FOUR)
    with pytest.raises(
        CoordinateError, match=r"4 of the 4 .* has its axes swapped.*Swap --lon-field and --lat-field"
    ):
        import_events(grids, asked(path, lon_field="纬度", lat_field="经度"))
    with pytest.raises(
        CoordinateError, match=r"4 of the 4 coordinates of a\.csv cannot be right.*Is --crs right"
    ):
        import_events(grids, asked(path, crs="EPSG:4549"))
    assert events(grids) == {}


def test_a_swap_that_only_the_ground_betrays(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    new_york = shapely.box(-74.0, 40.6, -73.9, 40.8)
    plant("grid", {"a": new_york})
    path = csv(tmp_path / "a.csv", "1,2026-02-01,40.7,-73.95", header="id,time,lon,lat")
    with pytest.raises(CoordinateError, match="axes swapped"):
        import_events(database, asked(path))


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.tsv"])
def test_other_tables(grids: Database, tmp_path: Path, name: str) -> None:
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
    assert import_events(grids, asked(tmp_path / name)).joined[1].joined == 1


def test_events_from_a_vector_layer(grids: Database, tmp_path: Path) -> None:
    inside = shapes("ab")["a"]
    frame = geopandas.GeoDataFrame(
        {"id": ["p", "q", "r", None], "time": ["2026-02-01"] * 4},
        geometry=[shapely.Point(120.0005, 30.0005, 9.0), inside, None, inside],
    )
    write_vectors(frame, tmp_path / "a.geojson", crs=None)
    report = import_events(grids, asked(tmp_path / "a.geojson", fields={"id": "id"}))
    assert (report.inserted, report.rejected, report.joined[1].joined) == (3, 1, 2)
    assert [(one.external_id, one.reason, one.message) for one in report.orphans] == [
        ("r", "no-coordinate", "has no geometry")
    ]
    # an event happens at a point: of an outline, one inside it
    assert events(grids)["q"]["place"].startswith("POINT(120.0005 30.000")
    assert report.rejects_path == "a.events.rejects.gpkg"
    assert read_vectors(Path("a.events.rejects.gpkg")).frame["gisgov_problem"].tolist() == [
        "has no id in 'id'"
    ]


def test_columns_that_are_missing(grids: Database, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,120,30", header="id,lon,lat")
    with pytest.raises(
        InputError, match=r"No column of a\.csv is called like a time\. Say --time-field; its columns: id"
    ):
        import_events(grids, asked(path))
    with pytest.raises(InputError, match="has no field 'when'"):
        import_events(grids, asked(path, fields={"time": "when"}))
    with pytest.raises(InputError, match="A column cannot hold 'colour'"):
        import_events(grids, asked(path, fields={"colour": "id"}))
    with pytest.raises(FileError, match=r"b\.csv holds no rows"):
        import_events(grids, asked(csv(tmp_path / "b.csv", header="id,time,lon,lat")))


def test_without_any_plan_there_are_no_layers(database: Database, tmp_path: Path) -> None:
    report = import_events(database, asked(csv(tmp_path / "a.csv", *FOUR, "5,2026-02-01,,,a,,")))
    assert report.joined == ()
    assert [(one.external_id, one.reason) for one in report.orphans] == [("5", "no-coordinate")]


def test_a_database_that_goes_away_leaves_nothing(grids: Database, database_url: str, tmp_path: Path) -> None:
    def murderous(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        for i, item in enumerate(items):
            if i == 2:
                with psycopg.connect(database_url.replace("+psycopg", "")) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
            yield item

    path = csv(tmp_path / "a.csv", *FOUR)
    with pytest.raises(DatabaseUnavailable):
        import_events(grids, asked(path), progress=murderous)
    assert events(grids) == {}
    assert import_events(grids, asked(path)).inserted == 4


def buildings(database: Database) -> dict[str, Any]:
    with database.begin() as connection:
        query = sa.select(building, sa.func.GeometryType(building.c.geom).label("type"))
        return {row["external_id"]: row for row in connection.execute(query).mappings()}


def test_buildings_with_outlines(grids: Database, tmp_path: Path) -> None:
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
    report = import_buildings(grids, asked(tmp_path / "a.gpkg"))
    assert [(one.row, one.code, one.kind) for one in report.problems] == [
        (3, "3", "invalid-ring"), (4, "4", "not-a-polygon"),
    ]  # fmt: skip
    assert (report.kind, report.inserted, report.rejected, report.without_place) == ("buildings", 3, 2, 1)
    assert [(one.layer, one.joined, one.orphans) for one in report.joined] == [
        ("street", 2, 1),
        ("grid", 2, 1),
    ]
    found = buildings(grids)
    assert (found["1"]["type"], found["2"]["type"], found["5"]["type"]) == ("POLYGON", "POINT", None)
    assert (found["1"]["floors"], found["1"]["name"], found["1"]["facts"]) == (
        7,
        "一栋",
        {"structure": "砖混"},
    )
    assert found["5"]["problem"] == "no-coordinate"
    assert import_buildings(grids, asked(tmp_path / "a.gpkg")).unchanged == 3


def test_what_a_file_does_not_have_stays(grids: Database, tmp_path: Path) -> None:
    full = csv(tmp_path / "a.csv", "1,120.0005,30.0005,7,住宅", header="id,lon,lat,floors,use")
    import_buildings(grids, asked(full))
    partial = csv(tmp_path / "a.csv", "1,120.0005,30.0005,", header="id,lon,lat,use")
    report = import_buildings(grids, asked(partial))
    assert report.updated == 1
    assert (buildings(grids)["1"]["floors"], buildings(grids)["1"]["use"]) == (7, None)


def test_counts_that_are_none(grids: Database, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv", "1,120.0005,30.0005,many", "2,120.0005,30.0005,3.0", header="id,lon,lat,floors"
    )
    report = import_buildings(grids, asked(path))
    assert [(one.row, one.kind) for one in report.problems] == [(1, "bad-number")]
    assert report.notes == ("'floors' was taken as floors by its name: --floors-field '' leaves it unread.",)
    assert buildings(grids)["2"]["floors"] == 3
