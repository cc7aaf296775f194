"""Rules for the grade of a dispute: rows from the gravest down, the first that is met counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gisgov.errors import InputError
from gisgov.governance.fields import describe, listed
from gisgov.governance.risk.rules import Condition, Fact, FactKind
from gisgov.governance.titles import Titled

Value: TypeAlias = float | str | bool | None
"""Of a fact; None: nobody told."""


class DisputeGrade(Titled):
    """How grave a dispute is."""

    MAJOR = "major", "重大", "Major"
    SERIOUS = "serious", "较大", "Serious"
    MINOR = "minor", "一般", "Minor"


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A row of the table.

    Attributes
    ----------
    name, title_zh, title_en : str
        What it is called.
    grade : DisputeGrade
        What it gives.
    conditions : tuple of Condition
        All of them have to be met; none: it is met by all that comes to it.
    """

    name: str
    title_zh: str
    title_en: str
    grade: DisputeGrade
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of a dispute and why.

    Attributes
    ----------
    grade : DisputeGrade
        How grave it is, by what is known of it.
    row : str
        Name of the row that gave it.
    because : tuple of str
        The conditions that were met.
    unknown : tuple of str
        Facts that nobody told and that might make it graver.
    """

    grade: DisputeGrade
    row: str
    because: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisputeRules:
    """One version of the table.

    Attributes
    ----------
    version, title_zh, title_en, source : str
        What it is called and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    facts : tuple of Fact
        What is asked of a dispute.
    rows : tuple of GradeRow
        From the gravest down; the last has no conditions.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    facts: tuple[Fact, ...]
    rows: tuple[GradeRow, ...]

    def grade(self, told: Mapping[str, object]) -> Graded:
        """Grade a dispute.

        Parameters
        ----------
        told : mapping of str to object
            Facts by name: numbers, true or false, or a word of a choice. None, or nothing, is unknown, and
            meets no condition.

        Raises
        ------
        InputError
            A fact is not one of the table's, or its value cannot be one; the message names it.

        Examples
        --------
        >>> from fixtures.shipped import dispute_rules
        >>> dispute_rules().grade({"people": 30, "amount_yuan": 0}).grade.value
        'major'
        """
        known = {fact.name: _read(fact, told.get(fact.name)) for fact in self.facts}
        for name in told:
            if name not in known:
                facts = listed([fact.name for fact in self.facts])
                raise InputError(f"{name!r} is no fact of a dispute; the facts are {facts}.", field=name)
        place = next(i for i, row in enumerate(self.rows) if _is_met(row, known))  # the last is met by all
        row = self.rows[place]
        graver = [one for one in self.rows[:place] if one.grade is not row.grade and _may_be_met(one, known)]
        unknown = dict.fromkeys(
            asked.fact for one in graver for asked in one.conditions if known[asked.fact] is None
        )
        return Graded(row.grade, row.name, tuple(map(str, row.conditions)), tuple(unknown))


def _is_met(row: GradeRow, known: Mapping[str, Value]) -> bool:
    return all(_meets(condition, known[condition.fact]) for condition in row.conditions)


def _may_be_met(row: GradeRow, known: Mapping[str, Value]) -> bool:
    return all(
        known[condition.fact] is None or _meets(condition, known[condition.fact])
        for condition in row.conditions
    )


def _read(fact: Fact, value: object) -> Value:
    if value is None:
        return None
    if fact.kind is FactKind.FLAG:
        if isinstance(value, bool):
            return value
    elif fact.kind is FactKind.CHOICE:
        if isinstance(value, str) and any(value == choice.value for choice in fact.choices):
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool) and _fits(fact, value):
        return float(value)
    raise InputError(f"{fact.name} is {describe(value)}, but must be {_wanted(fact)}.", field=fact.name)


def _fits(fact: Fact, value: float) -> bool:
    whole = fact.kind is FactKind.NUMBER or value == int(value)
    return whole and (fact.least is None or value >= fact.least) and (fact.most is None or value <= fact.most)


def _wanted(fact: Fact) -> str:
    if fact.kind is FactKind.FLAG:
        return "true or false"
    if fact.kind is FactKind.CHOICE:
        return f"one of {listed([choice.value for choice in fact.choices])}"
    kind = "a number" if fact.kind is FactKind.NUMBER else "a whole number"
    limits = [f"at least {fact.least:g}"] if fact.least is not None else []
    limits += [f"at most {fact.most:g}"] if fact.most is not None else []
    return " ".join([kind, " and ".join(limits)]).strip()


def _meets(condition: Condition, value: Value) -> bool:
    if value is None:
        return False
    if condition.flag is not None:
        return value is condition.flag
    if condition.one_of:
        return value in condition.one_of
    return (condition.at_least is None or float(value) >= condition.at_least) and (
        condition.at_most is None or float(value) <= condition.at_most
    )
