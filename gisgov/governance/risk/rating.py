"""Rating buildings by risk rules, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.governance.risk.facts import FactColumn, FactProblem, read_column, unknown_column
from gisgov.governance.risk.rules import Factor, RiskClass, RiskRules, Trigger
from gisgov.types import Bools, Ints, Texts

_ORDER = (RiskClass.SAFE, RiskClass.GENERAL, RiskClass.WARNING)


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Classes of many buildings; every sequence is parallel to the facts they were made of.

    Parameters
    ----------
    version : str
        Version of the rules.
    classes : numpy.ndarray of str objects
        ``safe``, ``general``, ``warning`` or ``unclassified``.
    points : numpy.ndarray of int64
        Sum of all factors.
    reasons : tuple of tuple of str
        Why, for each building: hard triggers first, then factors from most to fewest points. For people:
        ``rules.explain(reason, "zh")``. Equal explanations are one object.
    unknown : tuple of tuple of str
        Names of the facts that were not known, for each building.
    problems : tuple of FactProblem
        Values that could not be used, so that the fact counts as unknown.
    ignored : tuple of str
        Columns at which the rules do not look.
    """

    version: str
    classes: Texts
    points: Ints
    reasons: tuple[tuple[str, ...], ...]
    unknown: tuple[tuple[str, ...], ...]
    problems: tuple[FactProblem, ...]
    ignored: tuple[str, ...]

    def counts(self) -> dict[RiskClass, int]:
        """Count the buildings of each class; every class is there and they add up to all buildings."""
        return {risk_class: int(np.sum(self.classes == risk_class.value)) for risk_class in RiskClass}


def rate(rules: RiskRules, facts: Mapping[str, npt.NDArray[np.generic]]) -> Ratings:
    """Rate buildings.

    Each factor gives the points of the first of its bands that is met; the sum gives the class by the rules'
    thresholds. A trigger that is met raises the class to its own at least. A fact that is unknown (missing
    column, missing value, value that cannot be used) meets nothing. A building of which fewer facts than
    ``rules.least_known`` are known, and which no trigger has met, is unclassified. There a count of 0 is not
    known: perhaps nobody looked.

    Parameters
    ----------
    rules : RiskRules
        The rules; ``rules.facts`` says what each column holds.
    facts : mapping of str to numpy.ndarray
        One column per fact, one value per building, all of one length. See `read_column` for the values.

    Returns
    -------
    Ratings
        Empty for columns without rows.

    Raises
    ------
    InputError
        There is no column at all, or columns differ in length.

    Examples
    --------
    >>> from gisgov.governance.risk import parse_rules
    >>> rules = parse_rules({
    ...     "version": "1", "title_zh": "楼龄", "title_en": "Age", "source": "An example.",
    ...     "thresholds": {"general": 10, "warning": 20},
    ...     "facts": [{"name": "built_year", "kind": "integer", "meaning": "Year of completion.",
    ...                "title_zh": "建成年份", "title_en": "Year built"}],
    ...     "factors": [{"name": "age", "title_zh": "楼龄", "title_en": "Age", "fact": "built_year",
    ...                  "bands": [{"at_most": 1979, "points": 20}, {"at_most": 1999, "points": 10}]}],
    ... })
    >>> ratings = rate(rules, {"built_year": np.array([1975, 1990, 2010, np.nan])})
    >>> ratings.classes.tolist()
    ['warning', 'general', 'safe', 'unclassified']
    >>> ratings.reasons[0], ratings.unknown[3]
    (('age: built_year<=1979 +20',), ('built_year',))
    """
    count = _common_length(facts)
    columns = {
        fact.name: read_column(fact, np.asarray(facts[fact.name]))
        if fact.name in facts
        else unknown_column(fact, count)
        for fact in rules.facts
    }
    bands = [_bands_met(factor, columns[factor.fact]) for factor in rules.factors]
    triggered = [_triggered(trigger, columns, count) for trigger in rules.triggers]
    points = np.zeros(count, dtype=np.int64)
    for factor, band in zip(rules.factors, bands, strict=True):
        # the last entry is what a band of -1 (none met) looks up
        points += np.array([*(one.points for one in factor.bands), 0], dtype=np.int64)[band]
    rank = (points >= rules.general_points).astype(np.int64) + (points >= rules.warning_points)
    for trigger, met in zip(rules.triggers, triggered, strict=True):
        rank = np.where(met, np.maximum(rank, _ORDER.index(trigger.risk_class)), rank)
    classes = np.array([one.value for one in _ORDER], dtype=object)[rank]
    known = [column.is_known for column in columns.values()]
    told = np.sum([_tells(column) for column in columns.values()], axis=0)
    too_little = told < rules.least_known
    for met in triggered:
        too_little &= ~met
    classes[too_little] = RiskClass.UNCLASSIFIED.value
    return Ratings(
        version=rules.version,
        classes=classes,
        points=points,
        reasons=_reasons(rules, bands, triggered),
        unknown=_unknown(list(columns), known),
        problems=tuple(column.problem for column in columns.values() if column.problem),
        ignored=tuple(sorted(set(facts) - set(columns))),
    )


