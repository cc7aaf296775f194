"""``gisgov event``: reports of events, their steps, and what was done with them."""

from __future__ import annotations

import click

from gisgov.cli.event_history import history
from gisgov.cli.event_report import report
from gisgov.cli.event_step import step


@click.group
def event() -> None:
    """Report events, take steps with them, and show what was done with them."""


event.add_command(report)
event.add_command(step)
event.add_command(history)
