"""``gisgov import hazards``."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_places import describe
from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import local_day
from gisgov.services.hazards import import_hazards
from gisgov.services.hazards.importing import NAMES
from gisgov.services.place_imports import PlacesImport, PlacesImportReport


def _column(text: str) -> tuple[str, str]:
    holds, _, column = text.partition("=")
    if holds not in NAMES or not column:
        raise click.BadParameter(f"{text!r} is not like kind=COLUMN; there are {', '.join(NAMES)}.")
    return holds, column


@click.command
@click.argument("file", type=FILE)
@click.option("--sheet", metavar="NAME", help="Sheet of FILE, if it has several.")
@click.option("--source", metavar="WORDS", help="Who tells of them; by default FILE.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=NAME",
    help="Column of something that has no usual name: kind=TYPE.",
)
@click.option("--strict", is_flag=True, help="Import nothing if any row has a problem.")
@click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv).")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option(PlacesImportReport)
def hazards(
    file: Path,
    sheet: str | None,
    source: str | None,
    columns: tuple[str, ...],
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import hazards of buildings: found, and perhaps rectified and checked.

    FILE is CSV, Excel or Parquet with the columns external_id, building (the id outside, with building_source
    where several sources have it), kind, found_on and perhaps due_on, rectified_on, checked_on, event and
    description. A hazard that is known is carried on to rectified and checked where FILE says so; the
    buildings concerned are rated anew.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    asked = PlacesImport(
        path=file,
        sheet=sheet,
        fields=dict(_column(one) for one in columns),
        source=source,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    report = import_hazards(open_database(settings), asked, today=local_day(None, zone), timezone=zone)
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)
