"""Rules for the grade of disputes read from and written to plain mappings."""

from __future__ import annotations

from gisgov.governance.codes.documents import read_name
from gisgov.governance.disputes.rules import DisputeGrade, DisputeRules, GradeRow
from gisgov.governance.fields import Fields
from gisgov.governance.risk.fact_documents import (
    format_condition,
    format_fact,
    known_fact,
    read_condition,
    read_fact,
)
from gisgov.governance.risk.rules import Condition, Fact
from gisgov.types import Json

_GRAVITY = list(DisputeGrade)


def parse_disputes(mapping: object, where: str = "dispute rules") -> DisputeRules:
    """Read one version of the table.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/disputes/grades.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used, a row is less grave than a later one, or the last is not met by all;
        the message names the path and what is allowed.
    """
    fields = Fields(mapping, where)
    version, title_zh, title_en = fields.text("version"), fields.text("title_zh"), fields.text("title_en")
    source, is_example = fields.text("source"), fields.flag("example", default=False)
    facts: dict[str, Fact] = {}
    for inner in fields.inners("facts"):
        fact = read_fact(inner)
        if fact.name in facts:
            inner.refuse("name", f"is {fact.name!r}, which an earlier fact has")
        facts[fact.name] = fact
    rows: list[GradeRow] = []
    for inner in fields.inners("rows"):
        row = _row(inner, facts)
        if any(row.name == other.name for other in rows):
            inner.refuse("name", f"is {row.name!r}, which an earlier row has")
        if rows and not rows[-1].conditions:
            inner.refuse(None, "comes after a row that is met by all")
        if rows and _GRAVITY.index(row.grade) < _GRAVITY.index(rows[-1].grade):
            inner.refuse("grade", f"is {row.grade.value!r}, graver than that of the row before it")
        rows.append(row)
    fields.done()
    if not rows or rows[-1].conditions:
        fields.refuse("rows", "must end with a row without `when`, which is met by all")
    return DisputeRules(version, title_zh, title_en, source, is_example, tuple(facts.values()), tuple(rows))


def format_disputes(rules: DisputeRules) -> Json:
    """Write the table as a mapping that `parse_disputes` reads back to an equal one."""
    return {
        "version": rules.version,
        "title_zh": rules.title_zh,
        "title_en": rules.title_en,
        "source": rules.source,
        "example": rules.is_example,
        "facts": [format_fact(fact) for fact in rules.facts],
        "rows": [_format_row(row) for row in rules.rows],
    }


def _row(fields: Fields, facts: dict[str, Fact]) -> GradeRow:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    grade = fields.choice("grade", DisputeGrade)
    conditions: tuple[Condition, ...] = ()
    if fields.has("when"):
        when = fields.inner("when")
        conditions = tuple(
            read_condition(when.inner(key), known_fact(when, key, key, facts)) for key in when.names()
        )
        if not conditions:
            fields.refuse("when", "must name at least one fact; without it the row is met by all")
    fields.done()
    return GradeRow(name, title_zh, title_en, grade, conditions)


def _format_row(row: GradeRow) -> Json:
    when = {one.fact: format_condition(one) for one in row.conditions}
    told = {"name": row.name, "title_zh": row.title_zh, "title_en": row.title_en, "grade": row.grade.value}
    return {**told, "when": when} if when else told
