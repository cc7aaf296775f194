"""What every map command is asked, what it draws from, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.map_files import MapDrawn, describe, refuse_out, write_map
from gisgov.cli.output import emit, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import parse_day

if TYPE_CHECKING:
    from maps.document import Document

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every map command is asked."""

    out: Path
    layer: str | None
    at: str | None
    language: Literal["zh", "en"]
    title: str | None
    view: str | None
    paper: Literal["a3", "a4"]
    portrait: bool
    as_json: bool


def sheet_options(function: Function) -> Function:
    """Give a command the options of `Sheet`, in this order."""
    options = (
        click.option(
            "--out",
            type=click.Path(dir_okay=False, path_type=Path),
            required=True,
            metavar="FILE",
            help="File to write: .html for a page, .png or .pdf for print; figures: .xlsx, .csv, .json.",
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
        click.option("--portrait", is_flag=True, help="Print upright.  [default: landscape]"),
        json_option(MapDrawn),
    )
    for option in reversed(options):
        function = option(function)
    return function


class Drawing:
    """A map on its way: what it is drawn from, and where it goes."""

    def __init__(self, kind: str, sheet: Sheet, *, plan: str | None = None) -> None:
        refuse_out(sheet.out)
        from gisgov.work.map_questions import MapGround

        settings = load_settings()
        self.kind = kind
        self.sheet = sheet
        zone = ZoneInfo(settings.timezone)
        at = parse_day(sheet.at, zone)
        asked: dict[str, Any] = {"zone": zone, "language": sheet.language, "title": sheet.title}
        database = open_database(settings)
        if plan is None:
            self.ground = MapGround.of_day(database, sheet.layer, at, **asked)
        else:
            self.ground = MapGround.of_plan(database, plan, at, **asked)

    def finish(self, document: Document) -> None:
        """Write the map and say so."""
        size = write_map(
            document,
            self.sheet.out,
            paper=self.sheet.paper,
            portrait=self.sheet.portrait,
            view=self.sheet.view,
        )
        drawn = MapDrawn(
            kind=self.kind,
            file=str(self.sheet.out),
            size_bytes=size,
            title=document.title,
            layer=self.ground.layer,
            plans=self.ground.plans,
            at=self.ground.at,
            views=tuple(view.id for view in document.views),
            drawn={layer.id: len(layer.shapes) for layer in document.layers},
        )
        emit(drawn, as_json=self.sheet.as_json, text=describe)
