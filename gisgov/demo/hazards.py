"""A year of hazards in the demo: brought in from their file, and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from gisgov.demo.event_report import HazardsSummary
from gisgov.services.hazards import hazard_statistics, import_hazards
from gisgov.services.place_imports import PlacesImport
from gisgov.store.database import Database


def record_year(
    database: Database, path: Path, *, layer: str, day: date, timezone: ZoneInfo
) -> HazardsSummary:
    """Bring in the hazards of a district, and count them on a day.

    Parameters
    ----------
    database : Database
        With the buildings.
    path : pathlib.Path
        The file of hazards.
    layer : str
        The layer by whose areas they are counted.
    day : datetime.date
        The day that is today in the demo.
    timezone : zoneinfo.ZoneInfo
        Whose day that is.
    """
    asked = PlacesImport(path, source="demo", strict=True)
    report = import_hazards(database, asked, today=day, timezone=timezone)
    figures = hazard_statistics(database, layer, at=day, today=day).rows[-1].figures
    return HazardsSummary(
        rows=report.rows_read,
        inserted=report.inserted,
        unchanged=report.unchanged,
        found=figures.found,
        open=figures.open,
        overdue=figures.overdue,
        rectified=figures.rectified,
        checked=figures.checked,
        rectification_rate=figures.rectification_rate,
        on_time_rate=figures.on_time_rate,
        check_rate=figures.check_rate,
        median_days=figures.median_days,
    )
