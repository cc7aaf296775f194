"""Tables of street classes: what they say, and what is refused in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gisgov.errors import ProfileError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.street_classes import PASSED_OVER, parse_street_classes


def document() -> dict[str, Any]:
    kinds = {
        "columns": ["kind"],
        "unlisted": "local",
        "classes": {"arterial": ["Primary", "主干路"], "local": ["street"]},
        "passed_over": ["Steps"],
    }
    return {
        "name": "short",
        "source": "An example.",
        "streets": kinds,
        "water": {"columns": ["kind"], "unlisted": "pass-over", "classes": {"water": ["river"]}},
        "rail": {"columns": ["kind"], "unlisted": "rail", "classes": {"rail": ["rail"]}},
        "levels": {"layer": ["layer"], "bridge": ["bridge"], "tunnel": ["tunnel"], "means_no": ["No", "F"]},
    }


def test_kinds_are_read_whatever_their_case_and_the_unknown_are_counted() -> None:
    table = parse_street_classes(document(), "short.yaml")
    found = table.streets.classified([" PRIMARY ", "主干路", "steps", "street", "lane", "lane", None, ""])
    arterial, local = EdgeClass.ARTERIAL, EdgeClass.LOCAL
    assert found.edge_class.tolist() == [arterial, arterial, PASSED_OVER, *[local] * 5]
    assert found.passed_over == {"steps": 1}
    assert found.unlisted == {"lane": 2, "": 2}


def test_unlisted_kinds_can_be_passed_over() -> None:
    table = parse_street_classes(document(), "short.yaml")
    assert table.water.classified(["ditch", "river"]).edge_class.tolist() == [PASSED_OVER, EdgeClass.WATER]


@pytest.mark.parametrize(
    ("layer", "bridge", "tunnel", "level"),
    [
        (None, None, None, 0),
        ("2", "yes", None, 2),
        ("-1.0", None, None, -1),
        ("0", "viaduct", "no", 1),
        ("", "F", "building_passage", -1),
        ("upper", " no ", "", 0),
        ("inf", "", None, 0),
        (" ", "T", "T", 1),
    ],
)
def test_a_layer_counts_before_bridge_and_tunnel(
    layer: str | None, bridge: str | None, tunnel: str | None, level: int
) -> None:
    assert parse_street_classes(document(), "short.yaml").levels.level(layer, bridge, tunnel) == level


def spoilt(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = document()
    change(changed)
    return changed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("source"), "short.yaml: source is missing"),
        (lambda d: d["streets"].pop("columns"), "streets.columns must list at least one column"),
        (
            lambda d: d["streets"]["classes"].update(lane=["x"]),
            "streets.classes.lane is no edge class: 'lane'",
        ),
        (lambda d: d["streets"]["classes"].update(rail=["PRIMARY"]), "streets.classes.rail lists 'PRIMARY'"),
        (lambda d: d["streets"].update(passed_over=["street"]), "streets.passed_over lists 'street'"),
        (lambda d: d["streets"].update(passed_over=["a", "A"]), "streets.passed_over lists 'a'"),
        (lambda d: d["water"].update(unlisted="sea"), "unlisted is no edge class: 'sea'.*pass-over"),
        (lambda d: d["rail"].update(more=1), "rail.more is not known here"),
        (lambda d: d["levels"].update(height=["h"]), "levels.height is not known here"),
        (lambda d: d.update(air={}), "air is not known here"),
    ],
)
def test_faults_are_named_with_their_path(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        parse_street_classes(spoilt(change), "short.yaml")
