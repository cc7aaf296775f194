"""Checks of files, in the coordinates they were drawn in and without a database."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.errors import CoordinateError, CrsError, FileError, InputError
from gisgov.geometry.crs import GCJ02, from_wgs84_geometries
from gisgov.services.checking import GroundFile, check_file, write_defects
from gisgov.testing import areas_from_grid

METRES = (500_000.0, 2_490_000.0)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write areas of a picture, drawn in metres: ``save("grids", "AAB\\nACB")``."""

    def saved(
        name: str,
        picture: str | np.ndarray,
        *,
        crs: int | None = 4547,
        suffix: str = ".gpkg",
        **columns: object,
    ) -> Path:
        codes: object = None
        if isinstance(picture, str):
            codes, shapes = areas_from_grid(picture, cell_m=100, origin=METRES)
        else:
            shapes = picture
        fields = {"code": codes} if codes is not None else {}
        frame = geopandas.GeoDataFrame({**fields, **columns}, geometry=list(shapes), crs=crs)
        path = tmp_path / f"{name}{suffix}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a file without a CRS, which is meant
            frame.to_file(path)
        return path

    return saved


def test_gaps_and_overlaps_of_a_file_are_told(save: Callable[..., Path]) -> None:
    path = save("grids", "AAA\nA.A\nAAB")
    report = check_file(path, code_field="code")
    assert (report.subject, report.layer, report.areas, report.crs) == ("grids.gpkg", "grids", 2, "EPSG:4547")
    assert report.counts == {
        "gap": 1,
        "overlap": 0,
        "duplicate": 0,
        "contained": 0,
        "sliver": 0,
        "invalid-ring": 0,
        "several-parts": 0,
        "vertex-mismatch": 0,
    }
    (gap,) = report.defects
    assert gap.area_m2 == pytest.approx(1e4, rel=1e-3)
    assert gap.areas == ("A",)
    assert gap.lon == pytest.approx(114.0, abs=0.01)
    assert check_file(path).defects[0].areas == ("row 1",)


def test_a_straight_border_drawn_in_metres_is_no_defect_there(save: Callable[..., Path]) -> None:
    # the western side is one edge of 40 km, the eastern neighbours have corners on it: bent in lon/lat
    x, y = METRES
    parts = [
        shapely.box(x, y, x + 10_000, y + 40_000),
        shapely.box(x + 10_000, y, x + 20_000, y + 17_000),
        shapely.box(x + 10_000, y + 17_000, x + 20_000, y + 40_000),
    ]
    assert check_file(save("grids", np.array(parts))).clean


def test_a_scope_in_another_system_is_followed_to_the_centimetre(save: Callable[..., Path]) -> None:
    x, y = METRES
    whole = np.array([shapely.box(x, y, x + 30_000, y + 20_000)])
    scope = geopandas.GeoSeries(shapely.segmentize(whole, 50), crs=4547).to_crs(4326).to_numpy()
    path = save("scope", scope, crs=4326)
    halves = np.array(
        [shapely.box(x, y, x + 9_000, y + 20_000), shapely.box(x + 9_000, y, x + 30_000, y + 20_000)]
    )
    report = check_file(save("grids", halves), scope=path)
    assert report.clean
    assert report.scope == "file scope.gpkg"
    shorter = np.array([halves[0], shapely.box(x + 9_000, y, x + 29_999, y + 20_000)])
    report = check_file(save("grids", shorter), scope=GroundFile(path, layer="scope"))
    assert report.counts["gap"] == 1
    assert report.ground_m2["gap"] == pytest.approx(20_000, rel=1e-2)
    assert report.scope == "file scope.gpkg, layer scope"


def test_parents_are_found_by_field_or_by_ground(save: Callable[..., Path]) -> None:
    parents = save("streets", "SST\nSST")
    path = save("grids", "AAB\nCCD", street=["S", "S", "X", None])
    by_ground = check_file(path, code_field="code", parents=GroundFile(parents))
    assert by_ground.parents == "file streets.gpkg"
    assert by_ground.counts["crosses-parent"] == 0
    assert by_ground.counts["missing-parent"] == 0
    hosts = GroundFile(parents, code_field="code")
    by_field = check_file(path, code_field="code", parents=hosts, parent_field="street")
    crossing = [one.areas for one in by_field.defects if one.kind == "crosses-parent"]
    homeless = [one.areas for one in by_field.defects if one.kind == "missing-parent"]
    assert (crossing, homeless) == ([("B",)], [("C",), ("D",)])
    with pytest.raises(InputError, match=r"field with the codes in streets\.gpkg"):
        check_file(path, parents=GroundFile(parents), parent_field="street")


