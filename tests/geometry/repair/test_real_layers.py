"""Repair of real layers; the figures are those of the files."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from directed_edges import uncancelled

from gisgov.geometry.coverage import STORED, DefectKind, Tolerances, find_defects
from gisgov.geometry.crs import parse_crs, working_crs
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.repair import Decision, Proposals, Repair, apply, propose
from gisgov.geometry.snap import GRID_DEG, snap
from gisgov.geometry.systems import WGS84
from gisgov.types import Floats, Geometries

pytestmark = pytest.mark.realdata

measure_xihu = functools.partial(areas_m2, working=working_crs(120.08, 30.22))
measure_shenzhen = functools.partial(areas_m2, working=working_crs(114.1, 22.6))
STATE_PLANE = parse_crs(2232)
FOOT_M2 = (1200.0 / 3937.0) ** 2


def polygons(path: Path, layer: str) -> Geometries:
    return np.array(gpd.read_file(path, layer=layer).geometry, dtype=object)


def square_feet(geometries: Geometries) -> Floats:
    return np.asarray(shapely.area(geometries) * FOOT_M2)


def stored(
    areas: Geometries, scope: shapely.Geometry | None, measure: functools.partial[Floats]
) -> tuple[Counter[str], Proposals, Repair, Counter[str]]:
    """Check, propose, carry out and check again in stored coordinates."""
    found = find_defects(areas, scope, tolerances=STORED, system=WGS84, measure=measure)
    proposals = propose(areas, scope, found, system=WGS84)
    repair = apply(
        areas,
        scope,
        found,
        proposals,
        tolerances=STORED,
        system=WGS84,
        measure=measure,
        grid=GRID_DEG,
    )
    assert not any(repair.done)
    assert all(was is now for was, now in zip(areas, repair.undo(), strict=True))
    xy = shapely.get_coordinates(repair.areas)
    np.testing.assert_array_equal(xy, np.round(xy, 7))
    again = find_defects(repair.areas, repair.scope, tolerances=STORED, system=WGS84, measure=measure)
    return Counter(map(str, found.kind)), proposals, repair, Counter(map(str, again.kind))


def test_communities_of_xihu_get_their_gaps_closed_and_their_rings_mended(realdata: Path) -> None:
    areas = snap(polygons(realdata / "cn_hangzhou_xihu.gpkg", "community"))
    before, proposals, repair, after = stored(areas, None, measure_xihu)
    assert (before["gap"], before["invalid-ring"]) == (2, 3)
    # one is missing, and nobody knows where it should be
    assert "nothing would be left of it" in proposals.reason
    assert (after["gap"], after["overlap"], after["invalid-ring"]) == (0, 0, 1)
    assert repair.gained_m2.sum() == pytest.approx(2_913_990.0, abs=20.0)
    assert repair.lost_m2.sum() < 20.0


def test_communities_of_xihu_are_fitted_into_the_district(realdata: Path) -> None:
    path = realdata / "cn_hangzhou_xihu.gpkg"
    areas = snap(polygons(path, "community"))
    (district,) = snap(np.array([shapely.union_all(polygons(path, "town"), grid_size=1e-12)]))
    before, _, repair, after = stored(areas, district, measure_xihu)
    assert (before["gap"], before["outside"]) == (41, 42)
    assert set(after) == {"several-parts", "invalid-ring"}
    assert not uncancelled(repair.areas, repair.scope)
    assert measure_xihu(np.array([repair.scope])) == pytest.approx(
        measure_xihu(np.array([district])), abs=20.0
    )


def test_grids_of_xihu_keep_their_ground(realdata: Path) -> None:
    areas = snap(polygons(realdata / "cn_hangzhou_xihu.gpkg", "grid"))
    before, _, repair, after = stored(areas, None, measure_xihu)
    assert (before["invalid-ring"], before["several-parts"]) == (1, 40)
    assert after == {"several-parts": 40}
    assert len(repair.changed) < 10
    assert repair.gained_m2.sum() + repair.lost_m2.sum() < 1.0


def test_streets_of_shenzhen_lose_the_gaps_between_them(realdata: Path) -> None:
    areas = snap(polygons(realdata / "cn_shenzhen_streets.gpkg", "street"))
    before, _, repair, after = stored(areas, None, measure_shenzhen)
    assert (before["gap"], before["sliver"], before["several-parts"]) == (4, 34, 2)
    assert after == {"several-parts": 2}
    assert repair.gained_m2.sum() == pytest.approx(470.0, abs=1.0)


def test_streets_of_shenzhen_are_fitted_into_districts_drawn_by_others(realdata: Path) -> None:
    path = realdata / "cn_shenzhen_streets.gpkg"
    areas = snap(polygons(path, "street"))
    scope = shapely.union_all(snap(polygons(path, "district_wgs84")), grid_size=GRID_DEG)
    before, proposals, _, after = stored(areas, scope, measure_shenzhen)
    assert (before["gap"], before["outside"]) == (88, 96)
    # islands on which no street lies
    assert Counter(proposals.decision)[Decision.LEAVE] - before["several-parts"] == 4
    assert set(after) == {"gap", "several-parts"}
    assert after["gap"] == 4


class TestDenver:
    """Precincts as they were drawn, and as others repaired them; the scope is the ground of the latter."""

    @pytest.fixture
    def layers(self, realdata: Path) -> tuple[Geometries, Geometries]:
        path = realdata / "us_denver_precincts.gpkg"
        return polygons(path, "y2016_orig"), polygons(path, "y2016_repaired")

    def test_our_repair_moves_as_much_ground_as_theirs_and_differs_where_they_divided_gaps(
        self, layers: tuple[Geometries, Geometries]
    ) -> None:
        drawn, theirs = layers
        scope = shapely.union_all(theirs)
        found = find_defects(drawn, scope, system=STATE_PLANE, measure=square_feet)
        proposals = propose(drawn, scope, found, system=STATE_PLANE)
        repair = apply(drawn, scope, found, proposals, system=STATE_PLANE, measure=square_feet)
        assert repair.certificate is not None
        assert repair.certificate.holds
        assert not any(repair.done)
        assert not uncancelled(repair.areas, repair.scope)

        def moved_m2(ours: Geometries, others: Geometries) -> Floats:
            return square_feet(shapely.symmetric_difference(ours, others)) / 2.0

        # 2.01 km² either way: the ground of the defects themselves
        assert moved_m2(drawn, repair.areas).sum() == pytest.approx(2_010_343.0, abs=20.0)
        assert moved_m2(drawn, theirs).sum() == pytest.approx(2_010_347.0, abs=20.0)
        gaps = np.flatnonzero(found.kind == DefectKind.GAP)
        theirs_to = [
            int(shapely.area(shapely.intersection(theirs, each)).argmax()) for each in found.polygon[gaps]
        ]
        alike = np.array(theirs_to) == proposals.to[gaps]
        # of 88 gaps, 86 go to the same precinct; the others they divided among their neighbours
        assert (len(alike), int(alike.sum())) == (88, 86)
        assert found.area_m2[gaps[~alike]].round().tolist() == [55_452.0, 1_750.0]
        difference = moved_m2(repair.areas, theirs)
        assert difference.sum() == pytest.approx(110_409.0, abs=20.0)
        assert np.count_nonzero(difference > 500.0) < 20

    def test_by_themselves_they_have_ten_gaps(self, layers: tuple[Geometries, Geometries]) -> None:
        drawn, _ = layers
        found = find_defects(drawn, system=STATE_PLANE, measure=square_feet)
        proposals = propose(drawn, None, found, system=STATE_PLANE)
        repair = apply(drawn, None, found, proposals, system=STATE_PLANE, measure=square_feet)
        assert (found.kind == DefectKind.GAP).sum() == 10
        assert len(repair.changed) == 8
        left = find_defects(repair.areas, tolerances=Tolerances(), system=STATE_PLANE)
        assert not np.isin(left.kind, (DefectKind.GAP, DefectKind.OVERLAP, DefectKind.SLIVER)).any()
