"""Checks of stored plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
import sqlalchemy as sa
from pydantic import TypeAdapter

from gisgov.errors import FileError, InputError, NotFoundError
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.services.checking import (
    CheckReport,
    GroundFile,
    ToleranceChoice,
    check_plan,
    defects_frame,
    write_defects,
)
from gisgov.store.database import Database
from gisgov.store.plans import create_draft
from gisgov.testing import areas_from_grid

DAY = date(2026, 3, 1)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def cell_m2(column: int, row: int = 0) -> float:
    """Ground of a cell, counted from the south-west corner."""
    west, south = 114 + column * 0.01, 22.5 + row * 0.01
    cell = shapely.box(west, south, west + 0.01, south + 0.01)
    return float(areas_m2(np.array([cell]), parse_crs("EPSG:4547"))[0])


def test_every_kind_of_defect_is_told_in_codes_metres_and_places(database: Database, plant: Any) -> None:
    plant("district", drawn("DDDDD\nDDDDD"))
    plant("street", drawn("SSSST\nSSSST"), parent="district", parents={"S": ["D"], "T": ["D"]})
    areas = drawn("AAB.C\nAAB.C") | {"X": drawn("..XX")["X"], "Y": drawn(".....Y")["Y"]}
    parents = {"A": ["S"], "B": ["S"], "C": ["S"], "X": ["S"], "Y": ["T", "S"]}
    plant("grid", areas, parent="street", parents=parents, scope="D", valid_from=None)
    report = check_plan(database, "grid-2026", at=DAY)
    assert (report.subject, report.layer, report.areas) == ("grid-2026", "grid", 5)
    assert (report.crs, report.measured_in) == ("EPSG:4326", "EPSG:4547")
    assert (report.scope, report.parents) == (
        "area D of layer district on 2026-03-01",
        "layer street on 2026-03-01",
    )
    assert report.counts == {
        "gap": 1,
        "overlap": 1,
        "duplicate": 0,
        "contained": 0,
        "outside": 1,
        "sliver": 0,
        "crosses-parent": 1,
        "invalid-ring": 0,
        "several-parts": 0,
        "vertex-mismatch": 0,
        "missing-parent": 1,
    }
    gap, overlap, outside, crossing, homeless = report.defects
    assert (gap.kind, gap.areas) == ("gap", ("B", "C", "X"))
    assert gap.area_m2 == pytest.approx(cell_m2(3, 1), abs=0.01)
    assert gap.geometry is not None
    cell = shapely.box(114.03, 22.51, 114.04, 22.52)
    assert shapely.equals_exact(shapely.geometry.shape(gap.geometry), cell, 1e-12, normalize=True)
    assert (gap.number, gap.cover) == (1, 0)
    # a cell is about 1029 m by 1108 m: twice its ground by its perimeter
    assert gap.width_m == pytest.approx(1029 * 1108 / (1029 + 1108), rel=5e-3)
    assert shapely.geometry.shape(gap.geometry).covers(shapely.Point(gap.lon, gap.lat))
    assert (overlap.kind, overlap.areas, overlap.area_m2) == (
        "overlap",
        ("B", "X"),
        pytest.approx(cell_m2(2), abs=0.01),
    )
    assert (overlap.number, overlap.cover) == (2, 2)
    assert (outside.kind, outside.areas, outside.cover) == ("outside", ("Y",), 1)
    assert (crossing.kind, crossing.areas) == ("crosses-parent", ("C",))
    assert (homeless.kind, homeless.areas) == ("missing-parent", ("Y",))  # nested areas have one parent
    assert (homeless.number, homeless.cover, homeless.width_m) == (5, None, None)
    assert report.tolerances == {"sliver_width_m": 0.5, "vertex_tolerance_m": 0.0223, "min_gap_m2": 0.0}
    assert report.below == {"min_gap_m2": 0, "vertex_tolerance_m": 0}
    assert not report.certified
    assert report.ground_m2["outside"] == pytest.approx(cell_m2(5), abs=0.01)
    assert not report.clean
    TypeAdapter(CheckReport).dump_json(report, warnings="error")


def test_a_sound_plan_is_clean(database: Database, plant: Any) -> None:
    plant("grid", drawn("AAB\nACB"))
    report = check_plan(database, "grid-2026")
    assert report.clean
    assert report.defects == ()
    assert report.scope == "none: gaps are those that the areas enclose"
    assert set(report.counts) == {
        "gap", "overlap", "duplicate", "contained", "sliver", "invalid-ring", "several-parts",
        "vertex-mismatch",
    }  # fmt: skip
    assert (report.certified, report.certificate) == (False, None)
    assert report.proof == "nothing is proved: there is no scope that the areas are to cover"


def test_a_sound_plan_with_a_scope_is_proved(database: Database, plant: Any) -> None:
    plant("street", drawn("SST"))
    parents = {"A": ["S"], "B": ["S"], "C": ["T"]}
    plant("grid", drawn("ABC"), parent="street", parents=parents, valid_from=None)
    report = check_plan(database, "grid-2026", at=DAY)
    assert (report.clean, report.certified) == (True, True)
    # three squares and the outline around them, with the corners of S and T on it
    assert report.certificate == "0000000000000000-0000000000000000 over 20 edges"
    assert report.proof.startswith("proved: every one of 20 directed edges cancels")


def test_a_corner_without_its_counterpart_is_a_notice_and_no_fault(database: Database, plant: Any) -> None:
    plant("street", drawn("SS"))
    whole = drawn("AA")["A"]
    plant("grid", {"A": whole}, parent="street", parents={"A": ["S"]}, plan="bare", valid_from=None)
    corner = shapely.Polygon([(114, 22.5), (114.01, 22.5), (114.02, 22.5), (114.02, 22.51), (114, 22.51)])
    plant("grid", {"A": corner}, parent="street", parents={"A": ["S"]}, plan="corner", valid_from=None)
    assert check_plan(database, "bare", at=DAY).certified
    report = check_plan(database, "corner", at=DAY)
    assert (report.clean, report.is_sound, report.certified) == (True, True, False)
    assert (report.counts["vertex-mismatch"], report.counts["gap"]) == (1, 0)
    assert "those along 1 vertex mismatch do not cancel" in report.proof
    (notice,) = report.defects
    assert (notice.is_fault, notice.areas, notice.geometry) == (False, ("A",), None)
    assert (notice.lon, notice.lat) == (114.01, 22.51)  # where S has a vertex and A has none


def test_tolerances_can_be_chosen_and_what_is_below_them_is_counted(database: Database, plant: Any) -> None:
    plant("street", drawn("SSS"))
    shifted = {"A": drawn("A")["A"], "B": shapely.box(114.0100010, 22.5, 114.03, 22.51)}  # 1e-6° is 10 cm
    parents = {"A": ["S"], "B": ["S"]}
    plant("grid", shifted, parent="street", parents=parents, valid_from=None)
    usual = check_plan(database, "grid-2026", at=DAY)
    assert (usual.counts["sliver"], usual.counts["gap"]) == (1, 0)
    assert usual.defects[0].width_m == pytest.approx(0.103, abs=0.001)
    assert usual.defects[0].cover == 0
    narrow = check_plan(database, "grid-2026", at=DAY, tolerances=ToleranceChoice(sliver_width_m=0.05))
    assert (narrow.counts["sliver"], narrow.counts["gap"]) == (0, 1)
    wide = check_plan(database, "grid-2026", at=DAY, tolerances=ToleranceChoice(vertex_tolerance_m=0.2))
    assert (wide.clean, wide.tolerances["vertex_tolerance_m"]) == (True, 0.2)
    assert wide.counts["vertex-mismatch"] + wide.below["vertex_tolerance_m"] > 0
    large = check_plan(database, "grid-2026", at=DAY, tolerances=ToleranceChoice(0.05, None, 1_000.0))
    assert (large.counts["gap"], large.below["min_gap_m2"]) == (0, 1)
    for asked in (ToleranceChoice(min_gap_m2=-1.0), ToleranceChoice(sliver_width_m=float("nan"))):
        with pytest.raises(InputError, match=r"The tolerance \w+ cannot be"):
            check_plan(database, "grid-2026", at=DAY, tolerances=asked)


def test_a_published_plan_is_checked_against_the_parents_of_its_first_day(
    database: Database, plant: Any
) -> None:
    plant("street", drawn("SS."), plan="then", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    plant("street", drawn("SSS"), plan="now")
    plant("grid", drawn("AA"), parent="street", parents={"A": ["S"]}, valid_from=date(2025, 6, 1))
    assert check_plan(database, "grid-2026").clean
    assert check_plan(database, "grid-2026", at=DAY).counts["gap"] == 1


def test_a_draft_is_checked_against_the_parents_of_today(database: Database, plant: Any) -> None:
    plant("street", drawn("SSS"), valid_from=date(2020, 1, 1))
    plant("grid", drawn("AA"), parent="street", parents={"A": ["S"]}, valid_from=None)
    assert check_plan(database, "grid-2026").counts["gap"] == 1


def test_without_parents_in_force_nothing_is_asked_of_them(database: Database, plant: Any) -> None:
    plant("street", drawn("SSS"), valid_from=None)
    plant("grid", drawn("AA"), parent="street", valid_from=None)
    report = check_plan(database, "grid-2026", at=DAY)
    assert report.clean
    assert report.parents is None


def test_an_outline_of_the_plan_goes_first(database: Database, plant: Any) -> None:
    plant("street", drawn("SSS"))
    plant("grid", drawn("AA"), parent="street", parents={"A": ["S"]}, valid_from=None)
    with database.begin() as connection:
        outline = f"SRID=4326;{shapely.MultiPolygon([shapely.box(114, 22.5, 114.02, 22.51)]).wkt}"
        connection.execute(
            sa.text("UPDATE plan SET scope_geom = :outline WHERE name = 'grid-2026'"), {"outline": outline}
        )
    report = check_plan(database, "grid-2026", at=DAY)
    assert report.clean
    assert report.scope == "outline of the plan"


def test_a_scope_can_be_named_for_one_check(database: Database, plant: Any, tmp_path: Path) -> None:
    plant("street", drawn("ST."))
    plant("grid", drawn("A"), parent="street", parents={"A": ["S"]}, valid_from=None)
    assert check_plan(database, "grid-2026", at=DAY).counts["gap"] == 1
    report = check_plan(database, "grid-2026", at=DAY, scope="S")
    assert report.clean
    assert report.scope == "area S of layer street on 2026-03-01"
    with pytest.raises(NotFoundError, match="No area X of a layer above 'grid'"):
        check_plan(database, "grid-2026", at=DAY, scope="X")
    outline = geopandas.GeoDataFrame(geometry=[shapely.box(114, 22.5, 114.03, 22.51)], crs=4326)
    outline.to_crs(4547).to_file(tmp_path / "outline.gpkg")
    report = check_plan(database, "grid-2026", at=DAY, scope=GroundFile(tmp_path / "outline.gpkg"))
    assert report.scope == "file outline.gpkg"
    assert report.counts["gap"] == 1
    assert report.ground_m2["gap"] == pytest.approx(cell_m2(1) + cell_m2(2), rel=1e-4)


def test_a_scope_code_that_nothing_has_leaves_the_scope_open(database: Database, plant: Any) -> None:
    plant("street", drawn("SS"))
    plant("grid", drawn("A"), parent="street", parents={"A": ["S"]}, scope="elsewhere", valid_from=None)
    assert check_plan(database, "grid-2026", at=DAY).scope.startswith("none")


def test_a_spanning_layer_may_cross_its_parents(database: Database, plant: Any) -> None:
    plant("village", drawn("VWX"))
    plant("grid", drawn("AAB"), parent="village", parents={"A": ["V", "W"], "B": ["X"]}, valid_from=None)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET nesting = 'spanning' WHERE name = 'grid'"))
    report = check_plan(database, "grid-2026", at=DAY)
    assert report.clean
    assert "crosses-parent" not in report.counts


def test_an_area_in_several_parts_is_told(database: Database, plant: Any) -> None:
    plant("grid", drawn("ABA"))
    (defect,) = check_plan(database, "grid-2026").defects
    assert (defect.kind, defect.areas) == ("several-parts", ("A",))


def test_what_cannot_be_checked_is_said(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", drawn("A"))
    with pytest.raises(NotFoundError, match="'none'"):
        check_plan(database, "none")
    with database.begin() as connection:
        layer = connection.scalar(sa.text("SELECT id FROM layer"))
        create_draft(connection, name="empty", layer_id=layer, working_crs="EPSG:4547")
    with pytest.raises(InputError, match="'empty' has no areas"):
        check_plan(database, "empty")


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
def test_defects_are_written_as_a_layer(
    database: Database, plant: Callable[..., None], tmp_path: Path, suffix: str
) -> None:
    plant("grid", drawn("AAA\nA.A\nAAB") | {"C": drawn("..C")["C"]})
    report = check_plan(database, "grid-2026")
    out = tmp_path / f"defects{suffix}"
    write_defects(report, out)
    where = {"layer": "defects"} if suffix == ".gpkg" else {}
    read = geopandas.read_parquet(out) if suffix == ".parquet" else geopandas.read_file(out, **where)
    assert read.crs.to_epsg() == 4326
    assert dict(zip(read["kind"], read["areas"], strict=True)) == {"gap": "A", "duplicate": "B, C"}
    assert [read["number"].tolist(), read["cover"].tolist()] == [[1, 2], [0, 2]]
    assert read["width_m"].tolist() == [defect.width_m for defect in report.defects]
    assert shapely.area(read.geometry.to_numpy()) == pytest.approx([1e-4, 1e-4])


def test_a_clean_report_writes_an_empty_layer(database: Database, plant: Any, tmp_path: Path) -> None:
    plant("grid", drawn("A"))
    report = check_plan(database, "grid-2026")
    write_defects(report, tmp_path / "defects.gpkg")
    assert pyogrio.read_info(tmp_path / "defects.gpkg", layer="defects")["features"] == 0
    assert defects_frame(report).crs.to_epsg() == 4326
    with pytest.raises(FileError, match=r"\.txt"):
        write_defects(report, tmp_path / "defects.txt")
