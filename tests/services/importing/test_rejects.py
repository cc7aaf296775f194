"""Rejected rows, written so that they can be mended."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.files.vectors import list_layers, read_vectors, write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.services.importing.rejects import (
    problems_by_row,
    rejects_ending,
    rejects_place,
    write_table_rejects,
    write_vector_rejects,
)
from gisgov.services.importing.row_problems import RowProblem


def test_the_words_of_a_row_are_joined() -> None:
    problems = [
        RowProblem(2, None, "a", "is odd"),
        RowProblem(1, None, "b", "is bad"),
        RowProblem(2, None, "c", "is old"),
    ]
    assert problems_by_row(problems) == {2: "is odd; is old", 1: "is bad"}


def test_the_place(tmp_path: Path) -> None:
    assert rejects_place(tmp_path / "a.shp", None, "grid", suffix=".gpkg") == Path("a.grid.rejects.gpkg")
    assert rejects_ending("grid") == ".grid.rejects"
    wanted = tmp_path / "b.gpkg"
    assert rejects_place(tmp_path / "a.gpkg", wanted, "grid", suffix=".gpkg") is wanted
    with pytest.raises(InputError, match="which is being read"):
        rejects_place(wanted, tmp_path / "." / "b.gpkg", "grid", suffix=".gpkg")


def test_rows_are_written_as_they_are(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    frame = geopandas.GeoDataFrame(
        {
            "code": ["1", "2", "3"],
            "n": [1, None, 3],
            "gisgov_row": [None, 70, None],
            "gisgov_pro": ["", "old", ""],
        },
        geometry=[bow_tie, bow_tie, None],
    )
    write_vectors(frame, tmp_path / "a.gpkg", crs=WGS84)
    write_vector_rejects(tmp_path / "a.gpkg", None, {2: "x", 3: "y"}, tmp_path / "r.gpkg")
    rejects = read_vectors(tmp_path / "r.gpkg")
    assert rejects.layer == "r"
    assert list(rejects.frame.columns) == ["code", "n", "gisgov_row", "gisgov_problem", "geometry"]
    assert rejects.frame["gisgov_row"].tolist() == [70, 3]
    assert rejects.frame["gisgov_problem"].tolist() == ["x", "y"]
    assert shapely.equals_exact(rejects.frame.geometry.iloc[0], bow_tie)
    # mended and saved as any program would: in place of what was there, not beside it
    rejects.frame.set_crs("EPSG:4326").assign(code="m").to_file(tmp_path / "r.gpkg")
    assert list_layers(tmp_path / "r.gpkg") == ("r",)
    assert read_vectors(tmp_path / "r.gpkg").frame["code"].tolist() == ["m", "m"]


def test_a_shapefile_keeps_the_row(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"code": ["1"]}, geometry=[shapely.box(0, 0, 1, 1)])
    write_vectors(frame, tmp_path / "a.gpkg", crs=WGS84)
    write_vector_rejects(tmp_path / "a.gpkg", None, {1: "x"}, tmp_path / "r.shp")
    assert list(read_vectors(tmp_path / "r.shp").frame.columns) == [
        "code",
        "gisgov_row",
        "gisgov_pro",
        "geometry",
    ]


def test_tables(tmp_path: Path) -> None:
    columns = pa.table({"id": ["a", "b"], "n": [1.0, None]})
    write_table_rejects(columns, np.array([4, 5]), {5: "is bad"}, tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text("utf-8-sig").split() == [
        "id,n,gisgov_row,gisgov_problem",
        "b,,5,is",
        "bad",
    ]
    points = np.array([shapely.Point(1, 2), shapely.Point(3, 4)], dtype=object)
    write_table_rejects(columns, np.array([4, 5]), {5: "is bad"}, tmp_path / "r.gpkg", points, crs=WGS84)
    assert read_vectors(tmp_path / "r.gpkg").frame.geometry.iloc[0] == shapely.Point(3, 4)
