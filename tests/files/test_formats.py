"""What kind of file a file is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.errors import FileError
from gisgov.files.formats import Format, identify
from gisgov.files.vector_output import write_vectors

COLLECTION = '{"type": "FeatureCollection", "features": []}'


def areas() -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": ["1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.gpkg", Format.GEOPACKAGE),
        ("a.shp", Format.SHAPEFILE),
        ("a.geojson", Format.GEOJSON),
        ("a.fgb", Format.FLATGEOBUF),
        ("a.kml", Format.KML),
    ],
)
def test_formats_are_told_by_their_content(tmp_path: Path, name: str, kind: Format) -> None:
    write_vectors(areas(), tmp_path / name)
    assert identify(tmp_path / name) is kind


def test_tables_and_parquet(tmp_path: Path) -> None:
    areas().to_parquet(tmp_path / "a.parquet")
    assert identify(tmp_path / "a.parquet") is Format.PARQUET
    for name, content in (("a.csv", b"a,b\n1,2\n"), ("b.tsv", "\ufeffa\tb".encode("utf-16"))):
        (tmp_path / name).write_bytes(content)
        assert identify(tmp_path / name) is Format.TEXT_TABLE
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert identify(tmp_path / "old.xls") is Format.EXCEL


def test_zips_are_opened(tmp_path: Path) -> None:
    for name, member in (("a.zip", "folder/区.SHP"), ("a.xlsx", "xl/workbook.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(member, "x")
    assert identify(tmp_path / "a.zip") is Format.ZIPPED_SHAPEFILE
    assert identify(tmp_path / "a.xlsx") is Format.EXCEL


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.gpkg", b"", "a.gpkg is empty"),
        ("a.csv", b" \n\n", "a.csv is empty"),
        ("a.gpkg", COLLECTION.encode(), "a.gpkg is not a GeoPackage: it holds GeoJSON"),
        ("a.geojson", b'{"hello": 1}', "a.geojson is not a GeoJSON: it holds something else"),
        ("a.geojson", b'{"type": "gdal_streamed_alg", "x": "Feature"}', "is not a GeoJSON"),
        ("a.kml", b"<html><body>404</body></html>", "a.kml is not a KML"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(100), "a.gpkg is not a GeoPackage"),
        ("a.xlsx", b"id,lon,lat\n", "a.xlsx is not an Excel: it holds CSV"),
        ("a.geojson", b"id,lon\n1,2\n", "a.geojson is not a GeoJSON: it holds CSV. Give the file the suffix"),
        ("a.geojson", b"Dear all,\nthe map is late.\n", "is not a GeoJSON: it holds plain text. Export it"),
        ("a.gpkg", "id\t经度\n".encode("utf-16"), "a.gpkg is not a GeoPackage: it holds CSV"),
        ("a.shp", b"\x00\x00\x27\x0a", "a.shp is truncated: 4 of 100 bytes are there"),
        ("a.csv", b"PK\x03\x04 no zip", "a.csv is a damaged or truncated zip"),
        ("a.zip", b"PK\x03\x04 no zip", "a.zip is a damaged or truncated zip"),
        ("a.parquet", b"\x01\x02\x00\x03", "a.parquet is not a Parquet: it holds something else"),
        ("a.docx", b"anything", "has the suffix .docx, which gisgov does not read"),
        ("areas", b"anything", r"has the suffix \(none\)"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=message):
        identify(tmp_path / name)


def test_a_zip_that_is_no_shapefile_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(FileError, match=r"a\.zip is not a zipped Shapefile: it holds a zip without a \.shp"):
        identify(tmp_path / "a.zip")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="There is no file"):
        identify(tmp_path / "a.gpkg")
    with pytest.raises(FileError, match="is a folder"):
        identify(tmp_path)
    (tmp_path / "loop.gpkg").symlink_to(tmp_path / "loop.gpkg")
    with pytest.raises(FileError, match="cannot be read"):
        identify(tmp_path / "loop.gpkg")


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_truncated_geopackage_is_refused(tmp_path: Path, share: float) -> None:
    areas().to_file(tmp_path / "whole.gpkg", engine="pyogrio")
    content = (tmp_path / "whole.gpkg").read_bytes()
    (tmp_path / "part.gpkg").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(FileError, match=r"part\.gpkg is truncated"):
        identify(tmp_path / "part.gpkg")
