"""``gisgov statistics events``: what became of events, by area and part, and beside the year before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.events import EventLevel
from gisgov.services.days import parse_day
from gisgov.services.event_statistics import (
    EventParting,
    EventsAsked,
    EventStatistics,
    EventStatisticsRow,
    event_statistics,
    statistics_table,
)
from gisgov.services.statistics.figure_tables import refuse_unwritable

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_HEADING = (
    "code",
    "name",
    "part",
    "reported",
    "open",
    "closed",
    "%",
    "overdue",
    "hours",
    "solved",
    "escalated",
)
_PLACES = {"beyond": "other areas", "outside": "outside", "no-place": "no place", "all": "all"}


@click.command
@click.option("--layer", required=True, metavar="NAME", help="The layer.")
@click.option("--at", metavar="DATE", help="The day whose areas are counted.  [default: today]")
@click.option("--from", "first", type=_DAY, metavar="DATE", help="First day of the events.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="Last day of the events.")
@click.option("--by", type=click.Choice([one.value for one in EventParting]), help="Part the events by this.")
@click.option("--source", "sources", multiple=True, metavar="SOURCE", help="Only events of this source.")
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.Choice([one.value for one in EventLevel]),
    help="Only events of this level.",
)
@click.option("--category", "categories", multiple=True, metavar="CODE", help="Only of this category.")
@click.option("--function", "functions", multiple=True, metavar="NAME", help="Only of this function.")
@click.option("--compare-year", is_flag=True, help="Beside the same days a year before, on the same areas.")
@click.option("--out", type=FILE, metavar="FILE", help="Write all figures too: .csv or .xlsx.")
@click.option("--english", is_flag=True, help="English headings in the file.  [default: Chinese]")
@json_option(EventStatistics)
def events(
    layer: str,
    at: str | None,
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    sources: tuple[str, ...],
    levels: tuple[str, ...],
    categories: tuple[str, ...],
    functions: tuple[str, ...],
    compare_year: bool,
    out: Path | None,
    english: bool,
    as_json: bool,
) -> None:
    """Count events of the areas of a layer: closed, overdue, how long they took, solved and escalated.

    Rows of what lies in no area, has no place, no level or no category make the parts add up to the whole.
    """
    if out is not None:
        refuse_unwritable(out)
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    asked = EventsAsked(
        first=None if first is None else first.date(),
        last=None if last is None else last.date(),
        by=None if by is None else EventParting(by),
        sources=sources,
        levels=levels,
        categories=categories,
        functions=functions,
        compare_year=compare_year,
    )
    found = event_statistics(open_database(settings), layer, asked, at=parse_day(at, zone), timezone=zone)
    if out is not None:
        statistics_table(found, "en" if english else "zh").write(out)
    emit(found, as_json=as_json, text=_shown)


def _shown(found: EventStatistics) -> str:
    compared = found.former_first is not None
    heading = _HEADING if found.by else tuple(one for one in _HEADING if one != "part")
    if compared:
        heading += ("year before", "change %")
    days = f"{found.first or 'from the first'} to {found.last or 'the last'}"
    lines = [f"Events of layer {found.layer}, {days}, on the areas of {found.at}.", ""]
    return "\n".join([*lines, table(heading, [tuple(_cells(one, found)) for one in found.rows])])


def _cells(one: EventStatisticsRow, found: EventStatistics) -> Iterator[object]:
    figures = one.figures
    yield one.code or ""
    yield one.name if one.place == "area" else _PLACES[one.place]
    if found.by:
        yield "" if one.part is None else one.part.title_en
    yield from (figures.reported, figures.open, figures.closed)
    yield None if figures.disposal_rate is None else round(figures.disposal_rate * 100, 1)
    yield figures.overdue
    yield None if figures.median_hours is None else round(figures.median_hours, 1)
    yield from (figures.solved, figures.escalated)
    if one.former is not None and one.change is not None:
        yield one.former.reported
        yield None if one.change.reported is None else round(one.change.reported, 1)
