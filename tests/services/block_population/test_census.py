"""People of census areas, onto blocks."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from counted_blocks import Place, Save, people, tracts
from street_files import CRS, box, ground

from gisgov.errors import CrsError, InputError
from gisgov.geometry.cell_index import build_cell_index
from gisgov.services.block_population.reports import Balance
from gisgov.services.block_population.requests import BuildingFile, CountFile, Weights
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database


def test_census_by_ground(blocks: Database, place: Place, save: Save) -> None:
    path = save(
        "tracts",
        [{"id": "t2", "pop": 5, "hh": 2}, {"id": "t1", "pop": 100, "hh": 40}],
        [box(2500, 0, 2700, 1000), box(500, 0, 2000, 1000)],
    )
    report = place(census=tracts(path, code_field="id", households_field="hh"))
    assert people(blocks) == {"A": (33, 13), "B": (67, 27), "C": (5, 2)}
    assert [one.code for one in report.sources] == ["t1", "t2"]
    assert report.population == Balance(105, 105, 0, 0)
    assert report.households == Balance(42, 42, 0, 0)
    assert (report.weights, report.policy, report.changed) == ("area", None, 3)
    with blocks.begin() as connection:
        attributes = blocks_of_scope(connection, "7").attributes
    assert {one["population_source"] for one in attributes} == {"census tracts.gpkg:tracts by area"}
    again = place(census=tracts(path, code_field="id", households_field="hh"))
    assert (again.changed, again.unchanged) == (0, 3)


def test_ground_outside_and_areas_away(blocks: Database, place: Place, save: Save) -> None:
    # the last one only touches C
    shapes = [box(2500, 0, 3500, 1000), box(9000, 0, 9500, 500), box(2000, 1000, 3000, 1200)]
    path = save("tracts", [{"pop": 11}, {"pop": 70}, {"pop": 20}], shapes)
    report = place(census=tracts(path))
    assert report.population.total == 11
    assert report.population.outside == 11 - report.population.placed > 0
    (source,) = report.sources
    assert (source.code, source.row, source.households, source.exceeded) == ("row 1", 1, None, False)
    assert report.counts is not None
    assert (report.counts.used, report.counts.away, report.counts.away_population) == (1, 2, 90)
    assert report.households is None
    assert people(blocks)["A"] == (0, 3)  # households stay


def test_census_by_land_use(blocks: Database, place: Place, save: Save) -> None:
    path = save("tracts", [{"pop": 90}, {"pop": 4}], [box(0, 0, 3000, 1000), box(2000, 0, 3000, 900)])
    report = place(census=tracts(path), weights=Weights.LAND_USE)
    assert {code: of for code, (of, _) in people(blocks).items()} == {"A": 60, "B": 30, "C": 0}
    assert report.sources[1].population == Balance(4, 0, 0, 4)  # nobody lives on water
    assert (report.policy, report.unlisted_land_use) == ("ours", {"shops": 1})


def test_census_over_buildings(blocks: Database, place: Place, save: Save) -> None:
    census = save(
        "tracts",
        [{"pop": 100, "hh": 40}, {"pop": 6, "hh": 3}, {"pop": 9, "hh": 4}],
        [box(0, 0, 1500, 1000), box(1500, 0, 2000, 1000), box(2000, 0, 3500, 1000)],
    )
    buildings = save(
        "houses",
        [
            {"floors": 2, "use": "flats", "population": None, "height": None},
            {"floors": None, "use": None, "population": None, "height": "18 m"},
            {"floors": 6, "use": "shop", "population": None, "height": "low"},
            {"floors": 3, "use": "shop", "population": 20, "height": None},
            {"floors": 1, "use": "flats", "population": 8, "height": None},
            {"floors": 1, "use": "flats", "population": None, "height": None},
            {"floors": 1, "use": "flats", "population": None, "height": None},
        ],
        [
            box(100, 100, 120, 110),  # 400 m² of floor in A
            box(1100, 100, 1120, 110),  # 6 floors by its height: 1,200 m² in B
            box(100, 200, 200, 300),  # nobody
            box(980, 500, 1010, 520),  # its point is in A
            box(1600, 0, 1610, 10),  # more than its tract counts
            box(3200, 0, 3230, 30),  # outside all blocks
            box(5000, 0, 5030, 30),  # in no tract
        ],
    )
    report = place(
        census=tracts(census, households_field="hh"),
        buildings=BuildingFile(buildings),
    )
    # of 100, 20 are known in A, 80 go 1 : 3; of 6 all go to B; of 9 all fall outside
    assert {code: of for code, (of, _) in people(blocks).items()} == {"A": 40, "B": 66, "C": 0}
    assert report.population == Balance(115, 106, 9, 0)
    assert [one.exceeded for one in report.sources] == [False, True, False]
    assert report.households == Balance(47, 43, 4, 0)
    told = report.buildings
    assert told is not None
    assert (told.rows, told.known, told.known_population, told.expected) == (7, 2, 28, 4)
    assert (told.by_height, told.by_default, told.unreadable_heights) == (1, 0, 1)
    assert (told.in_no_block, told.in_no_source, told.without_people) == (2, 1, 1)
    assert told.unlisted == {"shop": 2}
    assert report.source == "census tracts.gpkg:tracts by buildings (houses.gpkg)"


def test_a_tract_without_dwellings_keeps_its_people(place: Place, save: Save) -> None:
    census = save("tracts", [{"pop": 30}, {"pop": 7}], [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)])
    houses = save("houses", [{"floors": 1}], [box(100, 100, 120, 120)])
    report = place(census=tracts(census), buildings=BuildingFile(houses))
    assert [one.population for one in report.sources] == [Balance(30, 30, 0, 0), Balance(7, 0, 0, 7)]


def test_bad_rows_are_named_and_not_rounded(blocks: Database, place: Place, save: Save) -> None:
    rows = [
        {"id": "a", "pop": 10.0},
        {"id": "b", "pop": 3.4},
        {"id": "c", "pop": -2.0},
        {"id": "d", "pop": None},
        {"id": "e", "pop": 6.0},
        {"id": "e", "pop": 6.0},
        {"id": None, "pop": 1.0},
        {"id": "g", "pop": 50.0},
        {"id": "h", "pop": 4.0},
    ]
    bow_tie = shapely.Polygon([box(0, 0, 1, 1).exterior.coords[i] for i in (0, 2, 1, 3)])
    shapes = [*[box(100 * i, 0, 100 * i + 100, 1000) for i in range(7)], bow_tie, None]
    path = save("tracts", rows, shapes)
    report = place(census=tracts(path, code_field="id"))
    assert report.population.total == people(blocks)["A"][0] == 10
    told = [(one.row, one.code, one.kind) for one in report.refused]
    assert told == [
        (2, "b", "bad-number"),
        (3, "c", "bad-number"),
        (4, "d", "bad-number"),
        (5, "e", "duplicate-code"),
        (6, "e", "duplicate-code"),
        (7, None, "missing-code"),
        (8, "g", "invalid-ring"),
        (9, "h", "empty-geometry"),
    ]
    assert str(report.refused[0]).startswith("row 2 (b): has '3.4' in 'pop', which is no whole number at 1")
    assert "has no number in 'pop'" in report.refused[2].message
    assert "shares its code with row 6" in report.refused[3].message
    assert report.counts is not None
    assert report.counts.refused_population == 6 + 6 + 1 + 50 + 4


def test_decimal_counts_are_rounded_where_that_is_asked(place: Place, save: Save, tmp_path: Path) -> None:
    rows = [{"pop": text} for text in ("1.5", "2.25", "2.25", "4", "-1.5", "many", "inf")]
    path = save("tracts", rows, [box(100 * i, 0, 100 * i + 100, 1000) for i in range(7)])
    report = place(census=tracts(path, rounded=True))
    assert [one.population.total for one in report.sources] == [2, 2, 2, 4]
    assert report.counts is not None
    assert report.counts.rounded == 3
    assert [one.row for one in report.refused] == [5, 6, 7]
    table = tmp_path / "counts.csv"
    table.write_text("code,population\nA,1.5\nB,2.5\n", encoding="utf-8")
    given = place(given=CountFile(table, rounded=True))
    assert given.population.total == 4
    assert given.counts is not None
    assert given.counts.rounded == 2


def test_buildings_on_a_border_are_where_the_index_has_them(place: Place, tmp_path: Path) -> None:
    shapes = ground("ABC")
    border = shapely.intersection(shapes["A"], shapes["B"])
    points = [
        shapely.get_coordinates(border)[0].tolist(),
        [float(one) for one in shapes["C"].centroid.coords[0]],
    ]
    index = build_cell_index(np.array(list(shapes.values()), dtype=object), list(shapes))
    owner = index.locate([x for x, _ in points], [y for _, y in points])
    assert owner.on_border.tolist() == [True, False]
    table = tmp_path / "houses.csv"
    lines = [f"{x!r},{y!r},{10**i}" for i, (x, y) in enumerate(points)]
    table.write_text("\n".join(["lon,lat,population", *lines]), encoding="utf-8")
    report = place(buildings=BuildingFile(table, crs="wgs84"), dry_run=True)
    assert report.population == Balance(11, 11, 0, 0)
    assert (report.largest_code, report.empty) == ("C", 1)
    assert [list(shapes)[i] for i in owner.area] == ["A", "C"]


def test_census_that_cannot_be_used(place: Place, save: Save, tmp_path: Path) -> None:
    decimals = save("decimals", [{"pop": 1.5}], [box(0, 0, 9, 9)])
    with pytest.raises(
        InputError, match=r"No row of decimals\.gpkg, layer decimals, can be used: row 1: has '1\.5'"
    ):
        place(census=tracts(decimals))
    far = save("far", [{"pop": 1}], [box(90_000, 0, 90_009, 9)])
    with pytest.raises(
        InputError, match=r"Nothing in far\.gpkg lies on the blocks, which are around \(114\."
    ):
        place(census=tracts(far))
    with pytest.raises(InputError, match="has no field 'people'"):
        place(census=CountFile(far, population_field="people"))
    with pytest.raises(InputError, match="is called like a number of people") as caught:
        place(census=CountFile(far))
    assert caught.value.hint == "Say --population-field; its columns: pop."
    with pytest.raises(CrsError, match="but EPSG:4490 was declared") as wrong:
        place(census=tracts(far, crs="EPSG:4490"))
    assert "--census-crs" in (wrong.value.hint or "")
    empty = tmp_path / "empty.gpkg"
    geopandas.GeoDataFrame({"pop": []}, geometry=[], crs=CRS).to_file(empty, geometry_type="Polygon")
    with pytest.raises(InputError, match=r"empty\.gpkg holds no areas"):
        place(census=tracts(empty))


def test_more_people_than_a_block_can_have(place: Place, save: Save) -> None:
    most = 2**31 - 1
    path = save("tracts", [{"pop": most}, {"pop": most}], [box(0, 0, 9, 9), box(9, 0, 18, 9)])
    with pytest.raises(InputError, match="A block would have 4,294,967,294 people"):
        place(census=tracts(path))
