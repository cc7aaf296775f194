"""Ratings written down, and read again: every one that a building was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import sqlalchemy as sa

from gisgov.store.array_literals import array_literal, integers_literal
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement
from gisgov.store.tables import building, risk_rating
from gisgov.types import Ints, Texts


def moment_of_rating(connection: sa.Connection) -> datetime:
    """Return the time, which a transaction that waited for the lock of ratings sees go on."""
    return connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()  # type: ignore[no-any-return]


def write_ratings(
    connection: sa.Connection,
    version: str,
    at: datetime,
    ids: Ints,
    classes: Texts,
    points: Ints,
    reasons: Sequence[tuple[str, ...]],
    answers: Sequence[Texts | Ints],
) -> int:
    """Write ratings that differ from a building's last one, and return how many do.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that holds the lock of ratings, as the service itself.
    version : str
        Version of the rules.
    at : datetime.datetime
        When they are given.
    ids, classes, points, reasons
        Buildings, rising, and their ratings, parallel.
    answers : sequence of numpy.ndarray
        What was known of each fact, in the order of the rules: texts, None where it was not, or counts.
    """
    places: dict[tuple[str, ...], int] = {}
    reason_places = [places.setdefault(of_one, len(places) + 1) for of_one in reasons]
    given = {
        "version": version,
        "at": at,
        "ids": integers_literal(ids),
        "first": int(ids[0]) if len(ids) else 0,
        "last": int(ids[-1]) if len(ids) else 0,
        "classes": "{" + ",".join(classes.tolist()) + "}",  # words without a mark
        "points": integers_literal(points),
        "reasons": array_literal(array_literal(of_one) for of_one in places),
        "reason_places": integers_literal(np.array(reason_places)),
        "answers": array_literal(answer_literals(answers)),
    }
    # a plan for any parameters would look for each of 50,000 buildings by itself
    return int(rows_of(connection, statement("write_ratings"), given, prepare=False)[0].written)


def answer_literals(answers: Sequence[Texts | Ints]) -> list[str]:
    """Write what was known of each building as an array of texts, one fact after the other."""
    pieces = []
    for column in answers:
        codes, distinct = pd.factorize(column)
        # the last entry stands for a missing value, whose code is -1
        written = [array_literal([str(value)])[1:-1] for value in distinct]
        pieces.append(np.array([*written, "NULL"], dtype=object)[codes].tolist())
    return ["{" + ",".join(of_one) + "}" for of_one in zip(*pieces, strict=True)]


@dataclass(frozen=True, slots=True)
class StoredRating:
    """A rating that a building was given; ``answers`` are in the order of the facts of its rules."""

    rated_at: datetime
    risk_class: str
    risk_points: int
    risk_reasons: tuple[str, ...]
    rules_version: str
    answers: tuple[str | None, ...]


def ratings_of(
    connection: sa.Connection, building_id: int, *, before: datetime | None = None, most: int | None = None
) -> tuple[StoredRating, ...]:
    """Return the ratings of a building, the latest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction; ratings of buildings that whoever asks may not see are not there.
    building_id : int
        The building.
    before : datetime.datetime, optional
        Only those given before.
    most : int, optional
        No more than so many.
    """
    told = risk_rating.c
    query = (
        sa.select(
            told.rated_at,
            told.risk_class,
            told.risk_points,
            told.risk_reasons,
            told.rules_version,
            told.answers,
        )
        .where(told.building_id == building_id)
        .order_by(told.rated_at.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(told.rated_at < before)
    return tuple(
        StoredRating(row[0], row[1], row[2], tuple(row[3]), row[4], tuple(row[5]))
        for row in connection.execute(query)
    )


@dataclass(frozen=True, slots=True)
class RatedBuilding:
    """A building whose ratings are asked for."""

    id: int
    source: str
    external_id: str
    name: str | None


def find_building(connection: sa.Connection, building_id: int) -> RatedBuilding | None:
    """Return a building by its id; None where there is none, or it may not be seen."""
    columns = building.c
    query = sa.select(columns.id, columns.source, columns.external_id, columns.name)
    row = connection.execute(query.where(columns.id == building_id)).first()
    return None if row is None else RatedBuilding(*row)


def find_buildings(
    connection: sa.Connection, external_id: str, source: str | None
) -> tuple[RatedBuilding, ...]:
    """Return the buildings that one or any source calls so, by source."""
    columns = building.c
    query = sa.select(columns.id, columns.source, columns.external_id, columns.name).where(
        columns.external_id == external_id
    )
    if source is not None:
        query = query.where(columns.source == source)
    return tuple(RatedBuilding(*row) for row in connection.execute(query.order_by(columns.source)))


@dataclass(frozen=True, slots=True)
class BuildingNow:
    """A building as it is rated now."""

    source: str
    external_id: str
    risk_class: str | None
    risk_points: int | None
    risk_reasons: tuple[str, ...]
    rules_version: str | None


def buildings_now(connection: sa.Connection, ids: Sequence[int]) -> dict[int, BuildingNow]:
    """Return buildings by their id, as they are rated now."""
    columns = building.c
    query = sa.select(
        columns.id,
        columns.source,
        columns.external_id,
        columns.risk_class,
        columns.risk_points,
        columns.risk_reasons,
        columns.risk_rules_version,
    ).where(columns.id.in_(ids))
    return {
        row[0]: BuildingNow(row[1], row[2], row[3], row[4], tuple(row[5] or ()), row[6])
        for row in connection.execute(query)
    }
