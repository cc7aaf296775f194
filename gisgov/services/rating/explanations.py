"""What is told of a building's ratings: why, since when, and what was another before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gisgov.governance.risk import FactAnswer


@dataclass(frozen=True, slots=True)
class SaidReason:
    """One reason of a rating.

    Attributes
    ----------
    reason : str
        As it is stored: ``fire: fire_findings>=2 +15``.
    zh, en : str
        For people.
    """

    reason: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RatingExplained:
    """A rating with what it rests on.

    Attributes
    ----------
    rated_at : datetime.datetime
        When it was given.
    risk_class : str
        ``safe``, ``general``, ``warning`` or ``unclassified``.
    class_zh, class_en : str
        Its titles.
    points : int
        Sum of all factors.
    rules_version, rules_zh, rules_en : str
        Rules that it was given by.
    rules_are_example : bool
        Whether they are an example that nobody has decided on.
    reasons : tuple of SaidReason
        Why: hard triggers first, then factors from most to fewest points.
    facts : tuple of FactAnswer
        Every fact of these rules as it was then; their points add up to all.
    """

    rated_at: datetime
    risk_class: str
    class_zh: str
    class_en: str
    points: int
    rules_version: str
    rules_zh: str
    rules_en: str
    rules_are_example: bool
    reasons: tuple[SaidReason, ...]
    facts: tuple[FactAnswer, ...]


@dataclass(frozen=True, slots=True)
class BuildingRisk:
    """Why a building has its class on a day.

    Attributes
    ----------
    id : int
        The building.
    source, external_id : str
        What it is called at its source.
    name : str or None
        What people call it.
    at : datetime.date
        The day: the last rating that was given until its end counts.
    rating : RatingExplained or None
        None where it was not rated yet by then.
    """

    id: int
    source: str
    external_id: str
    name: str | None
    at: date
    rating: RatingExplained | None


@dataclass(frozen=True, slots=True)
class FactChanged:
    """A fact that was another at the rating before.

    Attributes
    ----------
    name, title_zh, title_en : str
        The fact.
    before, after : str or None
        Its values; None: not known, or not asked.
    """

    name: str
    title_zh: str
    title_en: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RatingEntry:
    """One rating of a building's history.

    Attributes
    ----------
    rated_at : datetime.datetime
        When it was given.
    until : datetime.datetime or None
        When the next one was given; None for the one that counts now.
    risk_class : str
        The class.
    points : int
        Sum of all factors.
    rules_version : str
        Rules that it was given by.
    reasons : tuple of SaidReason
        Why.
    changed : tuple of FactChanged
        Facts that were others at the rating before it; empty for the first one.
    """

    rated_at: datetime
    until: datetime | None
    risk_class: str
    points: int
    rules_version: str
    reasons: tuple[SaidReason, ...]
    changed: tuple[FactChanged, ...]


@dataclass(frozen=True, slots=True)
class RatingHistory:
    """The ratings that a building was given.

    Attributes
    ----------
    id : int
        The building.
    source, external_id : str
        What it is called at its source.
    name : str or None
        What people call it.
    ratings : tuple of RatingEntry
        The latest first; a rating that found everything as before left none.
    """

    id: int
    source: str
    external_id: str
    name: str | None
    ratings: tuple[RatingEntry, ...]
