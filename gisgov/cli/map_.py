"""``gisgov map``: thematic maps, as pages that need no network or as sheets to print."""

from __future__ import annotations

from typing import Any

import click

from gisgov.cli.map_assets import devices, vacancies
from gisgov.cli.map_comparison import comparison
from gisgov.cli.map_drawing import Drawing, Sheet, sheet_options
from gisgov.cli.map_risk import risk, risk_change, risk_hotspots
from gisgov.cli.progress import progress
from gisgov.services.days import parse_day


@click.group(name="map")
def map_() -> None:
    """Draw a map as a page, PNG or PDF."""


@map_.command
@sheet_options
def grids(**asked: Any) -> None:
    """Draw the areas of a layer: borders, population, size, staff."""
    drawing = Drawing("grids", Sheet(**asked))
    from gisgov.work import map_questions

    drawing.finish(map_questions.grids(drawing.ground))


@map_.command
@click.option("--from", "first", metavar="DATE", help="First local day of the events.")
@click.option("--to", "last", metavar="DATE", help="Last local day of the events.")
@sheet_options
def events(first: str | None, last: str | None, **asked: Any) -> None:
    """Draw events by source and level, and their density."""
    drawing = Drawing("events", Sheet(**asked))
    from gisgov.work import map_questions

    begin, end = (None if day is None else parse_day(day, drawing.ground.zone) for day in (first, last))
    drawing.finish(map_questions.events(drawing.ground, begin, end))


@map_.command
@sheet_options
def service(**asked: Any) -> None:
    """Draw service points with their circles, and the share of people outside by area."""
    drawing = Drawing("service", Sheet(**asked))
    from gisgov.work import map_questions

    drawing.finish(map_questions.service(drawing.ground))


@map_.command
@click.option("--plan", metavar="NAME", help="Plan to check, be it a draft.  [default: the one in force]")
@sheet_options
def defects(plan: str | None, **asked: Any) -> None:
    """Draw the gaps, overlaps and other defects of a plan, numbered and listed."""
    drawing = Drawing("defects", Sheet(**asked), plan=plan)
    from gisgov.services.checking import check_plan
    from gisgov.services.thematic import defects_of
    from maps import defects as drawer

    ground = drawing.ground
    reports = [check_plan(ground.database, name, progress=progress()) for name in ground.plans]
    drawing.finish(drawer.document(defects_of(reports), ground.grids, checks=reports, **ground.words()))


for command in (risk, risk_change, risk_hotspots, comparison, devices, vacancies):
    map_.add_command(command)
