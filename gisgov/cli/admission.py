"""Commands of the operator, which no key may run: those for the service and the database of the machine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click


def guarded(command: click.Command) -> click.Command:
    """Return a command that first asks the table of rights, where a key runs it; of a group, all below it.

    A command that opens the database is admitted there (`gisgov.cli.session.open_database`), with the rights
    of the key's account. What is for the operator is refused to every key before anything happens.
    """
    if isinstance(command, click.Group):
        for below in command.commands.values():
            guarded(below)
    elif command.callback is not None and not hasattr(command.callback, "is_guarded"):
        command.callback = asked_first(command.callback)
    return command


def asked_first(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a command does, with the question before it."""

    @functools.wraps(callback)
    def asked(*arguments: Any, **options: Any) -> Any:
        _refuse_keys(click.get_current_context().command_path)
        return callback(*arguments, **options)

    asked.is_guarded = True  # type: ignore[attr-defined]
    return asked


def _refuse_keys(operation: str) -> None:
    from gisgov.config import load_settings
    from gisgov.errors import NotAllowed
    from gisgov.governance.access import Extent
    from gisgov.services.access import right_of

    if load_settings().key is not None and right_of(operation).extent is Extent.OPERATOR:
        raise NotAllowed(
            f"{operation} is for the operator of the machine, not for a key.", hint="Unset GISGOV_KEY."
        )
