"""Profiles: layer sets read from one mapping."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from gisgov.errors import ProfileError
from gisgov.governance.codes import CodeScheme, Segment, SegmentRange, Series, format_scheme
from gisgov.governance.layers import LayerKind, LoadTerm, Nesting, Targets
from gisgov.governance.profiles import (
    format_layer,
    format_profile,
    format_targets,
    parse_profile,
    parse_targets,
)
from gisgov.governance.staffing import StaffingFormula

TOWN_2 = CodeScheme(
    "town-2",
    "两位镇码",
    "Town",
    "An example.",
    (Segment("town", 2, 1, 99, "镇", "Town"),),
    (Series("town", "镇", "Town", "town", (SegmentRange("town", 1, 99),), None),),
)
DOCUMENT: dict[str, Any] = {
    "name": "example",
    "title_zh": "示例",
    "title_en": "Example",
    "source": "An example.",
    "layers": [
        {
            "name": "grid",
            "title_zh": "网格",
            "title_en": "Grid",
            "kind": "partition",
            "parent": "town",
            "nesting": "spanning",
            "targets": {"area_km2": 0.5, "population": 5000, "weight_area": 0.4, "weight_population": 0.6},
            "staffing": {"formula": "1+N", "roles": ["网格长", "网格员"], "minimum": 2},
        },
        {"name": "town", "title_zh": "镇", "title_en": "Town", "kind": "partition", "code_scheme": "town-2"},
        {
            "name": "school",
            "title_zh": "学校",
            "title_en": "Schools",
            "kind": "overlay",
            "parent": "grid",
            "nesting": "nested",
        },
    ],
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


def test_a_profile_is_read() -> None:
    profile = parse_profile(DOCUMENT, "example.yaml", schemes=[TOWN_2])
    assert (profile.name, profile.title_zh, profile.title_en, profile.source) == (
        "example",
        "示例",
        "Example",
        "An example.",
    )
    grid = profile.layer("grid")
    assert grid.kind is LayerKind.PARTITION
    assert grid.nesting is Nesting.SPANNING
    assert grid.targets == Targets(0.5, 5000, 0.4, 0.6)
    assert grid.staffing == StaffingFormula.parse("1 网格长 + N≥2 网格员")
    assert grid.code_scheme is None
    assert profile.scheme_of("town") is TOWN_2
    assert profile.scheme_of("grid") is None


def test_parents_come_first_otherwise_in_order() -> None:
    profile = parse_profile(DOCUMENT, "example.yaml", schemes=[TOWN_2])
    assert [layer.name for layer in profile.layers] == ["town", "grid", "school"]


def test_only_the_schemes_in_use_are_kept_and_its_own_win() -> None:
    other = CodeScheme("other", "另", "Other", "An example.", TOWN_2.segments, TOWN_2.series)
    own = {**format_scheme(TOWN_2), "source": "Its own."}
    profile = parse_profile({**DOCUMENT, "code_schemes": [own]}, "example.yaml", schemes=[TOWN_2, other])
    assert [(scheme.name, scheme.source) for scheme in profile.code_schemes] == [("town-2", "Its own.")]


def test_what_is_written_reads_back_without_other_schemes() -> None:
    profile = parse_profile(DOCUMENT, "example.yaml", schemes=[TOWN_2])
    assert parse_profile(format_profile(profile), "again") == profile


def test_a_layer_is_written_without_empty_keys() -> None:
    profile = parse_profile(DOCUMENT, "example.yaml", schemes=[TOWN_2])
    assert format_layer(profile.layer("town")) == DOCUMENT["layers"][1]


@pytest.mark.parametrize(
    ("given", "targets"),
    [
        ({"area_km2": 1}, Targets(1.0, None, 1.0, 0.0)),
        ({"population": 4000}, Targets(None, 4000, 0.0, 1.0)),
        ({"area_km2": 1, "population": 4000}, Targets(1.0, 4000, 0.5, 0.5)),
        ({"area_km2": 1, "population": 4000, "weight_area": 0.2}, Targets(1.0, 4000, 0.2, 0.8)),
        ({"area_km2": 1, "population": 4000, "weight_area": 1}, Targets(1.0, 4000, 1.0, 0.0)),
        (
            {"area_km2": 1, "terms": [{"attribute": "events", "weight": 0.5, "target": 500}]},
            Targets(1.0, None, 1.0, 0.0, (LoadTerm("events", 0.5, 500.0),)),
        ),
    ],
)
def test_weights_of_targets(given: dict[str, Any], targets: Targets) -> None:
    assert parse_targets(given) == targets
    assert parse_targets(format_targets(targets)) == targets


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "targets must set area_km2, population or both"),
        ({"area_km2": 0}, "area_km2 must be 1e-06 or more, not 0"),
        ({"population": 0}, "population must be 1 or more"),
        ({"population": 2.5}, "population must be a whole number"),
        (
            {"area_km2": 1, "population": 1, "weight_area": 0.5, "weight_population": 0.6},
            "weight_population must bring the sum of the weights to 1, not to 1.1",
        ),
        ({"area_km2": 1, "population": 1, "weight_area": 1.5}, "weight_area must be 1 or less, not 1.5"),
        ({"area_km2": 1, "weight_area": 0.5}, "weigh a measure that has no target"),
        ({"population": 1, "weight_area": 0.5}, "weigh a measure that has no target"),
        (
            {"area_km2": 1, "people": 1},
            "people is not known here; allowed are area_km2, population, terms, weight_area",
        ),
        ({"area_km2": 1, "terms": [{"attribute": "events", "weight": 1}]}, r"terms\[0\].target is missing"),
        (
            {"area_km2": 1, "terms": [{"attribute": "events", "weight": -1, "target": 1}]},
            r"terms\[0\].weight must be 0 or more",
        ),
        (
            {"area_km2": 1, "terms": [{"attribute": "events", "weight": 1, "target": 1, "of": 1}]},
            r"terms\[0\].of is not known here",
        ),
    ],
)
def test_targets_that_cannot_be_used(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        parse_targets(given)


LAYER = {"title_zh": "x", "title_en": "x", "kind": "partition"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("source"), "source is missing"),
        (
            lambda d: d.update(layer=[]),
            "layer is not known here; allowed are code_schemes, layers, name, source",
        ),
        (lambda d: d.update(layers=[]), "layers must list at least one layer"),
        (lambda d: d.update(name="Two Words"), "name is 'Two Words'"),
        (
            lambda d: d["layers"][0].update(kind="covering"),
            r"layers\[0\].kind is 'covering'; allowed are partition",
        ),
        (lambda d: d["layers"][0].update(name="Grid"), r"layers\[0\].name is 'Grid'"),
        (
            lambda d: d["layers"][0].update(parent="twon"),
            r"layers\[0\].parent is 'twon'; the layers are grid, town",
        ),
        (
            lambda d: d["layers"][0].pop("nesting"),
            r"layers\[0\].nesting is missing, but the layer has a parent",
        ),
        (
            lambda d: d["layers"][0].update(nesting="in"),
            r"layers\[0\].nesting is 'in'; allowed are nested and",
        ),
        (
            lambda d: d["layers"][1].update(nesting="nested"),
            r"layers\[1\].nesting is set, but the layer has no",
        ),
        (
            lambda d: d["layers"][1].update(code_scheme="grid-16"),
            r"layers\[1\].code_scheme is 'grid-16'; the sch",
        ),
        (lambda d: d["layers"][1].update(title_zh=7), r"layers\[1\].title_zh must be a text, not 7"),
        (
            lambda d: d["layers"].append({**LAYER, "name": "town"}),
            r"layers\[3\].name is 'town', which an earlier",
        ),
        (
            lambda d: d["layers"][1].update(parent="town", nesting="nested"),
            r"layers\[1\].parent .*town → town",
        ),
        (
            lambda d: d["layers"][1].update(parent="school", nesting="nested"),
            r"layers\[0\].parent closes a circle: grid → town → school → grid",
        ),
        (
            lambda d: d["layers"][0]["staffing"].update(formula="1+?"),
            r"layers\[0\].staffing.formula cannot be used",
        ),
        (
            lambda d: d["layers"][0]["staffing"].update(role=[]),
            r"layers\[0\].staffing.role is not known here",
        ),
        (lambda d: d["layers"][0].update(targets={}), r"layers\[0\].targets must set"),
        (lambda d: d["layers"].append("grid"), r"layers\[3\] must be a mapping"),
    ],
)
def test_faults_name_their_path(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(ProfileError, match=r"example\.yaml.*" + message):
        parse_profile(changed(change), "example.yaml", schemes=[TOWN_2])


def test_a_circle_that_a_layer_hangs_from() -> None:
    document = changed(lambda d: d["layers"][1].update(parent="grid", nesting="nested"))
    document["layers"].insert(0, {**LAYER, "name": "leaf", "parent": "grid", "nesting": "nested"})
    with pytest.raises(ProfileError, match="grid → town → grid"):
        parse_profile(document, "example.yaml", schemes=[TOWN_2])
