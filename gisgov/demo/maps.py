"""The demo's maps: risk, events, sub-grids, services, devices, posts, defects; some also for print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd

from gisgov.demo.report import DraftSummary
from gisgov.errors import FileError
from gisgov.services.checking import CheckReport
from gisgov.services.comparing.comparing import compare_with_ground
from gisgov.services.comparing.features import changes_frame
from gisgov.services.devices.drawing import device_frames
from gisgov.services.patrols.drawing import service_frames
from gisgov.services.staffing.figures import layer_posts, posts_frame
from gisgov.services.thematic import (
    buildings_frame,
    defects_of,
    events_frame,
    grids_frame,
    plan_frame,
    provenance,
)
from gisgov.store.database import Database
from gisgov.types import Progress, silent
from maps import defects, devices, events, grids, hotspots, plan_changes, risk, service, vacancies
from maps.assets import WebAssets
from maps.document import Document
from maps.facts import MapFacts
from maps.figures import figures_file
from maps.page import compose
from maps.printing import draw_print

_SOURCE = "演示数据：由种子生成，不对应任何真实的地点和人。Generated demo data: no real place or person."
_TABLED = ("risk",)
_PRINTED = ("risk", "events", "grids")


def draw_maps(
    database: Database,
    out: Path,
    *,
    assets: WebAssets,
    layer: str,
    at: date,
    timezone: ZoneInfo,
    report: CheckReport,
    draft: DraftSummary,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Draw all maps as ``NAME.html``, some as PNG too.

    Parameters
    ----------
    database : Database
        Where the areas, buildings and events are.
    out : pathlib.Path
        Folder; made if need be.
    assets : WebAssets
        Inlined into the pages.
    layer : str
        Layer whose areas are drawn.
    at : datetime.date
        Day whose plan is drawn.
    timezone : zoneinfo.ZoneInfo
        In which the events' times are told.
    report : CheckReport
        What the check of that plan found.
    draft : DraftSummary
        The draft.
    progress : Progress
        Told of each file.

    Returns
    -------
    tuple of pathlib.Path
        What was written.

    Raises
    ------
    ProgramMissing
        No font with Chinese characters is installed.
    FileError
        A map cannot be written.
    """
    written: list[Path] = []
    documents = _documents(database, layer, at, timezone, report, draft)
    for name, document in progress(documents, label="draw", total=9):
        written.append(_write(out / f"{name}.html", compose(document, assets).encode()))
        if name in _PRINTED:
            written.append(_write(out / f"{name}.png", draw_print(document)))
        if name in _TABLED:
            written.append(_write(out / f"{name}.xlsx", figures_file(document, "xlsx")))
    return tuple(written)


def _documents(
    database: Database, layer: str, at: date, timezone: ZoneInfo, report: CheckReport, draft: DraftSummary
) -> Iterator[tuple[str, Document]]:
    areas = grids_frame(database, layer, at)
    reported = events_frame(database, layer, timezone=timezone)
    facts = _facts(database, areas, at)
    buildings = buildings_frame(database, layer, timezone=timezone)
    rated = replace(facts, rated=provenance(database, areas, buildings=buildings).rated)
    yield "risk", risk.document(buildings, areas, facts=rated)
    yield "risk-hotspots", hotspots.document(buildings, areas, facts=rated)
    yield "events", events.document(reported, areas, facts=_facts(database, areas, at, reported))
    yield "grids", grids.document(areas, facts=facts)
    served = service_frames(database, layer, at)
    frames = (served.served, served.points, served.circles, areas)
    yield "service", service.document(*frames, radius_m=served.radius_m, facts=facts)
    found = device_frames(database, layer, at, timezone=timezone)
    yield (
        "devices",
        devices.document(
            found.devices,
            found.counted,
            areas,
            kinds=found.kinds,
            heard=found.heard,
            outside=found.outside,
            facts=facts,
        ),
    )
    posts = layer_posts(database, layer, at=at)
    yield (
        "vacancies",
        vacancies.document(posts_frame(posts), areas, roles=posts.roles, formula=posts.formula, facts=facts),
    )
    yield "defects", defects.document(defects_of([report]), areas, checks=[report], facts=facts)
    yield "comparison", _comparison(database, draft, facts)


def _comparison(database: Database, draft: DraftSummary, facts: MapFacts) -> Document:
    compared = compare_with_ground(database, draft.based_on, draft.plan)
    return plan_changes.document(
        changes_frame(compared),
        plan_frame(database, draft.based_on)[1],
        plan_frame(database, draft.plan)[1],
        fates=compared.report.fates,
        origins=compared.report.origins,
        facts=replace(facts, plan=None, subject=f"{draft.based_on} → {draft.plan}"),
    )


def _facts(
    database: Database, areas: gpd.GeoDataFrame, at: date, reported: gpd.GeoDataFrame | None = None
) -> MapFacts:
    known = provenance(database, areas, at=at, events=reported)
    return MapFacts(
        place=known.place,
        at=at,
        plan="、".join(known.plans),
        rules_version="、".join(known.rules_versions) or None,
        rules_are_example=known.rules_are_example,
        first=known.first,
        last=known.last,
        measured_in=known.measured_in,
        source=_SOURCE,
        area_zh=known.area_zh,
        area_en=known.area_en,
    )


def _write(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise FileError(f"{path}: {(error.strerror or 'cannot be written').lower()}.") from error
    return path
