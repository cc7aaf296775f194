"""Use case: rate all buildings by adopted risk rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.governance.risk import RiskClass, RiskRules, rate
from gisgov.services.risk_rules import find_rules
from gisgov.store import risk
from gisgov.store.database import Database
from gisgov.store.risk import Asked
from gisgov.types import Progress, silent


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
        Buildings whose class, points, reasons or version of the rules are others than before.
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


def rate_buildings(
    database: Database, version: str | None = None, *, progress: Progress = silent
) -> RatingReport:
    """Rate all buildings, in one transaction.

    A building whose class, points, reasons and version of the rules stay keeps the time of its rating.

    Parameters
    ----------
    database : Database
        Where the buildings are.
    version : str, optional
        Rules to rate by; by default those in use, the latest adopted.
    progress : Progress
        Told of the buildings done.

    Raises
    ------
    NotFoundError
        No such rules were adopted.
    """
    with database.begin() as connection:
        risk.lock_ratings(connection)
        rules = find_rules(connection, version)
        tally = _Tally(rules)
        total = risk.count_buildings(connection)
        batches = risk.ask_buildings(connection, [fact.name for fact in rules.facts])
        for asked in progress(batches, label="rate buildings", total=-(-total // risk.BATCH)):
            tally.add(connection, asked)
    return tally.report()


class _Tally:
    """Figures of a rating, batch by batch."""

    def __init__(self, rules: RiskRules) -> None:
        self.rules = rules
        self.counts: Counter[str] = Counter()
        self.changes: Counter[tuple[str | None, str]] = Counter()
        self.unknown: Counter[str] = Counter()
        self.problems: dict[str, FactTrouble] = {}
        self.written = 0

    def add(self, connection: sa.Connection, asked: Asked) -> None:
        """Rate some buildings and write their ratings."""
        ratings = rate(self.rules, asked.answers)
        self.written += risk.write_ratings(
            connection, self.rules.version, asked.ids, ratings.classes, ratings.points, ratings.reasons
        )
        self.counts.update(ratings.classes.tolist())
        self.changes.update(zip(asked.classes.tolist(), ratings.classes.tolist(), strict=True))
        for facts, buildings in Counter(ratings.unknown).items():
            self.unknown.update(dict.fromkeys(facts, buildings))
        for problem in ratings.problems:
            known = self.problems.get(problem.fact)
            self.problems[problem.fact] = FactTrouble(
                fact=problem.fact,
                message=known.message if known else problem.message,
                buildings=problem.count + (known.buildings if known else 0),
                first=known.first if known else asked.names[problem.first],
            )

    def report(self) -> RatingReport:
        """Return the figures of all batches."""
        changes = [
            ClassChange(before, after, count)
            for (before, after), count in self.changes.items()
            if before != after
        ]
        return RatingReport(
            version=self.rules.version,
            is_example=self.rules.is_example,
            buildings=self.counts.total(),
            counts=counts_of_classes(self.counts),
            written=self.written,
            changes=tuple(sorted(changes, key=lambda one: (-one.buildings, one.before or "", one.after))),
            unknown={fact.name: self.unknown[fact.name] for fact in self.rules.facts},
            problems=tuple(self.problems.values()),
        )


def counts_of_classes(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of all classes, 0 where there is none, in the order from safe to warning."""
    return {risk_class.value: int(counts.get(risk_class.value, 0)) for risk_class in RiskClass}
