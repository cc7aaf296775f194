"""``gisgov plan export`` and ``gisgov plan annex``: a plan as a file, and as printed pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import FileError, InputError
from gisgov.paths import add_rooms
from gisgov.services.days import local_day
from gisgov.services.exchange.assignments_out import AssignmentsExport, export_assignments
from gisgov.services.exchange.plans_out import ENCODINGS, PlanExport, export_plan

_TABLES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: a plan, or in a table its assignments.

    Attributes
    ----------
    plan : PlanExport or None
        The plan that was written; None where its assignments were.
    assignments : AssignmentsExport or None
        The assignments that were written; None where the plan was.
    """

    plan: PlanExport | None
    assignments: AssignmentsExport | None


@click.command
@click.argument("name")
@click.argument("out", type=FILE)
@click.option(
    "--encoding",
    type=click.Choice(ENCODINGS),
    default="utf-8",
    show_default=True,
    help="Encoding of the text of a Shapefile.",
)
@click.option("--no-header", is_flag=True, help="Leave the names of the columns out of a CSV file.")
@json_option(Exported)
def export(name: str, out: Path, encoding: str, no_header: bool, as_json: bool) -> None:
    """Write a plan to a file that it can be read back from the same to the bit.

    OUT is .gpkg, .shp, .zip (a Shapefile), .geojson, .kml, .parquet or .fgb; `gisgov import areas` reads it
    without being told of its fields. A .csv or .xlsx holds which block is in which area, for `gisgov import
    assignments` and other programs.
    """
    is_table = out.suffix.lower() in _TABLES
    if no_header and not is_table:
        raise InputError("--no-header is for a CSV file.", field="header")
    database = open_database()
    if is_table:
        rows = export_assignments(database, name, out, has_header=not no_header)
        emit(Exported(None, rows), as_json=as_json, text=_assigned(rows))
    else:
        done = export_plan(database, name, out, encoding=encoding)
        emit(Exported(done, None), as_json=as_json, text=_written(done))


def _assigned(done: AssignmentsExport) -> str:
    rest = f", {done.unassigned:,} of them in no area" if done.unassigned else ""
    return f"{done.file}: {done.blocks:,} blocks of plan {done.plan}{rest}."


def _written(done: PlanExport) -> str:
    blocks = "" if done.blocks is None else f", and the area of {done.blocks:,} blocks"
    lines = [f"{done.file}: {done.areas:,} areas of plan {done.plan} ({done.status}){blocks}."]
    for one in done.not_held:
        more = " …" if one.count > len(one.codes) else ""
        lines.append(f"  {one.field} of {one.count:,} areas ({', '.join(one.codes)}{more}): {one.sentence}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class AnnexPrinted:
    """An annex that was written.

    Attributes
    ----------
    plan, file : str
        The plan, and where it was written.
    size_bytes : int
        Size of the file.
    pages, sheets : int
        How many pages it has, and how many of them are maps.
    areas : int
        How many areas it lists.
    """

    plan: str
    file: str
    size_bytes: int
    pages: int
    sheets: int
    areas: int


@click.command
@click.argument("name")
@click.argument("out", type=FILE)
@click.option("--paper", type=click.Choice(["a3", "a4"]), default="a4", show_default=True, help="Its sheets.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Its language."
)
@json_option(AnnexPrinted)
def annex(
    name: str, out: Path, paper: Literal["a3", "a4"], language: Literal["zh", "en"], as_json: bool
) -> None:
    """Print a plan as the annex of a decision: maps, areas with bounds in words, figures, totals.

    OUT ends with .pdf. Bounds are told by names of streets, which blocks get when they are built.
    """
    if out.suffix.lower() != ".pdf":
        raise InputError(
            f"An annex cannot be written as {out.name!r}.", hint="End it with .pdf.", field="out"
        )
    add_rooms()
    from gisgov.services.exchange.annexes import annex_of
    from maps.annex import draw_annex

    settings = load_settings()
    found = annex_of(open_database(settings), name, today=local_day(None, ZoneInfo(settings.timezone)))
    drawn = draw_annex(found, language=language, paper=paper, progress=progress())
    try:
        out.write_bytes(drawn.content)
    except OSError as error:
        raise FileError(f"{out} cannot be written: {error.strerror}.", field="out") from error
    done = AnnexPrinted(found.plan, str(out), len(drawn.content), drawn.pages, drawn.sheets, len(found.areas))
    emit(done, as_json=as_json, text=_printed)


def _printed(done: AnnexPrinted) -> str:
    return (
        f"{done.file}: plan {done.plan} on {done.pages} pages, {done.sheets} of them maps, "
        f"{done.areas:,} areas, {done.size_bytes / 1e6:.2f} MB."
    )
