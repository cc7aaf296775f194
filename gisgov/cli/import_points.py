"""``gisgov import events`` and ``gisgov import buildings``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE, problem_lines
from gisgov.cli.output import emit, finish, json_option, table
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import local_day
from gisgov.services.importing.point_report import Orphan, PointImport, PointImportReport
from gisgov.services.importing.points import import_buildings, import_events

Function = TypeVar("Function", bound=Callable[..., Any])

_MOST_ORPHANS = 10


def _shared_options(function: Function) -> Function:
    options = [
        click.argument("file", type=FILE),
        click.option(
            "--crs",
            metavar="NAME",
            help="Coordinate system: wgs84, cgcs2000, gcj02, bd09, EPSG:4547 …; required unless FILE states "
            "it, which tables do not.",
        ),
        click.option("--file-layer", metavar="NAME", help="Layer or sheet of FILE, if it has several."),
        click.option("--lon-field", metavar="NAME", help="Column of the longitude or easting."),
        click.option("--lat-field", metavar="NAME", help="Column of the latitude or northing."),
        click.option("--id-field", metavar="NAME", help="Column of the id by which a second import updates."),
        click.option(
            "--source", metavar="TEXT", help="Where they come from; ids are unique within a source."
        ),
        click.option("--source-field", metavar="NAME", help="Column of the source."),
        click.option("--strict", is_flag=True, help="Import nothing if any row has a problem."),
        click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows."),
        click.option("--orphans", type=FILE, metavar="PATH", help="Write what no area owns, as CSV."),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@click.command
@_shared_options
@click.option("--time-field", metavar="NAME", help="Column of the time at which it happened.")
@click.option("--time-format", metavar="FORMAT", help="How times are written, as strptime has it.")
@click.option("--category-field", metavar="NAME", help="Column of the category.")
@click.option("--level-field", metavar="NAME", help="Column of the level (1, 一级 …).")
@click.option("--state-field", metavar="NAME", help="Column of the state.")
@click.option("--description-field", metavar="NAME", help="Column of the description.")
@json_option(PointImportReport)
def events(file: Path, as_json: bool, **options: Any) -> None:
    """Import events from FILE and join them to the areas of every published partition layer.

    FILE is CSV, Excel, Parquet, GeoJSON, GeoPackage or another vector file. Columns that are not named are
    found by their usual names, and the report says which; an empty name ('') leaves such a column unread. An
    event without a usable coordinate is taken in and listed as an orphan. An event whose id is known from its
    source is updated.
    """
    asked = _request(file, options)
    report = import_events(open_database(), asked, progress=progress())
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


@click.command
@_shared_options
@click.option("--name-field", metavar="NAME", help="Column of the name.")
@click.option("--floors-field", metavar="NAME", help="Column of the number of floors.")
@click.option("--households-field", metavar="NAME", help="Column of the number of households.")
@click.option("--population-field", metavar="NAME", help="Column of the number of people.")
@click.option("--use-field", metavar="NAME", help="Column of the use.")
@click.option("--built-year-field", metavar="NAME", help="Column of the year in which it was built.")
@json_option(PointImportReport)
def buildings(file: Path, as_json: bool, **options: Any) -> None:
    """Import buildings from FILE and join them to the areas of every published partition layer.

    FILE is as for events; a building is a point or an outline. Columns that hold nothing of the above are
    kept as its facts, for the risk rules to look at.
    """
    asked = _request(file, options)
    report = import_buildings(open_database(), asked, progress=progress())
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


def _request(file: Path, options: dict[str, Any]) -> PointImport:
    zone = ZoneInfo(load_settings().timezone)
    lon_field, lat_field = options.pop("lon_field"), options.pop("lat_field")
    fields = {
        name.removesuffix("_field"): column
        for name, column in options.items()
        if name.endswith("_field") and column is not None
    }
    return PointImport(
        path=file,
        timezone=zone,
        day=local_day(None, zone),
        crs=options["crs"],
        file_layer=options["file_layer"],
        lon_field=lon_field,
        lat_field=lat_field,
        fields=fields,
        source=options["source"],
        time_format=options.get("time_format"),
        strict=options["strict"],
        dry_run=options["dry_run"],
        rejects_path=options["rejects"],
        orphans_path=options["orphans"],
    )


def describe(report: PointImportReport) -> str:
    """Return the report as text for people."""
    read = ", ".join(
        f"{one.holds}: {one.column}{' (by its name)' if one.guessed else ''}" for one in report.fields
    )
    lines = [
        (
            f"{report.file} in {report.crs}: {report.rows_read:,} rows, {report.inserted:,} inserted, "
            f"{report.updated:,} updated, {report.unchanged:,} unchanged, {report.rejected:,} rejected."
        ),
        f"Columns read: {read or 'none'}.",
    ]
    if report.time_format is not None:
        lines.append(f"Times are read as {report.time_format}.")
    lines += report.notes
    if report.joined:
        rows = [(one.layer, one.joined, one.on_border, one.orphans, one.no_plan) for one in report.joined]
        lines += ["", table(("layer", "joined", "on border", "in none", "no plan then"), rows)]
    lines += _orphan_lines(report.orphans, report.orphans_path)
    lines += problem_lines("Rejected", report.problems, report.rejects_path)
    return "\n".join(lines)


def _orphan_lines(orphans: tuple[Orphan, ...], written_to: str | None) -> list[str]:
    if not orphans:
        return []
    counts = Counter((one.reason, one.layer) for one in orphans)
    told = [
        f"{count:,} {reason}{f' ({layer})' if layer else ''}"
        for (reason, layer), count in sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]
    lines = ["", f"In no area: {', '.join(told)}"]
    lines += [f"  row {one.row} ({one.external_id}): {one.message}" for one in orphans[:_MOST_ORPHANS]]
    if len(orphans) > _MOST_ORPHANS:
        more = f"--orphans wrote all to {written_to}" if written_to else "--orphans PATH writes all"
        lines.append(f"  … and {len(orphans) - _MOST_ORPHANS:,} more ({more})")
    return lines
