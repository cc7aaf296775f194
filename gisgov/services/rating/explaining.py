"""Use cases: why a building has its class, what it was on a day, and all ratings that it was given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.risk import RiskClass, RiskRules, explain_answers, parse_rules
from gisgov.services.rating.explanations import (
    BuildingRisk,
    FactChanged,
    RatingEntry,
    RatingExplained,
    RatingHistory,
    SaidReason,
)
from gisgov.store import ratings, risk
from gisgov.store.database import Database
from gisgov.store.ratings import RatedBuilding, StoredRating


@dataclass(frozen=True, slots=True)
class BuildingKey:
    """What a building is called at its source, which need not be named where one source alone knows it."""

    external_id: str
    source: str | None = None


def explain_building(
    database: Database, building: int | BuildingKey, *, at: date, timezone: ZoneInfo
) -> BuildingRisk:
    """Say why a building has the class that it has on a day.

    Parameters
    ----------
    database : Database
        Where it is.
    building : int or BuildingKey
        Its id, or what it is called.
    at : datetime.date
        The last rating until the end of this day counts.
    timezone : zoneinfo.ZoneInfo
        Whose days.

    Raises
    ------
    NotFoundError
        There is no such building, or whoever asks may not see it.
    InputError
        Several sources have a building of that name.
    """
    with database.begin() as connection:
        found = _find(connection, building)
        given = ratings.ratings_of(connection, found.id, before=end_of(at, timezone), most=1)
        rules = rules_of(connection, {one.rules_version for one in given})
        rating = _explained(given[0], rules[given[0].rules_version]) if given else None
        return BuildingRisk(found.id, found.source, found.external_id, found.name, at, rating)


def rating_history(database: Database, building: int | BuildingKey, *, most: int = 100) -> RatingHistory:
    """Return the ratings that a building was given, the latest first.

    Parameters
    ----------
    database, building
        See `explain_building`.
    most : int
        No more than so many, the latest.

    Raises
    ------
    NotFoundError, InputError
        As for `explain_building`.
    """
    with database.begin() as connection:
        found = _find(connection, building)
        given = ratings.ratings_of(connection, found.id, most=most + 1)
        rules = rules_of(connection, {one.rules_version for one in given})
    entries = []
    until: datetime | None = None
    for one, before in pairwise([*given, None]):
        assert one is not None  # noqa: S101 - the last of the pairs alone ends with None
        of_one = rules[one.rules_version]
        entries.append(
            RatingEntry(
                rated_at=one.rated_at,
                until=until,
                risk_class=one.risk_class,
                points=one.risk_points,
                rules_version=one.rules_version,
                reasons=said_reasons(of_one, one.risk_reasons),
                changed=() if before is None else _changed(before, one, rules),
            )
        )
        until = one.rated_at
    return RatingHistory(found.id, found.source, found.external_id, found.name, tuple(entries[:most]))


def end_of(day: date, timezone: ZoneInfo) -> datetime:
    """Return the moment after a day: what is before it counts as of that day."""
    if day == date.max:
        return datetime.combine(day, time.max, timezone)
    return datetime.combine(day + timedelta(days=1), time(), timezone)


def rules_of(connection: sa.Connection, versions: Collection[str]) -> dict[str, RiskRules]:
    """Return the rules of some versions."""
    found = risk.definitions(connection, [*versions])
    return {version: parse_rules(one, f"risk rules {version}") for version, one in found.items()}


def said_reasons(rules: RiskRules, reasons: Iterable[str]) -> tuple[SaidReason, ...]:
    """Say reasons that these rules gave."""
    zh, en = rules.explanations("zh"), rules.explanations("en")
    return tuple(SaidReason(one, zh.get(one, one), en.get(one, one)) for one in reasons)


def _find(connection: sa.Connection, building: int | BuildingKey) -> RatedBuilding:
    if isinstance(building, int):
        found = ratings.find_building(connection, building)
        if found is None:
            raise NotFoundError(f"No building has the id {building}.", field="id")
        return found
    alike = ratings.find_buildings(connection, building.external_id, building.source)
    if not alike:
        where = "" if building.source is None else f" at {building.source!r}"
        raise NotFoundError(f"No building is called {building.external_id!r}{where}.", field="building")
    if len(alike) > 1:
        raise InputError(
            f"{len(alike)} sources have a building {building.external_id!r}.",
            hint=f"Name one of them: {', '.join(one.source for one in alike)}.",
            field="source",
        )
    return alike[0]


def _explained(given: StoredRating, rules: RiskRules) -> RatingExplained:
    risk_class = RiskClass(given.risk_class)
    return RatingExplained(
        rated_at=given.rated_at,
        risk_class=risk_class.value,
        class_zh=risk_class.title_zh,
        class_en=risk_class.title_en,
        points=given.risk_points,
        rules_version=rules.version,
        rules_zh=rules.title_zh,
        rules_en=rules.title_en,
        rules_are_example=rules.is_example,
        reasons=said_reasons(rules, given.risk_reasons),
        facts=explain_answers(rules, given.answers),
    )


def _changed(
    before: StoredRating, after: StoredRating, rules: Mapping[str, RiskRules]
) -> tuple[FactChanged, ...]:
    former, latter = (
        dict(zip((fact.name for fact in rules[one.rules_version].facts), one.answers, strict=True))
        for one in (before, after)
    )
    titles = {
        fact.name: (fact.title_zh, fact.title_en)
        for one in (before, after)
        for fact in rules[one.rules_version].facts
    }
    return tuple(
        FactChanged(name, *titles[name], former.get(name), latter.get(name))
        for name in titles
        if former.get(name) != latter.get(name)
    )
