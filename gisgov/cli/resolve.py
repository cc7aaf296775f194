"""``gisgov resolve``: who answers for a coordinate."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import parse_day
from gisgov.services.resolution import Post, Resolution, ResolvedArea
from gisgov.services.resolving import resolve as resolve_coordinate


# an option-like first word is a coordinate in the west or south
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--crs", default="wgs84", show_default=True, help="Coordinate system of LON and LAT.")
@click.option("--layer", metavar="NAME", help="Ask this layer alone.")
@click.option("--at", metavar="DATE", help="The day asked about (a date or a timestamp).  [default: today]")
@json_option(Resolution)
def resolve(lon: float, lat: float, crs: str, layer: str | None, at: str | None, as_json: bool) -> None:
    """Say who answers for a coordinate: its area in every partition layer, from the top down.

    LON and LAT are x and y where --crs names a projected system. A point on a border belongs to the area
    with the smallest code.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    day = parse_day(at, zone)
    answer = resolve_coordinate(
        open_database(settings), lon, lat, crs=crs, layer=layer, at=day, timezone=zone
    )
    emit(answer, as_json=as_json, text=describe)


def describe(answer: Resolution) -> str:
    """Return a resolution as text for people."""
    lines = [f"{answer.x!r}, {answer.y!r} in {answer.crs} on {answer.at}"]
    if answer.chain:
        rows = [
            (one.layer, one.code, one.name, f"{one.border_m:,.1f} m", one.plan, _staff(one))
            for one in answer.chain
        ]
        lines += ["", table(["layer", "code", "name", "to border", "plan", "staff"], rows)]
    for one in answer.chain:
        if one.on_border:
            lines += ["", f"{one.layer}: on the border{_others(one)}."]
    for out in answer.outside:
        nearest = ""
        if out.nearest_code is not None and out.distance_m is not None:
            nearest = f"; {out.nearest_code} {out.nearest_name} is {out.distance_m:,.1f} m away"
        lines += ["", f"{out.layer}: outside every area{nearest}."]
    if answer.without_plan:
        lines += ["", f"No plan in force: {', '.join(answer.without_plan)}."]
    if len(lines) == 1:
        lines += ["", "There are no partition layers yet."]
    return "\n".join(lines)


def _staff(area: ResolvedArea) -> str:
    return ", ".join(_post(post) for post in area.staff) or "-"


def _post(post: Post) -> str:
    phone = f" {post.phone}" if post.phone else ""
    deputies = "、".join(one.holder for one in post.deputies)
    return f"{post.role} {post.holder or '空缺'}{phone}" + (f"（代理 {deputies}）" if deputies else "")


def _others(area: ResolvedArea) -> str:
    if not area.candidates:
        return " of the layer"
    return f" with {', '.join(area.candidates)}; the smallest code owns it"
