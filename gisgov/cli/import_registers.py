"""``gisgov import categories`` and ``gisgov import departments``: the registers of the closed loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import click

from gisgov.cli.import_texts import FILE, report_lines
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import open_database
from gisgov.errors import InputError
from gisgov.paths import add_rooms
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import Absent, CategoriesImport, CategoriesImportReport
from gisgov.services.registers.department_import import (
    DepartmentsImport,
    DepartmentsImportReport,
    import_departments,
)

Function = TypeVar("Function", bound=Callable[..., Any])

_OF_CATEGORIES: Final = {
    "code": "the code",
    "title": "the title",
    "title_en": "the title in English",
    "function": "the function",
    "group": "the group within the function",
    "kind": "whether it is an event or a component",
    "level": "the level",
    "department": "the department that answers for it, by code or title",
    "limits": "limits of time, such as `handling: 3 working-days`",
    "layers": "layers by level, such as `3: street`",
    "example": "whether it is an example",
}
_OF_DEPARTMENTS: Final = {
    "code": "the code",
    "title": "the title",
    "title_en": "the title in English",
}


def _columns(known: dict[str, str]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for holds, told in reversed(known.items()):
            option = f"--{holds.replace('_', '-')}-field"
            function = click.option(option, metavar="NAME", help=f"Column of {told}.")(function)
        return function

    return decorate


def _imported(function: Function) -> Function:
    for option in reversed(
        (
            click.argument("file", type=FILE, required=False),
            click.option("--example", is_flag=True, help="Take the example that gisgov ships."),
            click.option("--sheet", metavar="NAME", help="Sheet of a workbook, if it has several."),
            click.option("--source", metavar="WORDS", help="Where they come from; by default FILE."),
        )
    ):
        function = option(function)
    return function


def _careful(function: Function) -> Function:
    for option in reversed(
        (
            click.option("--strict", is_flag=True, help="Import nothing if any row has a problem."),
            click.option("--rejects", type=FILE, metavar="PATH", help="Where to write rejected rows (.csv)."),
            click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing."),
        )
    ):
        function = option(function)
    return function


@click.command
@_imported
@_columns(_OF_CATEGORIES)
@click.option(
    "--absent",
    type=click.Choice([one.value for one in Absent]),
    default=Absent.STAY.value,
    show_default=True,
    help="What becomes of items in force that FILE does not name; retire: it is proposed.",
)
@click.option("--reason", metavar="WORDS", help="Why it is proposed.")
@_careful
@json_option(CategoriesImportReport)
def categories(
    file: Path | None,
    example: bool,
    sheet: str | None,
    source: str | None,
    absent: str,
    reason: str | None,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Propose the items of the category register in FILE (CSV, Excel or Parquet), one row per item.

    Columns that are not named are found by their usual names. An item that differs from its last version gets
    a new one; what is in force stays so until `gisgov category permit` puts the new version in force.
    """
    asked = CategoriesImport(
        path=_file(file, "categories" if example else None),
        sheet=sheet,
        fields=_fields(columns),
        source=source,
        absent=Absent(absent),
        reason=reason,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    report = import_categories(open_database(), asked)
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


@click.command
@_imported
@_columns(_OF_DEPARTMENTS)
@_careful
@json_option(DepartmentsImportReport)
def departments(
    file: Path | None,
    example: bool,
    sheet: str | None,
    source: str | None,
    strict: bool,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Import the departments in FILE (CSV, Excel or Parquet), one row per department.

    Columns that are not named are found by their usual names. A department that is known takes over its
    title; one that FILE does not name stays.
    """
    asked = DepartmentsImport(
        path=_file(file, "departments" if example else None),
        sheet=sheet,
        fields=_fields(columns),
        source=source,
        strict=strict,
        dry_run=dry_run,
        rejects_path=rejects,
    )
    report = import_departments(open_database(), asked)
    emit(report, as_json=as_json, text=describe)
    finish(found=report.rejected > 0)


def describe(report: CategoriesImportReport | DepartmentsImportReport) -> str:
    """Return the report as text for people."""
    lines: list[str] = []
    if isinstance(report, CategoriesImportReport):
        if report.replaced:
            lines.append(f"{report.replaced:,} versions that were still proposed give way to new ones.")
        if report.retirement_proposed:
            lines.append(f"{report.retirement_proposed:,} items in force are proposed to retire.")
        lines += report.notes
    return report_lines(report, *lines)


def _fields(columns: dict[str, str | None]) -> dict[str, str]:
    return {name.removesuffix("_field"): given for name, given in columns.items() if given is not None}


def _file(file: Path | None, shipped: Literal["categories", "departments"] | None) -> Path:
    if file is not None and shipped is None:
        return file
    if file is not None or shipped is None:
        raise InputError("What is to be imported?", hint="Name one FILE, or give --example.")
    add_rooms()
    from fixtures.shipped import register_file

    return register_file(shipped)
