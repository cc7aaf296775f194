"""Facts and the questions that rules ask of them, read from and written to plain mappings."""

from __future__ import annotations

from typing import Final

from gisgov.governance.codes.documents import read_name
from gisgov.governance.fields import Fields, listed
from gisgov.governance.risk.origins import EventCount, HazardCount, HazardKind
from gisgov.governance.risk.rules import Choice, Condition, Fact, FactKind
from gisgov.types import Json

MOST_WITHIN_M: Final = 1_000.0
"""How far from a building events may be counted, metres."""

MOST_DAYS: Final = 36_525
"""How many days a window may have: a hundred years."""


def read_fact(fields: Fields) -> Fact:
    """Read a fact: what it is called, what its values are, and what they mean."""
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
    origin = read_origin(fields.inner("counts")) if fields.has("counts") else None
    if origin is not None and kind is not FactKind.INTEGER:
        fields.refuse("counts", f"makes a whole number; {name} is {kind.value}")
    fields.done()
    return Fact(
        name, title_zh, title_en, kind, meaning, unit_zh, unit_en, least, most, tuple(choices), origin
    )  # fmt: skip


def read_origin(fields: Fields) -> HazardCount | EventCount:
    """Read what a fact counts: ``hazards`` on record, or ``events`` of the days before."""
    if fields.has("hazards") == fields.has("events"):
        fields.refuse(None, "must say either which hazards it counts or which events")
    origin: HazardCount | EventCount
    if fields.has("hazards"):
        kinds = fields.texts("hazards")
        allowed = [kind.value for kind in HazardKind]
        for kind in kinds:
            if kind not in allowed:
                fields.refuse("hazards", f"lists {kind!r}; hazards are of {listed(allowed)}")
        is_overdue = fields.flag("overdue", default=False)
        origin = HazardCount(tuple(HazardKind(kind) for kind in kinds), is_overdue)
    else:
        categories = fields.texts("events")
        if not categories:
            fields.refuse("events", "must list at least one category")
        days = fields.integer("days", least=1, most=MOST_DAYS)
        within_m = fields.optional_number("within_m") or 0.0
        if not 0.0 <= within_m <= MOST_WITHIN_M:
            fields.refuse("within_m", f"is {within_m:g}; it may be 0 to {MOST_WITHIN_M:g} metres")
        origin = EventCount(categories, days, within_m)
    fields.done()
    return origin


def read_condition(fields: Fields, fact: Fact) -> Condition:
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


def known_fact(fields: Fields, key: str, name: str, facts: dict[str, Fact]) -> Fact:
    """Return the fact of a name, which the rules must have."""
    if name not in facts:
        fields.refuse(key, f"is no fact of these rules; the facts are {listed(list(facts))}")
    return facts[name]


def format_fact(fact: Fact) -> Json:
    """Write a fact as `read_fact` reads it."""
    full: Json = {
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
    if fact.origin is not None:
        full["counts"] = format_origin(fact.origin)
    return {key: value for key, value in full.items() if value is not None}


def format_origin(origin: HazardCount | EventCount) -> Json:
    """Write what a fact counts as `read_origin` reads it."""
    if isinstance(origin, HazardCount):
        return {"hazards": [kind.value for kind in origin.kinds], "overdue": origin.is_overdue}
    return {"events": list(origin.categories), "days": origin.days, "within_m": origin.within_m}


def format_condition(condition: Condition) -> Json:
    """Write a question as `read_condition` reads it."""
    if condition.flag is not None:
        return {"is": condition.flag}
    if condition.one_of:
        return {"is": list(condition.one_of)}
    full = {"at_least": condition.at_least, "at_most": condition.at_most}
    return {key: value for key, value in full.items() if value is not None}
