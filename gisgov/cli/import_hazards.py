"""``gisgov import hazards``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_places import describe
from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import local_day
from gisgov.services.hazards import import_hazards
from gisgov.services.place_imports import PlacesImport, PlacesImportReport

_COLUMNS: Final[Mapping[str, str]] = {
    "external_id": "the id at the source",
    "building": "the id of the building",
    "building_source": "the source of that id",
    "kind": "the kind",
    "found_on": "the day it was found",
    "due_on": "the last day to rectify it",
    "rectified_on": "the day it was rectified",
    "checked_on": "the day that was checked",
    "event": "the event that told of it, by its id here",
    "description": "the description",
}


def _column_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for name, what in reversed([*_COLUMNS.items()]):
        option = f"--{name.replace('_', '-')}-field"
        function = click.option(option, metavar="NAME", help=f"Column of {what}.")(function)
    return function


@click.command
@click.argument("file", type=FILE)
@click.option("--sheet", metavar="NAME", help="Sheet of FILE, if it has several.")
@click.option("--source", metavar="WORDS", help="Who tells of them; by default FILE.")
@_column_options
@click.option("--strict", is_flag=True, help="Import nothing if any row has a problem.")
@click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv).")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option(PlacesImportReport)
def hazards(
    file: Path,
    sheet: str | None,
    source: str | None,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Import hazards of buildings: found, and perhaps rectified and checked.

    FILE is CSV, Excel or Parquet with the columns external_id, building (the id outside, with building_source
    where several sources have it), kind, found_on and perhaps due_on, rectified_on, checked_on, event and
    description. A hazard that is known is carried on to rectified and checked where FILE says so; the
    buildings concerned are rated anew.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    named = {holds: columns[f"{holds}_field"] for holds in _COLUMNS}
    asked = PlacesImport(
        path=file,
        sheet=sheet,
        fields={holds: column for holds, column in named.items() if column is not None},
        source=source,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    report = import_hazards(open_database(settings), asked, today=local_day(None, zone), timezone=zone)
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)
