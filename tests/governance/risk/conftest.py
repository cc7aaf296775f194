"""Rules small enough to add up by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gisgov.governance.risk import RiskRules, parse_rules

_DOCUMENT: dict[str, Any] = {
    "version": "2026-1",
    "title_zh": "示例规则",
    "title_en": "Example rules",
    "source": "An example.",
    "example": True,
    "least_known": 1,
    "thresholds": {"general": 10, "warning": 20},
    "facts": [
        {
            "name": "built_year",
            "title_zh": "建成年份",
            "title_en": "Year built",
            "kind": "year",
            "least": 1800,
            "most": 2100,
            "meaning": "Year of completion.",
        },
        {
            "name": "findings",
            "title_zh": "隐患",
            "title_en": "Findings",
            "kind": "integer",
            "unit_zh": "项",
            "unit_en": "items",
            "least": 0,
            "meaning": "Open findings.",
        },
        {
            "name": "height",
            "title_zh": "高度",
            "title_en": "Height",
            "kind": "number",
            "unit_zh": "米",
            "unit_en": "m",
            "most": 1000,
            "meaning": "Height above ground.",
        },
        {
            "name": "goods",
            "title_zh": "危险品",
            "title_en": "Goods",
            "kind": "choice",
            "meaning": "Dangerous goods.",
            "choices": [
                {"value": "none", "title_zh": "无", "title_en": "none"},
                {"value": "gas", "title_zh": "燃气瓶", "title_en": "gas bottles"},
                {"value": "illegal", "title_zh": "违规", "title_en": "illegal"},
            ],
        },
        {
            "name": "charging",
            "title_zh": "楼内充电",
            "title_en": "Charging inside",
            "kind": "flag",
            "meaning": "Bicycles are charged inside.",
        },
    ],
    "factors": [
        {
            "name": "age",
            "title_zh": "楼龄",
            "title_en": "Age",
            "fact": "built_year",
            "bands": [{"at_most": 1979, "points": 12}, {"at_most": 1999, "points": 6}],
        },
        {
            "name": "findings",
            "title_zh": "隐患",
            "title_en": "Findings",
            "fact": "findings",
            "bands": [{"at_least": 3, "points": 10}, {"at_least": 1, "at_most": 2, "points": 4}],
        },
        {
            "name": "height",
            "title_zh": "高度",
            "title_en": "Height",
            "fact": "height",
            "bands": [{"at_least": 100, "points": 5}, {"at_least": 54, "points": 0}],
        },
        {
            "name": "goods",
            "title_zh": "危险品",
            "title_en": "Goods",
            "fact": "goods",
            "bands": [{"is": ["gas", "illegal"], "points": 7}],
        },
        {
            "name": "charging",
            "title_zh": "充电",
            "title_en": "Charging",
            "fact": "charging",
            "bands": [{"is": True, "points": 3}],
        },
    ],
    "triggers": [
        {
            "name": "illegal-goods",
            "title_zh": "违规存放",
            "title_en": "Illegal goods",
            "class": "warning",
            "when": {"goods": {"is": ["illegal"]}},
        },
        {
            "name": "charging-findings",
            "title_zh": "充电且有隐患",
            "title_en": "Charging with findings",
            "class": "general",
            "when": {"charging": {"is": True}, "findings": {"at_least": 1}},
        },
    ],
}


@pytest.fixture
def document() -> dict[str, Any]:
    """The rules as they stand in a file; a test may change its copy."""
    return copy.deepcopy(_DOCUMENT)


@pytest.fixture
def rules(document: dict[str, Any]) -> RiskRules:
    """The rules."""
    return parse_rules(document)
