"""What ratings are told as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.risk import RiskClass


@dataclass(frozen=True, slots=True)
class ClassChange:
    """Buildings that went from one class to another.

    Attributes
    ----------
    before : str or None
        ``safe``, ``general``, ``warning``, ``unclassified``; None for those never rated.
    after : str
        Their class now.
    buildings : int
        How many.
    """

    before: str | None
    after: str
    buildings: int


@dataclass(frozen=True, slots=True)
class FactTrouble:
    """Values of a fact that could not be used and count as unknown.

    Attributes
    ----------
    fact : str
        Name of the fact.
    message : str
        What is wrong with the first of them.
    buildings : int
        How many buildings have such a value.
    first : str
        Source and identifier of the first of these buildings.
    """

    fact: str
    message: str
    buildings: int
    first: str


@dataclass(frozen=True, slots=True)
class RatingReport:
    """What a rating did.

    Attributes
    ----------
    version : str
        Version of the rules.
    is_example : bool
        Whether they are an example that nobody has decided on.
    buildings : int
        How many were rated: all there are.
    counts : dict
        Buildings of each class: ``safe``, ``general``, ``warning``, ``unclassified``; they add up to all.
    written : int
        Buildings whose class, points, reasons, facts or version of the rules are others than before.
    changes : tuple of ClassChange
        Buildings whose class is another than before, the most numerous change first.
    unknown : dict
        For each fact the buildings of which it is not known.
    problems : tuple of FactTrouble
        Values that could not be used.
    """

    version: str
    is_example: bool
    buildings: int
    counts: dict[str, int]
    written: int
    changes: tuple[ClassChange, ...]
    unknown: dict[str, int]
    problems: tuple[FactTrouble, ...]


def counts_of_classes(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of all classes, 0 where there is none, in the order from safe to warning."""
    return {risk_class.value: int(counts.get(risk_class.value, 0)) for risk_class in RiskClass}
