"""Figures of sub-grids, counted by hand on squares."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely

from gisgov.demo import figures
from gisgov.demo.figures import areas_in_force, crowded_place, subgrid_figures
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.layers import Targets
from gisgov.services.area_records import AreaPage, AreaRecord

HALF_KM2 = 500_000.0


def _area(code: str, west: float, *, people: int | None, parent: str = "C", parts: int = 1) -> AreaRecord:
    squares = [shapely.box(west, 22 + k, round(west + 0.01, 7), 22.01 + k) for k in range(parts)]
    return AreaRecord(
        id=f"p/{code}",
        layer="subgrid",
        title_zh="子网格",
        title_en="Sub-grid",
        code=code,
        name=code,
        parent_codes=(parent,),
        plan="p",
        valid_from=date(2025, 1, 1),
        valid_to=None,
        area_m2=HALF_KM2,
        population=people,
        households=None,
        staff=(),
        attributes={},
        bbox=(west, 22.0, west + 0.01, 22.01),
        geometry=shapely.geometry.mapping(shapely.MultiPolygon(squares)),
    )


AREAS = (
    _area("1", 113.0, people=5000),
    _area("2", 113.1, people=15_000, parts=2),
    _area("3", 113.2, people=None, parent="D"),
)
NO_EDGES = (np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64))
TARGETS = Targets(area_km2=0.5, population=5000, weight_area=0.5, weight_population=0.5)


def test_loads_are_compared_with_the_mean_of_their_community():
    found = subgrid_figures(AREAS, TARGETS, edges=NO_EDGES, in_practice=2)
    # loads 1 and 2 in community C (mean 1.5), 0.5 alone in D
    assert (found.load.mean, found.load.least, found.load.most) == (
        pytest.approx(3.5 / 3, abs=1e-4),
        0.5,
        2,
    )
    assert found.within_10_percent == pytest.approx(1 / 3)
    assert found.within_20_percent == pytest.approx(1 / 3)
    # 20,000 people are 4 targets, 1.5 km² are 3: half of each
    assert (found.load_of_people, found.load_of_ground, found.in_practice) == (2.0, 1.5, 2)
    assert found.areas == 3


def test_sizes_and_parts_are_those_stored():
    found = subgrid_figures(AREAS, TARGETS, edges=NO_EDGES, in_practice=2)
    assert (found.population.least, found.population.most) == (0, 15_000)
    assert found.area_km2.mean == 0.5
    assert found.several_parts == 1
    assert 0.3 < found.polsby_popper < 0.79


def test_borders_with_each_other_are_counted_by_what_lies_along_them():
    areas = tuple(_area(str(i), west, people=5000) for i, west in enumerate((113.0, 113.01, 113.02)))
    assert subgrid_figures(areas, TARGETS, edges=NO_EDGES, in_practice=3).along_streets == 0
    between = [shapely.LineString([(west, 22.0), (west, 22.01)]) for west in (113.0, 113.01, 113.02)]
    for classes, share in (
        # the first lies on the outline, which parts no areas
        ((EdgeClass.ARTERIAL, EdgeClass.COLLECTOR, EdgeClass.WATER), 1),
        ((EdgeClass.ARTERIAL, EdgeClass.ARTERIAL, EdgeClass.RAIL), 0.5),
        ((EdgeClass.ARTERIAL, EdgeClass.LOCAL, EdgeClass.ADMINISTRATIVE), 0),
    ):
        edges = (np.array(between, dtype=object), np.array(classes))
        found = subgrid_figures(areas, TARGETS, edges=edges, in_practice=3)
        assert found.along_streets == pytest.approx(share, abs=1e-5)


def test_the_sample_lies_where_most_people_live():
    lon, lat = crowded_place(AREAS)
    assert 113.1 <= lon <= 113.11
    assert (lon, lat) == (round(lon, 7), round(lat, 7))


def test_areas_come_page_by_page(monkeypatch: pytest.MonkeyPatch):
    pages = {None: AreaPage(AREAS[:2], "p/2"), "p/2": AreaPage(AREAS[2:], None)}
    monkeypatch.setattr(figures, "list_areas", lambda *_, after=None, **__: pages[after])
    assert areas_in_force(None, "subgrid", date(2025, 1, 1)) == AREAS
