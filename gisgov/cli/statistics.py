"""``gisgov statistics``: figures of areas, and the same on the areas of another date or plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.progress import notice
from gisgov.cli.session import load_settings, open_database
from gisgov.cli.statistics_events import events
from gisgov.services.days import parse_day
from gisgov.services.statistics import (
    Figures,
    LayerStatistics,
    TransferReport,
    layer_statistics,
    transfer_table,
)

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_WHOLE = click.option("--whole", is_flag=True, help="Keep whole numbers whole, by largest remainder.")


@click.group
def statistics() -> None:
    """Count what lies in areas, and put figures onto the areas of another date or plan."""


@statistics.command
@click.option("--layer", required=True, metavar="NAME", help="The layer.")
@click.option("--at", metavar="DATE", help="The day whose areas are counted.  [default: today]")
@click.option("--on", type=_DAY, metavar="DATE", help="Put the figures onto the areas of this day.")
@click.option("--from", "first", type=_DAY, metavar="DATE", help="First day of the events.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="Last day of the events.")
@_WHOLE
@json_option(LayerStatistics)
def show(
    layer: str,
    at: str | None,
    on: datetime | None,
    first: datetime | None,
    last: datetime | None,
    whole: bool,
    as_json: bool,
) -> None:
    """Count people, buildings and events in the areas of a layer; the parts add up to the whole.

    With --on the figures of each area are divided among the areas that have its ground on that day, as its
    people live (by the ground where nobody does), and nothing is lost.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    days = {
        name: None if day is None else day.date()
        for name, day in (("on", on), ("first", first), ("last", last))
    }
    found = layer_statistics(
        open_database(settings), layer, at=parse_day(at, zone), **days, whole=whole, timezone=zone
    )
    emit(found, as_json=as_json, text=_shown)


@statistics.command
@click.argument("file", type=FILE)
@click.option("--from-plan", required=True, metavar="NAME", help="The plan whose areas the table is about.")
@click.option("--onto-plan", required=True, metavar="NAME", help="The plan onto whose areas the figures go.")
@click.option("--code-field", metavar="NAME", help="Column of the codes; one called so by default.")
@click.option(
    "--column", "columns", multiple=True, metavar="NAME", help="A column of figures; all by default."
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook with several.")
@_WHOLE
@click.option("--out", type=FILE, metavar="FILE", help="Write the figures too: .csv or .xlsx.")
@json_option(TransferReport)
def transfer(
    file: Path,
    from_plan: str,
    onto_plan: str,
    code_field: str | None,
    columns: tuple[str, ...],
    sheet: str | None,
    whole: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Put figures of the areas of one plan onto the areas of another.

    FILE is a CSV or Excel table with a row for each area. Each figure is divided as the people of the area
    live (by the ground where nobody does), so that the sums stay the same to the last digit.
    """
    from gisgov.services.statistics.figure_tables import refuse_unwritable
    from gisgov.services.statistics.tables import write_transferred

    if out is not None:
        refuse_unwritable(out)
    done = transfer_table(
        open_database(),
        file,
        from_plan=from_plan,
        onto_plan=onto_plan,
        code_field=code_field,
        columns=columns,
        whole=whole,
        sheet=sheet,
    )
    if out is not None:
        write_transferred(done, out)
    if done.left_out:
        notice(f"Left out, being no numbers: {', '.join(done.left_out)}.")
    if done.without_figures:
        notice(f"Without figures, counted as zero: {', '.join(done.without_figures)}.")
    emit(done, as_json=as_json, text=_transferred)


statistics.add_command(events)


def _shown(found: LayerStatistics) -> str:
    rows = [(one.code, one.name, *_cells(one.figures)) for one in found.areas]
    rows += [("", "in no area", *_cells(found.in_no_area)), ("", "all", *_cells(found.total))]
    heading = ("code", "name", "km²", "people", "households", "buildings", "warning", "events", "most events")
    days = f"events {found.first or 'from the first'} to {found.last or 'the last'}"
    where = f"areas of {found.at}" + (f", on the areas of {found.on}" if found.on else "")
    lines = [f"Layer {found.layer}: {where}; {days}.", "", table(heading, rows)]
    if found.on is not None:
        lost = sum(abs(one) for one in found.remainder.values())
        lines += ["", f"Lost on the way: {lost:g} (of {len(found.remainder)} figures)."]
    return "\n".join(lines)


def _cells(figures: Figures) -> tuple[object, ...]:
    buildings, events, categories = figures.buildings, figures.events, figures.events_by_category
    most = max(categories, key=lambda one: categories[one]) if categories else None
    return (
        None if figures.area_km2 is None else f"{figures.area_km2:,.3f}",
        _number(figures.population),
        _number(figures.households),
        None if buildings is None else _number(sum(buildings.values())),
        None if buildings is None else _number(buildings.get("warning", 0)),
        None if events is None else _number(sum(events.values())),
        most if categories and most is not None and categories[most] else None,
    )


def _number(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 2)


def _transferred(done: TransferReport) -> str:
    rows = [(code, name or "in no area", *figures) for code, name, figures in done.rows]
    sums = [sum(figures[i] for _, _, figures in done.rows) for i in range(len(done.columns))]
    total = ("", "all", *(round(one, 6) for one in sums))
    lost = ", ".join(f"{name} {one:g}" for name, one in zip(done.columns, done.remainder, strict=True))
    return "\n".join(
        [table(("code", "name", *done.columns), [*rows, total]), "", f"Lost on the way: {lost}."]
    )
