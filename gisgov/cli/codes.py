"""``gisgov codes``: code schemes, and codes held against them."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gisgov.cli.output import emit, finish, json_option, table
from gisgov.errors import InputError
from gisgov.governance.codes import CodeScheme
from gisgov.services.area_codes import (
    CodeParents,
    CodeProblem,
    CodesChecked,
    GivenCode,
    SchemeInfo,
    check_codes,
    describe_schemes,
    find_parents,
    find_scheme,
    read_codes,
)
from gisgov.services.numbering import AreasNumbered, NumberingFields, number_file

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = 50

_scheme_option = click.option(
    "--scheme", "scheme_name", default="grid-15", show_default=True, metavar="NAME", help="The code scheme."
)
_schemes_option = click.option(
    "--schemes", "schemes_file", type=_FILE, help="Schemes of a YAML or TOML file besides the shipped ones."
)


def _codes_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Where codes come from: words of the command, lines of stdin, or a field of a file."""
    for option in (
        click.option("--file-layer", metavar="NAME", help="Layer or sheet of FILE, when it has several."),
        click.option(
            "--field", default="code", show_default=True, metavar="NAME", help="Field of FILE with the codes."
        ),
        click.option("--file", type=_FILE, help="Table or vector file to read codes from."),
        _schemes_option,
        _scheme_option,
        click.argument("codes", nargs=-1, metavar="[CODE]..."),
    ):
        function = option(function)
    return function


@click.group
def codes() -> None:
    """Check area codes, or number new areas. Needs no database."""


@codes.command
@_schemes_option
@json_option(tuple[SchemeInfo, ...])
def schemes(schemes_file: Path | None, as_json: bool) -> None:
    """List the code schemes and their series."""
    emit(describe_schemes(_known(schemes_file)), as_json=as_json, text=_describe_schemes)


@codes.command
@_codes_options
@json_option(CodesChecked)
def check(
    codes: tuple[str, ...],
    file: Path | None,
    field: str,
    file_layer: str | None,
    scheme_name: str,
    schemes_file: Path | None,
    as_json: bool,
) -> None:
    """Check codes against a scheme: the words of the command, lines of stdin (-), or a field of a file.

    Exit status 1 when a code does not follow the scheme or stands twice.
    """
    scheme = find_scheme(scheme_name, _known(schemes_file))
    found = check_codes(scheme, _given(codes, file, field, file_layer))
    emit(found, as_json=as_json, text=_describe_check)
    finish(found=bool(found.problems))


@codes.command
@_codes_options
@json_option(CodeParents)
def parent(
    codes: tuple[str, ...],
    file: Path | None,
    field: str,
    file_layer: str | None,
    scheme_name: str,
    schemes_file: Path | None,
    as_json: bool,
) -> None:
    """Say the code of the area above each code; CODE, FILE and - as for "check".

    Exit status 1 when a code does not follow the scheme.
    """
    scheme = find_scheme(scheme_name, _known(schemes_file))
    found = find_parents(scheme, _given(codes, file, field, file_layer))
    emit(found, as_json=as_json, text=_describe_parents)
    finish(found=bool(found.problems))


