"""What differs between two versions of the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gisgov.governance.risk import RiskRules, compare_rules, parse_rules


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.update(version="2"), []),
        (lambda d: d.update(least_known=2), [("rules", "least_known", None, "1", "2")]),
        (lambda d: d["thresholds"].update(warning=30), [("threshold", "warning", None, "20", "30")]),
        (lambda d: d["facts"][1].update(most=9), [("fact", "findings", "most", None, "9.0")]),
        (
            lambda d: d["facts"][1].update(counts={"hazards": ["fire"]}),
            [("fact", "findings", "counts", None, '{"hazards": ["fire"], "overdue": false}')],
        ),
        (lambda d: d["factors"][0].update(title_en="Years"), [("factor", "age", "title_en", "Age", "Years")]),
        (
            lambda d: d["factors"][0]["bands"][0].update(points=15),
            [("band", "age: built_year<=1979", "points", "12", "15")],
        ),
        (
            lambda d: d["factors"][0]["bands"][1].update(at_most=2001),
            [
                ("band", "age: built_year<=1999", None, '{"points": 6}', None),
                ("band", "age: built_year<=2001", None, None, '{"points": 6}'),
            ],
        ),
        (
            lambda d: d["factors"][0]["bands"].reverse(),
            [
                (
                    *("factor", "age", "order"),
                    "age: built_year<=1979; age: built_year<=1999",
                    "age: built_year<=1999; age: built_year<=1979",
                )
            ],
        ),
        (
            lambda d: d["triggers"][0].update({"class": "general"}),
            [("trigger", "illegal-goods", "class", "warning", "general")],
        ),
    ],
)
def test_differences_are_told(
    document: dict[str, Any],
    rules: RiskRules,
    change: Callable[[dict[str, Any]], object],
    told: list[tuple[str | None, ...]],
) -> None:
    change(document)
    found = compare_rules(rules, parse_rules(document))
    assert [(one.part.value, one.name, one.key, one.before, one.after) for one in found] == told


def test_what_is_added_or_taken_away_is_told_whole(document: dict[str, Any], rules: RiskRules) -> None:
    document["factors"].pop(2)
    document["facts"].pop(2)
    document["triggers"].pop(0)
    other = parse_rules(document)
    gone = [(one.part.value, one.name, one.after) for one in compare_rules(rules, other) if one.key is None]
    assert gone == [
        ("fact", "height", None),
        ("factor", "height", None),
        ("band", "height: height>=100", None),
        ("band", "height: height>=54", None),
        ("trigger", "illegal-goods", None),
    ]
    back = [(one.part.value, one.name, one.before) for one in compare_rules(other, rules) if one.key is None]
    assert sorted(back, key=str) == sorted(gone, key=str)
