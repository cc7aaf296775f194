"""``gisgov whistle``: departments that are called to events, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services import whistles
from gisgov.services.days import parse_day
from gisgov.services.whistles import WhistleInfo


@dataclass(frozen=True, slots=True)
class WhistleList:
    """Answer of ``gisgov whistle list``.

    Attributes
    ----------
    whistles : tuple of WhistleInfo
        The latest first.
    """

    whistles: tuple[WhistleInfo, ...]


@click.group
def whistle() -> None:
    """Call departments to events, answer such calls, and list them."""


@whistle.command
@click.argument("event_id", metavar="EVENT", type=click.IntRange(1))
@click.option("--department", "departments", multiple=True, required=True, metavar="CODE", help="Who.")
@click.option("--reason", required=True, metavar="WORDS", help="Why they are called.")
@click.option("--same-day", is_flag=True, help="Answers are due by the end of the working day.")
@click.option(
    "--area", metavar="LAYER CODE", nargs=2, help="The area that calls.  [default: that of the desk]"
)
@json_option(WhistleInfo)
def call(
    event_id: int,
    departments: tuple[str, ...],
    reason: str,
    same_day: bool,
    area: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Call departments to EVENT, from the area on whose desk it lies or from one above it."""
    done = whistles.call_departments(
        open_database(),
        event_id,
        departments,
        reason=reason,
        same_day=same_day,
        area=area,
        today=_today(),
    )
    emit(done, as_json=as_json, text=_described)


@whistle.command
@click.argument("whistle_id", metavar="WHISTLE", type=click.IntRange(1))
@click.option("--department", required=True, metavar="CODE", help="For whom.")
@click.option("--answer", "words", required=True, metavar="WORDS", help="What it says, or did.")
@json_option(WhistleInfo)
def answer(whistle_id: int, department: str, words: str, as_json: bool) -> None:
    """Answer WHISTLE for a department, as one of its people or in its name; the last answer closes it."""
    done = whistles.answer_whistle(open_database(), whistle_id, department, words, today=_today())
    emit(done, as_json=as_json, text=_described)


@whistle.command
@click.argument("whistle_id", metavar="WHISTLE", type=click.IntRange(1))
@click.option("--reason", required=True, metavar="WORDS", help="Why answers are not needed any more.")
@json_option(WhistleInfo)
def close(whistle_id: int, reason: str, as_json: bool) -> None:
    """Close WHISTLE though departments have not answered."""
    done = whistles.close_whistle(open_database(), whistle_id, reason, today=_today())
    emit(done, as_json=as_json, text=_described)


@whistle.command("list")
@click.option("--department", metavar="CODE", help="Only those that call this department.")
@click.option("--event", "event_id", type=click.IntRange(1), metavar="EVENT", help="Only those for it.")
@click.option(
    "--open/--closed", "is_open", default=None, help="Only those to be answered, or only the others."
)
@click.option("--before", type=click.IntRange(1), metavar="WHISTLE", help="Only those before this one.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most so many."
)
@json_option(WhistleList)
def list_(
    department: str | None,
    event_id: int | None,
    is_open: bool | None,
    before: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """List whistles, the latest first."""
    found = whistles.list_whistles(
        open_database(),
        department=department,
        event_id=event_id,
        is_open=is_open,
        before=before,
        limit=limit,
    )
    emit(WhistleList(found), as_json=as_json, text=_listed)


def _today() -> date:
    return parse_day(None, ZoneInfo(load_settings().timezone))


def _described(one: WhistleInfo) -> str:
    calls = [
        f"  {call.department} ({call.title}): {call.state}, due {call.due_at:%Y-%m-%d %H:%M %Z}"
        + (" in its name" if call.on_behalf else "")
        + (f": {call.answer}" if call.answer else "")
        for call in one.calls
    ]
    area = f" from {one.layer} {one.area}" if one.area else ""
    stands = "open" if one.closed_at is None else "closed"
    return "\n".join([f"Whistle {one.id} for event {one.event_id}{area} is {stands}: {one.reason}", *calls])


def _listed(answer: WhistleList) -> str:
    rows = [
        (one.id, one.event_id, one.area, call.department, call.state, f"{call.due_at:%Y-%m-%d %H:%M}")
        for one in answer.whistles
        for call in one.calls
    ]
    return table(("whistle", "event", "area", "department", "", "due"), rows)
