"""People of buildings, onto blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from counted_blocks import Place, Save, people, tracts
from street_files import CRS, box, ground

from gisgov.errors import CrsError, FileError, InputError
from gisgov.services.block_population.reports import Balance
from gisgov.services.block_population.requests import BuildingFile, Weights
from gisgov.store import tables
from gisgov.store.database import Database


def test_buildings_alone(blocks: Database, place: Place, save: Save) -> None:
    path = save(
        "houses",
        [
            {"floors": 2, "population": None, "households": None},
            {"floors": 1, "population": None, "households": 4},
            {"floors": None, "population": 7, "households": None},
            {"floors": 1, "population": None, "households": None},
        ],
        [
            box(100, 0, 120, 30),
            box(1100, 0, 1200, 100),
            box(2100, 0, 2120, 20).centroid,
            box(-50, 0, -10, 10),
        ],
    )
    report = place(buildings=BuildingFile(path))
    # 1,200 m² / 40; 4 households of 2.5; known; 400 m² in no block
    assert people(blocks) == {"A": (30, 12), "B": (10, 4), "C": (7, 3)}
    assert report.population == Balance(57, 47, 10, 0)
    assert report.households is not None
    assert report.households.total == 23  # 4 known and 18.8 expected
    assert (report.sources, report.counts, report.weights) == ((), None, None)
    assert report.source == "buildings (houses.gpkg)"
    assert (report.largest_code, report.empty) == ("A", 0)


def test_the_order_of_buildings_does_not_matter(blocks: Database, place: Place, save: Save) -> None:
    random = np.random.default_rng(5)
    x, y, size = random.uniform(0, 3000, 60), random.uniform(0, 980, 60), random.uniform(5, 20, 60)
    shapes = [box(*one) for one in zip(x, y, x + size, y + size, strict=True)]
    rows = [{"floors": int(floors)} for floors in random.integers(1, 9, 60)]
    found = []
    for order in (np.arange(60), random.permutation(60)):
        path = save(f"houses{len(found)}", [rows[i] for i in order], [shapes[i] for i in order])
        place(buildings=BuildingFile(path))
        found.append(people(blocks))
    assert found[0] == found[1]


def test_stored_buildings(blocks: Database, place: Place) -> None:
    with pytest.raises(InputError, match="No stored building stands in a block") as caught:
        place(stored_buildings=True)
    assert caught.value.hint == "Import buildings first, or give a file with --buildings FILE."
    inside = {code: shapely.centroid(shape) for code, shape in ground("ABC").items()}
    rows: list[dict[str, Any]] = [
        {"external_id": "1", "geom": inside["A"], "population": 5, "households": 2},
        {"external_id": "2", "geom": inside["C"].buffer(0.0001), "facts": {"Height": 30}, "use": "flats"},
        {"external_id": "3", "geom": inside["B"], "households": 4},
    ]
    with blocks.begin() as connection:
        for row in rows:
            known = {"source": "s", "crs": "EPSG:4326", **row, "geom": f"SRID=4326;{row['geom'].wkt}"}
            connection.execute(sa.insert(tables.building).values(**known))
    report = place(stored_buildings=True)
    found = people(blocks)
    assert (found["A"], found["B"]) == ((5, 2), (10, 4))
    assert found["C"][0] > 80  # 10 floors of some 330 m²
    assert report.buildings is not None
    assert (report.buildings.source, report.buildings.crs, report.buildings.by_height) == ("stored", None, 1)
    assert report.population.placed == sum(of for of, _ in found.values())


def test_stored_buildings_of_a_census(blocks: Database, place: Place, save: Save) -> None:
    path = save("tracts", [{"pop": 12}], [box(500, 0, 4000, 1000)])
    for key, shape in (("1", box(600, 0, 610, 9)), ("2", box(3500, 0, 3510, 9))):
        point = geopandas.GeoSeries([shape.centroid], crs=CRS).to_crs(4326)[0]
        row = {
            "external_id": key,
            "source": "s",
            "crs": CRS,
            "geom": f"SRID=4326;{point.wkt}",
            "households": 1,
        }
        with blocks.begin() as connection:
            connection.execute(sa.insert(tables.building).values(**row))
    report = place(census=tracts(path), weights=Weights.BUILDINGS)
    assert report.population == Balance(12, 6, 6, 0)
    assert report.source == "census tracts.gpkg:tracts by buildings (stored)"


def test_bad_buildings_are_named(place: Place, save: Save, tmp_path: Path) -> None:
    path = save(
        "houses",
        [
            {"floors": "3", "population": "2"},
            {"floors": "1.5", "population": "2"},
            {"floors": "1", "population": "-1"},
            {"floors": "1", "population": "9"},
        ],
        [box(100, 0, 120, 30), box(100, 0, 120, 30), box(200, 0, 220, 30), None],
    )
    report = place(buildings=BuildingFile(path))
    assert [(one.row, one.kind) for one in report.refused] == [
        (2, "bad-number"),
        (3, "bad-number"),
        (4, "empty-geometry"),
    ]
    assert report.population.total == 2
    with pytest.raises(InputError, match=r"No building of far\.gpkg stands in a block"):
        place(buildings=BuildingFile(save("far", [{"floors": 1}], [box(9000, 0, 9010, 10)])))
    table = tmp_path / "houses.csv"
    table.write_text("e,n,people\n500100,2490100,4\n", encoding="utf-8")
    with pytest.raises(CrsError, match="does not state") as caught:
        place(buildings=BuildingFile(table, fields={"lon": "e", "lat": "n"}))
    assert "--buildings-crs" in (caught.value.hint or "")
    with pytest.raises(InputError, match="called like a longitude") as unnamed:
        place(buildings=BuildingFile(table, crs=CRS))
    assert "--building-field lon=NAME" in (unnamed.value.hint or "")
    placed = place(buildings=BuildingFile(table, crs=CRS, fields={"lon": "e", "lat": "n"}))
    assert placed.population == Balance(4, 4, 0, 0)
    empty = tmp_path / "empty.csv"
    empty.write_text("lon,lat\n", encoding="utf-8")
    with pytest.raises(FileError):
        place(buildings=BuildingFile(empty, crs=CRS))
