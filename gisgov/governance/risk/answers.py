"""What was known of one building when it was rated, said for people: the facts behind a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gisgov.governance.risk.facts import read_column
from gisgov.governance.risk.rules import RiskRules


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """One fact of a building, and what it came to.

    Attributes
    ----------
    name, title_zh, title_en : str
        The fact.
    meaning : str
        What it says.
    counted_zh, counted_en : str or None
        How it is counted; None where it is written down with the building.
    value : str or None
        As it was at the rating; None where nothing was written down.
    said_zh, said_en : str or None
        The value for people; None where it is unknown.
    is_known : bool
        Whether there was a value that could be used; an unknown fact gives no points.
    problem : str or None
        Why a value that is there could not be used.
    points : int
        Points that the factors on it gave.
    triggers : tuple of str
        Names of the hard triggers that were met and look at it.
    """

    name: str
    title_zh: str
    title_en: str
    meaning: str
    counted_zh: str | None
    counted_en: str | None
    value: str | None
    said_zh: str | None
    said_en: str | None
    is_known: bool
    problem: str | None
    points: int
    triggers: tuple[str, ...]


def explain_answers(rules: RiskRules, answers: Sequence[str | None]) -> tuple[FactAnswer, ...]:
    """Say what each fact of one building came to.

    Parameters
    ----------
    rules : RiskRules
        The rules that it was rated by.
    answers : sequence of str or None
        What was known of each fact of these rules, in their order; None: nothing.

    Returns
    -------
    tuple of FactAnswer
        In the order of the facts; their points add up to those of the building.

    Raises
    ------
    ValueError
        There are more or fewer answers than facts.

    Examples
    --------
    >>> from fixtures.shipped import risk_rules
    >>> rules = risk_rules()
    >>> answers = [None] * len(rules.facts)
    >>> answers[0] = "1975"
    >>> built = explain_answers(rules, answers)[0]
    >>> built.said_zh, built.points
    ('1975 年', 20)
    """
    columns = {
        fact.name: read_column(fact, np.array([value], dtype=object))
        for fact, value in zip(rules.facts, answers, strict=True)
    }
    points = dict.fromkeys(columns, 0)
    for factor in rules.factors:
        met = (band for band in factor.bands if columns[factor.fact].meets(band.condition)[0])
        points[factor.fact] += next((band.points for band in met), 0)
    met_triggers = [
        trigger
        for trigger in rules.triggers
        if all(columns[one.fact].meets(one)[0] for one in trigger.conditions)
    ]
    told = []
    for fact, value in zip(rules.facts, answers, strict=True):
        column = columns[fact.name]
        is_known = bool(column.is_known[0])
        number = float(column.values[0])
        told.append(
            FactAnswer(
                name=fact.name,
                title_zh=fact.title_zh,
                title_en=fact.title_en,
                meaning=fact.meaning,
                counted_zh=fact.origin.titled("zh") if fact.origin else None,
                counted_en=fact.origin.titled("en") if fact.origin else None,
                value=value,
                said_zh=fact.titled(number, "zh") if is_known else None,
                said_en=fact.titled(number, "en") if is_known else None,
                is_known=is_known,
                problem=column.problem.message if column.problem else None,
                points=points[fact.name],
                triggers=tuple(
                    one.name
                    for one in met_triggers
                    if any(asked.fact == fact.name for asked in one.conditions)
                ),
            )
        )
    return tuple(told)
