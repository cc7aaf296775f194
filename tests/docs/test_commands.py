"""What the program says of its commands holds together."""

from __future__ import annotations

import inspect

import click
import pytest

from gisgov.cli.main import COMMANDS, gisgov
from gisgov.cli.output import commands


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_the_program_says_what_the_command_says(name: str) -> None:
    command = gisgov.get_command(click.Context(gisgov), name)

    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name].summary


def test_every_command_and_option_is_explained() -> None:
    bare: list[str] = []
    for path, command in commands(gisgov):
        if not command.help:
            bare.append(path)
        bare += [
            f"{path} {parameter.opts[0]}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.help
        ]

    assert bare == []


def test_every_command_that_asks_can_answer_in_json() -> None:
    """Commands that only act, hand over to another program or write another format are listed here."""
    silent = {
        *("gisgov db stop", "gisgov db psql", "gisgov serve", "gisgov worker", "gisgov schema"),
        *("gisgov account delete", "gisgov key revoke", "gisgov job cancel"),
        *("gisgov audit export", "gisgov job result"),
    }
    without = {
        path
        for path, command in commands(gisgov)
        if not isinstance(command, click.Group)
        and not any("--json" in parameter.opts for parameter in command.params)
    }

    assert without == silent


def test_flags_of_a_command_have_one_name_each() -> None:
    for path, command in commands(gisgov):
        names = [name for parameter in command.params for name in parameter.opts]
        assert len(names) == len(set(names)), path


def test_commands_say_what_they_do_in_a_sentence() -> None:
    for path, command in commands(gisgov):
        first = inspect.cleandoc(command.help or "").splitlines()[0]
        assert first.endswith("."), path
        assert len(first) <= 100, path
