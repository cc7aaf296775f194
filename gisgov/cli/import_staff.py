"""``gisgov import staff``: who serves the areas of a layer."""

from __future__ import annotations

from pathlib import Path

import click

from gisgov.cli.import_texts import FILE, problem_lines
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import open_database
from gisgov.services.importing.staff import StaffImport, StaffImportReport, import_staff


@click.command
@click.argument("file", type=FILE)
@click.option("--layer", required=True, metavar="NAME", help="Layer whose areas are served.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook, if it has several.")
@click.option("--area-field", metavar="NAME", help="Column of the area's code.")
@click.option("--role-field", metavar="NAME", help="Column of the role.")
@click.option("--holder-field", metavar="NAME", help="Column of the holder's name.")
@click.option("--from-field", metavar="NAME", help="Column of the first day in the post.")
@click.option("--to-field", metavar="NAME", help="Column of the first day no longer in it.")
@click.option("--phone-field", metavar="NAME", help="Column of the phone.")
@click.option("--deputy-field", metavar="NAME", help="Column of the holder that a deputy stands in for.")
@click.option("--strict", is_flag=True, help="Import nothing if any row has a problem.")
@click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv).")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option(StaffImportReport)
def staff(
    file: Path,
    layer: str,
    sheet: str | None,
    area_field: str | None,
    role_field: str | None,
    holder_field: str | None,
    from_field: str | None,
    to_field: str | None,
    phone_field: str | None,
    deputy_field: str | None,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the staff posts of a layer from FILE (CSV, Excel or Parquet), one row per post.

    Columns that are not named are found by their usual names; those of dates, phone and deputy may be
    missing. Posts that are known stay as they are, but for dates and phones that the file has otherwise.
    """
    asked = StaffImport(
        path=file,
        layer=layer,
        sheet=sheet,
        area_field=area_field,
        role_field=role_field,
        holder_field=holder_field,
        from_field=from_field,
        to_field=to_field,
        phone_field=phone_field,
        deputy_field=deputy_field,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    report = import_staff(open_database(), asked)
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


def describe(report: StaffImportReport) -> str:
    """Return the report as text for people."""
    lines = [
        (
            f"{report.file} to layer {report.layer}: {report.rows_read:,} rows, "
            f"{report.inserted:,} inserted, {report.updated:,} updated, {report.unchanged:,} unchanged, "
            f"{report.rejected:,} rejected."
        ),
        f"Columns read: {', '.join(name for name in _columns(report) if name)}.",
        *problem_lines("Rejected", report.problems, report.rejects_path),
    ]
    return "\n".join(lines)


def _columns(report: StaffImportReport) -> tuple[str | None, ...]:
    return (
        report.area_field,
        report.role_field,
        report.holder_field,
        report.from_field,
        report.to_field,
        report.phone_field,
        report.deputy_field,
    )
