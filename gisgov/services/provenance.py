"""Use case: what a map says of its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas
import pandas as pd
import sqlalchemy as sa

from gisgov.geometry.crs import parse_crs
from gisgov.governance.risk import RiskRules, parse_rules
from gisgov.store import risk, thematic
from gisgov.store.database import Database
from gisgov.store.locating import layers_at


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a map says of the areas and ratings it shows.

    Attributes
    ----------
    place : str or None
        Name of the one area of the top layer that is in force; None where there is none, or several.
    area_zh, area_en : str or None
        What an area is called: the titles of the layer; None where there is no area.
    plans : tuple of str
        Names of the plans whose areas are drawn.
    measured_in : str
        Title of the projected systems that their areas were measured in.
    rules_versions : tuple of str
        Versions of the risk rules that the buildings are rated by.
    rules_are_example : bool
        Whether one of them is an example.
    first, last : datetime.date or None
        Local days of the first and the last event.
    rated : datetime.date or None
        Local day of the latest rating that is shown; None where no buildings are.
    """

    place: str | None
    area_zh: str | None
    area_en: str | None
    plans: tuple[str, ...]
    measured_in: str
    rules_versions: tuple[str, ...]
    rules_are_example: bool
    first: date | None
    last: date | None
    rated: date | None = None


def provenance(
    database: Database,
    grids: geopandas.GeoDataFrame,
    *,
    at: date | None = None,
    events: geopandas.GeoDataFrame | None = None,
    buildings: geopandas.GeoDataFrame | None = None,
) -> Provenance:
    """Return what a map says of its source.

    Parameters
    ----------
    database : Database
        Where the rules are.
    grids : GeoDataFrame
        The areas drawn, of `grids_frame`.
    at : datetime.date, optional
        Day whose top layer names the place; without it no place is named.
    events : GeoDataFrame, optional
        The events drawn, of `events_frame`.
    buildings : GeoDataFrame, optional
        The buildings drawn, of `buildings_frame`; by default the rules are those that rate buildings now.
    """
    with database.begin() as connection:
        named = (
            risk.versions_in_use(connection) if buildings is None else set(buildings["risk_rules_version"])
        )
        versions = tuple(sorted(version for version in named if isinstance(version, str) and version))
        rules = stored_rules(connection)
        place = None if at is None else _place(connection, at)
    moments = [] if events is None else [moment.date() for moment in events["occurred_at"]]
    systems = sorted(set(grids["working_crs"]))
    return Provenance(
        place=place,
        area_zh=_first(grids, "layer_zh"),
        area_en=_first(grids, "layer_en"),
        plans=tuple(sorted(set(grids["plan"]))),
        measured_in="、".join(_system(name) for name in systems),
        rules_versions=versions,
        rules_are_example=any(rules[version].is_example for version in versions),
        first=min(moments, default=None),
        last=max(moments, default=None),
        rated=None if buildings is None else _latest(buildings),
    )


def _place(connection: sa.Connection, day: date) -> str | None:
    top = next((layer for layer in layers_at(connection, day) if layer.kind == "partition"), None)
    if top is None or not top.in_force:
        return None
    names = thematic.areas(connection, top.id, day=day).columns["name"]
    return str(names[0]) if len(names) == 1 else None


def _system(name: str) -> str:
    system = parse_crs(name)
    return system.title if system.name in system.title else f"{system.title} ({system.name})"


def _versions(buildings: pd.DataFrame) -> set[object]:
    names = ("risk_rules_version", "former_rules_version")
    return {version for name in names if name in buildings for version in buildings[name]}


def _latest(buildings: pd.DataFrame) -> date | None:
    moments = pd.to_datetime(buildings["rated_at"]).dropna()
    return moments.max().date() if len(moments) else None


def _first(frame: pd.DataFrame, name: str) -> str | None:
    return str(frame[name].iloc[0]) if len(frame) else None


def stored_rules(connection: sa.Connection) -> dict[str, RiskRules]:
    """Return all rules on record by their version, those in force first."""
    return {
        version: parse_rules(definition, f"risk rules {version}")
        for version, definition in risk.definitions(connection).items()
    }
