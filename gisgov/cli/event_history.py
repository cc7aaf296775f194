"""``gisgov event history``: what was done with an event."""

from __future__ import annotations

import click

from gisgov.cli.event_texts import desk_text
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import open_database
from gisgov.services.loop import EventStepInfo, event_history


@click.command
@click.argument("event_id", metavar="EVENT", type=click.IntRange(1))
@json_option(tuple[EventStepInfo, ...])
def history(event_id: int, as_json: bool) -> None:
    """List what was done with EVENT, by whom and why, step by step."""
    emit(event_history(open_database(), event_id), as_json=as_json, text=_listed)


def _listed(steps: tuple[EventStepInfo, ...]) -> str:
    if not steps:
        return "No step was taken with it here: it came from a file."
    headings = ("step", "at", "action", "state", "desk", "by", "reason")
    rows = [
        (
            str(one.number),
            one.at.isoformat(sep=" ", timespec="seconds"),
            one.action,
            one.to_state,
            desk_text(one.desk),
            one.by_name,
            one.reason,
        )
        for one in steps
    ]
    return table(headings, rows)
