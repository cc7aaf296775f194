"""``gisgov event step``: somebody does something with an event."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.event_texts import described
from gisgov.cli.output import emit, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.loop import TRIAGE, DeskKind, DeskName, Step
from gisgov.services.days import parse_day
from gisgov.services.loop import EventInfo, take_step


@click.command
@click.argument("event_id", metavar="EVENT", type=click.IntRange(1))
@click.argument("action")
@click.option("--reason", metavar="WORDS", help="Why, or what was done.")
@click.option("--expects", metavar="NUMBER", type=click.IntRange(0), help="Number of the last step you saw.")
@click.option("--area", metavar="LAYER CODE", nargs=2, help="To the desk of this area.")
@click.option("--department", metavar="CODE", help="To the desk of this department, or of the area for it.")
@click.option("--triage", is_flag=True, help="Back to whoever dispatches.")
@click.option("--into", metavar="EVENT", type=click.IntRange(1), help="The event that it is a duplicate of.")
@click.option("--category", metavar="CODE", help="Of a classification: the item of the register.")
@click.option("--level", metavar="LEVEL", help="Of a classification: 1, 2 or 3.")
@click.option("--stage", metavar="STAGE", help="Of an extension: the stage.")
@click.option("--amount", type=float, metavar="NUMBER", help="Of an extension: by how many units.")
@json_option(EventInfo)
def step(
    event_id: int,
    action: str,
    reason: str | None,
    expects: int | None,
    area: tuple[str, str] | None,
    department: str | None,
    triage: bool,
    into: int | None,
    category: str | None,
    level: str | None,
    stage: str | None,
    amount: float | None,
    as_json: bool,
) -> None:
    """Do ACTION with EVENT: accept, dispatch, start, handle, return, hand-over, review, close and others.

    What cannot be done from where the event stands is refused, and what can be done is named.
    """
    settings = load_settings()
    given = {"stage": stage, "amount": amount, "category": category, "level": level}
    details = {name: value for name, value in given.items() if value is not None}
    asked = Step(action, reason, expects, _desk(area, department, triage=triage), into, details)
    today = parse_day(None, ZoneInfo(settings.timezone))
    done = take_step(open_database(settings), event_id, asked, today=today)
    emit(done, as_json=as_json, text=described)


def _desk(area: tuple[str, str] | None, department: str | None, *, triage: bool) -> DeskName | None:
    if triage and area is not None:
        raise click.UsageError("--triage and --area are two desks: give one of them.")
    if area is not None:
        return DeskName(DeskKind.AREA, *area, department)
    if triage:
        return TRIAGE if department is None else DeskName(DeskKind.TRIAGE, department=department)
    return None if department is None else DeskName(DeskKind.DEPARTMENT, department=department)
