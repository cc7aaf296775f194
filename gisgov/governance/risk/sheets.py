"""Sheets of a workbook of risk rules: their names and columns, and rules written into them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from gisgov.governance.risk.documents import format_rules
from gisgov.governance.risk.rules import RiskRules
from gisgov.types import Json

SHEETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "rules": ("key", "value"),
        "facts": (
            *("name", "title_zh", "title_en", "kind", "meaning", "unit_zh", "unit_en", "least", "most"),
            *("hazards", "overdue", "events", "days", "within_m"),
        ),
        "choices": ("fact", "value", "title_zh", "title_en"),
        "bands": ("factor", "title_zh", "title_en", "fact", "at_least", "at_most", "is", "points"),
        "triggers": ("trigger", "title_zh", "title_en", "class", "fact", "at_least", "at_most", "is"),
    }
)
"""Sheets of a workbook of rules, and their columns."""

KEYS: Final = (
    *("version", "title_zh", "title_en", "source", "example", "least_known", "general", "warning"),
)
"""Keys of the sheet ``rules``."""

ANY: Final = "any"
"""Stands in the column ``hazards`` for hazards of any kind."""

SEPARATOR: Final = "|"
"""Stands between several values of a cell."""


def format_sheets(rules: RiskRules) -> dict[str, list[tuple[object, ...]]]:
    """Write rules as rows of the `SHEETS`.

    `gisgov.governance.risk.tables.parse_sheets` reads them back to equal ones.
    """
    document = format_rules(rules)
    values = {**document, **document["thresholds"]}
    filled: dict[str, list[dict[str, Any]]] = {
        "rules": [{"key": key, "value": values[key]} for key in KEYS],
        "facts": [_fact_row(fact) for fact in document["facts"]],
        "choices": [
            {"fact": fact["name"], **choice}
            for fact in document["facts"]
            for choice in fact.get("choices", ())
        ],
        "bands": [
            {"factor": factor["name"], **_titles(factor), "fact": factor["fact"], **band}
            for factor in document["factors"]
            for band in factor["bands"]
        ],
        "triggers": [
            {
                "trigger": one["name"],
                **_titles(one),
                "class": one["class"],
                "fact": name,
                **condition,
            }
            for one in document["triggers"]
            for name, condition in one["when"].items()
        ],
    }
    return {
        sheet: [tuple(_cell(row.get(column)) for column in SHEETS[sheet]) for row in rows]
        for sheet, rows in filled.items()
    }


def _titles(item: Json) -> Json:
    return {key: item[key] for key in ("title_zh", "title_en")}


def _fact_row(fact: Json) -> Json:
    counts = fact.get("counts", {})
    if "hazards" in counts:
        counts = {**counts, "hazards": counts["hazards"] or [ANY]}
    return {**fact, **counts}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return SEPARATOR.join(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
