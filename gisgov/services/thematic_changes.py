"""Use case: how the classes of buildings changed from one day to another, as a frame for maps."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import geopandas

from gisgov.errors import InputError
from gisgov.governance.titles import Language
from gisgov.services.provenance import stored_rules
from gisgov.services.thematic import buildings_frame, ratings_of, reasons_told
from gisgov.store import thematic
from gisgov.store.database import Database

__all__ = ["rating_changes_frame"]


def rating_changes_frame(
    database: Database,
    layer: str,
    first: date,
    last: date,
    *,
    timezone: ZoneInfo | None = None,
    language: Language = "zh",
) -> geopandas.GeoDataFrame:
    """Return all buildings with their rating at the end of two days.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Layer whose area owns each.
    first, last : datetime.date
        Local days, the earlier and the later.
    timezone : zoneinfo.ZoneInfo, optional
        Time zone of the place; by default Asia/Shanghai.
    language : {"zh", "en"}
        Language of uses and reasons.

    Returns
    -------
    GeoDataFrame
        As of `buildings_frame` at the end of the last day, and former_class, former_points, former_reasons,
        former_rules_version: those at the end of the first; missing where a building was not rated by then.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        The first day is not before the last.
    """
    if not first < last:
        raise InputError(
            f"The change from {first} to {last} has no days in between.",
            hint="Give an earlier day first.",
            field="from",
        )
    zone = timezone or ZoneInfo("Asia/Shanghai")
    frame = buildings_frame(database, layer, language=language, rated=last, timezone=zone)
    with database.begin() as connection:
        former = ratings_of(frame["id"].to_numpy(dtype=object), thematic.ratings_at(connection, first, zone))
        rules = stored_rules(connection)
    frame["former_class"] = former["risk_class"]
    frame["former_points"] = former["risk_points"].astype(float)
    frame["former_reasons"] = reasons_told(
        former["risk_reasons"], former["risk_rules_version"], rules, language
    )
    frame["former_rules_version"] = former["risk_rules_version"]
    return frame
