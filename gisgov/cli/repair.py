"""``gisgov repair``: a decision for every defect, proposed, edited by a person, applied, undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gisgov.cli.coverage_options import (
    OF_FILES,
    coverage_options,
    day_of,
    is_file,
    parents_asked,
    refuse,
    scope_of_file,
    scope_of_plan,
    tolerance_options,
    tolerances_asked,
)
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import progress
from gisgov.cli.repair_pages import refuse_page, write_proposals_page
from gisgov.cli.repair_texts import tell_proposals, tell_repair, tell_undo
from gisgov.cli.session import load_settings, open_database
from gisgov.config import Settings
from gisgov.errors import InputError
from gisgov.services.days import local_day
from gisgov.services.ground_files import GroundFile, areas_frame
from gisgov.services.repairing.files import FileAsked, propose_for_file, repair_file
from gisgov.services.repairing.people import PeopleFile
from gisgov.services.repairing.plans import PlanAsked, propose_for_plan, repair_plan
from gisgov.services.repairing.proposing import RULES, ProposalReport
from gisgov.services.repairing.reports import RepairReport
from gisgov.services.repairing.undoing import UndoReport, undo_repair

_PATH = click.Path(path_type=Path)
_at = click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day whose parents a PLAN is to lie in.  [default: its first day in force; today for a draft]",
)
_PAGE = "Write a map of it as well: one .html file that needs no network."


@click.group
def repair() -> None:
    """Repair the borders of a plan or file by decisions that people accept."""


@repair.command
@click.argument("subject", metavar="PLAN|FILE")
@coverage_options
@_at
@tolerance_options
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default=RULES[0],
    show_default=True,
    help="Who is proposed to get ground that several areas could have.",
)
@click.option(
    "--people",
    type=_PATH,
    metavar="FILE",
    help="Where people are, for nearest-people: points, polygons or a table with coordinates.  "
    "[default for a PLAN: the buildings in the database, or its blocks]",
)
@click.option("--people-field", metavar="NAME", help="Field with their counts.  [default: a row is one]")
@click.option("--people-layer", metavar="NAME", help="Layer or sheet of the people's file.")
@click.option("--people-crs", metavar="CRS", help="System of the people's file, where it does not state it.")
@click.option(
    "--out",
    type=_PATH,
    required=True,
    metavar="FILE",
    help="Table to write: .gpkg for QGIS, .xlsx for Excel, .csv or .geojson.",
)
@click.option("--html", type=_PATH, metavar="FILE", help=_PAGE)
@json_option(ProposalReport)
def propose(subject: str, out: Path, html: Path | None, as_json: bool, **asked: Any) -> None:
    """Propose a decision for every defect, as a table to edit.

    In the table, change `decision` (give, clip, node, rebuild, drop, leave) and `to` (code of the area that
    gets the ground), and write yes or no under `accepted`; leave the other columns as they are. `options`
    names the areas that `to` was chosen from. Nothing is changed before `gisgov repair apply`.
    """
    refuse_page(html)
    settings = load_settings()
    people = _people(asked)
    rule, choice = asked["rule"], tolerances_asked(asked)
    if is_file(subject):
        question = _file(subject, asked, settings)
        report = propose_for_file(
            question, out, rule=rule, people=people, tolerances=choice, progress=progress()
        )

        def areas() -> Any:
            return areas_frame(question.file)
    else:
        database, plan = open_database(settings), _plan(subject, asked, settings)
        report = propose_for_plan(
            database, plan, out, rule=rule, people=people, tolerances=choice, progress=progress()
        )

        def areas() -> Any:
            from gisgov.services.thematic import plan_frame

            return plan_frame(database, subject)[1]

    if html is not None:
        write_proposals_page(report, html, areas)
        report = replace(report, written=(*report.written, str(html)))
    emit(report, as_json=as_json, text=tell_proposals)


@repair.command
@click.argument("subject", metavar="PLAN|FILE")
@coverage_options
@_at
@click.option("--proposals", type=_PATH, required=True, metavar="FILE", help="The table, as it was edited.")
@click.option(
    "--accept-all", is_flag=True, help="Take rows that say neither yes nor no as accepted; no stays no."
)
@click.option("--out", type=_PATH, metavar="FILE", help="File to write the repaired areas of a FILE to.")
@click.option("--as", "new_plan", metavar="NAME", help="Draft to make of a PLAN; the plan stays as it is.")
@json_option(RepairReport)
def apply(
    subject: str,
    proposals: Path,
    accept_all: bool,
    out: Path | None,
    new_plan: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Carry out the accepted decisions of a table, as a new file or a new draft.

    Give the same options as for `gisgov repair propose`; the tolerances are in the table. A table made for
    other content, or with an error in any row, is refused as a whole. A repaired GeoPackage holds every
    decision (repair_log) and what was there before; other formats have it beside them in NAME.repair.gpkg.
    Exit status: 0 no faults are left, 1 faults are left, 2 nothing was done.
    """
    settings = load_settings()
    if is_file(subject):
        if out is None or new_plan is not None:
            raise click.UsageError("A repaired file goes to --out FILE; --as NAME is for plans.")
        question = _file(subject, asked, settings)
        report = repair_file(question, proposals, out, accept_all=accept_all, progress=progress())
    else:
        if new_plan is None or out is not None:
            raise click.UsageError(
                f"{subject!r} is taken for a plan, which is repaired as a draft: --as NAME, not --out."
            )
        plan = _plan(subject, asked, settings)
        report = repair_plan(
            open_database(settings), plan, proposals, new_plan, accept_all=accept_all, progress=progress()
        )
    emit(report, as_json=as_json, text=tell_repair)
    finish(found=not report.clean)


@repair.command
@click.argument("file", type=_PATH)
@click.option("--out", type=_PATH, required=True, metavar="FILE", help="File to write the former areas to.")
@json_option(UndoReport)
def undo(file: Path, out: Path, as_json: bool) -> None:
    """Write a repaired file back as it was before, to the bit.

    The repair of a plan is undone by deleting the draft: `gisgov plan delete`.
    """
    emit(undo_repair(file, out), as_json=as_json, text=tell_undo)


def _file(subject: str, asked: dict[str, Any], settings: Settings) -> FileAsked:
    refuse("--at is for plans; a file lies in the --parents that are given.", asked, "at")
    return FileAsked(
        file=GroundFile(Path(subject), asked["file_layer"], asked["crs"], asked["code_field"]),
        scope=scope_of_file(asked),
        parents=parents_asked(asked),
        parent_field=asked["parent_field"],
        must_cover=not asked["overlay"],
        configured_crs=settings.working_crs,
    )


def _plan(subject: str, asked: dict[str, Any], settings: Settings) -> PlanAsked:
    refuse(
        f"{subject!r} is taken for a plan, for which the options of files are not meant.",
        asked,
        *OF_FILES,
    )
    return PlanAsked(
        subject,
        at=day_of(asked["at"]),
        today=local_day(None, ZoneInfo(settings.timezone)),
        scope=scope_of_plan(asked),
    )


def _people(asked: dict[str, Any]) -> PeopleFile | None:
    if asked["people"] is None:
        refuse("The people are said with --people FILE.", asked, "people_field", "people_layer", "people_crs")
        return None
    if asked["rule"] != "nearest-people":
        raise InputError("--people is for --rule nearest-people.", field="people")
    return PeopleFile(asked["people"], asked["people_field"], asked["people_crs"], asked["people_layer"])