def _common_length(facts: Mapping[str, npt.NDArray[np.generic]]) -> int:
    if not facts:
        raise InputError("No column of facts was given, so there are no buildings to rate.")
    lengths = {name: len(column) for name, column in facts.items()}
    first = next(iter(lengths))
    for name, length in lengths.items():
        if length != lengths[first]:
            raise InputError(
                f"Columns of facts differ in length: {first} has {lengths[first]} values, {name} {length}.",
                field=name,
            )
    return lengths[first]


def _tells(column: FactColumn) -> Bools:
    """Of which buildings a fact tells something: where a count is 0 perhaps nobody looked."""
    return column.is_known if column.fact.origin is None else column.values > 0


def _bands_met(factor: Factor, column: FactColumn) -> Ints:
    """Position of the first band that each building meets, -1 for none."""
    met = np.full(len(column.values), -1, dtype=np.int64)
    for i in reversed(range(len(factor.bands))):
        met[column.meets(factor.bands[i].condition)] = i
    return met


def _triggered(trigger: Trigger, columns: Mapping[str, FactColumn], count: int) -> Bools:
    met = np.ones(count, dtype=np.bool_)
    for condition in trigger.conditions:
        met &= columns[condition.fact].meets(condition)
    return met


def _reasons(
    rules: RiskRules, bands: Sequence[Ints], triggered: Sequence[Bools]
) -> tuple[tuple[str, ...], ...]:
    traits = [*(met.astype(np.int64) for met in triggered), *(band + 1 for band in bands)]
    patterns, which = _patterns(traits)
    split = len(rules.triggers)
    texts: list[tuple[str, ...]] = []
    for pattern in patterns:
        hard = [trigger.reason for trigger, met in zip(rules.triggers, pattern[:split], strict=True) if met]
        given = [
            (factor.bands[place - 1].points, factor.reason(factor.bands[place - 1]))
            for factor, place in zip(rules.factors, pattern[split:], strict=True)
            if place
        ]
        soft = sorted((item for item in given if item[0]), key=lambda item: -item[0])
        texts.append((*hard, *(text for _, text in soft)))
    return tuple(texts[i] for i in which)


def _unknown(names: Sequence[str], known: Sequence[Bools]) -> tuple[tuple[str, ...], ...]:
    patterns, which = _patterns([(~one).astype(np.int64) for one in known])
    texts = [tuple(name for name, absent in zip(names, row, strict=True) if absent) for row in patterns]
    return tuple(texts[i] for i in which)


def _patterns(traits: Sequence[Ints]) -> tuple[list[list[int]], list[int]]:
    """Distinct rows of parallel columns of small numbers, and which of them each building has."""
    key = np.zeros(len(traits[0]), dtype=np.int64)
    size = 1
    for trait in traits:
        width = int(trait.max(initial=0)) + 1
        if size * width >= 2**62:
            # renumber the combinations that occur: there are never more of them than buildings
            _, key = np.unique(key, return_inverse=True)
            size = len(key) + 1
        key = key * width + trait
        size *= width
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return np.stack([trait[first] for trait in traits], axis=1).tolist(), which.tolist()
