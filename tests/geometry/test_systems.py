"""Names of coordinate systems."""

from __future__ import annotations

import pyproj
import pytest

from gisgov.errors import CrsError
from gisgov.geometry.systems import BD09, GCJ02, WGS84, CoordinateSystem, parse_crs

WUHAN = (
    'PROJCS["WH_2000_3_Degree_GK_CM_114E",GEOGCS["GCS_CGCS_2000",DATUM["China_2000",'
    'SPHEROID["CGCS2000",6378137,298.257222101],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",114.333333333333],'
    'PARAMETER["scale_factor",1],PARAMETER["false_easting",800000],PARAMETER["false_northing",0],'
    'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
)
ESRI_ZONE = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wgs84", "EPSG:4326"),
        ("WGS-84", "EPSG:4326"),
        (" WGS 84 ", "EPSG:4326"),
        (4326, "EPSG:4326"),
        ("4326", "EPSG:4326"),
        ("epsg:4326", "EPSG:4326"),
        ("OGC:CRS84", "EPSG:4326"),
        ("EPSG:4979", "EPSG:4326"),  # with heights
        ("EPSG:4480", "EPSG:4490"),
        ("EPSG:4326+5773", "EPSG:4326"),  # with a vertical system
        ("+proj=longlat +datum=WGS84", "EPSG:4326"),
        ("gcj02", "GCJ-02"),
        ("GCJ_02", "GCJ-02"),
        ("GCJ-02", "GCJ-02"),
        ("火星坐标系", "GCJ-02"),
        ("bd09", "BD-09"),
        ("BD-09", "BD-09"),
        ("百度坐标", "BD-09"),
        ("cgcs2000", "EPSG:4490"),
        ("国家2000", "EPSG:4490"),
        ("CGCS2000 / 3-degree Gauss-Kruger CM 120E", "EPSG:4549"),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 40", "EPSG:4528"),
        ("EPSG:4547", "EPSG:4547"),
        ("+proj=utm +zone=50 +datum=WGS84", "EPSG:32650"),
        (ESRI_ZONE, "EPSG:4547"),
        (pyproj.CRS(4549), "EPSG:4549"),
        (WGS84, "EPSG:4326"),
    ],
)
def test_names_that_people_and_files_use(text: str | int | pyproj.CRS | CoordinateSystem, name: str) -> None:
    system = parse_crs(text)
    assert system.name == name
    assert parse_crs(system.name) == system


@pytest.mark.parametrize("text", ["", "nonsense", "EPSG:999999", "EPSG:4978", "EPSG:5773", "x" * 100, "²"])
def test_what_is_no_system_of_plane_coordinates_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(CrsError) as caught:
        parse_crs(text)
    assert "EPSG:4549" in str(caught.value.hint)
    assert len(caught.value.message) < 130


def test_a_local_plane_without_authority_keeps_its_own_definition() -> None:
    """PROJ's best guess for it is EPSG:4543, 33 km off."""
    system = parse_crs(WUHAN)
    assert system.title == "WH_2000_3_Degree_GK_CM_114E"
    assert system.name.startswith("PROJCRS[")
    assert parse_crs(system.name) == system
    assert system.crs is not None
    assert parse_crs(system.crs) == system
    assert not system.is_geographic


def test_a_lookalike_of_a_registered_system_is_not_taken_for_it() -> None:
    """The words are EPSG:4547's, the central meridian is not."""
    shifted = ESRI_ZONE.replace('"Central_Meridian",114.0', '"Central_Meridian",114.01')
    assert parse_crs(shifted).name.startswith("PROJCRS[")


def test_a_definition_that_lost_its_datum_is_not_taken_for_the_register_entry_it_resembles() -> None:
    """The British grid as an old PROJ string: the same plane, but some 100 m beside EPSG:27700."""
    bare = "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m"
    assert pyproj.CRS(bare).to_authority() == ("EPSG", "27700")
    assert parse_crs(bare).name.startswith("PROJCRS[")


def test_a_system_of_another_planet_is_refused() -> None:
    with pytest.raises(CrsError, match="cannot be related to WGS84"):
        parse_crs("ESRI:104905")


def test_a_shift_to_another_datum_is_kept() -> None:
    system = parse_crs("+proj=tmerc +lon_0=114.33 +ellps=krass +towgs84=20,-120,-80")
    assert system.name.startswith("BOUNDCRS[")
    assert not system.is_geographic


def test_gcj02_and_bd09_are_geographic_and_unknown_to_proj() -> None:
    for system in (GCJ02, BD09):
        assert system.crs is None
        assert system.is_geographic
    assert WGS84.is_geographic
    assert not parse_crs(4549).is_geographic
