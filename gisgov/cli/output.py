"""Answers of commands: a text for people, or one JSON document of a documented schema for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from pydantic import TypeAdapter
from rich.cells import cell_len

from gisgov.cli.main import FOUND

Function = TypeVar("Function", bound=Callable[..., Any])
Result = TypeVar("Result")

_RESULT = "__gisgov_result__"


@dataclass(frozen=True, slots=True)
class Answer:
    """The ``--json`` answer of one command.

    Attributes
    ----------
    command : str
        Its full name, such as ``gisgov plan list``.
    result : type
        Type of the answer; its JSON Schema is what `docs/cli-json.md` documents.
    """

    command: str
    result: Any

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the answer."""
        return TypeAdapter(self.result).json_schema(mode="serialization")


def json_option(result: Any) -> Callable[[Function], Function]:
    """Give a command the flag ``--json`` (parameter ``as_json``) and document its answer's type.

    Parameters
    ----------
    result : type
        What `emit` will be given: a dataclass, or such as ``tuple[LayerInfo, ...]``.
    """

    def decorate(function: Function) -> Function:
        setattr(function, _RESULT, result)
        option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
        return option(function)

    return decorate


def emit(result: Result, *, as_json: bool, text: str | Callable[[Result], str]) -> None:
    """Print a command's answer.

    Parameters
    ----------
    result : object
        The answer, of the type declared by `json_option` of the command that runs.
    as_json : bool
        Print it as JSON instead of ``text``.
    text : str or callable
        The text for people, or what makes it from ``result``.
    """
    if not as_json:
        click.echo(text if isinstance(text, str) else text(result))
        return
    declared = getattr(click.get_current_context().command.callback, _RESULT, type(result))
    # warnings="error": an answer that is not of its declared type must not leave the house
    document = TypeAdapter(declared).dump_json(result, indent=2, warnings="error")
    click.echo(document.decode())


def finish(*, found: bool) -> None:
    """End the command: with status 1 when it found defects or disagreement, else with 0."""
    if found:
        click.get_current_context().exit(FOUND)


def answers(group: click.Group, path: str = "gisgov") -> Iterator[Answer]:
    """Yield every command below a group that has ``--json``, with its full name."""
    for name, command in commands(group, path):
        result = getattr(command.callback, _RESULT, None)
        if result is not None:
            yield Answer(name, result)


def commands(group: click.Group, path: str = "gisgov") -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with its full name, groups before what they hold."""
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as aligned columns, Chinese characters counted as two cells wide.

    Numbers stand to the right, everything else to the left; None is shown as ``-``.

    Examples
    --------
    >>> print(table(["layer", "areas"], [["街道", 6], ["grid", 264]]))
    layer  areas
    街道       6
    grid     264
    """
    texts = [[_cell(value) for value in row] for row in rows]
    right = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(headings))]
    lines = [list(headings), *texts]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(headings))]
    return "\n".join("  ".join(map(_pad, line, widths, right)).rstrip() for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _pad(text: str, width: int, right: bool) -> str:
    spaces = " " * (width - cell_len(text))
    return spaces + text if right else text + spaces


def dump(document: object) -> str:
    """Return JSON as documentation and ``gisgov schema`` show it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def count_of_areas(count: int) -> str:
    """Return how many areas there are, in words.

    Examples
    --------
    >>> count_of_areas(1), count_of_areas(1200)
    ('1 area', '1,200 areas')
    """
    return f"{count:,} {'area' if count == 1 else 'areas'}"
