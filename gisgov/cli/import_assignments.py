"""``gisgov import assignments``: which block of a draft belongs to which area."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE, problem_lines
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import local_day
from gisgov.services.exchange.assignments_in import (
    AssignmentsImport,
    AssignmentsImportReport,
    import_assignments,
)


@click.command
@click.argument("file", type=FILE)
@click.option("--plan", required=True, metavar="DRAFT", help="Draft whose blocks they are.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook, if it has several.")
@click.option("--block-field", metavar="NAME", help="Column of the block's code.")
@click.option("--area-field", metavar="NAME", help="Column of the area's code.")
@click.option(
    "--others",
    type=click.Choice(["stay", "unassigned"]),
    default="stay",
    show_default=True,
    help="What becomes of blocks that FILE does not name.",
)
@click.option("--seen", type=click.IntRange(min=0), metavar="REVISION", help="Revision that was seen.")
@click.option("--strict", is_flag=True, help="Change nothing if any row has a problem.")
@click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv).")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option(AssignmentsImportReport)
def assignments(
    file: Path,
    plan: str,
    sheet: str | None,
    block_field: str | None,
    area_field: str | None,
    others: Literal["stay", "unassigned"],
    seen: int | None,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give the blocks of a draft to the areas that FILE says, in one operation that can be undone.

    FILE (CSV, Excel or Parquet) has a row per block: its code and the code of its area, which is made if the
    draft lacks it; without one the block is in no area. A header is found out.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    asked = AssignmentsImport(
        path=file,
        plan=plan,
        block_field=block_field,
        area_field=area_field,
        sheet=sheet,
        others=others,
        seen=seen,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    database = open_database(settings)
    from fixtures.shipped import redivision_policy

    report = import_assignments(
        database,
        asked,
        today=local_day(None, zone),
        timezone=zone,
        policy=redivision_policy(),
        progress=progress(),
    )
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


def describe(report: AssignmentsImportReport) -> str:
    """Return the report as text for people."""
    lines = [
        (
            f"{report.file} to draft {report.plan}: {report.rows_read:,} rows, {report.named:,} blocks, "
            f"{report.moved:,} moved, {report.rejected:,} rejected; {report.unnamed:,} blocks are not named."
        )
    ]
    if report.new_areas:
        lines.append(f"New areas: {', '.join(report.new_areas)}.")
    if report.edit is not None:
        lines.append(f"The draft is at revision {report.edit.revision}.")
    return "\n".join([*lines, *problem_lines("Rejected", report.problems, report.rejects_path)])
