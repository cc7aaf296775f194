"""People as given, and what all ways to place them have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
from counted_blocks import Place, Save, people, tracts
from street_files import CRS, box

from gisgov.errors import InputError, NotFoundError, ProfileError
from gisgov.services.block_population.placing import place_population
from gisgov.services.block_population.reports import Balance
from gisgov.services.block_population.requests import CountFile, PopulationRequest, Weights
from gisgov.store.database import Database


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
