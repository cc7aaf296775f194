"""Options that say which coverage is meant and what it is held against, of ``check`` and ``repair``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from gisgov.errors import FileError, InputError
from gisgov.services.checking import GroundFile, ToleranceChoice

Function = TypeVar("Function", bound=Callable[..., Any])

OF_FILES: Final = (
    *("crs", "file_layer", "code_field", "parents", "parents_layer", "parents_crs", "parents_code_field"),
    *("parent_field", "overlay"),
)
"""Names of what is asked about files only."""

_SUFFIXES: Final = {
    *(".gpkg", ".shp", ".zip", ".geojson", ".json", ".parquet", ".geoparquet", ".kml", ".fgb"),
}


def coverage_options(function: Function) -> Function:
    """Give a command the options that say what the areas of a plan or file are held against."""
    options = (
        click.option(
            "--scope", metavar="FILE|CODE", help="What the areas are to cover: an outline, or an area's code."
        ),
        click.option("--scope-layer", metavar="NAME", help="Layer of the scope file."),
        click.option(
            "--scope-crs", metavar="CRS", help="System of the scope file, where it does not state it."
        ),
        click.option(
            "--crs", metavar="CRS", help="System of FILE: wgs84, cgcs2000, gcj02, bd09 or an EPSG code."
        ),
        click.option("--file-layer", metavar="NAME", help="Layer of FILE, where it has several."),
        click.option("--code-field", metavar="NAME", help="Field of FILE with the codes of its areas."),
        click.option(
            "--parents",
            type=click.Path(path_type=Path),
            help="File with the areas that each is to lie in.",
        ),
        click.option("--parents-layer", metavar="NAME", help="Layer of the parents' file."),
        click.option("--parents-crs", metavar="CRS", help="System of the parents' file."),
        click.option(
            "--parents-code-field", metavar="NAME", help="Field of the parents' file with their codes."
        ),
        click.option(
            "--parent-field", metavar="NAME", help="Field of FILE that names the parent of each area."
        ),
        click.option(
            "--overlay", is_flag=True, help="The areas of FILE need not cover anything: gaps are no defects."
        ),
    )
    return _with(options, function)


def tolerance_options(function: Function) -> Function:
    """Give a command the options of `ToleranceChoice`."""
    options = (
        click.option(
            "--sliver-width-m",
            type=float,
            metavar="M",
            help="Faulty ground narrower than this is called a sliver.  [default: 0.5]",
        ),
        click.option(
            "--vertex-tolerance-m",
            type=float,
            metavar="M",
            help="Ground narrower than this is none: only vertices of its borders differ.  [default: 0.001 "
            "for files drawn in a plane, 0.0223 for degrees and plans, 0.025 where another system is "
            "compared with]",
        ),
        click.option(
            "--min-gap-m2",
            type=float,
            metavar="M2",
            help="Smaller gaps are counted, not listed.  [default: 0]",
        ),
    )
    return _with(options, function)


def tolerances_asked(asked: dict[str, Any]) -> ToleranceChoice:
    """Return what was said with `tolerance_options`."""
    return ToleranceChoice(asked["sliver_width_m"], asked["vertex_tolerance_m"], asked["min_gap_m2"])


def is_file(subject: str) -> bool:
    """Whether a name is of a file rather than of a plan."""
    path = Path(subject)
    return path.is_file() or path.suffix.lower() in _SUFFIXES


def scope_of_file(asked: dict[str, Any]) -> GroundFile | None:
    """Return what the areas of a file are to cover.

    Raises
    ------
    FileError
        It is no file.
    """
    scope = asked["scope"]
    if scope is None:
        return None
    if not Path(scope).is_file():
        raise FileError(f"{scope} does not exist.", hint="The scope of a file is a file.", field="scope")
    return GroundFile(Path(scope), asked["scope_layer"], asked["scope_crs"])


def scope_of_plan(asked: dict[str, Any]) -> GroundFile | str | None:
    """Return what a plan is to cover: an outline or the code of an area; None for its own scope."""
    scope: str | None = asked["scope"]
    if scope is None or not is_file(scope):
        return scope
    return GroundFile(Path(scope), asked["scope_layer"], asked["scope_crs"])


def parents_asked(asked: dict[str, Any]) -> GroundFile | None:
    """Return the file with the areas that those of a file are to lie in."""
    if asked["parents"] is None:
        return None
    return GroundFile(
        asked["parents"], asked["parents_layer"], asked["parents_crs"], asked["parents_code_field"]
    )


def refuse(message: str, asked: dict[str, Any], *names: str) -> None:
    """Refuse options that were given where they mean nothing.

    Raises
    ------
    InputError
        One of ``names`` was.
    """
    if any(asked[name] not in (None, False) for name in names):
        raise InputError(message)


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a date option."""
    return None if moment is None else moment.date()


def _with(options: tuple[Callable[[Function], Function], ...], function: Function) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
