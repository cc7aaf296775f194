"""Giving the areas of a file their codes."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.services.area_codes import find_scheme
from gisgov.services.numbering import NumberedArea, NumberingFields, number_file
from gisgov.testing import areas_from_grid

GRID_15 = find_scheme("grid-15", shipped.code_schemes())
COMMUNITY = "330106012003"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_numbered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"up,e,n\n{COMMUNITY},9,0\n{COMMUNITY},1,0\n330106012004,5,5\n")
    answer = number_file(path, GRID_15, NumberingFields("up", x="e", y="n"))
    assert (answer.scheme, answer.series, answer.new) == ("grid-15", "grid", 3)
    assert answer.areas == (
        NumberedArea(1, COMMUNITY, COMMUNITY + "002", True),
        NumberedArea(2, COMMUNITY, COMMUNITY + "001", True),
        NumberedArea(3, "330106012004", "330106012004001", True),
    )


def test_areas_that_have_a_code_keep_it(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        f"up,code,lon,lat\n{COMMUNITY},,120.1,30.1\n{COMMUNITY},{COMMUNITY}004,120.2,30.1\n",
    )
    answer = number_file(path, GRID_15, NumberingFields("up", code="code"))
    assert [(area.code, area.is_new) for area in answer.areas] == [
        (COMMUNITY + "005", True),
        (COMMUNITY + "004", False),
    ]
    later = number_file(path, GRID_15, NumberingFields("up", code="code"), taken=[COMMUNITY + "008"])
    assert later.areas[0].code == COMMUNITY + "009"


def test_areas_of_a_layer_are_placed_by_their_centroid(tmp_path: Path) -> None:
    # B and D lie half a cell south of their neighbours; a row is as high as a mean area is wide
    names, polygons = areas_from_grid("ABBC\nABBC\nDBBE\nDDEE\nDDEE")
    frame = geopandas.GeoDataFrame({"up": [COMMUNITY] * 5, "letter": names}, geometry=polygons, crs=4547)
    frame.iloc[::-1].to_file(tmp_path / "a.gpkg")
    answer = number_file(tmp_path / "a.gpkg", GRID_15, NumberingFields("up"))
    assert [area.code[-1] for area in answer.areas] == ["5", "4", "3", "2", "1"]


def test_an_area_around_another_has_the_same_centroid(tmp_path: Path) -> None:
    _, polygons = areas_from_grid("AAA\nABA\nAAA")
    geopandas.GeoDataFrame({"up": [COMMUNITY] * 2}, geometry=polygons, crs=4547).to_file(tmp_path / "a.gpkg")
    answer = number_file(tmp_path / "a.gpkg", GRID_15, NumberingFields("up"))
    assert sorted(area.code[-1] for area in answer.areas) == ["1", "2"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (f"{COMMUNITY},,120,\n", r"a\.csv, row 1 has no value in 'lat'\. Every area"),
        (",,120,30\n", r"a\.csv, row 1 has no value in 'up'"),
        (f"{COMMUNITY},7,120,30\n", r"a\.csv, row 1: code '7' has 1 characters"),
        (
            f"{COMMUNITY},{COMMUNITY}001,1,1\n" * 2,
            r"a\.csv, row 2: code '330106012003001' stands in row 1 already",
        ),
    ],
)
def test_rows_that_cannot_be_numbered(tmp_path: Path, rows: str, message: str) -> None:
    path = write(tmp_path / "a.csv", "up,code,lon,lat\n" + rows)
    with pytest.raises(InputError, match=message):
        number_file(path, GRID_15, NumberingFields("up", code="code"))
