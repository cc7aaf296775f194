"""``gisgov event``: steps of events, and what was done with them."""

from __future__ import annotations

import click

from gisgov.cli.event_history import history
from gisgov.cli.event_step import step


@click.group
def event() -> None:
    """Take steps with events, and show what was done with them."""


event.add_command(step)
event.add_command(history)