@codes.command
@click.argument("file", type=_FILE)
@click.option("--parent-field", required=True, metavar="NAME", help="Field with the code of the area above.")
@click.option(
    "--code-field", metavar="NAME", help="Field with the codes of areas that have one; they keep it."
)
@click.option(
    "--x-field", metavar="NAME", help="Field of a place in each area: east.  [default: the geometry]"
)
@click.option("--y-field", metavar="NAME", help="Field of a place in each area: north.")
@click.option("--file-layer", metavar="NAME", help="Layer or sheet of FILE, when it has several.")
@click.option("--series", metavar="NAME", help="Series of the scheme.  [default: its first]")
@click.option("--given", multiple=True, metavar="SEGMENT=DIGITS", help="Digits of a segment no parent gives.")
@click.option("--row-height", type=float, help="Height of a row of areas, in the unit of y.")
@click.option("--taken", type=_FILE, help="Table of codes that were given out before.")
@click.option(
    "--taken-field",
    default="code",
    show_default=True,
    metavar="NAME",
    help="Field of --taken with the codes.",
)
@_scheme_option
@_schemes_option
@json_option(AreasNumbered)
def number(
    file: Path,
    parent_field: str,
    code_field: str | None,
    x_field: str | None,
    y_field: str | None,
    file_layer: str | None,
    series: str | None,
    given: tuple[str, ...],
    row_height: float | None,
    taken: Path | None,
    taken_field: str,
    scheme_name: str,
    schemes_file: Path | None,
    as_json: bool,
) -> None:
    """Give areas of a file codes inside their parents, west to east in rows from north to south.

    Prints CSV: the row in FILE, the parent, the code, and whether it is new. FILE stays as it is.
    """
    answer = number_file(
        file,
        find_scheme(scheme_name, _known(schemes_file)),
        NumberingFields(parent_field, code_field, x_field, y_field),
        layer=file_layer,
        series=series,
        given=dict(_pair(word) for word in given),
        row_height=row_height,
        taken=[one.code for one in read_codes(taken, taken_field) if one.code] if taken else (),
    )
    emit(answer, as_json=as_json, text=_csv_of)


def _known(schemes_file: Path | None) -> tuple[CodeScheme, ...]:
    from fixtures import shipped

    return (*shipped.code_schemes(), *(shipped.code_schemes(schemes_file) if schemes_file else ()))


def _given(codes: tuple[str, ...], file: Path | None, field: str, layer: str | None) -> tuple[GivenCode, ...]:
    if (file is None) == (not codes):
        raise InputError("Give codes, or - for lines of stdin, or --file.", field="codes")
    if file is not None:
        return read_codes(file, field, layer=layer)
    words = sys.stdin.read().splitlines() if codes == ("-",) else codes
    return tuple(GivenCode(i, word.strip() or None) for i, word in enumerate(words, start=1))


def _pair(word: str) -> tuple[str, str]:
    segment, equals, digits = word.partition("=")
    if not (segment and equals and digits):
        raise InputError(f"--given {word} is not SEGMENT=DIGITS.", field="given")
    return segment, digits


def _describe_schemes(schemes: tuple[SchemeInfo, ...]) -> str:
    rows = [
        (
            scheme.name if i == 0 else "",
            scheme.shape if i == 0 else "",
            scheme.title_zh if i == 0 else "",
            series.name,
            f"{series.counts} {series.first}-{series.last}",
            series.parent or "-",
        )
        for scheme in schemes
        for i, series in enumerate(scheme.series)
    ]
    return table(["scheme", "digits", "title", "series", "counts", "parent"], rows)


def _describe_check(found: CodesChecked) -> str:
    head = f"{found.sound:,} of {found.checked:,} codes follow {found.scheme}."
    return "\n".join([head, *_describe_problems(found.problems)])


def _describe_parents(found: CodeParents) -> str:
    sound = {one.row for one in found.parents} - {problem.row for problem in found.problems}
    rows = [(one.code, one.parent) for one in found.parents if one.row in sound]
    return "\n".join([table(["code", "parent"], rows), *_describe_problems(found.problems)])


def _describe_problems(problems: tuple[CodeProblem, ...]) -> list[str]:
    lines = [
        f"row {problem.row}: {problem.code or 'code'} {problem.message}" for problem in problems[:_SHOWN]
    ]
    if len(problems) > _SHOWN:
        lines.append(f"… and {len(problems) - _SHOWN:,} more (--json lists all)")
    return lines


def _csv_of(answer: AreasNumbered) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(["row", "parent", "code", "new"])
    writer.writerows([one.row, one.parent, one.code, int(one.is_new)] for one in answer.areas)
    return page.getvalue().rstrip("\n")
