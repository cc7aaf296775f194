"""Reasons: stable keys, said for people in Chinese and English."""

from __future__ import annotations

import pytest

from gisgov.governance.risk import Condition, RiskRules


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (
            "age: built_year<=1979 +12",
            "建成年份：1979 年及以前，+12 分",
            "Year built: 1979 or earlier, +12 points",
        ),
        ("findings: findings>=3 +10", "隐患：3 项及以上，+10 分", "Findings: 3 items or more, +10 points"),
        ("findings: findings>=1<=2 +4", "隐患：1至2 项，+4 分", "Findings: 1 to 2 items, +4 points"),
        (
            "goods: goods=gas|illegal +7",
            "危险品：燃气瓶、违规，+7 分",
            "Goods: gas bottles, illegal, +7 points",
        ),
        ("charging: charging=yes +3", "楼内充电：是，+3 分", "Charging inside: yes, +3 points"),
        ("illegal-goods: goods=illegal -> warning", "违规存放 → 警示", "Illegal goods → Warning"),
        (
            "charging-findings: charging=yes & findings>=1 -> general",
            "充电且有隐患 → 一般",
            "Charging with findings → General",
        ),
        ("a reason of another version", "a reason of another version", "a reason of another version"),
    ],
)
def test_reasons_for_people(rules: RiskRules, reason: str, zh: str, en: str) -> None:
    assert rules.explain(reason, "zh") == zh
    assert rules.explain(reason, "en") == en


def test_every_reason_is_explained_once(rules: RiskRules) -> None:
    bands = sum(len(factor.bands) for factor in rules.factors)
    assert len(rules.explanations("zh")) == bands + len(rules.triggers)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (Condition("built_year", at_least=2000), "建成年份：2000 年及以后", "Year built: 2000 or later"),
        (Condition("built_year", 1980, 1989), "建成年份：1980至1989 年", "Year built: 1980 to 1989"),
        (Condition("findings", at_most=2), "隐患：2 项及以下", "Findings: 2 items or less"),
        (Condition("height", at_least=54.5), "高度：54.5 米及以上", "Height: 54.5 m or more"),
        (Condition("charging", flag=False), "楼内充电：否", "Charging inside: no"),
    ],
)
def test_conditions_for_people(rules: RiskRules, condition: Condition, zh: str, en: str) -> None:
    fact = rules.fact(condition.fact)
    assert condition.titled(fact, "zh") == zh
    assert condition.titled(fact, "en") == en


def test_conditions_as_keys() -> None:
    assert str(Condition("charging", flag=False)) == "charging=no"
    assert str(Condition("height", 1.5, 2.5)) == "height>=1.5<=2.5"


def test_a_number_without_unit(rules: RiskRules) -> None:
    fact = rules.fact("height")
    bare = type(fact)(fact.name, fact.title_zh, fact.title_en, fact.kind, fact.meaning)
    assert Condition("height", at_least=3).titled(bare, "en") == "Height: 3 or more"
