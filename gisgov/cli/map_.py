"""``gisgov map``: thematic maps, as pages that need no network or as sheets to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.map_comparison import comparison
from gisgov.cli.map_files import MapDrawn, describe, facts_of, refuse_out, write_map
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import InputError
from gisgov.paths import add_rooms
from gisgov.services.days import parse_day

if TYPE_CHECKING:
    from gisgov.store.database import Database
    from maps.document import Document

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every map command is asked."""

    out: Path
    layer: str | None
    at: str | None
    language: Literal["zh", "en"]
    title: str | None
    view: str | None
    paper: Literal["a3", "a4"]
    as_json: bool


def _sheet_options(function: Function) -> Function:
    """Give a command the options of `_Sheet`, in this order."""
    options = (
        click.option(
            "--out",
            type=click.Path(dir_okay=False, path_type=Path),
            required=True,
            metavar="FILE",
            help="File to write: .html for a page, .png or .pdf for print.",
        ),
        click.option("--layer", metavar="NAME", help="Layer of the areas.  [default: the lowest in force]"),
        click.option("--at", metavar="DATE", help="Day whose plans are drawn.  [default: today]"),
        click.option(
            "--language",
            type=click.Choice(["zh", "en"]),
            default="zh",
            show_default=True,
            help="Its language.",
        ),
        click.option("--title", metavar="TEXT", help="Heading.  [default: what the map is]"),
        click.option("--view", metavar="NAME", help="Print this view alone (PNG and PDF)."),
        click.option(
            "--paper",
            type=click.Choice(["a3", "a4"]),
            default="a3",
            show_default=True,
            help="Sheet to print on.",
        ),
        json_option(MapDrawn),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(name="map")
def map_() -> None:
    """Draw a map as a page, PNG or PDF."""


@map_.command
@_sheet_options
def grids(**asked: Any) -> None:
    """Draw the areas of a layer: borders, population, size, staff."""
    drawing = _Drawing("grids", _Sheet(**asked))
    from maps import grids as drawer

    drawing.finish(drawer.document(drawing.grids, **drawing.words()))


@map_.command
@_sheet_options
def risk(**asked: Any) -> None:
    """Draw buildings by risk class, warning shares by area, and their density."""
    drawing = _Drawing("risk", _Sheet(**asked))
    from gisgov.services.thematic import buildings_frame
    from maps import risk as drawer

    buildings = buildings_frame(drawing.database, drawing.layer, language=drawing.sheet.language)
    drawing.finish(drawer.document(buildings, drawing.grids, **drawing.words()))


@map_.command
@click.option("--from", "first", metavar="DATE", help="First local day of the events.")
@click.option("--to", "last", metavar="DATE", help="Last local day of the events.")
@_sheet_options
def events(first: str | None, last: str | None, **asked: Any) -> None:
    """Draw events by source and level, and their density."""
    drawing = _Drawing("events", _Sheet(**asked))
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
@_sheet_options
def service(**asked: Any) -> None:
    """Draw service points with their circles, and the share of people outside by area."""
    drawing = _Drawing("service", _Sheet(**asked))
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
@_sheet_options
def defects(plan: str | None, **asked: Any) -> None:
    """Draw the gaps, overlaps and other defects of a plan, numbered and listed."""
    drawing = _Drawing("defects", _Sheet(**asked), plan=plan)
    from gisgov.services.checking import check_plan
    from gisgov.services.thematic import defects_of
    from maps import defects as drawer

    reports = [check_plan(drawing.database, name, progress=progress()) for name in drawing.plans]
    drawing.finish(drawer.document(defects_of(reports), drawing.grids, checks=reports, **drawing.words()))


map_.add_command(comparison)


class _Drawing:
    """A map on its way: what it is drawn from, and where it goes."""

    def __init__(self, kind: str, sheet: _Sheet, *, plan: str | None = None) -> None:
        from gisgov.services import thematic

        refuse_out(sheet.out)
        add_rooms()
        settings = load_settings()
        self.kind = kind
        self.sheet = sheet
        self.zone = ZoneInfo(settings.timezone)
        self.at = parse_day(sheet.at, self.zone)
        self.is_in_force = plan is None
        self.database: Database = open_database(settings)
        if plan is None:
            self.layer = thematic.drawn_layer(self.database, sheet.layer, self.at)
            self.grids = thematic.grids_frame(self.database, self.layer, self.at)
        else:
            self.layer, self.grids = thematic.plan_frame(self.database, plan)
        self.plans = tuple(sorted(set(self.grids["plan"])))

    def words(self, *, events: Any = None) -> dict[str, Any]:
        """Return the title, the language and the provenance, as every drawer takes them."""
        from gisgov.services.thematic import provenance
        from maps.facts import MapFacts

        at = self.at if self.is_in_force else None
        facts = facts_of(MapFacts(at=at), provenance(self.database, self.grids, at=self.at, events=events))
        return {"title": self.sheet.title, "language": self.sheet.language, "facts": facts}

    def finish(self, document: Document) -> None:
        """Write the map and say so."""
        size = write_map(document, self.sheet.out, paper=self.sheet.paper, view=self.sheet.view)
        drawn = MapDrawn(
            kind=self.kind,
            file=str(self.sheet.out),
            size_bytes=size,
            title=document.title,
            layer=self.layer,
            plans=self.plans,
            at=self.at,
            views=tuple(view.id for view in document.views),
            drawn={layer.id: len(layer.shapes) for layer in document.layers},
        )
        emit(drawn, as_json=self.sheet.as_json, text=describe)
