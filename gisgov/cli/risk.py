"""``gisgov risk``: buildings rated, counted by class, and why each has its own."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli import risk_rules
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import progress
from gisgov.cli.risk_texts import describe_building, describe_history, describe_rating, describe_summary
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import parse_day
from gisgov.services.following_risk import link_new_events
from gisgov.services.rating import (
    BuildingKey,
    BuildingRisk,
    RatingHistory,
    RatingReport,
    RiskSummary,
    explain_building,
    rate_buildings,
    rating_history,
    risk_summary,
)

_SHOWN = 15


@click.group
def risk() -> None:
    """Rate buildings by the risk rules, and say why each has its class."""


for _command in risk_rules.COMMANDS:
    risk.add_command(_command)


@risk.command
@json_option(RatingReport)
def rate(as_json: bool) -> None:
    """Rate all buildings by the rules in force, and say which classes changed."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    database = open_database(settings)
    link_new_events(database, within_m=settings.event_building_m)  # a worker may not have come to it
    report = rate_buildings(database, today=parse_day(None, zone), timezone=zone, progress=progress())
    emit(report, as_json=as_json, text=describe_rating)


@risk.command
@click.option("--layer", metavar="NAME", help="Layer to count by.  [default: the lowest in force]")
@click.option("--at", metavar="DATE", help="Day whose plans and classes are asked.  [default: today]")
@click.option("--all", "everything", is_flag=True, help="Print every area, not the first fifteen.")
@json_option(RiskSummary)
def summary(layer: str | None, at: str | None, everything: bool, as_json: bool) -> None:
    """Count the buildings of each area by class, the most warnings first.

    Of a day before today the last ratings until its end count.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    answer = risk_summary(
        open_database(settings),
        layer=layer,
        at=parse_day(at, zone),
        today=parse_day(None, zone),
        timezone=zone,
    )
    emit(answer, as_json=as_json, text=lambda found: describe_summary(found, None if everything else _SHOWN))


@risk.command
@click.argument("building")
@click.option("--source", metavar="WORDS", help="Whose building it is, where several sources have one.")
@click.option("--at", metavar="DATE", help="Day that is asked about.  [default: today]")
@json_option(BuildingRisk)
def why(building: str, source: str | None, at: str | None, as_json: bool) -> None:
    """Say why BUILDING, by its id outside, has its class: reasons, facts and points.

    With --at it is what it was on that day, by the rules and facts of then.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    key = BuildingKey(building, source)
    answer = explain_building(open_database(settings), key, at=parse_day(at, zone), timezone=zone)
    emit(answer, as_json=as_json, text=lambda found: describe_building(found, zone))


@risk.command
@click.argument("building")
@click.option("--source", metavar="WORDS", help="Whose building it is, where several sources have one.")
@click.option(
    "--most",
    type=click.IntRange(min=1, max=10_000),
    default=100,
    metavar="N",
    help="How many, the latest.  [default: 100]",
)
@json_option(RatingHistory)
def history(building: str, source: str | None, most: int, as_json: bool) -> None:
    """List the ratings that BUILDING, by its id outside, was given, the latest first."""
    settings = load_settings()
    answer = rating_history(open_database(settings), BuildingKey(building, source), most=most)
    zone = ZoneInfo(settings.timezone)
    emit(answer, as_json=as_json, text=lambda found: describe_history(found, zone))
