"""What the commands of ``gisgov draft`` have in common: codes, lines, and the doing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from gisgov.cli.draft_texts import tell_conflicts, tell_edit, tell_since
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import notice, progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import DraftChanged, RebaseConflict
from gisgov.paths import add_rooms
from gisgov.services.days import local_day
from gisgov.services.editing.drawn_lines import line_of_file, typed_line
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Line, Operation
from gisgov.services.editing.reports import EditReport

Function = TypeVar("Function", bound=Callable[..., Any])


class Codes(click.ParamType[tuple[str, ...]]):
    """Codes with commas between them, or ``@FILE`` with codes in it."""

    name = "codes"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the codes, in their order."""
        text = value
        if value.startswith("@"):
            try:
                with click.open_file(value[1:], encoding="utf-8-sig") as file:
                    text = file.read()
            except (OSError, UnicodeDecodeError) as error:
                self.fail(
                    f"{value[1:]} cannot be read: {getattr(error, 'strerror', None) or error}.", param, ctx
                )
        codes = tuple(code for code in re.split(r"[\s,;]+", text) if code)
        if not codes:
            self.fail("no code is given.", param, ctx)
        return codes


CODES = Codes()
BLOCKS = click.argument("blocks", type=CODES)
"""Blocks as commas separate them, or from a file."""


def operation(function: Function) -> Function:
    """Give a command what all operations take: the draft, the revision that was seen, ``--json``."""
    seen = click.option(
        "--seen",
        type=click.IntRange(min=0),
        metavar="REVISION",
        help="Do it only if the draft is still at this revision; else say what changed.",
    )
    return click.argument("draft")(seen(json_option(EditReport)(function)))


def line_options(*, required: bool) -> Callable[[Function], Function]:
    """Give a command the options of a line to cut along."""

    def decorate(function: Function) -> Function:
        line = click.option(
            "--line",
            required=required,
            metavar="PLACES|FILE",
            help='Places as "lon,lat lon,lat …" (or ; between them), or a vector file with one line.',
        )
        crs = click.option(
            "--line-crs",
            metavar="CRS",
            help="What the line is in.  [default: WGS 84, or what the file states]",
        )
        return line(crs(function))

    return decorate


def line_of(line: str | None, crs: str | None) -> Line | None:
    """Return the line that was typed or is in a file; None without any."""
    if line is None:
        if crs is not None:
            raise click.UsageError("--line-crs is for a --line.")
        return None
    if re.search(r"[^\d\s.,;+-]", line) or Path(line).exists():
        return line_of_file(Path(line), crs)
    return typed_line(line, crs)


def do(draft: str, asked: Operation, *, seen: int | None, as_json: bool) -> None:
    """Do an operation and print what it did; where somebody was faster, say what they did."""
    add_rooms()
    from fixtures.shipped import redivision_policy

    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    try:
        done = edit_draft(
            open_database(settings),
            draft,
            asked,
            seen=seen,
            today=local_day(None, zone),
            timezone=zone,
            policy=redivision_policy(),
            progress=progress(),
        )
    except DraftChanged as refusal:
        notice(tell_since(refusal))
        raise
    except RebaseConflict as refusal:
        notice(tell_conflicts(refusal))
        raise
    emit(done, as_json=as_json, text=tell_edit)
