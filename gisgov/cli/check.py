"""``gisgov check``: the defects of a plan, or of a file without any database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, finish, json_option, table
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import FileError, InputError
from gisgov.services.checking import (
    CheckReport,
    DefectInfo,
    GroundFile,
    check_file,
    check_plan,
    write_defects,
)
from gisgov.services.days import local_day
from gisgov.services.defect_reports import counted

_SHOWN = 20
_NAMED = 4
_SUFFIXES = {".gpkg", ".shp", ".zip", ".geojson", ".json", ".parquet", ".geoparquet", ".kml", ".fgb"}


@click.command
@click.argument("subject", metavar="PLAN|FILE")
@click.option(
    "--scope", metavar="FILE|CODE", help="What the areas are to cover: an outline, or an area's code."
)
@click.option("--scope-layer", metavar="NAME", help="Layer of the scope file.")
@click.option("--scope-crs", metavar="CRS", help="System of the scope file, where it does not state it.")
@click.option("--crs", metavar="CRS", help="System of FILE: wgs84, cgcs2000, gcj02, bd09 or an EPSG code.")
@click.option("--file-layer", metavar="NAME", help="Layer of FILE, where it has several.")
@click.option("--code-field", metavar="NAME", help="Field of FILE with the codes of its areas.")
@click.option(
    "--parents", type=click.Path(path_type=Path), help="File with the areas that each is to lie in."
)
@click.option("--parents-layer", metavar="NAME", help="Layer of the parents' file.")
@click.option("--parents-crs", metavar="CRS", help="System of the parents' file.")
@click.option("--parents-code-field", metavar="NAME", help="Field of the parents' file with their codes.")
@click.option("--parent-field", metavar="NAME", help="Field of FILE that names the parent of each area.")
@click.option(
    "--overlay", is_flag=True, help="The areas of FILE need not cover anything: gaps are no defects."
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day whose parents a PLAN is to lie in.  [default: its first day in force; today for a draft]",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the defects as a layer (.gpkg, .geojson, …)."
)
@json_option(CheckReport)
def check(
    subject: str,
    scope: str | None,
    scope_layer: str | None,
    scope_crs: str | None,
    crs: str | None,
    file_layer: str | None,
    code_field: str | None,
    parents: Path | None,
    parents_layer: str | None,
    parents_crs: str | None,
    parents_code_field: str | None,
    parent_field: str | None,
    overlay: bool,
    at: datetime | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find gaps, overlaps and other defects of a plan or file.

    A FILE is checked in the coordinates it was drawn in, and needs no database. Exit status: 0 clean,
    1 defects, 2 could not check.
    """
    settings = load_settings()
    if _is_file(subject):
        _refuse("--at is for plans; a file lies in the --parents that are given.", at)
        outline = None if scope is None else GroundFile(_existing(scope), scope_layer, scope_crs)
        hosts = None
        if parents is not None:
            hosts = GroundFile(parents, parents_layer, parents_crs, parents_code_field)
        report = check_file(
            Path(subject),
            crs=crs,
            layer=file_layer,
            scope=outline,
            code_field=code_field,
            parents=hosts,
            parent_field=parent_field,
            must_cover=not overlay,
            configured_crs=settings.working_crs,
            progress=progress(),
        )
    else:
        _refuse(
            f"{subject!r} is taken for a plan, for which only --scope, --at, --out and --json are meant.",
            crs, file_layer, code_field, parents, parents_layer, parents_crs, parents_code_field,
            parent_field, overlay or None,
        )  # fmt: skip
        report = check_plan(
            open_database(settings),
            subject,
            at=at.date() if at else None,
            today=local_day(None, ZoneInfo(settings.timezone)),
            scope=_scope_of_plan(scope, scope_layer, scope_crs),
            progress=progress(),
        )
    if out is not None:
        write_defects(report, out)
    emit(report, as_json=as_json, text=_told)
    finish(found=not report.clean)


def _is_file(subject: str) -> bool:
    path = Path(subject)
    return path.is_file() or path.suffix.lower() in _SUFFIXES


def _existing(scope: str) -> Path:
    path = Path(scope)
    if not path.is_file():
        raise FileError(f"{scope} does not exist.", hint="The scope of a file is a file.", field="scope")
    return path


def _scope_of_plan(scope: str | None, layer: str | None, crs: str | None) -> GroundFile | str | None:
    return GroundFile(Path(scope), layer, crs) if scope is not None and _is_file(scope) else scope


def _refuse(message: str, *given: object) -> None:
    if any(value is not None for value in given):
        raise InputError(message)


def _told(report: CheckReport) -> str:
    lines = [
        f"{report.subject}: {report.areas:,} areas in {report.crs}, measured in {report.measured_in}",
        f"scope: {report.scope}" + (f"; parents: {report.parents}" if report.parents else ""),
        "",
        table(
            ("defect", "number", "m²"),
            [(kind, count, round(report.ground_m2[kind])) for kind, count in report.counts.items()],
        ),
    ]
    if report.ignored:
        lines.append(f"{report.ignored:,} pieces are too thin to mean anything.")
    if report.defects:
        lines += [
            "",
            table(("defect", "m²", "place", "areas"), [_row(one) for one in report.defects[:_SHOWN]]),
        ]
    if len(report.defects) > _SHOWN:
        lines.append(f"… and {len(report.defects) - _SHOWN:,} more: --out FILE.gpkg or --json has them all.")
    lines += ["", "No defects." if report.clean else f"Found: {counted(report.counts)}."]
    return "\n".join(lines)


def _row(defect: DefectInfo) -> tuple[str, str, str, str]:
    areas = ", ".join(defect.areas[:_NAMED])
    more = f" and {len(defect.areas) - _NAMED} more" if len(defect.areas) > _NAMED else ""
    place = "-" if defect.lon is None else f"{defect.lon:.7f}, {defect.lat:.7f}"
    reason = f" ({defect.reason})" if defect.reason else ""
    return (f"{defect.kind}{reason}", f"{defect.area_m2:,.1f}", place, areas + more)
