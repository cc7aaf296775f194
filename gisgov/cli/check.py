"""``gisgov check``: the defects of a plan, of a file without any database, or of all layers in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.check_outputs import refuse_unwritable, write_found
from gisgov.cli.check_texts import tell_check, tell_tree
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
from gisgov.cli.session import load_settings, open_database
from gisgov.services.checking import CheckReport, GroundFile, check_file, check_plan
from gisgov.services.days import local_day
from gisgov.services.ground_files import areas_frame
from gisgov.services.point_files import PointFile
from gisgov.services.tree_checks import check_tree
from gisgov.services.tree_reports import TreeReport

Function = TypeVar("Function", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def _point_options(function: Function) -> Function:
    options = (
        click.option(
            "--points",
            type=_PATH,
            multiple=True,
            metavar="FILE",
            help="Points (CSV, Excel, a vector layer) that are to lie in exactly one area; may be repeated.",
        ),
        click.option("--points-crs", metavar="CRS", help="System of the points; needed for tables."),
        click.option("--points-layer", metavar="NAME", help="Layer or sheet of the points' file."),
        click.option("--id-field", metavar="NAME", help="Column with what the points are called."),
        click.option("--lon-field", metavar="NAME", help="Column of the points' longitude or easting."),
        click.option("--lat-field", metavar="NAME", help="Column of the points' latitude or northing."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command
@click.argument("subject", metavar="[PLAN|FILE|LAYER]", required=False)
@click.option(
    "--tree",
    is_flag=True,
    help="Check all layers in force against each other, or LAYER with those above and below it.",
)
@coverage_options
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day whose parents a PLAN is to lie in, or that --tree is about.  [default: the first day in force "
    "of PLAN; today for a draft and for --tree]",
)
@_point_options
@tolerance_options
@click.option(
    "--out",
    type=_PATH,
    multiple=True,
    metavar="FILE",
    help="Write what was found: .html is a map, .json the JSON document, .gpkg, .geojson and others a layer; "
    "may be repeated.",
)
@json_option(CheckReport | TreeReport)
def check(subject: str | None, tree: bool, out: Sequence[Path], as_json: bool, **asked: Any) -> None:
    """Find gaps, overlaps and other defects of a plan, a file, or all layers in force.

    A FILE is checked in the coordinates it was drawn in, and needs no database. Borders with different
    vertices, where no ground is at fault, are a notice. Exit status: 0 no faults, 1 faults, or points that
    do not lie in exactly one area, 2 could not check.
    """
    refuse_unwritable(out)
    if tree:
        _check_tree(subject, asked, out, as_json=as_json)
    elif subject is None:
        raise click.UsageError("Missing PLAN or FILE, or --tree.")
    elif is_file(subject):
        _check_file(subject, asked, out, as_json=as_json)
    else:
        _check_plan(subject, asked, out, as_json=as_json)


def _check_file(subject: str, asked: dict[str, Any], out: Sequence[Path], *, as_json: bool) -> None:
    refuse("--at is for plans; a file lies in the --parents that are given.", asked, "at")
    ground = GroundFile(Path(subject), asked["file_layer"], asked["crs"], asked["code_field"])
    report = check_file(
        ground.path,
        crs=ground.crs,
        layer=ground.layer,
        scope=scope_of_file(asked),
        code_field=ground.code_field,
        parents=parents_asked(asked),
        parent_field=asked["parent_field"],
        must_cover=not asked["overlay"],
        tolerances=tolerances_asked(asked),
        points=_points(asked),
        configured_crs=load_settings().working_crs,
        progress=progress(),
    )
    write_found(report, out, lambda: areas_frame(ground))
    emit(report, as_json=as_json, text=tell_check)
    finish(found=not report.is_sound)


def _check_plan(subject: str, asked: dict[str, Any], out: Sequence[Path], *, as_json: bool) -> None:
    refuse(
        f"{subject!r} is taken for a plan, for which the options of files are not meant.",
        asked,
        *OF_FILES,
    )
    settings = load_settings()
    database = open_database(settings)
    report = check_plan(
        database,
        subject,
        at=day_of(asked["at"]),
        today=local_day(None, ZoneInfo(settings.timezone)),
        scope=scope_of_plan(asked),
        tolerances=tolerances_asked(asked),
        points=_points(asked),
        progress=progress(),
    )

    def areas() -> Any:
        from gisgov.services.thematic import plan_frame

        return plan_frame(database, subject)[1]

    write_found(report, out, areas)
    emit(report, as_json=as_json, text=tell_check)
    finish(found=not report.is_sound)


def _check_tree(layer: str | None, asked: dict[str, Any], out: Sequence[Path], *, as_json: bool) -> None:
    refuse(
        "--tree checks layers against each other, for which no scope and no parents are given.",
        asked,
        *OF_FILES,
        "scope",
    )
    settings = load_settings()
    database = open_database(settings)
    at = day_of(asked["at"]) or local_day(None, ZoneInfo(settings.timezone))
    report = check_tree(
        database,
        layer=layer,
        at=at,
        points=_points(asked),
        tolerances=tolerances_asked(asked),
        progress=progress(),
    )

    def areas() -> Any:
        from gisgov.services.thematic import drawn_layer, grids_frame

        return grids_frame(database, drawn_layer(database, layer, at), at)

    write_found(report, out, areas)
    emit(report, as_json=as_json, text=tell_tree)
    finish(found=not report.clean)


def _points(asked: dict[str, Any]) -> tuple[PointFile, ...]:
    named = ("points_crs", "points_layer", "id_field", "lon_field", "lat_field")
    if not asked["points"]:
        refuse("The points are said with --points FILE.", asked, *named)
    crs, layer, *fields = (asked[name] for name in named)
    return tuple(PointFile(path, layer, crs, *fields) for path in asked["points"])
