"""Risk rules read from and written to plain mappings (YAML, TOML, JSON)."""

from __future__ import annotations

from typing import Final

from gisgov.governance.codes.documents import read_name
from gisgov.governance.fields import Fields
from gisgov.governance.risk.fact_documents import (
    format_condition,
    format_fact,
    known_fact,
    read_condition,
    read_fact,
)
from gisgov.governance.risk.rules import (
    Band,
    Fact,
    Factor,
    RiskClass,
    RiskRules,
    Trigger,
)
from gisgov.types import Json

MOST_POINTS: Final = 1_000_000
"""How many points a band may give."""

_LONGEST_VERSION: Final = 200


def parse_rules(mapping: object, where: str = "risk rules") -> RiskRules:
    """Read one version of the rules.

    Parameters
    ----------
    mapping : object
        ``version``, ``title_zh``, ``title_en``, ``source``, ``thresholds``, ``facts``, ``factors`` and
        ``triggers``; the shipped ``fixtures/risk_rules.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.

    Examples
    --------
    >>> rules = parse_rules({
    ...     "version": "1", "title_zh": "楼龄", "title_en": "Age", "source": "An example.",
    ...     "thresholds": {"general": 10, "warning": 20},
    ...     "facts": [{"name": "built_year", "kind": "year",
    ...                "title_zh": "建成年份", "title_en": "Year built", "meaning": "Year of completion."}],
    ...     "factors": [{"name": "age", "title_zh": "楼龄", "title_en": "Age", "fact": "built_year",
    ...                  "bands": [{"at_most": 1979, "points": 20}, {"at_most": 1999, "points": 10}]}],
    ... })
    >>> rules.explain("age: built_year<=1979 +20", "zh")
    '建成年份：1979 年及以前，+20 分'
    >>> parse_rules(format_rules(rules)) == rules
    True
    """
    fields = Fields(mapping, where)
    version, title_zh, title_en = _read_version(fields), fields.text("title_zh"), fields.text("title_en")
    source, is_example = fields.text("source"), fields.flag("example", default=False)
    least_known = fields.integer("least_known", least=0, default=1)
    general, warning = _read_thresholds(fields.inner("thresholds"))
    facts: dict[str, Fact] = {}
    for inner in fields.inners("facts"):
        fact = read_fact(inner)
        if fact.name in facts:
            inner.refuse("name", f"is {fact.name!r}, which an earlier fact has")
        facts[fact.name] = fact
    names: set[str] = set()
    factors = tuple(_read_factor(_named_once(inner, names), facts) for inner in fields.inners("factors"))
    triggers = tuple(_read_trigger(_named_once(inner, names), facts) for inner in fields.inners("triggers"))
    fields.done()
    if not factors and not triggers:
        fields.refuse("factors", "must list at least one factor, or triggers one trigger")
    used = {factor.fact for factor in factors} | {
        condition.fact for trigger in triggers for condition in trigger.conditions
    }
    for i, name in enumerate(facts):
        if name not in used:
            fields.refuse(f"facts[{i}]", f"is {name!r}, at which no factor and no trigger looks")
    if least_known > len(facts):
        fields.refuse("least_known", f"is {least_known}, but there are only {len(facts)} facts")
    return RiskRules(
        version, title_zh, title_en, source, is_example, general, warning, least_known,
        tuple(facts.values()), factors, triggers,
    )  # fmt: skip


def format_rules(rules: RiskRules) -> Json:
    """Write rules as a mapping that `parse_rules` reads back to equal ones."""
    return {
        "version": rules.version,
        "title_zh": rules.title_zh,
        "title_en": rules.title_en,
        "source": rules.source,
        "example": rules.is_example,
        "least_known": rules.least_known,
        "thresholds": {"general": rules.general_points, "warning": rules.warning_points},
        "facts": [format_fact(fact) for fact in rules.facts],
        "factors": [
            {
                "name": factor.name,
                "title_zh": factor.title_zh,
                "title_en": factor.title_en,
                "fact": factor.fact,
                "bands": [
                    {**format_condition(band.condition), "points": band.points} for band in factor.bands
                ],
            }
            for factor in rules.factors
        ],
        "triggers": [
            {
                "name": trigger.name,
                "title_zh": trigger.title_zh,
                "title_en": trigger.title_en,
                "class": trigger.risk_class.value,
                "when": {condition.fact: format_condition(condition) for condition in trigger.conditions},
            }
            for trigger in rules.triggers
        ],
    }


def _read_version(fields: Fields) -> str:
    """Read what the rules are called; it stands in addresses, and rules keep it for good."""
    version = fields.text("version")
    if len(version) > _LONGEST_VERSION:
        fields.refuse("version", f"has {len(version)} characters; it may have {_LONGEST_VERSION}")
    if "/" in version or not version.isprintable():
        fields.refuse("version", f"is {version!r}; it may hold no slash and no character that is not shown")
    return version


def _read_thresholds(fields: Fields) -> tuple[int, int]:
    general = fields.integer("general", least=1)
    warning = fields.integer("warning", least=general + 1)
    fields.done()
    return general, warning


def _read_factor(fields: Fields, facts: dict[str, Fact]) -> Factor:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    fact = known_fact(fields, "fact", fields.text("fact"), facts)
    bands: list[Band] = []
    for inner in fields.inners("bands"):
        points = inner.integer("points", least=0, most=MOST_POINTS)
        condition = read_condition(inner, fact)
        if any(condition == band.condition for band in bands):
            inner.refuse(None, "asks what an earlier band asks")
        bands.append(Band(condition, points))
    if not bands:
        fields.refuse("bands", "must list at least one band")
    fields.done()
    return Factor(name, title_zh, title_en, fact.name, tuple(bands))


def _read_trigger(fields: Fields, facts: dict[str, Fact]) -> Trigger:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    risk_class = fields.choice("class", RiskClass)
    if risk_class not in (RiskClass.GENERAL, RiskClass.WARNING):
        fields.refuse("class", f"is {risk_class.value!r}; a trigger can give general and warning")
    when = fields.inner("when")
    conditions = tuple(
        read_condition(when.inner(key), known_fact(when, key, key, facts)) for key in when.names()
    )
    if not conditions:
        fields.refuse("when", "must name at least one fact")
    fields.done()
    return Trigger(name, title_zh, title_en, risk_class, conditions)


def _named_once(fields: Fields, names: set[str]) -> Fields:
    name = read_name(fields)
    if name in names:
        fields.refuse("name", f"is {name!r}, which an earlier factor or trigger has")
    names.add(name)
    return fields
