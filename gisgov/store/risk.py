"""Risk rules as adopted, what they ask of buildings, and the ratings they gave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.statements import statement
from gisgov.store.tables import building, risk_rules
from gisgov.types import Ints, Json, Texts

BATCH = 50_000
"""Buildings that are read, rated and written at a time: enough to be fast, few enough for any memory."""


@dataclass(frozen=True, slots=True)
class StoredRules:
    """Rules as they were adopted; ``definition`` is what `gisgov.governance.risk.format_rules` writes."""

    version: str
    definition: Json
    adopted_at: datetime
    buildings: int


def adopted_rules(connection: sa.Connection) -> tuple[StoredRules, ...]:
    """Return all adopted rules, the latest first, with how many buildings they rate."""
    rated = (
        sa.select(func.count())
        .where(building.c.risk_rules_version == risk_rules.c.version)
        .correlate(risk_rules)
        .scalar_subquery()
    )
    query = sa.select(risk_rules, rated.label("buildings")).order_by(
        risk_rules.c.adopted_at.desc(), risk_rules.c.version.desc()
    )
    return tuple(StoredRules(**row) for row in connection.execute(query).mappings())


def insert_rules(connection: sa.Connection, version: str, definition: Json) -> None:
    """Adopt rules under a version that no others have."""
    # not now(): two adoptions of one transaction have an order too
    values = {"version": version, "definition": definition, "adopted_at": func.clock_timestamp()}
    connection.execute(sa.insert(risk_rules).values(values))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Some buildings with what rules ask of them, as parallel columns.

    Attributes
    ----------
    ids : numpy.ndarray of int
        Rising.
    names : sequence of str
        ``source external_id``, for messages.
    classes : numpy.ndarray of str or None
        How they are rated so far.
    answers : dict
        For each fact a column of texts, None where it is not known.
    """

    ids: Ints
    names: Sequence[str]
    classes: Texts
    answers: dict[str, Texts]


def lock_ratings(connection: sa.Connection) -> None:
    """Wait until nobody else rates, and keep others waiting until the transaction ends."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('gisgov.risk', 0))"))


def count_buildings(connection: sa.Connection) -> int:
    """Return how many buildings there are."""
    return int(connection.execute(sa.select(func.count()).select_from(building)).scalar_one())


def ask_buildings(connection: sa.Connection, facts: Sequence[str], *, batch: int = BATCH) -> Iterator[Asked]:
    """Yield all buildings, some at a time, with the facts of these names."""
    after = -1
    while True:
        given = {"names": list(facts), "after": after, "limit": batch}
        rows = connection.execute(statement("building_facts"), given).all()
        if not rows:
            return
        table = np.empty((len(rows), len(facts)), dtype=object)
        for place, row in enumerate(rows):
            table[place] = row.answers
        yield Asked(
            ids=np.array([row.id for row in rows], dtype=np.int64),
            names=[f"{row.source} {row.external_id}" for row in rows],
            classes=np.array([row.risk_class for row in rows], dtype=object),
            answers={name: table[:, place] for place, name in enumerate(facts)},
        )
        after = rows[-1].id


def write_ratings(
    connection: sa.Connection,
    version: str,
    ids: Ints,
    classes: Texts,
    points: Ints,
    reasons: Sequence[tuple[str, ...]],
) -> int:
    """Write ratings and return how many buildings were rated otherwise before, or not at all."""
    texts = {of_one: json.dumps(of_one, ensure_ascii=False) for of_one in set(reasons)}
    written = connection.execute(
        statement("write_ratings"),
        {
            "version": version,
            "ids": ids.tolist(),
            "classes": classes.tolist(),
            "points": points.tolist(),
            "reasons": [texts[of_one] for of_one in reasons],
        },
    )
    return int(written.scalar_one())


@dataclass(frozen=True, slots=True)
class AreaClass:
    """How many buildings of one class an area has; without ``code`` those that no area owns."""

    code: str | None
    name: str | None
    risk_class: str | None
    buildings: int


def risk_of_areas(connection: sa.Connection, layer_id: int, day: date) -> tuple[AreaClass, ...]:
    """Return the buildings of each area in force by class, the areas by code, those of no area last."""
    rows = connection.execute(statement("risk_of_areas"), {"layer_id": layer_id, "day": day})
    return tuple(AreaClass(**row) for row in rows.mappings())


def versions_in_use(connection: sa.Connection) -> dict[str, int]:
    """Return how many buildings each version of the rules rates; ``""`` counts those never rated."""
    query = sa.select(func.coalesce(building.c.risk_rules_version, ""), func.count()).group_by(
        building.c.risk_rules_version
    )
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}
