"""Facts gathered and asked by rules, some ten thousand buildings at a time; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.governance.risk import EventCount, Fact, HazardCount, Ratings, RiskRules, rate
from gisgov.services.rating.reports import ClassChange, FactTrouble
from gisgov.store import risk_facts
from gisgov.store.risk_counting import count_events, count_hazards
from gisgov.types import Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """Some buildings, what is known of them, and what rules make of it.

    Attributes
    ----------
    ids : numpy.ndarray of int
        Rising.
    classes : numpy.ndarray of str
        Their classes so far, an empty text for those never rated.
    answers : dict
        For each fact of the rules, in their order, what is known: texts, None where it is not, or counts.
    ratings : Ratings
        What the rules make of it.
    """

    ids: Ints
    classes: Texts
    answers: dict[str, Texts | Ints]
    ratings: Ratings


def all_ids(connection: sa.Connection) -> Iterator[Ints]:
    """Yield the ids of all buildings, some at a time."""
    after = -1
    while len(ids := risk_facts.next_ids(connection, after, most=risk_facts.BATCH)):
        yield ids
        after = int(ids[-1])


def parts_of(ids: Iterable[int]) -> list[Ints]:
    """Part ids of buildings into as many as are rated at a time, rising and each once."""
    rising = np.unique(np.fromiter(ids, dtype=np.int64))
    return [rising[i : i + risk_facts.BATCH] for i in range(0, len(rising), risk_facts.BATCH)]


def rate_part(
    connection: sa.Connection, rules: RiskRules, ids: Ints, *, today: date, timezone: ZoneInfo
) -> Rated:
    """Rate some buildings, and write nothing.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the service itself: what accounts may see does not decide a class.
    rules : RiskRules
        The rules.
    ids : numpy.ndarray of int
        Buildings; those that there are not any more are left out.
    today : datetime.date
        Day of the rating: hazards are overdue, and events are of the window, as of it.
    timezone : zoneinfo.ZoneInfo
        Whose days.
    """
    written = [fact.name for fact in rules.facts if fact.origin is None]
    asked = risk_facts.ask_buildings(connection, ids, written)
    answers = {
        fact.name: asked.answers[fact.name]
        if fact.origin is None
        else _counted(connection, asked.ids, fact, today, timezone)
        for fact in rules.facts
    }
    return Rated(asked.ids, asked.classes, answers, rate(rules, answers))


def rated_ahead(
    connection: sa.Connection, rules: RiskRules, *, today: date, timezone: ZoneInfo
) -> Generator[Rated, None, None]:
    """Yield all buildings, rated part by part: while one part is written the next is read and asked.

    Reading goes over a connection of its own, so it sees what is committed, and nothing of the transaction of
    ``connection``: whoever changes what ratings rest on has them follow after the lock of ratings is free.
    Close it where it is not used up; the arguments are those of `rate_part`.
    """
    with connection.engine.connect() as reader, ThreadPoolExecutor(1, "rating") as pool:
        parts = all_ids(reader)

        def next_part() -> Rated | None:
            ids = next(parts, None)
            return None if ids is None else rate_part(reader, rules, ids, today=today, timezone=timezone)

        waiting = pool.submit(next_part)
        while (rated := waiting.result()) is not None:
            waiting = pool.submit(next_part)
            yield rated


def _counted(connection: sa.Connection, ids: Ints, fact: Fact, today: date, timezone: ZoneInfo) -> Ints:
    match fact.origin:
        case HazardCount() as origin:
            return count_hazards(connection, ids, origin, today)
        case EventCount() as origin:
            return count_events(connection, ids, origin, today, timezone)
    raise TypeError(f"fact {fact.name} is written down")  # pragma: no cover - asked only for facts that count


class Tally:
    """Figures of a rating, part by part."""

    def __init__(self, rules: RiskRules) -> None:
        self.rules = rules
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self._changes: Counter[tuple[str, str]] = Counter()
        self._unknown: Counter[str] = Counter()
        self._problems: dict[str, FactTrouble] = {}

    def add(self, connection: sa.Connection, rated: Rated) -> None:
        """Count some buildings."""
        ratings = rated.ratings
        self.before.update(rated.classes.tolist())
        self.after.update(ratings.classes.tolist())
        self._changes.update(zip(rated.classes.tolist(), ratings.classes.tolist(), strict=True))
        for facts, buildings in Counter(ratings.unknown).items():
            self._unknown.update(dict.fromkeys(facts, buildings))
        for problem in ratings.problems:
            known = self._problems.get(problem.fact)
            first = int(rated.ids[problem.first])
            self._problems[problem.fact] = FactTrouble(
                fact=problem.fact,
                message=known.message if known else problem.message,
                buildings=problem.count + (known.buildings if known else 0),
                first=known.first if known else risk_facts.names_of(connection, [first])[first],
            )

    def changes(self) -> tuple[ClassChange, ...]:
        """Return which classes became which, the most numerous first; what stayed is none."""
        changes = [
            ClassChange(before or None, after, count)
            for (before, after), count in self._changes.items()
            if before != after
        ]
        return tuple(sorted(changes, key=lambda one: (-one.buildings, one.before or "", one.after)))

    def unknown(self) -> dict[str, int]:
        """Return for each fact of how many buildings it is not known."""
        return {fact.name: self._unknown[fact.name] for fact in self.rules.facts}

    def problems(self) -> tuple[FactTrouble, ...]:
        """Return the values that could not be used."""
        return tuple(self._problems.values())
