"""Vector layers in: every format, encodings, what files state, and files that are no such thing."""

from __future__ import annotations

import dataclasses
import json
import struct
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.errors import FileError, InputError
from gisgov.files.vector_output import write_vectors
from gisgov.files.vectors import frame_of, list_layers, open_vectors, read_vectors
from gisgov.geometry.crs import parse_crs


def areas(crs: object = "EPSG:4326") -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"code": ["1", "2", "3"], "名称": ["西湖", "翠苑", None], "people": [10, 20, 30]},
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(3)],
        crs=crs,
    )


def collection(*geometries: object, **members: object) -> str:
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.parquet"])
def test_every_format_gives_the_same(tmp_path: Path, name: str) -> None:
    write_vectors(areas(), tmp_path / name)
    table = read_vectors(tmp_path / name)
    by_code = table.frame.sort_values("code")  # FlatGeobuf has an order of its own
    assert by_code["code"].tolist() == ["1", "2", "3"]
    assert by_code["名称"].tolist()[:2] == ["西湖", "翠苑"]
    assert by_code["people"].tolist() == [10, 20, 30]
    assert shapely.area(table.frame.geometry.to_numpy()).tolist() == [1.0, 1.0, 1.0]
    assert table.row_numbers.tolist() == [1, 2, 3]
    assert list_layers(tmp_path / name) == ("a",)
    # a GeoJSON that geopandas wrote has a crs member
    assert table.crs is not None
    assert table.crs.name == "EPSG:4326"


def test_kml_is_wgs84_by_definition(tmp_path: Path) -> None:
    write_vectors(areas(), tmp_path / "a.kml")
    table = read_vectors(tmp_path / "a.kml")
    assert table.crs is not None
    assert table.crs.name == "EPSG:4326"
    assert len(table.frame) == 3
    assert table.frame["名称"].tolist()[0] == "西湖"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("labelled", [False, True])
def test_shapefiles_with_chinese_names(tmp_path: Path, encoding: str, zipped: bool, labelled: bool) -> None:
    place = tmp_path / "区.shp"
    areas().to_file(place, engine="pyogrio", encoding=encoding)
    if not labelled:
        place.with_suffix(".cpg").unlink()
    if zipped:
        with zipfile.ZipFile(tmp_path / "区.zip", "w") as archive:
            for member in sorted(tmp_path.glob("区.*")):
                if member.suffix != ".zip":
                    archive.write(member, f"数据/{member.name}")
        place = tmp_path / "区.zip"
    table = read_vectors(place)
    assert table.frame["名称"].tolist()[:2] == ["西湖", "翠苑"]
    assert table.crs is not None
    assert table.crs.name == "EPSG:4326"
    assert list_layers(place) == ("区",)


def test_what_a_file_does_not_state_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(collection(SQUARE))
    assert read_vectors(tmp_path / "a.geojson").crs is None
    write_vectors(areas(), tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert read_vectors(tmp_path / "a.shp").crs is None
    write_vectors(areas(crs=None), tmp_path / "a.parquet")
    assert read_vectors(tmp_path / "a.parquet").crs is None


def test_columnar_geoparquet(tmp_path: Path) -> None:
    areas("EPSG:4547").to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow")
    table = read_vectors(tmp_path / "a.parquet")
    assert table.crs is not None
    assert table.crs.name == "EPSG:4547"
    assert shapely.area(table.frame.geometry.to_numpy()).tolist() == [1.0, 1.0, 1.0]


def test_layers_are_chosen(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    areas().to_file(path, layer="town", engine="pyogrio")
    areas("EPSG:4490").to_file(path, layer="grid", engine="pyogrio")
    assert list_layers(path) == ("town", "grid")
    with pytest.raises(InputError, match=r"two\.gpkg holds 2 layers: town, grid\. Choose one"):
        read_vectors(path)
    with pytest.raises(InputError, match=r"has no layer 'x; DROP TABLE plan'\. Its layers: town, grid"):
        read_vectors(path, layer="x; DROP TABLE plan")
    table = read_vectors(path, layer="grid")
    assert table.layer == "grid"
    assert table.crs == parse_crs(4490)


def test_batches_count_rows_through_the_file(tmp_path: Path) -> None:
    write_vectors(areas(), tmp_path / "a.gpkg")
    with open_vectors(tmp_path / "a.gpkg", batch_rows=2) as source:
        batches = list(source.batches())
    assert [batch.rows.tolist() for batch in batches] == [[1, 2], [3]]
    assert source.fields == ("code", "名称", "people")
    assert frame_of(batches, source.fields)["people"].tolist() == [10, 20, 30]


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet"])
def test_huge_polygons_are_read_in_small_batches(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gisgov.files.vectors._BATCH_BYTES", 100)
    write_vectors(areas(), tmp_path / name)
    with open_vectors(tmp_path / name) as source:
        assert [batch.rows.tolist() for batch in source.batches()] == [[1], [2], [3]]


def test_an_empty_layer_is_a_frame_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(collection())
    table = read_vectors(tmp_path / "a.geojson")
    assert len(table.frame) == 0
    assert table.row_numbers.tolist() == []


def test_whole_numbers_stay_whole_beside_gaps(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"n": 5}, "geometry": SQUARE},
                {"type": "Feature", "properties": {"n": None}, "geometry": None},
            ],
        }
    )
    (tmp_path / "a.geojson").write_text(text)
    frame = read_vectors(tmp_path / "a.geojson").frame
    assert str(frame["n"].dtype) == "Int32"
    assert frame.geometry.iloc[1] is None


