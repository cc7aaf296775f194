"""Use cases: what maps are drawn from, as frames in EPSG:4326.

Stored words become titles in the language asked for; what somebody wrote stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pandas as pd

from gisgov.errors import InputError
from gisgov.governance.events import EventLevel, EventSource, EventState
from gisgov.governance.risk import RiskRules
from gisgov.governance.titles import Language, Titled
from gisgov.services.defect_layers import frame_of
from gisgov.services.defect_reports import CheckReport, numbered_through
from gisgov.services.drawn_layers import layer_to_draw
from gisgov.services.provenance import Provenance, provenance, stored_rules
from gisgov.store import thematic
from gisgov.store.database import Database
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.plans import find_plan
from gisgov.store.thematic import Rows
from gisgov.types import Texts

__all__ = [
    "Provenance",
    "buildings_frame",
    "defects_of",
    "drawn_layer",
    "events_frame",
    "grids_frame",
    "plan_frame",
    "provenance",
]


def drawn_layer(database: Database, layer: str | None, at: date) -> str:
    """Return the name of the layer that a map is about: the one named, or the lowest partition in force.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force on the day.
    """
    with database.begin() as connection:
        return layer_to_draw(connection, layer, at).name


def grids_frame(database: Database, layer: str, at: date) -> geopandas.GeoDataFrame:
    """Return the areas of a layer in force on a day.

    Parameters
    ----------
    database : Database
        Where the plans are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day.

    Returns
    -------
    GeoDataFrame
        By code: code, name, plan, working_crs, layer_zh and layer_en (titles of the layer), parent_code (None
        where there is none, or there are several), parent_name, area_km2, population, households, staff
        (posts with their holders), staff_count.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with database.begin() as connection:
        drawn = find_layer(connection, layer)
        return _grids(thematic.areas(connection, drawn.id, day=at), drawn)


def plan_frame(database: Database, plan: str) -> tuple[str, geopandas.GeoDataFrame]:
    """Return the name of a plan's layer, and the plan's areas like `grids_frame`; it may be a draft.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        It has no areas.
    """
    with database.begin() as connection:
        found = find_plan(connection, plan)
        if not found.areas:
            raise InputError(f"Plan {plan!r} has no areas.", hint="Import them first.", field="plan")
        layer = find_layer(connection, found.layer)
        return layer.name, _grids(thematic.areas(connection, layer.id, plan_id=found.id), layer)


def _grids(rows: Rows, layer: StoredLayer) -> geopandas.GeoDataFrame:
    columns = rows.columns
    frame = pd.DataFrame({name: columns[name] for name in ("code", "name", "plan", "working_crs")})
    frame["layer_zh"], frame["layer_en"] = layer.title_zh, layer.title_en
    frame["parent_code"] = [codes[0] if len(codes) == 1 else None for codes in columns["parent_codes"]]
    frame["parent_name"] = ["、".join(names) or None for names in columns["parent_names"]]
    frame["area_km2"] = columns["area_m2"].astype(np.float64) / 1e6
    for name in ("population", "households"):
        frame[name] = columns[name].astype(np.float64)  # NaN where it is not known
    posts = list(zip(columns["roles"], columns["holders"], strict=True))
    frame["staff"] = [
        "；".join(f"{role} {holder}" for role, holder in zip(*post, strict=True)) or None for post in posts
    ]
    # without any post on record nothing is known of staff; with some, an area without one has none
    is_known = any(roles for roles, _ in posts)
    frame["staff_count"] = [float(len(roles)) if is_known else np.nan for roles, _ in posts]
    return _geo(frame, rows)