def test_an_area_belongs_to_the_parent_with_most_of_it(save: Callable[..., Path]) -> None:
    parents = save("streets", "SSST")
    report = check_file(save("grids", "AAAA"), code_field="code", parents=GroundFile(parents))
    (defect,) = report.defects
    assert (defect.kind, defect.area_m2) == ("crosses-parent", pytest.approx(1e4, rel=1e-3))


def test_areas_without_ground_are_in_no_parent_and_told_once(save: Callable[..., Path]) -> None:
    parents = save("streets", "SS")
    x, y = METRES
    with np.errstate(all="ignore"):
        nowhere = shapely.Polygon([(x, y), (x + 9, np.nan), (x + 9, y + 9)])
    beside = shapely.box(x + 300, y, x + 400, y + 100)
    drawn = np.array([shapely.box(x, y, x + 100, y + 100), None, shapely.Polygon(), nowhere, beside])
    report = check_file(save("grids", drawn), parents=GroundFile(parents))
    told = {one.areas[0]: one.kind for one in report.defects}
    assert {row: told[row] for row in ("row 2", "row 3")} == {
        "row 2": "invalid-ring",
        "row 3": "invalid-ring",
    }
    assert report.counts["invalid-ring"] == 3
    (homeless,) = [one for one in report.defects if one.areas == ("row 5",)]
    assert (homeless.kind, homeless.area_m2) == ("missing-parent", pytest.approx(1e4, rel=1e-3))


def test_an_overlay_may_leave_gaps(save: Callable[..., Path]) -> None:
    path = save("schools", "AAA\nA.A\nAAA")
    assert not check_file(path).clean
    report = check_file(path, must_cover=False)
    assert report.clean
    assert "gap" not in report.counts


def test_invalid_rings_empty_and_missing_ones_are_told(save: Callable[..., Path], tmp_path: Path) -> None:
    x, y = METRES
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    sound = shapely.box(x + 200, y, x + 300, y + 100)
    report = check_file(save("grids", np.array([bow_tie, None, shapely.Polygon(), sound])))
    assert report.counts["invalid-ring"] == 3
    reasons = {one.areas[0]: one.reason for one in report.defects}
    assert reasons["row 1"] == "self-intersection"
    place = next(one for one in report.defects if one.areas == ("row 1",))
    assert place.lon == pytest.approx(114.0, abs=0.01)
    missing = next(one for one in report.defects if one.areas == ("row 2",))
    assert (missing.lon, missing.geometry, missing.area_m2) == (None, None, 0.0)
    write_defects(report, tmp_path / "out.gpkg")
    assert len(geopandas.read_file(tmp_path / "out.gpkg", layer="defects")) == 3
    assert report.proof == "nothing is proved: there is no scope that the areas are to cover"
    outline = save("outline", np.array([shapely.box(x, y, x + 300, y + 100)]))
    assert (
        check_file(tmp_path / "grids.gpkg", scope=outline).proof
        == "not proved: 3 areas are no sound polygons"
    )


def test_a_ring_that_collapsed_is_written_as_a_point(save: Callable[..., Path], tmp_path: Path) -> None:
    x, y = METRES
    flat = shapely.Polygon([(x, y), (x + 100, y), (x + 50, y)])
    report = check_file(save("grids", np.array([flat, shapely.box(x, y, x + 9, y + 9)])))
    (defect,) = [one for one in report.defects if one.kind == "invalid-ring"]
    assert defect.geometry is None
    write_defects(report, tmp_path / "out.geojson")
    assert geopandas.read_file(tmp_path / "out.geojson").geometry.iloc[-1].geom_type == "Point"


def test_gcj02_overrules_the_label_by_name(save: Callable[..., Path]) -> None:
    _, shapes = areas_from_grid("AB", cell_m=0.01, origin=(114, 22.5))
    path = save("grids", from_wgs84_geometries(shapes, GCJ02), crs=4326)
    report = check_file(path, crs="gcj02")
    assert report.crs == "GCJ-02"
    assert report.clean
    with pytest.raises(CrsError, match="EPSG:4547 was declared"):
        check_file(path, crs="4547")


def test_feet_are_not_metres(save: Callable[..., Path]) -> None:
    # Colorado Central in US survey feet; the overlap is 1.2 mm wide, which is more than drawing precision
    left = shapely.box(3_100_000, 1_700_000, 3_100_100, 1_700_100)
    right = shapely.box(3_100_099.996, 1_700_000, 3_100_200, 1_700_100)
    report = check_file(save("precincts", np.array([left, right]), crs=2232))
    assert report.measured_in == "EPSG:32613"
    assert report.counts["sliver"] == 1
    assert report.defects[0].width_m == pytest.approx(0.0012, abs=0.0001)


def test_the_plane_to_measure_in_can_be_configured(save: Callable[..., Path]) -> None:
    assert check_file(save("grids", "A"), configured_crs="EPSG:4526").measured_in == "EPSG:4526"


