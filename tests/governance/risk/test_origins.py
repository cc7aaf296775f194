"""Facts that are counted: what they count, written down and read back, and said for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.risk import EventCount, HazardCount, HazardKind, format_rules, parse_rules, rate


def counting(document: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    """Let the fact ``findings`` count something."""
    document["facts"][1]["counts"] = counts
    return document


@pytest.mark.parametrize(
    ("counts", "origin"),
    [
        ({"hazards": ["fire", "other"]}, HazardCount((HazardKind.FIRE, HazardKind.OTHER))),
        ({"hazards": [], "overdue": True}, HazardCount((), is_overdue=True)),
        ({"events": ["治安"], "days": 180}, EventCount(("治安",), 180)),
        ({"events": ["A", "B"], "days": 1, "within_m": 1000}, EventCount(("A", "B"), 1, 1000.0)),
    ],
)
def test_what_is_counted_is_read_and_written(
    document: dict[str, Any], counts: dict[str, Any], origin: object
) -> None:
    rules = parse_rules(counting(document, counts))
    assert rules.fact("findings").origin == origin
    assert parse_rules(format_rules(rules)) == rules


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: counting(d, {}), r"facts\[1\]\.counts must say either which hazards it counts or which"),
        (
            lambda d: counting(d, {"hazards": [], "events": ["A"], "days": 1}),
            r"facts\[1\]\.counts must say either",
        ),
        (
            lambda d: counting(d, {"hazards": ["flood"]}),
            r"counts\.hazards lists 'flood'; hazards are of fire, electrical",
        ),
        (
            lambda d: counting(d, {"hazards": [], "days": 3}),
            r"counts\.days is not known here",
        ),
        (lambda d: counting(d, {"events": [], "days": 3}), r"counts\.events must list at least one category"),
        (lambda d: counting(d, {"events": ["A"]}), r"counts\.days is missing"),
        (lambda d: counting(d, {"events": ["A"], "days": 0}), r"counts\.days must be from 1 to 36525"),
        (lambda d: counting(d, {"events": ["A"], "days": 10**6}), r"counts\.days must be from 1 to 36525"),
        (
            lambda d: counting(d, {"events": ["A"], "days": 1, "within_m": 1001}),
            r"counts\.within_m is 1001; it may be 0 to 1000 metres",
        ),
        (
            lambda d: d["facts"][0].update(counts={"hazards": []}),
            r"facts\[0\]\.counts makes a whole number; built_year is year",
        ),
    ],
)
def test_faults_of_counts_name_their_path(
    document: dict[str, Any], change: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(document)
    with pytest.raises(ProfileError, match=message):
        parse_rules(document, "rules.yaml")


def test_counts_say_how_they_are_made() -> None:
    assert HazardCount().titled("zh") == "评定时计数：在册未整改的隐患（各类）"
    assert HazardCount((HazardKind.FIRE,), is_overdue=True).titled("en") == (
        "counted at each rating: hazards whose day of rectification is over (Fire)"
    )
    assert HazardCount((HazardKind.FIRE, HazardKind.OTHER)).titled("zh").endswith("（消防、其他）")
    assert EventCount(("治安",), 30).titled("zh") == "评定时计数：截至评定当日 30 天内，楼栋的事件（治安）"
    assert "within 100 m in the 180 days up to it (A)" in EventCount(("A",), 180, 100).titled("en")


def test_a_count_of_nothing_tells_nothing_of_a_building(document: dict[str, Any]) -> None:
    """Where nobody looked no hazard is found: such a building is not called safe."""
    rules = parse_rules(counting(document, {"hazards": []}))
    found = rate(rules, {"findings": np.array([0, 1, 3])})
    assert found.classes.tolist() == ["unclassified", "safe", "general"]
    document["least_known"] = 0
    assert rate(parse_rules(document), {"findings": np.array([0])}).classes.tolist() == ["safe"]


def test_the_example_counts_what_is_on_record() -> None:
    rules = shipped.risk_rules()
    counted = {fact.name for fact in rules.facts if fact.origin is not None}
    assert counted == {
        "fire_findings",
        "electrical_findings",
        "work_safety_findings",
        "open_hazards",
        "overdue_hazards",
        "security_events",
        "security_events_inside",
    }
    # a hazard gives points for what it is once, and once more when it is overdue
    kinds = [
        kind
        for fact in rules.facts
        if isinstance(fact.origin, HazardCount) and not fact.origin.is_overdue
        for kind in fact.origin.kinds
    ]
    assert sorted(kinds) == sorted(HazardKind)
