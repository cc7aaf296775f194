"""Areas of a file into a draft plan: rows that cannot go in, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from area_files import asked, kinds, shapes, stored, written

from gisgov.errors import (
    RowsRefused,
)
from gisgov.files.vectors import read_vectors, write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.services.importing.areas import import_areas
from gisgov.store.database import Database
from gisgov.store.tables import area, plan


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Nine rows, of which only the ninth and the last are sound."""
    good, far = shapes("a...\n....")["a"], shapely.box(121, 31, 121.001, 31.001)
    bow_tie = shapely.Polygon([(120, 30), (120.001, 30.001), (120.001, 30), (120, 30.001)])
    swapped = shapely.transform(good, lambda xy: xy[:, ::-1])
    rows = [good, bow_tie, None, far, swapped, good, good, shapely.Point(120, 30), good]
    frame = geopandas.GeoDataFrame(
        {
            "code": ["1", "2", "3", "4", "5", "6", None, "8", "9"],
            "name": ["东", "b", "c", "d", "e", "第?网", "f", "g", "h"],
        },
        geometry=rows,
    )
    write_vectors(frame, tmp_path / "mixed.gpkg", crs=WGS84)
    return tmp_path / "mixed.gpkg"


def test_problems_are_named_and_the_rest_goes_in(grids: Database, mixed: Path) -> None:
    report = import_areas(grids, asked(mixed, name_field="name"))
    assert kinds(report) == [
        (2, "invalid-ring"),
        (3, "empty-geometry"),
        (4, "out-of-range"),
        (5, "swapped-axes"),
        (6, "garbled-name"),
        (7, "missing-code"),
        (8, "not-a-polygon"),
    ]
    assert (report.rows_read, report.imported, report.rejected) == (9, 2, 7)
    assert next((one.kind, one.count) for one in report.problem_counts) == ("empty-geometry", 1)
    assert (report.problems[0].code, report.problems[0].lon) == ("2", 120.0005)
    assert sorted(stored(grids, "grid-mixed")) == ["1", "9"]


def test_rejects_can_be_mended_and_imported_into_the_same_plan(grids: Database, mixed: Path) -> None:
    first = import_areas(grids, asked(mixed, name_field="name"))
    assert first.rejects_path == "mixed.grid.rejects.gpkg"
    rejects = read_vectors(Path(first.rejects_path))
    assert list(rejects.frame.columns) == ["code", "name", "gisgov_row", "gisgov_problem", "geometry"]
    assert rejects.frame["gisgov_row"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert rejects.frame["gisgov_problem"][0] == "has an invalid ring: self-intersection"
    assert rejects.crs == WGS84
    mended = rejects.frame.assign(name="好", code=[f"m{i}" for i in range(7)])
    mended["geometry"] = [*[shapes("...a\n....")["a"]] * 6, shapely.Point(120, 30)]
    mended.set_crs("EPSG:4326").to_file(first.rejects_path)

    second = import_areas(grids, asked(Path(first.rejects_path), name_field="name"))
    assert (second.plan, second.imported, second.rejected) == ("grid-mixed", 6, 1)
    # the row keeps the number it had in the first file
    again = read_vectors(Path("mixed.grid.rejects.grid.rejects.gpkg")).frame
    assert again["gisgov_row"].tolist() == [8]
    assert len(stored(grids, "grid-mixed")) == 8
    assert "gisgov_row" not in _attributes(grids, "m0")

    # both files again: nothing changes
    assert import_areas(grids, asked(Path(first.rejects_path), name_field="name")).unchanged == 6
    once_more = import_areas(grids, asked(mixed, name_field="name"))
    assert (once_more.imported, once_more.unchanged, once_more.rejected) == (0, 2, 7)


def _attributes(database: Database, code: str) -> dict[str, Any]:
    with database.begin() as connection:
        found: dict[str, Any] = connection.scalar(sa.select(area.c.attributes).where(area.c.code == code))
        return found


def test_strict_imports_nothing_but_writes_the_rejects(grids: Database, mixed: Path, tmp_path: Path) -> None:
    place = tmp_path / "sub" / "bad.geojson"
    with pytest.raises(
        RowsRefused, match=r"7 of the 9 rows of mixed\.gpkg have problems, so nothing was"
    ) as told:
        import_areas(grids, asked(mixed, name_field="name", strict=True, rejects_path=place))
    assert "row 2 (2): has an invalid ring: self-intersection at 120.0005000" in told.value.message
    assert told.value.hint == f"All are in {place}."
    assert len(read_vectors(place).frame) == 7
    assert stored(grids, "grid-mixed") == {}


def test_a_dry_run_changes_nothing(grids: Database, mixed: Path) -> None:
    report = import_areas(grids, asked(mixed, name_field="name", dry_run=True))
    assert (report.status, report.imported, report.rejects_path) == ("not stored", 2, None)
    assert stored(grids, "grid-mixed") == {}
    assert not list(Path().iterdir())
    assert import_areas(grids, asked(mixed, name_field="name")).imported == 2


def test_when_no_row_is_sound_nothing_is_made(grids: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", [None, None])
    with pytest.raises(
        RowsRefused, match=r"None of the 2 rows of a\.gpkg can be imported \(2 empty-geometry, 2 missing"
    ):
        import_areas(grids, asked(path))
    with grids.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(plan)) == 1


def test_parts_of_one_unit(grids: Database, tmp_path: Path) -> None:
    west, east = shapes("a.b.").values()
    path = written(tmp_path / "a.gpkg", [west, east, east], name=["东", "东", "西"])
    frame = read_vectors(path).frame.assign(code=["1", "1", "2"])
    write_vectors(frame, path, crs=WGS84)
    report = import_areas(grids, asked(path, name_field="name"))
    assert kinds(report) == [(1, "several-rows"), (2, "several-rows")]
    report = import_areas(grids, asked(path, name_field="name", merge_parts=True))
    assert (report.merged, report.rejected, report.imported, report.unchanged) == (1, 0, 1, 1)
    assert [(one.row, one.kind) for one in report.notes] == [(1, "joined-parts")]
    assert stored(grids, "grid-a")["1"][2] == pytest.approx(2 * stored(grids, "grid-a")["2"][2], rel=0.01)


def test_a_row_twice_is_imported_once(grids: Database, tmp_path: Path) -> None:
    one = shapes("a")["a"]
    path = written(tmp_path / "a.gpkg", [one, one])
    write_vectors(read_vectors(path).frame.assign(code="1"), path, crs=WGS84)
    report = import_areas(grids, asked(path))
    assert kinds(report) == [(2, "repeated-row")]
    assert report.imported == 1


def test_odd_numbers_do_not_stop_an_import(grids: Database, tmp_path: Path) -> None:
    good = shapely.to_geojson(shapes("a")["a"])
    bad = good.replace("120.0,30.0", "NaN,30.0")
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"code": "{code}"}}, "geometry": {text}}}'
        for code, text in (("1", good), ("2", bad))
    )
    (tmp_path / "a.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    report = import_areas(grids, asked(tmp_path / "a.geojson", crs="wgs84"))
    assert kinds(report) == [(2, "not-finite")]
    assert report.imported == 1
