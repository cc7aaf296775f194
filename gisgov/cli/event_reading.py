"""``gisgov event list`` and ``gisgov event show``: which events there are, and where each one stands."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.event_texts import described, desk_text
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.audit import parse_period
from gisgov.services.event_reading import (
    EventPage,
    EventSort,
    OfArea,
    find_event,
    find_event_by_key,
    list_events,
    parse_filter,
)
from gisgov.services.loop import EventInfo
from gisgov.types import BBox


@click.command("list")
@click.option("--area", metavar="LAYER CODE", nargs=2, help="Only events of this area.")
@click.option(
    "--of",
    type=click.Choice(["in", "desk", "either"]),
    default="either",
    show_default=True,
    help="Of the area: events that lie in it, on its desk, or either.",
)
@click.option("--state", metavar="STATES", help="Only these states; `open`: somebody still has to act.")
@click.option("--level", metavar="LEVELS", help="Only these levels.")
@click.option("--source", metavar="SOURCES", help="Only from these sources.")
@click.option("--category", metavar="CODES", help="Only of these items of the register.")
@click.option("--department", metavar="CODES", help="Only for these departments.")
@click.option(
    "--limit-state",
    metavar="WORDS",
    help="With a limit that is due-soon or overdue, or late: missed or overdue.",
)
@click.option("--from", "since", metavar="TIME", help="What happened from this date or timestamp on.")
@click.option("--to", "until", metavar="TIME", help="Until this date or timestamp, which is excluded.")
@click.option("--bbox", type=float, nargs=4, metavar="WEST SOUTH EAST NORTH", help="Only in this box.")
@click.option("--id", "named", metavar="ID", help="Only with this id, here or at its source.")
@click.option("--building", type=click.IntRange(min=1), metavar="ID", help="Only those of this building.")
@click.option(
    "--sort",
    type=click.Choice(["newest", "due"]),
    default="newest",
    show_default=True,
    help="The newest first; or what is overdue or due first, of events on which a limit runs alone.",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many events.")
@click.option("--after", metavar="MARK", help="Go on behind this mark, which the page before ended with.")
@json_option(EventPage)
def list_(
    area: tuple[str, str] | None,
    of: OfArea,
    state: str | None,
    level: str | None,
    source: str | None,
    category: str | None,
    department: str | None,
    limit_state: str | None,
    since: str | None,
    until: str | None,
    bbox: BBox | None,
    named: str | None,
    building: int | None,
    sort: EventSort,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List events and where they stand; several words of one kind are separated by commas."""
    settings = load_settings()
    layer, code = area or (None, None)
    asked = parse_filter(
        layer=layer,
        area=code,
        of=of,
        state=state,
        level=level,
        source=source,
        category=category,
        department=department,
        limit_state=limit_state,
        period=parse_period(since, until, ZoneInfo(settings.timezone)),
        bbox=bbox,
        named=named,
        building_id=building,
    )
    page = list_events(open_database(settings), asked, sort=sort, after=after, limit=limit)
    emit(page, as_json=as_json, text=_listed)


@click.command
@click.argument("event_id", metavar="EVENT")
@click.option("--source", metavar="NAME", help="EVENT is what this source calls it.")
@json_option(EventInfo)
def show(event_id: str, source: str | None, as_json: bool) -> None:
    """Show where EVENT stands, by its number here or by what its source calls it."""
    if source is not None:
        found = find_event_by_key(open_database(), source, event_id)
    elif event_id.isascii() and event_id.isdigit() and 0 < int(event_id) < 2**63:
        found = find_event(open_database(), int(event_id))
    else:
        raise click.UsageError("EVENT is a number, unless --source says whose id it is.")
    emit(found, as_json=as_json, text=described)


def _listed(page: EventPage) -> str:
    if not page.events:
        return "No event is so."
    headings = ("id", "source", "happened", "level", "category", "state", "desk", "due", "what")
    rows = [_row(one) for one in page.events]
    more = "" if page.after is None else f"\nThere are more: --after {page.after}"
    return table(headings, rows) + more


def _row(event: EventInfo) -> tuple[str | None, ...]:
    due = next((one for one in event.limits if one.state in ("running", "due-soon", "overdue")), None)
    category = event.category_text if event.category is None else event.category.title or event.category.code
    return (
        str(event.id),
        event.source,
        event.occurred_at.isoformat(sep=" ", timespec="minutes"),
        event.level,
        category,
        event.state,
        desk_text(event.desk),
        None if due is None else f"{due.due_at.isoformat(sep=' ', timespec='minutes')} {due.state}",
        (event.description or "")[:40] or None,
    )
