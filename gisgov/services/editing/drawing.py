"""Use case: the areas of a draft as they are drawn on a map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import shapely

from gisgov.store.database import Database
from gisgov.store.drafts import draft_row, grounds_by_code
from gisgov.store.plans import find_plan
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class DrawnAreas:
    """Areas of a draft as a GeoJSON feature collection (WGS 84).

    Attributes
    ----------
    revision : int
        That the draft had when they were read.
    features : tuple of dict
        A feature for each area, by code; its id and its property ``code`` are the code.
    """

    revision: int
    features: tuple[Json, ...]
    type: Literal["FeatureCollection"] = field(default="FeatureCollection")


def draw_areas(database: Database, plan: str, codes: Iterable[str] | None = None) -> DrawnAreas:
    """Draw areas of a draft; all by default.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    with database.begin() as connection:
        found = find_plan(connection, plan)
        revision = draft_row(connection, found.id).revision
        known, grounds = grounds_by_code(connection, found.id, codes)
    drawn: list[Any] = [json.loads(one) for one in shapely.to_geojson(grounds)]
    features = (
        {"type": "Feature", "id": code, "properties": {"code": code}, "geometry": one}
        for code, one in zip(known.tolist(), drawn, strict=True)
    )
    return DrawnAreas(revision, tuple(features))
