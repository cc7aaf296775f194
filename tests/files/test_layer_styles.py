"""Styles in a GeoPackage, as QGIS looks for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.testing import assert_geometries_equal

from gisgov.errors import FileError, InputError
from gisgov.files.layer_styles import add_styles
from gisgov.files.styles import AREAS, DEFECTS, PROPOSALS, REPAIRED_AREAS, Category, Style
from gisgov.files.vector_output import write_vectors
from gisgov.files.vectors import list_layers, read_vectors
from gisgov.governance.defects import DEFECT_COLOURS

SQUARE = shapely.box(0, 0, 1, 1)


def defects(**columns: object) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"number": [1, 2, 3], "kind": ["gap", "invalid-ring", "missing-parent"], **columns},
        geometry=[SQUARE, shapely.Point(2, 2), None],
        crs=4326,
    )


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def style_of(path: Path, layer: str) -> tuple[ElementTree.Element, ElementTree.Element]:
    """Return QML and SLD by the question that QGIS asks of a file."""
    ((qml, sld),) = rows(
        path,
        "SELECT styleQML, styleSLD FROM layer_styles WHERE f_table_catalog = '' AND f_table_schema = '' "
        f"AND f_table_name = '{layer}' AND f_geometry_column = 'geom' AND useAsDefault",
    )
    return ElementTree.XML(str(qml)), ElementTree.XML(str(sld))


def test_qgis_finds_a_colour_for_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_vectors(defects(), path, "defects", style=DEFECTS)
    qml, sld = style_of(path, "defects")
    renderer = qml.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "kind")
    symbols = {symbol.get("name"): symbol for symbol in renderer.findall("symbols/symbol")}
    drawn = {}
    for category in renderer.iter("category"):
        symbol = symbols[category.get("symbol")]
        assert symbol.get("type") == "fill"
        fill, badge = symbol.findall("layer")
        assert [fill.get("class"), badge.get("class")] == ["SimpleFill", "CentroidFill"]
        drawn[category.get("value")] = {prop.get("k"): prop.get("v") for prop in fill.iter("prop")}
        assert drawn[category.get("value")]["outline_color"] in {prop.get("v") for prop in badge.iter("prop")}
    assert list(drawn) == [*DEFECT_COLOURS, ""]
    assert drawn["gap"]["outline_color"] == "31,95,153,255"  # #1f5f99
    assert drawn["gap"]["color"] == "31,95,153,128"
    assert {(one["outline_width"], one["outline_width_unit"]) for one in drawn.values()} == {("0.8", "MM")}
    assert [text.get("fieldName") for text in qml.iter("text-style")] == ["number"]
    assert next(category.get("label") for category in renderer.iter("category")) == "空白 Gap"
    sld_ns = "{http://www.opengis.net/sld}"
    assert len(list(sld.iter(f"{sld_ns}Rule"))) == len(DEFECT_COLOURS) + 1
    assert len(list(sld.iter(f"{sld_ns}ElseFilter"))) == 1
    assert sld.findtext(f"{sld_ns}NamedLayer/{sld_ns}Name") == "defects"


def test_what_is_no_polygon_is_a_layer_of_points(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_vectors(defects(), path, "defects", style=DEFECTS)
    assert pyogrio.list_layers(path).tolist() == [
        ["defects", "MultiPolygon"],
        ["defects_points", "Point"],
        ["layer_styles", None],
    ]
    assert list_layers(path) == ("defects", "defects_points")
    table = read_vectors(path, layer="defects").frame
    assert table["kind"].tolist() == ["gap", "invalid-ring", "missing-parent"]
    assert_geometries_equal(table.geometry.to_numpy(), [shapely.MultiPolygon([SQUARE]), None, None])
    points = read_vectors(path, layer="defects_points").frame
    assert points["number"].tolist() == [2]
    qml, sld = style_of(path, "defects_points")
    assert {symbol.get("type") for symbol in qml.iter("symbol")} == {"marker"}
    assert sum(1 for _ in sld.iter("{http://www.opengis.net/sld}PointSymbolizer")) == len(DEFECT_COLOURS) + 1


def test_points_from_before_do_not_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_vectors(defects(), path, "defects", style=DEFECTS)
    write_vectors(defects().iloc[:1], path, "defects", style=DEFECTS)
    assert len(read_vectors(path, layer="defects").frame) == 1
    assert len(read_vectors(path, layer="defects_points").frame) == 0
    write_vectors(defects().iloc[:1], tmp_path / "b.gpkg", "defects", style=DEFECTS)
    assert list_layers(tmp_path / "b.gpkg") == ("defects",)


def test_an_empty_layer_has_its_style_too(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_vectors(defects().iloc[:0], path, "defects", style=DEFECTS)
    assert pyogrio.read_info(path, layer="defects")["geometry_type"] == "MultiPolygon"
    assert style_of(path, "defects")[0].find("renderer-v2") is not None


def test_several_layers_have_theirs(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    areas = geopandas.GeoDataFrame({"code": ["1"], "change": ["changed"]}, geometry=[SQUARE], crs=4326)
    write_vectors(areas, path, "areas", style=AREAS)
    write_vectors(defects().iloc[:1], path, "defects", style=DEFECTS)
    write_vectors(defects(decision="give").iloc[:1], path, "proposals", style=PROPOSALS)
    write_vectors(areas, path, "repaired", style=REPAIRED_AREAS)
    renderers = [
        style_of(path, layer)[0].find("renderer-v2").attrib  # type: ignore[union-attr]
        for layer in ("areas", "defects", "proposals", "repaired")
    ]
    assert [(one["type"], one.get("attr")) for one in renderers] == [
        ("singleSymbol", None),
        ("categorizedSymbol", "kind"),
        ("categorizedSymbol", "decision"),
        ("categorizedSymbol", "change"),
    ]
    listed = "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
    assert rows(path, listed) == [("attributes",)]


def test_the_styles_of_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_vectors(defects().iloc[:1], path, "a", style=replace(DEFECTS, name="mine"))
    add_styles(path, {"a": DEFECTS})
    add_styles(path, {"a": replace(DEFECTS, opacity=1.0)})
    assert rows(path, "SELECT styleName, useAsDefault FROM layer_styles ORDER BY id") == [
        ("mine", 0),
        ("gisgov defects", 1),
    ]
    fills = {prop.get("v") for prop in style_of(path, "a")[0].iter("prop") if prop.get("k") == "color"}
    assert all(str(fill).endswith(",255") for fill in fills)


def test_a_layer_without_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    category = Category("<gap> & 'quotes'", '<b>"', "#000000")
    style = Style("plain", "", column="kind", categories=(category,))
    write_vectors(defects(kind=category.value).iloc[:1], path, "a", style=style)
    qml, sld = style_of(path, "a")
    assert qml.get("labelsEnabled") == "0"
    assert qml.find("labeling") is None
    assert [one.get("value") for one in qml.iter("category")] == [category.value, ""]
    assert sld.findtext(".//{http://www.opengis.net/ogc}Literal") == category.value


def test_colours_do_not_change_the_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    corners = rng.uniform(-180, 180, (50, 2))
    frame = geopandas.GeoDataFrame(
        {"number": np.arange(50), "kind": "gap", "名称": "缝"},
        geometry=[shapely.MultiPolygon([shapely.box(x, y, x + 0.1, y + 0.1)]) for x, y in corners],
        crs=4490,
    )
    for name, style in (("plain", None), ("styled", DEFECTS)):
        write_vectors(frame, tmp_path / f"{name}.gpkg", "a", style=style)
    plain, styled = (read_vectors(tmp_path / f"{name}.gpkg", layer="a") for name in ("plain", "styled"))
    assert plain.crs == styled.crs
    assert plain.frame.drop(columns="geometry").equals(styled.frame.drop(columns="geometry"))
    assert shapely.to_wkb(plain.frame.geometry).tolist() == shapely.to_wkb(styled.frame.geometry).tolist()


def test_other_formats_carry_no_style(tmp_path: Path) -> None:
    write_vectors(defects(), tmp_path / "a.geojson", style=DEFECTS)
    table = read_vectors(tmp_path / "a.geojson").frame
    assert shapely.get_type_id(table.geometry).tolist() == [3, 0, -1]


def test_there_must_be_something_to_style(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    lines = geopandas.GeoDataFrame({"kind": ["x"]}, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326)
    write_vectors(lines, path, "lines")
    with pytest.raises(InputError, match=r"a\.gpkg has no layer 'areas'"):
        add_styles(path, {"areas": AREAS})
    with pytest.raises(InputError, match="neither polygons nor points but LINESTRING"):
        add_styles(path, {"lines": AREAS})
    assert list_layers(path) == ("lines",)
    assert "layer_styles" not in pyogrio.list_layers(path)[:, 0]  # nothing was half done
    with pytest.raises(FileError, match=r"styles of none\.gpkg cannot be written: unable to open"):
        add_styles(tmp_path / "none.gpkg", {"a": AREAS})
    (tmp_path / "text.gpkg").write_text("no database, just words that go on and on")
    with pytest.raises(FileError, match="not a database"):
        add_styles(tmp_path / "text.gpkg", {"a": AREAS})