def buildings_frame(
    database: Database,
    layer: str,
    *,
    language: Language = "zh",
    rated: date | None = None,
    timezone: ZoneInfo | None = None,
) -> geopandas.GeoDataFrame:
    """Return all buildings with their rating.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Layer whose area owns each.
    language : {"zh", "en"}
        Language of uses and reasons.
    rated : datetime.date, optional
        Local day at whose end they are rated so; by default as they are rated now.
    timezone : zoneinfo.ZoneInfo, optional
        Time zone of the place; by default Asia/Shanghai.

    Returns
    -------
    GeoDataFrame
        In the order of their import: id, external_id, name, use, floors, built_year, households, population,
        problem (why there is no geometry), risk_class, risk_points, risk_reasons (texts for people, by the
        rules that gave them), risk_rules_version, rated_at (local time), grid_code. What belongs to the
        rating is missing where there was none.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    zone = timezone or ZoneInfo("Asia/Shanghai")
    with database.begin() as connection:
        rows = thematic.buildings(connection, find_layer(connection, layer).id, zone)
        given = None if rated is None else thematic.ratings_at(connection, rated, zone)
        rules = stored_rules(connection)
    if given is not None:
        rows.columns.update(ratings_of(rows.columns["id"], given))
    frame = pd.DataFrame(rows.columns)
    for name in ("floors", "built_year", "households", "population", "risk_points"):
        frame[name] = rows.columns[name].astype(np.float64)
    frame["risk_reasons"] = reasons_told(
        rows.columns["risk_reasons"], rows.columns["risk_rules_version"], rules, language
    )
    frame["use"] = _retitled(rows.columns["use"], _uses(rules, language))
    return _geo(frame, rows)


def ratings_of(ids: Texts, given: Mapping[str, Texts]) -> dict[str, Texts]:
    """Put ratings of a day beside buildings, None for those that had none.

    Parameters
    ----------
    ids : (n,) array of int
        Ids of the buildings.
    given : mapping
        Columns of `gisgov.store.thematic.ratings_at`, by rising building_id.

    Returns
    -------
    dict of (n,) arrays
        risk_class, risk_points, risk_reasons, risk_rules_version, rated_at.
    """
    known = given["building_id"].astype(np.int64)
    place = np.searchsorted(known, ids.astype(np.int64))
    has = np.zeros(len(ids), dtype=bool)
    inside = place < len(known)
    has[inside] = known[place[inside]] == ids[inside].astype(np.int64)
    found = {}
    for name in ("risk_class", "risk_points", "risk_reasons", "rules_version", "rated_at"):
        column = np.full(len(ids), None, dtype=object)
        column[has] = given[name][place[has]]
        found["risk_rules_version" if name == "rules_version" else name] = column
    return found


def reasons_told(
    reasons: Texts, versions: Texts, rules: Mapping[str, RiskRules], language: Language
) -> Texts:
    """Return the reasons of ratings as texts for people, by the rules that gave each; None without any."""
    explanations = {version: one.explanations(language) for version, one in rules.items()}
    told = np.full(len(reasons), None, dtype=object)
    for place, (named, version) in enumerate(zip(reasons, versions, strict=True)):
        if named is not None:
            told[place] = tuple(explanations[version].get(reason, reason) for reason in named)
    return told


def events_frame(
    database: Database,
    layer: str,
    *,
    first: date | None = None,
    last: date | None = None,
    timezone: ZoneInfo | None = None,
    language: Language = "zh",
) -> geopandas.GeoDataFrame:
    """Return events of a period.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Layer whose area owns each: the one in force on the event's own day.
    first, last : datetime.date, optional
        Local days that the period begins and ends with; by default all events.
    timezone : zoneinfo.ZoneInfo, optional
        Time zone of the place; by default Asia/Shanghai.
    language : {"zh", "en"}
        Language of sources, levels and states.

    Returns
    -------
    GeoDataFrame
        In the order they happened: external_id, source, source_title, category, level, level_title, state
        (title), problem (why there is no geometry), occurred_at (local time), grid_code.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    zone = timezone or ZoneInfo("Asia/Shanghai")
    with database.begin() as connection:
        rows = thematic.events(connection, find_layer(connection, layer).id, zone, first, last)
    frame = pd.DataFrame(rows.columns)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"])
    frame["source_title"] = _titled(rows.columns["source"], EventSource, language)
    frame["level_title"] = _titled(rows.columns["level"], EventLevel, language)
    frame["state"] = _titled(rows.columns["state"], EventState, language)
    return _geo(frame, rows)


def defects_of(reports: Sequence[CheckReport]) -> geopandas.GeoDataFrame:
    """Return the defects of several reports, numbered through, as one frame; see `frame_of`."""
    return frame_of(numbered_through(reports))


def _uses(rules: Mapping[str, RiskRules], language: Language) -> dict[str, str]:
    """Titles of uses, as the rules in use know them: the latest adopted come first."""
    titles: dict[str, str] = {}
    for one in reversed(list(rules.values())):
        for fact in one.facts:
            if fact.name == "use":
                titles |= {
                    choice.value: choice.title_zh if language == "zh" else choice.title_en
                    for choice in fact.choices
                }
    return titles


def _retitled(values: Texts, titles: Mapping[str, str]) -> list[str | None]:
    return [titles.get(value, value) for value in values]


def _titled(values: Texts, words: type[Titled], language: Language) -> list[str | None]:
    return _retitled(values, {member.value: member.titled(language) for member in words})


def _geo(frame: pd.DataFrame, rows: Rows) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(rows.geometries, crs="EPSG:4326"))
