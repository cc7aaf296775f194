"""A check as a job, without any service around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from gisgov.errors import CrsError, FileError, InputError
from gisgov.services.check_jobs import (
    GEOJSON,
    GEOPACKAGE,
    REPORT,
    SUMMARY,
    CheckQuestion,
    drawn_areas,
    in_given_names,
    refuse_wrong_files,
    run_check,
    stored_name,
    write_results,
)
from gisgov.services.check_jobs import results as results_of_checks
from gisgov.services.checking import CheckReport, ToleranceChoice
from gisgov.services.jobs import Input
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

TODAY = date(2026, 3, 1)
METRES = (500_000.0, 2_490_000.0)
NOWHERE = Database("postgresql://nobody@127.0.0.1:1/none")

Given = Callable[..., dict[str, Input]]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Store pictures as the files of a check: ``given(file="AB", scope="SS")``."""

    def stored(**pictures: str) -> dict[str, Input]:
        inputs = {}
        for name, picture in pictures.items():
            codes, shapes = areas_from_grid(picture, cell_m=100, origin=METRES)
            one = Input(stored_name(name, f"{name} 2026.gpkg"), f"{name} 2026.gpkg")
            frame = geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4547)
            pyogrio.write_dataframe(frame, tmp_path / one.stored, layer="areas")
            inputs[name] = one
        return inputs

    return stored


def check(folder: Path, inputs: dict[str, Input], **asked: object) -> CheckReport:
    question = CheckQuestion(**asked)  # type: ignore[arg-type]
    return run_check(question, folder, inputs, database=NOWHERE, today=TODAY)


def test_a_file_is_checked_against_its_scope(tmp_path: Path, given: Given) -> None:
    inputs = given(file="AAB\nA.B", scope="SSSS\nSSSS")
    report = check(tmp_path, inputs, code_field="code")
    assert (report.subject, report.layer) == ("file 2026.gpkg", "areas")
    assert report.scope == "file scope 2026.gpkg"
    gaps = [(defect.kind, round(defect.area_m2)) for defect in report.defects]
    assert gaps == [("gap", 20_000), ("gap", 10_000)]
    assert "upload" not in str(report)


def test_parents_overlay_and_tolerances_are_passed_on(tmp_path: Path, given: Given) -> None:
    inputs = given(file="AAB\nA.B", parents="PPQ\nPPQ")
    asked = {"code_field": "code", "parents_code_field": "code", "overlay": True}
    report = check(tmp_path, inputs, **asked, tolerances=ToleranceChoice(min_gap_m2=7.0))
    assert report.parents == "file parents 2026.gpkg"
    assert "gap" not in report.counts
    assert report.counts["crosses-parent"] == 0
    assert report.tolerances["min_gap_m2"] == 7.0
    with pytest.raises(InputError, match=r"'code'.* in parents 2026\.gpkg must be known"):
        check(tmp_path, inputs, parent_field="code")


def test_errors_name_files_as_they_were_given(tmp_path: Path, given: Given) -> None:
    nowhere = {"file": Input("upload-file.geojson", "网格.geojson")}
    (tmp_path / "upload-file.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    with pytest.raises(CrsError, match=r"^网格\.geojson does not state") as caught:
        check(tmp_path, nowhere)
    assert caught.value.field == "crs"
    with pytest.raises(InputError, match=r"^file 2026\.gpkg has no layer 'roads'") as named:
        check(tmp_path, given(file="AB"), file_layer="roads")
    assert named.value.hint == "Its layers: areas."


def test_a_plan_is_checked_where_it_is_stored(
    database: Database, plant: Callable[..., None], tmp_path: Path, given: Given
) -> None:
    def drawn(picture: str) -> dict[str, shapely.Geometry]:
        names, shapes = areas_from_grid(picture, cell_m=1)
        in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
        return dict(zip(names, in_degrees, strict=True))

    plant("street", drawn("SSTT"))
    plant("grid", drawn("1.34"), parent="street", parents={"1": ["S"], "3": ["T"], "4": ["T"]})

    def asked(**more: object) -> CheckReport:
        question = CheckQuestion(plan="grid-2026", **more)  # type: ignore[arg-type]
        return run_check(question, tmp_path, given(), database=database, today=TODAY)

    assert asked().counts["gap"] == 1
    assert asked(scope="T").counts["gap"] == 0
    assert asked(at=date(2026, 5, 1)).parents == "layer street on 2026-05-01"
    whole = given(scope="SSS")
    question = CheckQuestion(plan="grid-2026", scope_layer="areas")
    report = run_check(question, tmp_path, whole, database=database, today=TODAY)
    assert report.scope == "file scope 2026.gpkg, layer areas"
    frame = drawn_areas(report, question, tmp_path, whole, database=database)
    assert sorted(frame["code"]) == ["1", "3", "4"]


def test_the_report_is_left_in_all_its_forms(tmp_path: Path, given: Given) -> None:
    report = check(tmp_path, given(file="AAA\nA.A\nAAB"), code_field="code")
    folder = tmp_path / "results"
    folder.mkdir()
    write_results(report, folder)
    whole, summary = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (REPORT, SUMMARY))
    assert len(whole["defects"]) == 1
    assert summary == {**whole, "defects": []}
    assert len(json.loads((folder / GEOJSON).read_text(encoding="utf-8"))["features"]) == 1
    layers = pyogrio.list_layers(folder / GEOPACKAGE)[:, 0].tolist()
    assert "layer_styles" in layers, "QGIS opens it with these colours"
    assert pyogrio.read_info(folder / GEOPACKAGE, layer="defects")["features"] == 1


