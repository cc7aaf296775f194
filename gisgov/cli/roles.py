"""Roles as options: ``--role planner --in street:440305003``, each --in belonging to the --role before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import click

from gisgov.governance.access import Grant, Role

Function = TypeVar("Function", bound=Callable[..., Any])

_ROLE, _IN, _HELD_IN = "--role", "--in", "@"


class RolesCommand(click.Command):
    """A command whose --in options say where the --role before them is held: click forgets the order."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write each --in into its --role, and parse what comes out."""
        return super().parse_args(ctx, list(_joined(args)))


def role_options(function: Function) -> Function:
    """Give a command --role and --in (parameter ``roles``, which `parse_grants` reads)."""
    roles = ", ".join(Role)
    held_in = click.option(
        _IN, "places", multiple=True, metavar="LAYER:CODE", expose_value=False,
        help="Area in which the --role before it is held; several are taken. Without one the role is held "
        "everywhere.",
    )  # fmt: skip
    role = click.option(_ROLE, "roles", multiple=True, metavar="ROLE", help=f"{roles}; several are taken.")
    return role(held_in(function))


def parse_grants(written: Sequence[str]) -> tuple[Grant, ...]:
    """Return roles as `RolesCommand` writes them: ``planner@street:440305003``, ``viewer``.

    Raises
    ------
    click.UsageError
        There is no such role, or its place is no area of a layer.
    """
    return tuple(_grant(one) for one in written)


def _grant(written: str) -> Grant:
    word, held, place = written.partition(_HELD_IN)
    role = Role.read(word)
    if role is None:
        raise click.UsageError(f"{word!r} is no role; roles are {', '.join(Role)}.")
    layer, colon, code = place.partition(":")
    if held and not (colon and layer and code):
        raise click.UsageError(f"{place!r} is no area of a layer: write --in street:440305003.")
    return Grant(role, layer or None, code or None)


def _joined(args: Sequence[str]) -> Iterator[str]:
    """Yield the arguments with ``--role R --in A --in B`` as ``--role R@A --role R@B``."""
    words = iter(args)
    role: str | None = None
    is_placed = True
    for word in words:
        option, given, value = word.partition("=")
        if option not in (_ROLE, _IN):
            yield word
            continue
        value = value if given else next(words, "")
        if option == _IN:
            if role is None:
                raise click.UsageError("--in stands behind the --role that is held there.")
            is_placed = True
            yield from (_ROLE, f"{role}{_HELD_IN}{value}")
            continue
        if not is_placed and role is not None:
            yield from (_ROLE, role)
        role, is_placed = value, False
    if not is_placed and role is not None:
        yield from (_ROLE, role)
