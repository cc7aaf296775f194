"""Risk rules read from and written to plain mappings (YAML, TOML, JSON)."""

from __future__ import annotations

from gisgov.governance.codes.documents import read_name
from gisgov.governance.fields import Fields, listed
from gisgov.governance.risk.rules import (
    Band,
    Choice,
    Condition,
    Fact,
    FactKind,
    Factor,
    RiskClass,
    RiskRules,
    Trigger,
)
from gisgov.types import Json


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
    version, title_zh, title_en = fields.text("version"), fields.text("title_zh"), fields.text("title_en")
    source, is_example = fields.text("source"), fields.flag("example", default=False)
    least_known = fields.integer("least_known", least=1, default=1)
    general, warning = _read_thresholds(fields.inner("thresholds"))
    facts: dict[str, Fact] = {}
    for inner in fields.inners("facts"):
        fact = _read_fact(inner)
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
        "facts": [_format_fact(fact) for fact in rules.facts],
        "factors": [
            {
                "name": factor.name,
                "title_zh": factor.title_zh,
                "title_en": factor.title_en,
                "fact": factor.fact,
                "bands": [
                    {**_format_condition(band.condition), "points": band.points} for band in factor.bands
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
                "when": {condition.fact: _format_condition(condition) for condition in trigger.conditions},
            }
            for trigger in rules.triggers
        ],
    }


def _read_thresholds(fields: Fields) -> tuple[int, int]:
    general = fields.integer("general", least=1)
    warning = fields.integer("warning", least=general + 1)
    fields.done()
    return general, warning


def _read_fact(fields: Fields) -> Fact:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    kind, meaning = fields.choice("kind", FactKind), fields.text("meaning")
    unit_zh, unit_en, least, most = None, None, None, None
    choices: list[Choice] = []
    if kind in (FactKind.INTEGER, FactKind.NUMBER):
        unit_zh, unit_en = fields.optional_text("unit_zh"), fields.optional_text("unit_en")
    if kind in (FactKind.INTEGER, FactKind.NUMBER, FactKind.YEAR):
        least = fields.optional_number("least")
        most = fields.optional_number("most")
        if least is not None and most is not None and most < least:
            fields.refuse("most", f"is {most:g}, below least")
    if kind is FactKind.CHOICE:
        for inner in fields.inners("choices"):
            choice = Choice(inner.text("value"), inner.text("title_zh"), inner.text("title_en"))
            inner.done()
            if any(choice.value == other.value for other in choices):
                inner.refuse("value", f"is {choice.value!r}, which an earlier choice has")
            choices.append(choice)
        if not choices:
            fields.refuse("choices", "must list at least one choice")
    fields.done()
    return Fact(name, title_zh, title_en, kind, meaning, unit_zh, unit_en, least, most, tuple(choices))


def _read_factor(fields: Fields, facts: dict[str, Fact]) -> Factor:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    fact = _known_fact(fields, "fact", fields.text("fact"), facts)
    bands: list[Band] = []
    for inner in fields.inners("bands"):
        points = inner.integer("points", least=0)
        condition = _read_condition(inner, fact)
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
        _read_condition(when.inner(key), _known_fact(when, key, key, facts)) for key in when.names()
    )
    if not conditions:
        fields.refuse("when", "must name at least one fact")
    fields.done()
    return Trigger(name, title_zh, title_en, risk_class, conditions)


def _read_condition(fields: Fields, fact: Fact) -> Condition:
    """Read the keys that a question to this fact may have; any other key is refused."""
    if fact.kind is FactKind.FLAG:
        if not fields.has("is"):
            fields.refuse("is", f"is missing: {fact.name} is yes or no")
        condition = Condition(fact.name, flag=fields.flag("is", default=True))
    elif fact.kind is FactKind.CHOICE:
        values = fields.texts("is")
        allowed = [choice.value for choice in fact.choices]
        for value in values:
            if value not in allowed:
                fields.refuse("is", f"lists {value!r}; {fact.name} may be {listed(allowed)}")
        if not values:
            fields.refuse("is", f"is missing: list values of {fact.name}, such as [{allowed[0]}]")
        condition = Condition(fact.name, one_of=values)
    else:
        at_least, at_most = fields.optional_number("at_least"), fields.optional_number("at_most")
        if at_least is None and at_most is None:
            fields.refuse("at_least", f"is missing, and at_most too: {fact.name} is a number")
        if at_least is not None and at_most is not None and at_most < at_least:
            fields.refuse("at_most", f"is {at_most:g}, below at_least")
        condition = Condition(fact.name, at_least, at_most)
    fields.done()
    return condition


def _known_fact(fields: Fields, key: str, name: str, facts: dict[str, Fact]) -> Fact:
    if name not in facts:
        fields.refuse(key, f"is no fact of these rules; the facts are {listed(list(facts))}")
    return facts[name]


def _named_once(fields: Fields, names: set[str]) -> Fields:
    name = read_name(fields)
    if name in names:
        fields.refuse("name", f"is {name!r}, which an earlier factor or trigger has")
    names.add(name)
    return fields


def _format_fact(fact: Fact) -> Json:
    full = {
        "name": fact.name,
        "title_zh": fact.title_zh,
        "title_en": fact.title_en,
        "kind": fact.kind.value,
        "meaning": fact.meaning,
        "unit_zh": fact.unit_zh,
        "unit_en": fact.unit_en,
        "least": fact.least,
        "most": fact.most,
        "choices": [
            {"value": choice.value, "title_zh": choice.title_zh, "title_en": choice.title_en}
            for choice in fact.choices
        ]
        or None,
    }
    return {key: value for key, value in full.items() if value is not None}


def _format_condition(condition: Condition) -> Json:
    if condition.flag is not None:
        return {"is": condition.flag}
    if condition.one_of:
        return {"is": list(condition.one_of)}
    full = {"at_least": condition.at_least, "at_most": condition.at_most}
    return {key: value for key, value in full.items() if value is not None}
