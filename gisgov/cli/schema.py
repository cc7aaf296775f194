"""``gisgov schema``: what a ``--json`` answer looks like."""

from __future__ import annotations

import click

from gisgov.cli.output import answers, dump
from gisgov.errors import NotFoundError


@click.command
@click.argument("command", nargs=-1, required=True)
def schema(command: tuple[str, ...]) -> None:
    """Print the JSON Schema of a command's --json answer.

    COMMAND is the command's name without "gisgov", such as: gisgov schema plan list
    """
    from gisgov.cli.main import gisgov

    name = " ".join(("gisgov", *command))
    known = {answer.command: answer for answer in answers(gisgov)}
    if name not in known:
        those = ", ".join(known)
        raise NotFoundError(f"No command {name!r} answers with --json.", hint=f"Those that do: {those}.")
    click.echo(dump(known[name].json_schema()))
