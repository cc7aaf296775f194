"""``gisgov hazard``: hazards of buildings recorded, taken step by step, listed and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gisgov.cli.hazard_texts import counted, described, listed, taken
from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardAction, HazardKind, HazardStep
from gisgov.services import hazards
from gisgov.services.days import local_day, parse_day
from gisgov.services.hazards import (
    HazardHistory,
    HazardInfo,
    HazardPage,
    HazardsTaken,
    HazardStatistics,
    SentHazard,
    parse_hazards,
)
from gisgov.services.statistics.figure_tables import refuse_unwritable

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_STEPS = [one.value for one in HazardAction if one is not HazardAction.FIND]


def _day_option(name: str, text: str, *, needed: bool = False) -> Callable[[Any], Any]:
    return click.option(f"--{name}", type=_DAY, metavar="DATE", help=text, required=needed)


@click.group
def hazard() -> None:
    """Record hazards of buildings, take steps with them, list and count them."""


@hazard.command
@click.argument("external_id", metavar="ID")
@click.option("--source", required=True, metavar="WORDS", help="Who tells of it; with ID it is one hazard.")
@click.option("--building", required=True, metavar="ID", help="The building, by its id outside.")
@click.option("--building-source", metavar="WORDS", help="Whose id that is, where several sources have it.")
@click.option(
    "--kind", required=True, type=click.Choice([one.value for one in HazardKind]), help="What it is of."
)
@_day_option("found", "When it was found.", needed=True)
@_day_option("due", "The last day to rectify it in time.")
@_day_option("rectified", "When it was rectified, if it was.")
@_day_option("checked", "When that was checked, if it was.")
@click.option(
    "--event", type=click.IntRange(min=1), metavar="ID", help="The event by which it came to light."
)
@click.option("--description", metavar="WORDS", help="What it is.")
@json_option(HazardsTaken)
def record(
    external_id: str,
    source: str,
    building: str,
    building_source: str | None,
    kind: str,
    found: datetime,
    due: datetime | None,
    rectified: datetime | None,
    checked: datetime | None,
    event: int | None,
    description: str | None,
    as_json: bool,
) -> None:
    """Record the hazard that a source calls ID, and rate its building anew.

    Told again it changes nothing, or is carried on to rectified and checked.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    told = SentHazard(
        external_id=external_id,
        building=building,
        kind=HazardKind(kind),
        days=HazardReport(found.date(), *(_date(one) for one in (due, rectified, checked))),
        building_source=building_source,
        description=description,
        event_id=event,
    )
    done = hazards.record_hazards(
        open_database(settings), source, [told], today=local_day(None, zone), timezone=zone
    )
    emit(done, as_json=as_json, text=taken)
    finish(found=done.refused > 0)


@hazard.command
@click.argument("id_", metavar="ID", type=click.IntRange(min=1))
@click.argument("action", type=click.Choice(_STEPS))
@_day_option("day", "When it was done.  [default: today]")
@click.option("--reason", metavar="WORDS", help="Why; needed to return a hazard and to extend its term.")
@_day_option("due", "The new term: to extend, and to return if there is another.")
@json_option(HazardInfo)
def step(
    id_: int, action: str, day: datetime | None, reason: str | None, due: datetime | None, as_json: bool
) -> None:
    """Take a step with the hazard ID: rectify, check, return or extend.

    A check was passed; a return is a check that failed; to extend gives it a later term. Its building is
    rated anew.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    today = local_day(None, zone)
    done = HazardStep(HazardAction(action), _date(day) or today, reason, _date(due))
    found = hazards.take_hazard_step(open_database(settings), id_, done, today=today, timezone=zone)
    emit(found, as_json=as_json, text=described)


@hazard.command("list")
@click.option("--layer", metavar="NAME", help="Layer of the area that owns their buildings.")
@click.option("--area", metavar="CODE", help="Those of this area of it.")
@click.option("--building", type=click.IntRange(min=1), metavar="ID", help="Those of this building.")
@click.option("--kind", metavar="WORDS", help="Those of these kinds, separated by commas.")
@click.option("--state", metavar="WORDS", help="Those found, rectified or checked, separated by commas.")
@click.option("--overdue/--not-overdue", default=None, help="Those whose term is over, or the others.")
@click.option("--after", metavar="ID", help="Go on behind this one.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most of them.")
@json_option(HazardPage)
def list_(
    layer: str | None,
    area: str | None,
    building: int | None,
    kind: str | None,
    state: str | None,
    overdue: bool | None,
    after: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List hazards, those recorded last first."""
    settings = load_settings()
    today = local_day(None, ZoneInfo(settings.timezone))
    asked = parse_hazards(
        layer=layer, area=area, building_id=building, kind=kind, state=state, is_overdue=overdue
    )
    found = hazards.list_hazards(open_database(settings), asked, today=today, after=after, limit=limit)
    emit(found, as_json=as_json, text=listed)


@hazard.command
@click.argument("id_", metavar="ID", type=click.IntRange(min=1))
@json_option(HazardHistory)
def show(id_: int, as_json: bool) -> None:
    """Show the hazard ID with all that was done with it."""
    settings = load_settings()
    today = local_day(None, ZoneInfo(settings.timezone))
    found = hazards.find_hazard(open_database(settings), id_, today=today)
    emit(found, as_json=as_json, text=lambda one: described(one.hazard, one.steps))


@hazard.command
@click.option("--layer", required=True, metavar="NAME", help="Layer whose areas are counted.")
@click.option("--at", metavar="DATE", help="The day whose areas are meant.  [default: today]")
@_day_option("since", "First day on which they were found.")
@_day_option("until", "Last day on which they were found.")
@click.option("--out", type=FILE, metavar="FILE", help="Write all figures too: .csv or .xlsx.")
@click.option("--english", is_flag=True, help="English headings in the file.  [default: Chinese]")
@json_option(HazardStatistics)
def statistics(
    layer: str,
    at: str | None,
    since: datetime | None,
    until: datetime | None,
    out: Path | None,
    english: bool,
    as_json: bool,
) -> None:
    """Count hazards by area and kind: found, rectified, checked, overdue, and the rates of these.

    What lies in no area has its row, so that rows add up to all.
    """
    if out is not None:
        refuse_unwritable(out)
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    found = hazards.hazard_statistics(
        open_database(settings),
        layer,
        at=parse_day(at, zone),
        since=_date(since),
        until=_date(until),
        today=local_day(None, zone),
    )
    if out is not None:
        hazards.hazard_table(found, "en" if english else "zh").write(out)
    emit(found, as_json=as_json, text=counted)


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
