"""Use case: the load of each area in force on a day, held against what its layer aims at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from gisgov.governance.access import rights_table
from gisgov.governance.layers import LoadTerm
from gisgov.governance.profiles import parse_targets
from gisgov.governance.risk import RiskClass
from gisgov.governance.titles import Language
from gisgov.governance.workload import LoadAttribute, load_rule
from gisgov.services.access import codes_reached
from gisgov.services.policies import patrols_per_year
from gisgov.services.rating.explaining import end_of
from gisgov.services.staffing.figures import layer_posts
from gisgov.services.statistics.counting import plans_on
from gisgov.services.statistics.figure_tables import FigureTable
from gisgov.store import statistics
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.statistics import CountedArea
from gisgov.types import Json

RIGHT: Final = "patrols.read"
"""Rows are told of the areas that this right reaches; what is counted in them is all there is."""

_YEAR_DAYS: Final = 365
_COUNTED: Final = tuple(LoadAttribute)
_HEADER: Final = {
    "zh": ("区域编码", "区域名称", "工作量", "偏差（%）", "在岗", "应配", "到岗率（%）"),
    "en": ("code", "name", "load", "deviation, %", "posts filled", "posts needed", "filled, %"),
}
_TITLE: Final = {"zh": "工作量", "en": "Loads"}


@dataclass(frozen=True, slots=True)
class LoadTermInfo:
    """One term of the load of a layer.

    Attributes
    ----------
    attribute : str
        ``population``, ``households``, ``area_km2``, ``events``, ``warning_buildings``, ``visits_due``, or an
        attribute of blocks.
    title_zh, title_en : str
        What it is called.
    weight : float
        Its share of the load; the weights that are counted add up to 1.
    target : float
        What an area has of it whose load is 1 by this term alone.
    """

    attribute: str
    title_zh: str
    title_en: str
    weight: float
    target: float


@dataclass(frozen=True, slots=True)
class AreaLoad:
    """The load of an area.

    Attributes
    ----------
    code, name, plan : str
        The area.
    counts : dict
        What it has of each word of `LoadAttribute`, counted in the load or not; None where nobody said.
    shares : dict
        What each term adds to the load; they add up to it.
    load : float or None
        In units of one average area: 1 is on target. None where a term is not known.
    deviation : float or None
        Load less 1: 0.25 is a quarter too much.
    posts_needed, posts_filled : int or None
        Posts by the formula of the layer, and those of them that are filled; None without a formula, or
        where whoever asks may not see posts.
    filled_share : float or None
        Their share, 0..1.
    """

    code: str
    name: str
    plan: str
    counts: dict[str, float | None]
    shares: dict[str, float | None]
    load: float | None
    deviation: float | None
    posts_needed: int | None
    posts_filled: int | None
    filled_share: float | None


@dataclass(frozen=True, slots=True)
class LayerLoads:
    """The loads of the areas of a layer on a day.

    Attributes
    ----------
    layer : str
        The layer.
    at : datetime.date
        The day whose areas are told; events are those of the 365 days before its end, buildings, their
        classes and their visits those of now.
    events_since : datetime.date
        First day of these events.
    terms : tuple of LoadTermInfo
        What the load is made of; empty where the layer has no target, so that no area has a load.
    left_out : tuple of str
        Terms of the layer that are attributes of blocks, which areas do not have: they are not counted.
    mean_load, greatest_load : float or None
        Of the areas told.
    areas : tuple of AreaLoad
        The greatest load first; those whose load is not known come last, by code.
    """

    layer: str
    at: date
    events_since: date
    terms: tuple[LoadTermInfo, ...]
    left_out: tuple[str, ...]
    mean_load: float | None
    greatest_load: float | None
    areas: tuple[AreaLoad, ...]


def area_loads(database: Database, layer: str, *, at: date, timezone: ZoneInfo) -> LayerLoads:
    """Hold the areas of a layer on a day against its targets.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: areas that their right does not reach are left out.
    layer : str
        Name of the layer.
    at : datetime.date
        The day.
    timezone : zoneinfo.ZoneInfo
        Whose days.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    since = date.fromordinal(max(date.min.toordinal(), at.toordinal() + 1 - _YEAR_DAYS))
    with database.begin() as connection:
        found = find_layer(connection, layer)
        plan_ids = [one.id for one in plans_on(connection, layer, at)]
        reached = codes_reached(connection, RIGHT, found.id)
        areas = statistics.areas_counted(connection, plan_ids)
        with as_owner(connection):  # sums by area, of what not everybody may see one by one
            counted = _counts(connection, found.id, plan_ids, areas, since, at, timezone)
    terms, left_out = _terms(_rule(found.targets))
    posts = _posts(database, layer, at)
    told = [
        _told(one, counted[one.code], terms, posts.get(one.code))
        for one in areas
        if reached is None or one.code in reached
    ]
    told.sort(key=lambda one: (one.load is None, -(one.load or 0.0), one.code))
    known = [one.load for one in told if one.load is not None]
    return LayerLoads(
        layer=layer,
        at=at,
        events_since=since,
        terms=tuple(terms),
        left_out=left_out,
        mean_load=math.fsum(known) / len(known) if known else None,
        greatest_load=max(known, default=None),
        areas=tuple(told),
    )


