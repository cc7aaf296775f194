"""``gisgov event``: reports of events, lists of them, their steps, and what was done with them."""

from __future__ import annotations

import click

from gisgov.cli.event_history import history
from gisgov.cli.event_reading import list_, show
from gisgov.cli.event_report import report
from gisgov.cli.event_step import step


@click.group
def event() -> None:
    """Report, list and show events, and take steps with them."""


event.add_command(report)
event.add_command(list_)
event.add_command(show)
event.add_command(step)
event.add_command(history)
