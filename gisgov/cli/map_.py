"""``gisgov map``: thematic maps, as pages that need no network or as sheets to print."""

from __future__ import annotations

from typing import Any

import click

from gisgov.cli.map_assets import devices, vacancies
from gisgov.cli.map_comparison import comparison
from gisgov.cli.map_drawing import Drawing, Sheet, sheet_options
from gisgov.cli.map_risk import risk, risk_change, risk_hotspots
from gisgov.cli.progress import progress
from gisgov.errors import InputError
from gisgov.services.days import parse_day


@click.group(name="map")
def map_() -> None:
    """Draw a map as a page, PNG or PDF."""


@map_.command
@sheet_options
def grids(**asked: Any) -> None:
    """Draw the areas of a layer: borders, population, size, staff."""
    drawing = Drawing("grids", Sheet(**asked))
    from maps import grids as drawer

    drawing.finish(drawer.document(drawing.grids, **drawing.words()))


@map_.command
@click.option("--from", "first", metavar="DATE", help="First local day of the events.")
@click.option("--to", "last", metavar="DATE", help="Last local day of the events.")
@sheet_options
def events(first: str | None, last: str | None, **asked: Any) -> None:
    """Draw events by source and level, and their density."""
    drawing = Drawing("events", Sheet(**asked))
    from gisgov.services.thematic import events_frame
    from maps import events as drawer

    begin, end = (None if day is None else parse_day(day, drawing.zone) for day in (first, last))
    if begin and end and end < begin:
        raise InputError(f"The period ends on {end}, before it begins on {begin}.", field="to")
    frame = events_frame(
        drawing.database,
        drawing.layer,
        first=begin,
        last=end,
        timezone=drawing.zone,
        language=drawing.sheet.language,
    )
    drawing.finish(drawer.document(frame, drawing.grids, **drawing.words(events=frame)))


@map_.command
@sheet_options
def service(**asked: Any) -> None:
    """Draw service points with their circles, and the share of people outside by area."""
    drawing = Drawing("service", Sheet(**asked))
    from gisgov.services.patrols.drawing import service_frames
    from maps import service as drawer

    frames = service_frames(drawing.database, drawing.layer, drawing.at, language=drawing.sheet.language)
    shown = drawing.grids[drawing.grids["code"].isin(set(frames.served["code"]))].reset_index(drop=True)
    words = drawing.words()
    drawing.finish(
        drawer.document(
            frames.served, frames.points, frames.circles, shown, radius_m=frames.radius_m, **words
        )
    )


@map_.command
@click.option("--plan", metavar="NAME", help="Plan to check, be it a draft.  [default: the one in force]")
@sheet_options
def defects(plan: str | None, **asked: Any) -> None:
    """Draw the gaps, overlaps and other defects of a plan, numbered and listed."""
    drawing = Drawing("defects", Sheet(**asked), plan=plan)
    from gisgov.services.checking import check_plan
    from gisgov.services.thematic import defects_of
    from maps import defects as drawer

    reports = [check_plan(drawing.database, name, progress=progress()) for name in drawing.plans]
    drawing.finish(drawer.document(defects_of(reports), drawing.grids, checks=reports, **drawing.words()))


for command in (risk, risk_change, risk_hotspots, comparison, devices, vacancies):
    map_.add_command(command)
