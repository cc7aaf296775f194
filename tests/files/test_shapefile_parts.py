"""Shapefiles that lack a file, or the end of one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.shapefile_parts import refuse_damaged_shapefile
from gisgov.files.vectors import read_vectors, write_vectors


@pytest.fixture
def shp(tmp_path: Path) -> Path:
    areas = geopandas.GeoDataFrame({"code": ["1", "2"]}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4326)
    write_vectors(areas, tmp_path / "a.shp")
    return tmp_path / "a.shp"


def test_whole_ones_pass(shp: Path) -> None:
    assert refuse_damaged_shapefile(shp, shp) == shp.with_suffix(".dbf")
    shp.with_suffix(".dbf").rename(shp.with_suffix(".DBF"))
    assert refuse_damaged_shapefile(shp, shp).suffix.lower() == ".dbf"


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_part_that_is_absent(shp: Path, suffix: str) -> None:
    shp.with_suffix(suffix).unlink()
    with pytest.raises(FileError, match=rf"a\.shp lacks the \{suffix}.*put it beside the \.shp"):
        read_vectors(shp)


@pytest.mark.parametrize(
    ("suffix", "kept"),
    [(".shp", 4), (".shp", 99), (".shp", 150), (".shx", 0), (".shx", 105), (".dbf", 0), (".dbf", 60)],
)
def test_a_part_that_is_cut(shp: Path, suffix: str, kept: int) -> None:
    part = shp.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[:kept])
    with pytest.raises(FileError, match=rf"a\{suffix} is truncated: {kept} of \d+ bytes are there"):
        read_vectors(shp)


def test_a_part_that_is_cut_inside_a_zip(shp: Path, tmp_path: Path) -> None:
    shp.write_bytes(shp.read_bytes()[:150])
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for suffix in (".shp", ".shx", ".dbf"):
            archive.write(shp.with_suffix(suffix), f"a{suffix}")
    with pytest.raises(FileError, match=r"The \.shp in z\.zip is truncated: 150 of 372 bytes are there"):
        read_vectors(tmp_path / "z.zip")