def test_files_that_cannot_be_checked_say_why(save: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.gpkg"):
        check_file(tmp_path / "none.gpkg")
    with pytest.raises(CrsError, match="does not state"):
        check_file(save("plain", "A", crs=None, suffix=".shp"))
    with pytest.raises(InputError, match="'number'"):
        check_file(save("grids", "A"), code_field="number")
    empty = geopandas.GeoDataFrame({"code": []}, geometry=[], crs=4547)
    empty.to_file(tmp_path / "empty.gpkg")
    with pytest.raises(InputError, match=r"empty\.gpkg holds no areas"):
        check_file(tmp_path / "empty.gpkg")
    with pytest.raises(InputError, match="No area of the file has coordinates"):
        check_file(save("missing", np.array([None])))
    swapped = shapely.box(22.5, 114, 22.6, 114.1)
    with pytest.raises(CoordinateError):
        check_file(save("swapped", np.array([swapped]), crs=4326))


def test_rows_out_of_place_are_told_beside_the_others(save: Callable[..., Path], tmp_path: Path) -> None:
    places = [shapely.box(120.1, 30.2, 120.11, 30.21), shapely.box(120.11, 30.2, 120.12, 30.21)]
    over = shapely.box(120.115, 30.2, 120.12, 30.21)
    swapped, abroad = shapely.box(30.2, 120.12, 30.21, 120.13), shapely.box(520.1, 30.2, 520.2, 30.3)
    report = check_file(save("two", np.array([abroad, *places, over, swapped]), crs=4326))
    assert (report.areas, report.counts["contained"], report.counts["invalid-ring"]) == (5, 1, 2)
    assert not report.clean
    first, second = [one for one in report.defects if one.kind == "invalid-ring"]
    assert (first.areas, second.areas) == (("row 1",), ("row 5",))
    assert first.reason == "lies at (520.1, 30.2) in EPSG:4326, out of where EPSG:4326 is used"
    assert second.reason == "has its axes swapped: (30.2, 120.12) should read (120.12, 30.2)"
    assert (first.lon, first.lat, second.lon, second.geometry) == (None, None, None, None)
    write_defects(report, tmp_path / "out.gpkg")
    assert len(geopandas.read_file(tmp_path / "out.gpkg", layer="defects")) == 3


def test_a_row_out_of_the_range_of_its_plane_is_shown_where_it_says_to_be(save: Callable[..., Path]) -> None:
    x, y = METRES
    boxes = [shapely.box(x + 100 * i, y, x + 100 * (i + 1), y + 100) for i in range(3)]
    far = shapely.box(x, 7_000_000, x + 100, 7_000_100)  # 63° north: this plane is for China
    report = check_file(save("grids", np.array([*boxes, far])))
    (defect,) = report.defects
    assert (defect.kind, defect.areas) == ("invalid-ring", ("row 4",))
    assert defect.reason is not None
    assert defect.reason.startswith("lies at (500000, 7000000)")
    assert (defect.lon, defect.lat) == (pytest.approx(114), pytest.approx(63.1, abs=0.1))


def test_a_file_of_another_system_is_refused(save: Callable[..., Path]) -> None:
    place = shapely.box(120.1, 30.2, 120.11, 30.21)
    swapped = [shapely.box(30.2, 120.12 + i, 30.21, 120.13 + i) for i in range(2)]
    path = save("swapped", np.array([place, *swapped]), crs=4326)
    with pytest.raises(
        CoordinateError, match=r"2 of 3 rows are out of place: row 2 has its axes swapped"
    ) as refused:
        check_file(path)
    assert "--crs" in (refused.value.hint or "")


def test_a_scope_that_is_not_sound_is_refused(save: Callable[..., Path]) -> None:
    x, y = METRES
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    with pytest.raises(InputError, match=r"scope\.gpkg: row 1 is no sound polygon: self-intersection"):
        check_file(save("grids", "A"), scope=save("scope", np.array([bow_tie])))


@pytest.mark.realdata
def test_the_grids_of_a_real_district(realdata: Path) -> None:
    report = check_file(
        realdata / "cn_hangzhou_xihu.gpkg",
        layer="grid",
        scope=GroundFile(realdata / "cn_hangzhou_xihu.gpkg", "town"),
    )
    assert report.areas == 605
    assert (report.counts["gap"], report.counts["overlap"], report.counts["invalid-ring"]) == (0, 0, 1)
    assert report.counts["outside"] == 3
    # the oracle: exact overlay of the whole in the same plane, without gisgov
    grid = geopandas.read_file(realdata / "cn_hangzhou_xihu.gpkg", layer="grid").make_valid()
    town = geopandas.read_file(realdata / "cn_hangzhou_xihu.gpkg", layer="town")
    beyond = geopandas.GeoSeries([grid.union_all() - town.union_all()], crs=4326).to_crs(4549)
    assert report.ground_m2["outside"] == pytest.approx(beyond.area.sum(), abs=5)