def test_figures_alone_have_no_lists_of_points_either() -> None:
    points = [{"subject": "buildings", "orphans": 2, "faults": [1, 2]}]
    report = {"clean": True, "defects": [1], "points": points}
    assert results_of_checks.without_lists(report) == {
        "clean": True,
        "defects": [],
        "points": [{"subject": "buildings", "orphans": 2, "faults": []}],
    }


def test_of_very_many_areas_those_with_defects_are_drawn(
    tmp_path: Path, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = given(file="AAAB\nA.AB\nAAAC")
    question = CheckQuestion(code_field="code")
    report = run_check(question, tmp_path, inputs, database=NOWHERE, today=TODAY)
    drawn = drawn_areas(report, question, tmp_path, inputs, database=NOWHERE)
    assert (drawn["code"].tolist(), drawn.crs) == (["A", "B", "C"], "EPSG:4326")
    monkeypatch.setattr(results_of_checks, "_MOST_DRAWN", 2)
    assert drawn_areas(report, question, tmp_path, inputs, database=NOWHERE)["code"].tolist() == ["A"]


@pytest.mark.parametrize(
    "name", ["grids.exe", "grids", "grids.csv", "grids.xlsx", "../grids.gpkg/x", "a.shp.txt"]
)
def test_files_that_hold_no_areas_are_refused_by_name(name: str) -> None:
    with pytest.raises(FileError, match="reads no areas") as caught:
        stored_name("file", name)
    assert caught.value.field == "file"
    assert caught.value.hint is not None
    assert ".gpkg" in caught.value.hint
    assert ".csv" not in caught.value.hint


def test_what_a_file_is_called_never_becomes_a_path() -> None:
    assert stored_name("file", "../../etc/cron.d/x.GPKG") == "upload-file.gpkg"
    assert stored_name("parents", "a\x00b/.zip.zip") == "upload-parents.zip"


def test_wrong_files_are_refused_before_they_wait(tmp_path: Path, given: Given) -> None:
    inputs = given(file="AB")
    refuse_wrong_files(tmp_path, inputs)
    (tmp_path / "upload-scope.geojson").write_text("hello", encoding="utf-8")
    inputs["scope"] = Input("upload-scope.geojson", "范围.geojson")
    with pytest.raises(FileError, match=r"^范围\.geojson is not a GeoJSON: it holds plain text\.") as caught:
        refuse_wrong_files(tmp_path, inputs)
    assert caught.value.field == "scope"
    assert str(tmp_path) not in str(caught.value)


def test_a_stem_stands_for_a_layer_too() -> None:
    inputs = {"file": Input("upload-file.zip", "区划.shp.zip")}
    assert in_given_names("layer upload-file of upload-file.zip", inputs, Path("/x")) == (
        "layer 区划.shp of 区划.shp.zip"
    )


def test_rows_off_the_globe_do_not_keep_the_report_from_its_reader(tmp_path: Path) -> None:
    shapes = [
        shapely.box(114.0, 22.5, 114.01, 22.51),
        shapely.box(114.01, 22.5, 114.02, 22.51),
        shapely.box(22.5, 114.0, 22.51, 114.01),
    ]
    one = Input("upload-file.gpkg", "grids.gpkg")
    geopandas.GeoDataFrame(geometry=shapes, crs=4326).to_file(tmp_path / one.stored)
    question, inputs = CheckQuestion(), {"file": one}
    report = run_check(question, tmp_path, inputs, database=NOWHERE, today=TODAY)
    assert report.counts["invalid-ring"] == 1
    assert len(drawn_areas(report, question, tmp_path, inputs, database=NOWHERE)) == 3