def test_odd_geometry_is_handed_on_to_be_judged(tmp_path: Path) -> None:
    nan = {"type": "Polygon", "coordinates": [[[0, 0], [float("nan"), 0], [1, 1], [0, 0]]]}
    open_ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}
    thin = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}
    words = {"type": "Polygon", "coordinates": "x"}
    (tmp_path / "a.geojson").write_text(collection(nan, open_ring, thin, words, None, SQUARE))
    found = read_vectors(tmp_path / "a.geojson").frame.geometry.to_numpy()
    assert np.isnan(shapely.get_coordinates(found[0])).any()
    assert shapely.area(found[1]) == 0.5
    assert shapely.get_num_coordinates(found[2]) in (3, 4)
    assert shapely.is_missing(found[3:5]).all()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.geojson", collection(SQUARE, SQUARE)[:-20], "cut.geojson cannot be read; it may be damaged"),
        ("big.geojson", collection(SQUARE).replace("1, 0", "1e400, 0"), "Unrecognized number: 1e400"),
    ],
)
def test_broken_geojson_is_one_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(FileError, match=message):
        read_vectors(tmp_path / name)


def test_text_in_another_encoding_is_said(tmp_path: Path) -> None:
    feature = '{"type": "Feature", "properties": {"名": 1}, "geometry": null}'
    text = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    (tmp_path / "a.geojson").write_bytes(text.encode("gb18030"))
    with pytest.raises(FileError, match=r"The text of a\.geojson is not UTF-8"):
        read_vectors(tmp_path / "a.geojson")


@pytest.mark.parametrize(
    ("name", "kept", "message"),
    [
        ("a.fgb", 0.9, r"a\.fgb cannot be read; it may be damaged or truncated"),
        ("a.fgb", 0.5, r"a\.fgb holds no vector layer"),
        ("a.parquet", 0.5, r"a\.parquet cannot be read; it may be damaged or truncated"),
        ("a.shp", 0.5, r"a\.shp is truncated: 254 of 508 bytes are there"),
    ],
)
def test_truncated_files_are_one_line(tmp_path: Path, name: str, kept: float, message: str) -> None:
    write_vectors(areas(), tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(FileError, match=message):
        read_vectors(tmp_path / name)


def test_a_stream_that_ends_early_is_noticed(tmp_path: Path) -> None:
    write_vectors(areas(), tmp_path / "a.gpkg")
    with open_vectors(tmp_path / "a.gpkg") as source:
        short = dataclasses.replace(source, expected_rows=5)
        with pytest.raises(FileError, match=r"a\.gpkg breaks off after 3 of 5 rows"):
            list(short.batches())


def test_a_truncated_geopackage_of_old_sqlite(tmp_path: Path) -> None:
    write_vectors(areas(), tmp_path / "a.gpkg")
    content = bytearray((tmp_path / "a.gpkg").read_bytes())
    content[92:96] = struct.pack(">I", 0)  # the header does not vouch for its page count
    (tmp_path / "a.gpkg").write_bytes(content[: len(content) // 3])
    with pytest.raises(FileError, match=r"a\.gpkg cannot be read; it may be damaged"):
        read_vectors(tmp_path / "a.gpkg")


def test_a_shapefile_without_its_parts(tmp_path: Path) -> None:
    write_vectors(areas(), tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(FileError, match=r"a\.shp lacks the \.dbf"):
        read_vectors(tmp_path / "a.shp")
    (tmp_path / "a.shx").unlink()
    with pytest.raises(FileError, match=r"a\.shp lacks the \.shx"):
        read_vectors(tmp_path / "a.shp")


def test_tables_are_no_vector_layers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,name\n1,a\n")
    with pytest.raises(FileError, match=r"a\.csv is a table \(CSV\), not a vector layer"):
        read_vectors(tmp_path / "a.csv")
    areas().drop(columns="geometry").to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileError, match=r"a\.parquet is a Parquet file without geometry"):
        read_vectors(tmp_path / "a.parquet")


def test_a_layer_without_geometry_is_not_offered(tmp_path: Path) -> None:
    import pyogrio

    pyogrio.write_dataframe(areas().drop(columns="geometry"), tmp_path / "a.gpkg", layer="only text")
    assert list_layers(tmp_path / "a.gpkg") == ()
    with pytest.raises(FileError, match=r"a\.gpkg holds no vector layer"):
        read_vectors(tmp_path / "a.gpkg")
