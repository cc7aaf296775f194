"""What every map command is asked, what it draws from, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.map_files import MapDrawn, describe, facts_of, refuse_out, write_map
from gisgov.cli.output import emit, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.paths import add_rooms
from gisgov.services.days import parse_day

if TYPE_CHECKING:
    from gisgov.store.database import Database
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

    def words(self, *, events: Any = None, buildings: Any = None) -> dict[str, Any]:
        """Return the title, the language and the provenance, as every drawer takes them."""
        from gisgov.services.thematic import provenance
        from maps.facts import MapFacts

        at = self.at if self.is_in_force else None
        found = provenance(self.database, self.grids, at=self.at, events=events, buildings=buildings)
        facts = facts_of(MapFacts(at=at), found)
        return {"title": self.sheet.title, "language": self.sheet.language, "facts": facts}

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
            layer=self.layer,
            plans=self.plans,
            at=self.at,
            views=tuple(view.id for view in document.views),
            drawn={layer.id: len(layer.shapes) for layer in document.layers},
        )
        emit(drawn, as_json=self.sheet.as_json, text=describe)
