"""Systems by reference: their axes are those that GDAL reads, and boxes cover what they say."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from gisgov.errors import CoordinateError, CrsError
from gisgov.geometry.crs_references import (
    CRS84,
    find_reference,
    lonlat_of,
    offered_references,
    outlines_of_box,
)

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def test_axes_are_those_of_the_authority() -> None:
    flipped = {uri.rpartition("/")[2]: find_reference(uri).is_flipped for uri in offered_references()}
    assert not flipped.pop("CRS84")
    assert not flipped.pop("3857")
    assert len(flipped) == 44
    assert all(flipped.values())  # 4326, 4490 and all zones: latitude or northing first


@pytest.mark.parametrize("code", [4326, 4490, 4513, 4533, 4534, 4547, 4554, 3857])
def test_coordinates_are_read_as_proj_reads_them(code: int) -> None:
    reference = find_reference(f"https://www.opengis.net/def/crs/EPSG/0/{code}")
    # strictly by the register, without `always_xy`
    there = pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{code}").transform([22.5, 40.0], [114.1, 120.0])
    lon, lat = lonlat_of(np.array(there[0]), np.array(there[1]), reference)
    np.testing.assert_allclose(lon, [114.1, 120.0], atol=1e-9)
    np.testing.assert_allclose(lat, [22.5, 40.0], atol=1e-9)


def test_other_systems_are_refused() -> None:
    with pytest.raises(CrsError, match="not offered in 'EPSG:2000'"):
        find_reference("EPSG:2000", field="crs")
    offered = offered_references(["EPSG:32618", "EPSG:4547", "BD-09"])
    assert find_reference("[EPSG:32618]", offered).epsg == 32618
    assert find_reference("[OGC:CRS84]", offered).uri == CRS84
    assert len(offered) == len(set(offered)) == 47


def test_a_box_of_a_plane_bends_in_degrees() -> None:
    (ring,) = outlines_of_box((2_490_000, 400_000, 2_500_000, 600_000), find_reference("EPSG:4547"))
    assert len(ring) == 129
    assert (ring[0] == ring[-1]).all()
    middle, corner = ring[16], ring[0]
    assert middle[0] == pytest.approx(114)
    assert (middle[1] - corner[1]) * 111_000 == pytest.approx(324, abs=5)  # metres north of a straight line


def test_a_box_may_lie_across_the_antimeridian() -> None:
    east, west = outlines_of_box((-10, 170, 10, -170), find_reference("EPSG:4326"))
    assert (east[:, 0].min(), east[:, 0].max()) == (170, 180)
    assert (west[:, 0].min(), west[:, 0].max()) == (-180, -170)
    (point,) = outlines_of_box((114, 22, 114, 22), find_reference(CRS84))
    assert point.tolist() == [[114, 22]] * 5


@pytest.mark.parametrize(
    ("uri", "box", "words"),
    [
        (CRS84, (114, 23, 115, 22), "its lower and its upper one"),
        (CRS84, (114, 22, float("nan"), 23), "its lower and its upper one"),
        (CRS84, (114, 22, 181, 23), "beyond 180 degrees"),
        (f"{EPSG}4326", (114, 22, 115, 23), "beyond 180 degrees"),  # longitude first, where it comes second
        (f"{EPSG}4547", (0, 2, 1, 1), "its lower and its upper one"),
        (f"{EPSG}4547", (1e9, 1e9, 2e9, 2e9), "where CGCS2000 / 3-degree Gauss-Kruger CM 114E has none"),
    ],
)
def test_other_boxes_are_refused(uri: str, box: tuple[float, float, float, float], words: str) -> None:
    with pytest.raises(CoordinateError, match=words):
        outlines_of_box(box, find_reference(uri))
