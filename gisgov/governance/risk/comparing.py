"""What differs between two versions of the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gisgov.governance.risk.documents import format_rules
from gisgov.governance.risk.rules import RiskRules
from gisgov.governance.titles import Titled


class RulePart(Titled):
    """A part of the risk rules."""

    RULES = "rules", "规则", "Rules"
    THRESHOLD = "threshold", "分级线", "Threshold"
    FACT = "fact", "事实", "Fact"
    FACTOR = "factor", "评分项", "Factor"
    BAND = "band", "分档", "Band"
    TRIGGER = "trigger", "一票判定", "Hard trigger"


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One thing that differs.

    Attributes
    ----------
    part : RulePart
        What sort of thing.
    name : str
        Its name; of a band that of its factor and what it asks, such as ``age: built_year<=1979``.
    key : str or None
        Which of its keys differs; None where all of it was added or taken away.
    before, after : str or None
        What stood there; None where it was not there.
    """

    part: RulePart
    name: str
    key: str | None
    before: str | None
    after: str | None


_OF_RULES: Final = ("title_zh", "title_en", "source", "example", "least_known")


def compare_rules(before: RiskRules, after: RiskRules) -> tuple[RuleDifference, ...]:
    """Say what differs between two versions, but for the version itself.

    Returns
    -------
    tuple of RuleDifference
        Rules, thresholds, facts, factors with their bands, triggers; of each the names of ``before`` first.
        The order of facts counts for nothing; that of bands does, and is told as ``order`` of the factor.
        Empty where both say the same.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from fixtures.shipped import risk_rules
    >>> rules = risk_rules()
    >>> [one] = compare_rules(rules, replace(rules, version="b", warning_points=70))
    >>> one.part.value, one.name, one.before, one.after
    ('threshold', 'warning', '60', '70')
    """
    return tuple(_compare(before, after))


def _compare(before: RiskRules, after: RiskRules) -> Iterator[RuleDifference]:
    former, latter = format_rules(before), format_rules(after)
    for key in _OF_RULES:
        if former[key] != latter[key]:
            yield RuleDifference(RulePart.RULES, key, None, _said(former[key]), _said(latter[key]))
    for key in ("general", "warning"):
        points = former["thresholds"][key], latter["thresholds"][key]
        if points[0] != points[1]:
            yield RuleDifference(RulePart.THRESHOLD, key, None, *map(_said, points))
    yield from _named(RulePart.FACT, _by_name(former["facts"]), _by_name(latter["facts"]))
    factors = _by_name(former["factors"]), _by_name(latter["factors"])
    bands = _bands(before), _bands(after)
    for name in dict.fromkeys([*factors[0], *factors[1]]):
        heads = [
            {name: {key: value for key, value in side[name].items() if key != "bands"}}
            if name in side
            else {}
            for side in factors
        ]
        yield from _named(RulePart.FACTOR, *heads)
        was, becomes = (side.get(name, {}) for side in bands)
        yield from _named(RulePart.BAND, was, becomes)
        kept = [[key for key in side if key in other] for side, other in ((was, becomes), (becomes, was))]
        if kept[0] != kept[1]:
            yield RuleDifference(RulePart.FACTOR, name, "order", "; ".join(kept[0]), "; ".join(kept[1]))
    yield from _named(RulePart.TRIGGER, _by_name(former["triggers"]), _by_name(latter["triggers"]))


def _by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["name"]: {key: value for key, value in item.items() if key != "name"} for item in items}


def _bands(rules: RiskRules) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        factor.name: {f"{factor.name}: {band.condition}": {"points": band.points} for band in factor.bands}
        for factor in rules.factors
    }


def _named(
    part: RulePart, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[RuleDifference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after or name not in before:
            sides = (_said(side[name]) if name in side else None for side in (before, after))
            yield RuleDifference(part, name, None, *sides)
            continue
        was, becomes = before[name], after[name]
        for key in dict.fromkeys([*was, *becomes]):
            if was.get(key) != becomes.get(key):
                yield RuleDifference(part, name, key, _said(was.get(key)), _said(becomes.get(key)))


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
