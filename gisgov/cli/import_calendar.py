"""``gisgov import calendar``: when people work, for limits in working hours and working days."""

from __future__ import annotations

from pathlib import Path

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option
from gisgov.cli.session import open_database
from gisgov.services.limits import CalendarInfo, import_calendar


@click.command
@click.argument("hours", type=FILE)
@click.option("--days", type=FILE, metavar="FILE", help="Table of holidays and of free days that are worked.")
@json_option(CalendarInfo)
def calendar(hours: Path, days: Path | None, as_json: bool) -> None:
    """Import a working calendar: HOURS is YAML or TOML with name, time zone, source and hours of the week.

    The table of days (CSV, Excel or Parquet) has the columns day, is_working and, if you like, title; a wrong
    row refuses it whole. Limits that run keep their moments. fixtures/limits/ has an example of both.
    """
    emit(import_calendar(open_database(), hours, days).calendar, as_json=as_json, text=describe)


def describe(answer: CalendarInfo) -> str:
    """Return the calendar as text for people."""
    span = f", from {answer.first_day} to {answer.last_day}" if answer.days else ""
    return f"Calendar {answer.name} ({answer.timezone}): {answer.days} days differ from their weekday{span}."
