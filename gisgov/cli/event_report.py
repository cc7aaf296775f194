"""``gisgov event report``: somebody tells of an event."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.services.indexes import IndexFolder, load_day
from gisgov.services.ingesting import DeskGiven, EventReport, Ingested, ingest_events
from gisgov.work.place import index_place


@click.command
@click.option(
    "--source",
    default="patrol",
    show_default=True,
    metavar="NAME",
    help="Who tells of it: patrol, hotline, petition, opinion, camera, qr-code, or the name of a system.",
)
@click.option(
    "--id",
    "external_id",
    metavar="TEXT",
    help="What it is called there; sent again under the same it stays one event.  [default: a new one]",
)
@click.option("--lon", "x", type=float, metavar="NUMBER", help="Longitude or easting.")
@click.option("--lat", "y", type=float, metavar="NUMBER", help="Latitude or northing.")
@click.option(
    "--crs", default="wgs84", show_default=True, metavar="NAME", help="What the coordinate means: gcj02 …"
)
@click.option("--building", metavar="ID", help="Instead of a coordinate: the building whose code was read.")
@click.option("--building-source", metavar="NAME", help="Whose id that is, where several sources have it.")
@click.option("--device", metavar="ID", help="Instead of a coordinate: the camera that saw it.")
@click.option("--category", metavar="TEXT", help="Code or title of an item of the register.")
@click.option("--level", metavar="1|2|3", help="Its level.  [default: that of the item]")
@click.option("--at", type=click.DateTime(), metavar="TIME", help="When it happened.  [default: now]")
@click.option("--description", metavar="TEXT", help="What happened.")
@click.option(
    "--corrected", is_flag=True, help="It was put right on the spot: of level 1, it is closed at once."
)
@json_option(Ingested)
def report(external_id: str | None, at: datetime | None, as_json: bool, **given: Any) -> None:
    """Report one event: its area is found, and it lands on somebody's desk."""
    settings = load_settings()
    database = open_database(settings)
    url = database.engine.url.render_as_string(hide_password=False)
    days = partial(load_day, database, IndexFolder(index_place(settings, url)))
    one = EventReport(external_id=external_id or uuid.uuid4().hex, occurred_at=at, **given)
    done = ingest_events(database, days, [one], timezone=ZoneInfo(settings.timezone))
    emit(done, as_json=as_json, text=describe)
    finish(found=done.refused > 0)


def describe(done: Ingested) -> str:
    """Return what became of an event as text for people."""
    (one,) = done.items
    if one.faults:
        return "\n".join(
            ["Refused:", *(f"  {fault.pointer.removeprefix('/0/')}: {fault.reason}" for fault in one.faults)]
        )
    name = f"Event {one.event_id} ({one.source} {one.external_id})"
    lines = [f"{name} is {one.outcome}: {one.state}, level {one.level}."]
    if one.desk is not None:
        lines += _desk_lines(one.desk)
    return "\n".join(lines)


def _desk_lines(desk: DeskGiven) -> list[str]:
    where = desk.kind if desk.code is None else f"{desk.layer} {desk.code} {desk.name}"
    beside = f", department {desk.department}" if desk.department else ""
    by = f" (by the exception {desk.exception})" if desk.exception else ""
    lines = [f"On the desk of {where}{beside}{by}."]
    lines += [f"  {post.role}: {post.holder or 'nobody'}" for post in desk.posts]
    for title, areas in (("Told too", desk.neighbours), ("Nearest", desk.nearest)):
        lines += [f"  {title}: {one.layer} {one.code} {one.name}, {one.distance_m:,.1f} m" for one in areas]
    return lines
