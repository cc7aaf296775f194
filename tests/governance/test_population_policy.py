"""Figures that population is put onto blocks by."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.population_policy import parse_population_policy

DOCUMENT: dict[str, Any] = {
    "name": "ours",
    "source": "Ours.",
    "floor_m2_per_person": 40,
    "people_per_household": 2.5,
    "metres_per_floor": 3,
    "floors_where_unknown": 0,
    "least_footprint_m2": 0,
    "height_columns": ["h"],
    "dwelling": {"unlisted": 0, "unknown": 1, "weights": [{"weight": 0.5, "words": ["Mixed"]}]},
    "land_use": {"unlisted": 0, "unknown": 1},
}


def test_figures_are_read() -> None:
    policy = parse_population_policy(DOCUMENT, "p.yaml")
    assert (policy.name, policy.floor_m2_per_person, policy.people_per_household) == ("ours", 40.0, 2.5)
    assert policy.height_columns == ("h",)
    found = policy.dwelling.weighed([" MIXED", "mixed", None, "", "tower", "Tower"])
    assert found.weight.tolist() == [0.5, 0.5, 1.0, 1.0, 0.0, 0.0]
    assert found.unlisted == {"tower": 2}
    assert policy.land_use.weights == {}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("source", "", "source is blank"),
        ("floor_m2_per_person", 0, "floor_m2_per_person must be 1 or more"),
        ("least_footprint_m2", -1, "least_footprint_m2 must be 0 or more"),
        ("people", 1, "people is not known here"),
        ("dwelling.unlisted", 1.5, r"dwelling\.unlisted must be 1 or less, not 1\.5"),
        ("dwelling.weights", [{"weight": 2, "words": []}], r"weights\[0\]\.weight must be 1 or less"),
        ("dwelling.weights", [{"weight": 1, "words": ["a", "A"]}], "lists 'A', which stands"),
        ("dwelling.weights", [{"weight": 1, "word": ["a"]}], "word is not known here"),
        ("land_use.unknown", None, r"land_use\.unknown is missing"),
        ("land_use.more", 1, r"land_use\.more is not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(path: str, value: Any, message: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    *above, key = path.split(".")
    place = document
    for name in above:
        place = place[name]
    place[key] = value
    with pytest.raises(ProfileError, match=message):
        parse_population_policy(document, "p.yaml")


def test_the_shipped_figures_know_osm_and_chinese_words() -> None:
    policy = shipped.population_policy()
    assert "Census of China, 2020" in policy.source
    words = ["yes", "Apartments", "住宅", "商住", "garage", "写字楼", None]
    assert policy.dwelling.weighed(words).weight.tolist() == [1, 1, 1, 0.5, 0, 0, 1]
    assert policy.land_use.weighed(["R2", "water", "07", "水域"]).weight.tolist() == [1, 0, 1, 0]
    assert policy.land_use.weighed(["B", "new"]).unlisted == {"new": 1}
