"""Use case: what a map of service points is drawn from, as frames in EPSG:4326."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.titles import Language
from gisgov.services.patrols.service import served_ground
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True, eq=False)
class ServiceFrames:
    """What a map of service points draws.

    Attributes
    ----------
    served : pandas.DataFrame
        By code: code, served_people, outside, outside_share (0..1, NaN without people).
    points : geopandas.GeoDataFrame
        Service points: title, tier, tier_title.
    circles : geopandas.GeoDataFrame
        Ground within the radius, united.
    radius_m : float
        The radius.
    """

    served: pd.DataFrame
    points: geopandas.GeoDataFrame
    circles: geopandas.GeoDataFrame
    radius_m: float


def service_frames(database: Database, layer: str, at: date, *, language: Language = "zh") -> ServiceFrames:
    """Return service points of a day with their circles, and who lives outside of them by area.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day.
    language : {"zh", "en"}
        Language of the titles of tiers.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    found = served_ground(database, layer, at=at)
    rows = [(one.code, one.people, one.outside, one.outside_share) for one in found.coverage.areas]
    served = pd.DataFrame(rows, columns=["code", "served_people", "outside", "outside_share"])
    served["outside_share"] = served["outside_share"].astype(float)
    titles = {one.name: one.title_zh if language == "zh" else one.title_en for one in found.policy.tiers}
    points = geopandas.GeoDataFrame(
        {
            "title": found.points.titles,
            "tier": found.points.tiers,
            "tier_title": [titles.get(tier, tier) for tier in found.points.tiers],
        },
        geometry=np.asarray(shapely.points(found.points.places), dtype=object),
        crs="EPSG:4326",
    )
    circles = geopandas.GeoDataFrame(geometry=list(found.circles), crs="EPSG:4326")
    return ServiceFrames(served, points, circles, found.policy.service_radius_m)