def loads_table(found: LayerLoads, language: Language = "zh") -> FigureTable:
    """Return the loads as a table: areas by load, and beside it what was counted."""
    titles = [one.titled(language) for one in _COUNTED]
    rows = [
        (
            one.code,
            one.name,
            _rounded(one.load, 4),
            _per_cent(one.deviation),
            one.posts_filled,
            one.posts_needed,
            _per_cent(one.filled_share),
            *(_rounded(one.counts[each.value], 4) for each in _COUNTED),
        )
        for one in found.areas
    ]
    return FigureTable(_TITLE[language], [*_HEADER[language], *titles], rows)


def loads_frame(found: LayerLoads) -> pd.DataFrame:
    """Return the loads as a map draws them.

    Returns
    -------
    pandas.DataFrame
        By area: code, load, deviation (NaN where it is not known), what it has of each word of
        `LoadAttribute`, posts_needed, posts_filled and filled_share.
    """
    rows = [
        {
            "code": one.code,
            "load": one.load,
            "deviation": one.deviation,
            **one.counts,
            "posts_needed": one.posts_needed,
            "posts_filled": one.posts_filled,
            "filled_share": one.filled_share,
        }
        for one in found.areas
    ]
    names = [*(one.value for one in _COUNTED), "posts_needed", "posts_filled", "filled_share"]
    frame = pd.DataFrame(rows, columns=["code", "load", "deviation", *names])
    numbers = frame.columns[1:]
    frame[numbers] = frame[numbers].astype(float)
    return frame


def _counts(
    connection: sa.Connection,
    layer_id: int,
    plan_ids: Sequence[int],
    areas: Sequence[CountedArea],
    since: date,
    last: date,
    timezone: ZoneInfo,
) -> dict[str, dict[str, float | None]]:
    """Return what each area has of each `LoadAttribute`."""
    begins = datetime.combine(since, time(), timezone)
    ends = end_of(last, timezone)
    per_year = patrols_per_year(connection)
    events, warnings, visits = Counter[str](), Counter[str](), Counter[str]()
    for code, _, count in statistics.counted(
        connection, statistics.EVENTS, layer_id, plan_ids, begins=begins, ends=ends
    ):
        events[code or ""] += count
    for code, (kind,), count in statistics.counted(connection, statistics.BUILDINGS, layer_id, plan_ids):
        word = kind or RiskClass.UNCLASSIFIED.value
        visits[code or ""] += count * per_year[word]
        if word == RiskClass.WARNING.value:
            warnings[code or ""] += count
    return {
        one.code: {
            LoadAttribute.POPULATION.value: one.population,
            LoadAttribute.HOUSEHOLDS.value: one.households,
            LoadAttribute.AREA_KM2.value: one.area_m2 / 1e6,
            LoadAttribute.EVENTS.value: events[one.code],
            LoadAttribute.WARNING_BUILDINGS.value: warnings[one.code],
            LoadAttribute.VISITS_DUE.value: visits[one.code],
        }
        for one in areas
    }


def _rule(stored: Json | None) -> tuple[LoadTerm, ...]:
    """Return the rule of a layer; none where it sets no target."""
    return () if stored is None else load_rule(parse_targets(stored))


def _terms(rule: Sequence[LoadTerm]) -> tuple[list[LoadTermInfo], tuple[str, ...]]:
    """Return the terms that areas have figures of, weighing 1 together, and the names of the others."""
    known = {one.value: one for one in LoadAttribute}
    counted = [one for one in rule if one.attribute in known]
    whole = math.fsum(one.weight for one in counted)
    terms = [
        LoadTermInfo(
            one.attribute,
            known[one.attribute].title_zh,
            known[one.attribute].title_en,
            one.weight / whole,
            one.target,
        )
        for one in counted
    ]
    return terms, tuple(one.attribute for one in rule if one.attribute not in known)


def _told(
    one: CountedArea,
    counts: dict[str, float | None],
    terms: Sequence[LoadTermInfo],
    posts: tuple[int, int] | None,
) -> AreaLoad:
    shares: dict[str, float | None] = {}
    for term in terms:
        count = counts[term.attribute]
        shares[term.attribute] = None if count is None else term.weight * count / term.target
    known = [share for share in shares.values() if share is not None]
    load = math.fsum(known) if terms and len(known) == len(terms) else None
    needed, filled = posts or (None, None)
    return AreaLoad(
        code=one.code,
        name=one.name,
        plan=one.plan,
        counts=counts,
        shares=shares,
        load=load,
        deviation=None if load is None else load - 1.0,
        posts_needed=needed,
        posts_filled=filled,
        filled_share=filled / needed if needed and filled is not None else None,
    )


def _posts(database: Database, layer: str, at: date) -> Mapping[str, tuple[int, int]]:
    """Return how many posts each area needs and has filled, as far as whoever asks may see posts."""
    if database.actor is not None and not database.actor.may(rights_table().rights["staff.read"]):
        return {}
    return {one.code: (one.needed, one.filled) for one in layer_posts(database, layer, at=at).areas}


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _per_cent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 2)
