"""``gisgov device``: cameras and others listed, counted by area, and told of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.devices import DeviceState, title_of_device
from gisgov.services import devices
from gisgov.services.days import parse_day
from gisgov.services.devices import (
    DeviceFigures,
    DevicePage,
    DeviceStatesTaken,
    DeviceStatistics,
    SentState,
    parse_devices,
)
from gisgov.services.statistics.figure_tables import refuse_unwritable

_AT = click.option("--at", metavar="DATE", help="The day whose areas are meant.  [default: today]")
_HEADING = ("id", "kind", "title", "state", "heard of", "area")
_PLACES = {"outside": "in no area", "all": "all"}


@click.group
def device() -> None:
    """List and count cameras and other devices, and report whether they work."""


@device.command("list")
@click.option("--layer", metavar="NAME", help="Layer whose areas they are given to.")
@click.option("--area", metavar="CODE", help="Those in this area of it.")
@click.option("--kind", metavar="WORD", help="Those of these kinds, separated by commas.")
@click.option("--state", metavar="WORD", help="Those online, offline or retired.")
@click.option("--unheard-since", type=click.DateTime(), metavar="TIME", help="Those not heard of since.")
@click.option("--after", metavar="ID", help="Go on behind this id.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most of them.")
@_AT
@json_option(DevicePage)
def list_(
    layer: str | None,
    area: str | None,
    kind: str | None,
    state: str | None,
    unheard_since: datetime | None,
    after: str | None,
    limit: int,
    at: str | None,
    as_json: bool,
) -> None:
    """List devices by id, with how they were last heard of."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    asked = parse_devices(kind=kind, state=state, before=unheard_since, layer=layer, area=area, timezone=zone)
    day = parse_day(at, zone)
    found = devices.list_devices(open_database(settings), asked, at=day, after=after, limit=limit)
    emit(found, as_json=as_json, text=lambda page: _listed(page, zone))


@device.command
@click.option("--layer", required=True, metavar="NAME", help="Layer whose areas are counted.")
@click.option("--kind", "kinds", multiple=True, metavar="WORD", help="Only of this kind.  [default: all]")
@click.option("--out", type=FILE, metavar="FILE", help="Write all figures too: .csv or .xlsx.")
@click.option("--english", is_flag=True, help="English headings in the file.  [default: Chinese]")
@_AT
@json_option(DeviceStatistics)
def statistics(
    layer: str, kinds: tuple[str, ...], out: Path | None, english: bool, at: str | None, as_json: bool
) -> None:
    """Count devices by area, kind and state, with the share that is online.

    What lies in no area has its row, so that rows add up to all.
    """
    if out is not None:
        refuse_unwritable(out)
    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    found = devices.device_statistics(open_database(settings), layer, at=day, kinds=kinds)
    if out is not None:
        devices.device_table(found, "en" if english else "zh").write(out)
    emit(found, as_json=as_json, text=_counted)


@device.command
@click.argument("id_", metavar="ID")
@click.argument("state", type=click.Choice([DeviceState.ONLINE.value, DeviceState.OFFLINE.value]))
@click.option("--at", type=click.DateTime(), metavar="TIME", help="As of when.  [default: now]")
@json_option(DeviceStatesTaken)
def report(id_: str, state: devices.Reported, at: datetime | None, as_json: bool) -> None:
    """Report that the device ID is online or offline."""
    settings = load_settings()
    done = devices.take_states(
        open_database(settings),
        [SentState(id_, state, at)],
        now=datetime.now(UTC),
        timezone=ZoneInfo(settings.timezone),
    )
    emit(done, as_json=as_json, text=_taken)
    finish(found=done.refused > 0)


def _listed(page: DevicePage, zone: ZoneInfo) -> str:
    if not page.devices:
        return "No such device."
    rows = [
        (
            one.id,
            one.kind,
            one.title,
            one.state,
            f"{one.state_at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.area_code,
        )
        for one in page.devices
    ]
    more = [] if page.after is None else ["", f"There are more: go on with --after {page.after}"]
    return "\n".join([table(_HEADING, rows), *more])


def _counted(found: DeviceStatistics) -> str:
    kinds = [title_of_device(kind, "en").lower() for kind in found.kinds]
    header = (
        "code",
        "name",
        "devices",
        "online",
        "offline",
        "retired",
        "online %",
        *(f"{one} %" for one in kinds),
    )
    rows = []
    for row in found.rows:
        by_kind = {one.kind: one.figures for one in row.kinds}
        own = row.figures
        shares = [_share(by_kind.get(kind)) for kind in found.kinds]
        rows.append(
            (
                row.code or "",
                row.name if row.place == "area" else _PLACES[row.place],
                own.devices,
                own.online,
                own.offline,
                own.retired,
                _share(own),
                *shares,
            )
        )
    heading = f"Devices of layer {found.layer}, on the areas of {found.at}; states as last heard of."
    return "\n".join([heading, "", table(header, rows)])


def _share(figures: DeviceFigures | None) -> float | None:
    if figures is None or figures.online_share is None:
        return None
    return round(figures.online_share * 100, 1)


def _taken(done: DeviceStatesTaken) -> str:
    told = {"changed": "is now so", "unchanged": "was so before", "older": "is known of a later time"}
    return "\n".join(f"{one.device}: {one.reason or told[one.status]}" for one in done.items)
