"""``gisgov import areas``: a draft plan from the polygons of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE, problem_lines
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import notice, progress
from gisgov.cli.session import load_settings, open_database
from gisgov.config import Settings
from gisgov.errors import DefectsFound
from gisgov.services.days import local_day
from gisgov.services.importing.area_parents import ParentBy
from gisgov.services.importing.area_report import AreaImport, AreaImportReport
from gisgov.services.importing.areas import import_areas
from gisgov.services.publishing import publish_plan
from gisgov.store.database import Database

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command
@click.argument("file", type=FILE)
@click.option("--layer", required=True, metavar="NAME", help="Layer that the areas are of.")
@click.option(
    "--crs",
    metavar="NAME",
    help="Coordinate system: wgs84, cgcs2000, gcj02, bd09, EPSG:4547 …; required unless FILE states it. "
    "gcj02 and bd09 overrule a file that is labelled WGS84.",
)
@click.option("--file-layer", metavar="NAME", help="Layer of FILE, if it has several.")
@click.option(
    "--code-field",
    multiple=True,
    metavar="NAME",
    help='Field of the code; given several times, the fields are joined by "-". Without it the areas are '
    "numbered by the layer's code scheme.",
)
@click.option("--name-field", metavar="NAME", help="Field of the name.  [default: the code]")
@click.option("--parent-field", metavar="NAME", help="Field of the code of the area above.")
@click.option(
    "--parent-by",
    type=click.Choice([way.value for way in ParentBy]),
    default=ParentBy.AUTO.value,
    show_default=True,
    help="How the area above is found; auto: by the field, else by the code, else by position.",
)
@click.option("--parent-plan", metavar="NAME", help="Plan of the areas above.  [default: the one in force]")
@click.option("--population-field", metavar="NAME", help="Field of the number of people.")
@click.option("--households-field", metavar="NAME", help="Field of the number of households.")
@click.option(
    "--scope", metavar="FILE|CODE", help="Ground that the plan covers: an outline, or an area's code."
)
@click.option("--scope-code", metavar="CODE", help="Code of the area that the outline is of.")
@click.option("--plan", metavar="NAME", help="Name of the plan.  [default: LAYER-FILE]")
@click.option("--author", metavar="TEXT", help="Who made the plan.")
@click.option("--merge-parts", is_flag=True, help="Join rows of one code and name to one area.")
@click.option("--add", is_flag=True, help="Add areas to a draft that exists.")
@click.option("--strict", is_flag=True, help="Import nothing if any row has a problem.")
@click.option(
    "--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.gpkg, .geojson …)."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--publish", is_flag=True, help="Put the plan into force; needs --valid-from.")
@click.option("--valid-from", type=_DAY, metavar="DATE", help="First day in force.")
@click.option("--accept-defects", metavar="REASON", help="Publish it although it has defects.")
@json_option(AreaImportReport)
def areas(
    file: Path,
    layer: str,
    crs: str | None,
    file_layer: str | None,
    code_field: tuple[str, ...],
    name_field: str | None,
    parent_field: str | None,
    parent_by: str,
    parent_plan: str | None,
    population_field: str | None,
    households_field: str | None,
    scope: str | None,
    scope_code: str | None,
    plan: str | None,
    author: str | None,
    merge_parts: bool,
    add: bool,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    publish: bool,
    valid_from: datetime | None,
    accept_defects: str | None,
    as_json: bool,
) -> None:
    """Import the areas of FILE into a draft plan.

    FILE is a GeoPackage, Shapefile (also zipped), GeoJSON, GeoParquet, KML or FlatGeobuf. Rows with problems
    are listed and written to a file that can be mended and imported again; the others are imported.
    Importing a file again changes nothing. A file that `gisgov plan export` wrote needs no fields named.
    """
    if publish != (valid_from is not None):
        raise click.UsageError("--publish and --valid-from go together.")
    if accept_defects is not None and not publish:
        raise click.UsageError("--accept-defects goes with --publish.")
    if publish and dry_run:
        raise click.UsageError("--publish cannot be tried with --dry-run.")
    settings = load_settings()
    database = open_database(settings)
    asked = AreaImport(
        path=file,
        layer=layer,
        day=valid_from.date() if valid_from else local_day(None, ZoneInfo(settings.timezone)),
        crs=crs,
        file_layer=file_layer,
        code_field=code_field,
        name_field=name_field,
        parent_field=parent_field,
        population_field=population_field,
        households_field=households_field,
        parent_by=parent_by,
        parent_plan=parent_plan,
        scope=scope,
        scope_code=scope_code,
        plan=plan,
        strict=strict,
        merge_parts=merge_parts,
        add=add,
        dry_run=dry_run,
        rejects_path=rejects,
        author=author,
        working_crs=settings.working_crs,
    )
    report = import_areas(database, asked, progress=progress())
    found = report.rejected > 0
    if valid_from is not None and found and accept_defects is None:
        # what is in force takes no mended rows any more
        notice(
            "gisgov: The plan is not published, since rows were rejected; --accept-defects REASON does it."
        )
    elif valid_from is not None:
        try:
            report = _publish(database, settings, report, valid_from, accept_defects)
        except DefectsFound as refusal:
            notice(f"gisgov: {refusal}")
            found = True
    emit(report, as_json=as_json, text=describe)
    finish(found=found)


def _publish(
    database: Database, settings: Settings, report: AreaImportReport, valid_from: datetime, reason: str | None
) -> AreaImportReport:
    if report.status != "draft":
        notice(f"Plan {report.plan} is {report.status} already.")
        return report
    done = publish_plan(
        database,
        report.plan,
        valid_from=valid_from.date(),
        accept_defects=reason,
        keep_codes=True,  # others decided on them
        timezone=ZoneInfo(settings.timezone),
        progress=progress(),
    )
    return replace(report, status=done.plan.status, publication=done)


def describe(report: AreaImportReport) -> str:
    """Return the report as text for people."""
    what = f"{report.file}:{report.file_layer} in {report.crs}"
    counts = [
        f"{report.imported:,} imported",
        f"{report.unchanged:,} unchanged",
        f"{report.rejected:,} rejected",
    ]
    if report.merged:
        counts.append(f"{report.merged:,} joined to another row")
    lines = [
        f"{what}: {report.rows_read:,} rows, {', '.join(counts)}.",
        (
            f"Plan {report.plan} of layer {report.layer} ({report.status}): {report.areas:,} of its areas "
            f"are these, {report.area_m2 / 1e6:,.3f} km² in {report.working_crs}."
        ),
    ]
    if report.blocks:
        lines.append(f"They are made of {report.blocks:,} blocks, as the file says.")
    if report.blocks_left:
        lines.append(f"They come without blocks: {report.blocks_left}")
    if report.numbered:
        lines.append(f"{report.numbered:,} areas were numbered.")
    if report.parents_in:
        lines.append(f"Areas above are those of {', '.join(report.parents_in)}.")
    lines += problem_lines("Rejected", report.problems, report.rejects_path)
    lines += problem_lines("Imported, but odd", report.notes, None)
    if report.publication is not None:
        lines.append(f"The plan is in force from {report.publication.plan.valid_from}.")
    return "\n".join(lines)
