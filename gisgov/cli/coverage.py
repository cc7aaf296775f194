"""``gisgov coverage``: what patrols came near to, visits that are due, people far from service points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services import patrols
from gisgov.services.days import parse_day
from gisgov.services.patrols import PatrolCoverage, ServiceCoverage, VisitLoad

_LAYER = click.option("--layer", required=True, metavar="NAME", help="The layer.")
_DAYS = 7
"""Days of a period that nobody names, today the last."""


@click.group
def coverage() -> None:
    """Say what patrols came near to, which visits are due, and who lives far from service points."""


@coverage.command
@_LAYER
@click.option("--from", "first", metavar="DATE", help="First day.  [default: six days before the last]")
@click.option("--to", "last", metavar="DATE", help="Last day; the areas are those of it.  [default: today]")
@click.option("--area", metavar="CODE", help="One area alone.")
@json_option(PatrolCoverage)
def patrol(layer: str, first: str | None, last: str | None, area: str | None, as_json: bool) -> None:
    """Say how much ground, and how many buildings, lie near a check-in of a period, by area."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    until = parse_day(last, zone, field="to")
    since = until - timedelta(days=_DAYS - 1) if first is None else parse_day(first, zone, field="from")
    found = patrols.patrol_coverage(
        open_database(settings), layer, first=since, last=until, area=area, timezone=zone
    )
    emit(found, as_json=as_json, text=_patrolled)


@coverage.command
@_LAYER
@click.option("--day", metavar="DATE", help="The day.  [default: today]")
@json_option(VisitLoad)
def visits(layer: str, day: str | None, as_json: bool) -> None:
    """Say how many visits are due on a day and in its week, by area."""
    settings = load_settings()
    when = parse_day(day, ZoneInfo(settings.timezone), field="day")
    emit(patrols.visit_load(open_database(settings), layer, day=when), as_json=as_json, text=_due)


@coverage.command
@_LAYER
@click.option("--at", metavar="DATE", help="The day of areas and points.  [default: today]")
@json_option(ServiceCoverage)
def service(layer: str, at: str | None, as_json: bool) -> None:
    """Say how many people live outside every circle around a service point, by area."""
    settings = load_settings()
    when = parse_day(at, ZoneInfo(settings.timezone))
    emit(patrols.service_coverage(open_database(settings), layer, at=when), as_json=as_json, text=_served)


def _patrolled(found: PatrolCoverage) -> str:
    rest = [] if found.in_no_area is None else [found.in_no_area]
    rows = [
        (
            one.code,
            one.name,
            one.check_ins,
            None if one.ground_km2 is None else f"{one.ground_km2:,.3f}",
            None if one.covered_km2 is None else f"{one.covered_km2:,.3f}",
            _share(one.ground_share),
            one.buildings,
            one.covered_buildings,
            _share(one.building_share),
        )
        for one in (*found.areas, *rest, found.total)
    ]
    heading = ("code", "name", "check-ins", "km²", "near", "share", "buildings", "near", "share")
    told = f"within {found.distance_m:g} m of a check-in, {found.first} to {found.last}"
    return _told(f"Layer {found.layer}: {told}", found, table(heading, _named(rows, len(rest))))


def _due(found: VisitLoad) -> str:
    rest = [] if found.in_no_area is None else [found.in_no_area]
    names = [*found.total.by_category]
    rows = [
        (
            *(one.code, one.name, one.people, *(one.by_category[name] for name in names)),
            *(one.due, one.due_in_week, one.buildings, one.patrols_due, one.patrols_due_in_week),
        )
        for one in (*found.areas, *rest, found.total)
    ]
    people = ("people", *names, "visits due", "in the week")
    heading = ("code", "name", *people, "buildings", "patrols due", "in the week")
    worked = "" if found.is_working_day else ", which is not worked"
    told = f"visits and patrols due on {found.day}{worked}, and from {found.week_from} to {found.week_to}"
    return _told(f"Layer {found.layer}: {told}", found, table(heading, _named(rows, len(rest))))


def _served(found: ServiceCoverage) -> str:
    rest = [] if found.in_no_area is None else [found.in_no_area]
    rows = [
        (
            one.code,
            one.name,
            f"{one.people:,.0f}",
            f"{one.outside:,.0f}",
            _share(one.outside_share),
            f"{one.without_place:,.0f}",
        )
        for one in (*found.areas, *rest, found.total)
    ]
    heading = ("code", "name", "people", "outside", "share", "without place")
    points = ", ".join(f"{count} {tier}" for tier, count in found.points.items())
    told = f"people more than {found.radius_m:g} m from every service point ({points}) on {found.at}"
    return _told(f"Layer {found.layer}: {told}", found, table(heading, _named(rows, len(rest))))


def _named(rows: Sequence[tuple[object, ...]], has_rest: int) -> list[tuple[object, ...]]:
    """Say what the last rows are."""
    last = ["in no area", "all"] if has_rest else ["all"]
    named = [("", name, *row[2:]) for name, row in zip(last, rows[-len(last) :], strict=True)]
    return [*rows[: -len(last)], *named]


def _told(heading: str, found: PatrolCoverage | VisitLoad | ServiceCoverage, body: str) -> str:
    example = " (example)" if found.is_example else ""
    return f"{heading}; policy {found.policy_version}{example}.\n\n{body}"


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}"
