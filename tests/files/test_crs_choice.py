"""Which coordinate system a file is in."""

from __future__ import annotations

from pathlib import Path

import pyproj
import pytest

from gisgov.errors import CrsError
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.geometry.crs import parse_crs


@pytest.mark.parametrize(
    ("declared", "stated", "chosen"),
    [
        (None, "EPSG:4547", "EPSG:4547"),
        ("4547", None, "EPSG:4547"),
        ("EPSG:4547", "EPSG:4547", "EPSG:4547"),
        ("wgs84", "EPSG:4490", "EPSG:4326"),
        ("gcj02", "EPSG:4326", "GCJ-02"),
        ("bd09", "EPSG:4490", "BD-09"),
        ("gcj02", None, "GCJ-02"),
    ],
)
def test_the_choice(declared: str | None, stated: str | None, chosen: str) -> None:
    assert choose_crs(declared, None if stated is None else parse_crs(stated)).name == chosen


def test_neither_is_an_error() -> None:
    with pytest.raises(CrsError, match=r"a\.csv does not state its coordinate system\. Say --crs"):
        choose_crs(None, None, name="a.csv")


@pytest.mark.parametrize(
    ("declared", "stated"), [("4547", "EPSG:4326"), ("gcj02", "EPSG:4547"), ("3857", "GCJ-02")]
)
def test_a_contradiction_is_an_error(declared: str, stated: str) -> None:
    with pytest.raises(CrsError, match=r"a\.gpkg states .*, but .* was declared"):
        choose_crs(declared, parse_crs(stated), name="a.gpkg")


def test_one_system_spelt_in_two_ways_is_no_contradiction() -> None:
    assert choose_crs("4547", parse_crs(pyproj.CRS("EPSG:4547").to_wkt("WKT1_ESRI"))).name == "EPSG:4547"


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(CrsError):
        choose_crs("mars2000", None)


_CRS = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}'


@pytest.mark.parametrize(
    ("name", "text", "is_silent"),
    [
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', True),
        ("a.geojson", f'{{"type": "FeatureCollection", {_CRS}, "features": []}}', False),
        ("a.geojson", f'{{"type": "FeatureCollection", "features": [], {_CRS}}}', False),
        ("a.csv", "id,lon,lat", True),
        ("a.kml", "<kml></kml>", False),
    ],
)
def test_a_file_that_will_not_state_its_system_is_not_read(
    tmp_path: Path, name: str, text: str, is_silent: bool
) -> None:
    (tmp_path / name).write_text(text)
    refuse_without_crs("wgs84", tmp_path / name)
    if not is_silent:
        refuse_without_crs(None, tmp_path / name)
        return
    with pytest.raises(CrsError, match=r"does not state its coordinate system\. Say --crs"):
        refuse_without_crs(None, tmp_path / name)


def test_what_is_no_system_is_refused_before_reading(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text("<kml></kml>")
    with pytest.raises(CrsError):
        refuse_without_crs("nowhere", tmp_path / "a.kml")
