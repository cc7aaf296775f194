import subprocess
import sys
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.governance.thematic import Contiguity, HotspotUnit, RiskMeasure
from gisgov.testing import areas_from_grid
from maps import hotspots
from maps.document import Document
from maps.hotspot_units import Asked, cell_pairs

PICTURE = """
    ABCDEFGH
    IJKLMNOP
    QRSTUVWX
    abcdefgh
    ijklmnop
    qrstuv.y
"""
HOT = {*"ABCIJKQR"}


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Squares of twenty buildings, many warning ones in a corner; v has none, y no neighbour that has."""
    rows = "\n".join(line.strip() for line in PICTURE.strip().splitlines())
    codes, shapes = areas_from_grid(rows, cell_m=0.01, origin=(114.0, 30.5))
    grids = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=shapes, crs=4326)
    grids["population"] = np.where(grids["code"] == "H", 0, 2000)
    empty = {"v", *"ghop"}
    parts = []
    for number, (code, shape) in enumerate(zip(codes, shapes, strict=True)):
        if code in empty:
            continue
        middle = shape.centroid
        warning = 15 if code in HOT else number % 3
        parts.append(
            pd.DataFrame(
                {
                    "risk_class": ["warning"] * warning + ["safe"] * (20 - warning),
                    "grid_code": code,
                    "geometry": [shapely.Point(middle.x + k * 1e-5, middle.y) for k in range(20)],
                }
            )
        )
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326), grids


@pytest.fixture(scope="module")
def ground() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return frames()


def _results(document: Document, layer: str = "grids") -> dict[str, str]:
    found = next(one for one in document.layers if one.id == layer)
    names, result = found.column("name"), found.column("result")
    return {name: result.values[code] for name, code in zip(names.data, result.data, strict=True)}


def test_a_corner_of_warning_buildings_is_a_hot_spot(
    ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
) -> None:
    document = hotspots.document(*ground, asked=Asked(permutations=1999), language="en")
    results = _results(document)
    hot = {code for code, result in results.items() if result == "Hot spot"}
    assert {"B", "I", "J"} <= hot <= {*HOT, *"SL", "D", "a", "b"}
    assert {code for code, result in results.items() if result == "Not tested"} == {*"vyghop"}
    section = document.sections[0]
    counts = {key.name: int(key.figures[0]) for key in section.keys}
    assert sum(counts.values()) == len(ground[1])
    assert counts["Hot spot"] == len(hot)
    told = "\n".join(section.lines)
    assert "Getis-Ord Gi* of the share of warning buildings" in told
    assert "sides and corners, itself included, binary" in told
    assert "1,999 conditional permutations, two-sided, seed 1" in told
    assert f"41 tests, {len(hot) + counts['Cold spot']} kept" in told
    assert "6 not tested: no building 5, no neighbour 1" in told
    assert "rate 0.05 (Benjamini–Hochberg)" in told


def test_people_and_numbers_can_be_asked_for(ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]) -> None:
    asked = Asked(measure=RiskMeasure.PER_1000, permutations=99)
    document = hotspots.document(*ground, asked=asked)
    assert _results(document)["H"] == "未检验"
    assert any("置换偏少" in line for line in document.sections[0].lines)
    assert any("无人口数" in line for line in document.sections[0].lines)
    value = document.layers[0].column("value")
    assert value.data[0] == 7.5  # 15 of 2,000 people


def test_cells_are_tested_too(district: SimpleNamespace) -> None:
    asked = Asked(unit=HotspotUnit.CELLS, measure=RiskMeasure.COUNT, permutations=199, cell_m=400)
    document = hotspots.document(district.buildings, district.grids, asked=asked)
    cells = next(layer for layer in document.layers if layer.id == "cells")
    assert int(np.asarray(cells.column("buildings").data).sum()) == len(district.buildings)
    warnings = (district.buildings["risk_class"] == "warning").sum()
    assert np.nansum(np.asarray(cells.column("value").data)) == warnings
    assert document.listing.layer == "cells"
    assert document.sections[0].remark == "400 米方格"
    metres = gpd.GeoSeries(cells.shapes, crs=4326).to_crs(4547).area
    assert metres.to_numpy() == pytest.approx(np.full(len(metres), 160_000), rel=1e-6)
    shares = hotspots.document(
        district.buildings, district.grids, asked=Asked(unit=HotspotUnit.CELLS, permutations=99)
    )
    assert max(np.asarray(shares.layers[-1].column("value").data)) <= 1


def test_cells_that_do_not_meet_are_no_neighbours() -> None:
    places = np.array([[0, 0], [0, 1], [1, 2], [4, 4]])
    assert cell_pairs(places, Contiguity.ROOK).tolist() == [[0, 1]]
    assert cell_pairs(places, Contiguity.QUEEN).tolist() == [[0, 1], [1, 2]]


def test_what_cannot_be_tested_is_refused(district: SimpleNamespace) -> None:
    with pytest.raises(InputError, match="no people on record"):
        Asked(unit=HotspotUnit.CELLS, measure=RiskMeasure.PER_1000)
    with pytest.raises(InputError, match="Cells of 5 m"):
        Asked(cell_m=5)
    with pytest.raises(InputError, match="not in EPSG:4326"):
        hotspots.document(district.buildings.to_crs(4547), district.grids)


def test_buildings_without_a_place_are_counted(district: SimpleNamespace) -> None:
    buildings = district.buildings.copy()
    buildings.loc[:1, "geometry"] = None
    document = hotspots.document(buildings, district.grids, asked=Asked(permutations=99))
    assert "未上图 2 条：无坐标" in document.notes


def test_what_is_slow_to_read_is_read_by_those_who_test_alone() -> None:
    script = """
import sys
import gisgov.cli.map_, gisgov.cli.map_risk, maps.hotspots, maps.rating_changes, maps.risk
print(sorted({"esda", "libpysal", "mapclassify", "sklearn"} & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
