"""People onto stored blocks: from buildings, from census areas, as given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from street_files import CRS, box, ground

from gisgov.errors import CrsError, FileError, InputError, NotFoundError, ProfileError
from gisgov.geometry.locate import AreaIndex
from gisgov.services.block_population.placing import place_population
from gisgov.services.block_population.reports import Balance, BlockPopulation
from gisgov.services.block_population.requests import BuildingFile, CountFile, PopulationRequest, Weights
from gisgov.services.blocks import store_blocks
from gisgov.store import tables
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

POLICY = """
name: ours
source: Ours.
floor_m2_per_person: 40
people_per_household: 2.5
metres_per_floor: 3
floors_where_unknown: 1
least_footprint_m2: 25
height_columns: [height]
dwelling: {unlisted: 0, unknown: 1, weights: [{weight: 1, words: [flats]}]}
land_use: {unlisted: 0.5, unknown: 1, weights: [{weight: 1, words: [homes]}, {weight: 0, words: [water]}]}
"""
Save = Callable[..., Path]
Place = Callable[..., BlockPopulation]


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write rows as a layer: ``save("tracts", [{"pop": 3}], [box(...)])``."""

    def saved(name: str, rows: Sequence[dict[str, Any]], shapes: Sequence[Any], crs: str = CRS) -> Path:
        path = tmp_path / f"{name}.gpkg"
        geopandas.GeoDataFrame(list(rows), geometry=list(shapes), crs=crs).to_file(path)
        return path

    return saved


@pytest.fixture
def blocks(database: Database) -> Database:
    """The blocks A, B, C of scope 7, side by side, each a square kilometre; A has homes, C is water."""
    shapes = ground("ABC")
    frame = geopandas.GeoDataFrame(
        {
            "code": list(shapes),
            "population": [9, 8, 7],
            "households": [3, 2, 1],
            "land_use": ["homes", "shops", "water"],
        },
        geometry=list(shapes.values()),
        crs=4326,
    )
    store_blocks(database, frame, scope_code="7")
    return database


@pytest.fixture
def place(blocks: Database, policy: Path) -> Place:
    def placed(**asked: Any) -> BlockPopulation:
        return place_population(blocks, PopulationRequest("7", policy=policy, **asked))

    return placed


def people(database: Database) -> dict[str, tuple[int, int]]:
    with database.begin() as connection:
        found = blocks_of_scope(connection, "7")
    return {
        code: (int(of), int(households))
        for code, of, households in zip(found.codes, found.population, found.households, strict=True)
    }


def tracts(path: Path, **fields: Any) -> CountFile:
    return CountFile(path, **{"population_field": "pop", **fields})


# ---- census ----


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
    index = AreaIndex(np.array(list(shapes.values()), dtype=object), list(shapes))
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


# ---- buildings ----


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


# ---- given ----


def test_given_counts(blocks: Database, place: Place, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("code,人口,户数\nB,50,20\nX,1,1\nC,1.5,1\n,2,2\nA,1,1\nA,2,2\nC,3\n", encoding="utf-8")
    report = place(given=CountFile(path))
    assert people(blocks) == {"A": (9, 3), "B": (50, 20), "C": (7, 1)}
    assert [(one.row, one.kind) for one in report.refused] == [
        (2, "unknown-area"),
        (3, "bad-number"),
        (3, "duplicate-code"),
        (4, "missing-code"),
        (5, "duplicate-code"),
        (6, "duplicate-code"),
        (7, "bad-number"),
        (7, "ragged-row"),
        (7, "duplicate-code"),
    ]
    assert (report.population, report.without_count) == (Balance(50, 50, 0, 0), 2)
    assert (report.source, report.policy) == ("given counts.csv", None)


def test_given_counts_of_a_vector_layer(blocks: Database, place: Place, save: Save, tmp_path: Path) -> None:
    shapes = [box(0, 0, 9, 9)] * 3
    rows = [{"block": code, "people": of, "households": 1} for code, of in (("A", 1), ("B", 2), ("C", 3))]
    path = save("counts", rows, shapes)
    report = place(given=CountFile(path, code_field="BLOCK", population_field="people", households_field=""))
    assert people(blocks) == {"A": (1, 3), "B": (2, 2), "C": (3, 1)}
    assert (report.households, report.refused, report.without_count) == (None, (), 0)
    empty = tmp_path / "empty.gpkg"
    geopandas.GeoDataFrame({"code": []}, geometry=[], crs=CRS).to_file(empty, geometry_type="Polygon")
    with pytest.raises(InputError, match=r"empty\.gpkg holds no rows"):
        place(given=CountFile(empty))
    with pytest.raises(InputError, match="has no field 'code'"):
        place(given=CountFile(path, population_field="people"))


# ---- all of them ----


def test_a_dry_run_stores_nothing(blocks: Database, place: Place, save: Save) -> None:
    before = people(blocks)
    report = place(census=tracts(save("tracts", [{"pop": 5}], [box(0, 0, 900, 900)])), dry_run=True)
    assert report.population.placed == 5
    assert (report.changed, report.unchanged, report.dry_run) == (0, 0, True)
    assert people(blocks) == before


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "Nothing says where people live"),
        ({"given": CountFile(Path("a")), "stored_buildings": True}, "are not spread"),
        ({"given": CountFile(Path("a")), "census": CountFile(Path("b"))}, "are not spread"),
        ({"stored_buildings": True, "weights": Weights.AREA}, "for the people of a --census"),
        (
            {"census": CountFile(Path("a")), "stored_buildings": True, "weights": Weights.AREA},
            "With --weights area no buildings are asked",
        ),
    ],
)
def test_what_contradicts_itself(blocks: Database, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        place_population(blocks, PopulationRequest("7", **asked))


def test_scopes_and_policies_that_are_not_there(blocks: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There are no blocks of scope '8'"):
        place_population(blocks, PopulationRequest("8", stored_buildings=True))
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: a\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"bad\.yaml: source is missing"):
        place_population(blocks, PopulationRequest("7", stored_buildings=True, policy=bad))
