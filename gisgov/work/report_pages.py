"""The report of a check as a page, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gisgov.errors import AssetsMissing
from gisgov.governance.titles import Language
from gisgov.services.check_jobs import page_name
from gisgov.services.checking import CheckReport, defects_frame
from gisgov.types import Progress
from maps.assets import WebAssets
from maps.facts import MapFacts

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def write_pages(
    report: CheckReport,
    areas: Any,
    folder: Path,
    *,
    assets: Path,
    progress: Progress,
) -> None:
    """Draw the defects of a report on a page that needs no network, once in each language.

    Where the web assets were not built, or there is nothing to draw, no page is made: the rest of the report
    does without. ``areas`` is the frame of what is drawn under them.
    """
    try:
        built = WebAssets.read(assets)
    except AssetsMissing:
        return
    frame = defects_frame(report)
    if not len(areas) and not frame["lon"].notna().any():
        return
    from maps import defects  # what draws is read by the jobs that draw, not by all

    facts = MapFacts(subject=report.subject, measured_in=report.measured_in)
    for language in progress(_LANGUAGES, label="drawing the map"):
        page = defects.draw(frame, areas, assets=built, checks=(report,), language=language, facts=facts)
        (folder / page_name(language)).write_text(page, encoding="utf-8")
