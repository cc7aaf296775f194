"""``gisgov lineage``: where an area comes from, and what became of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import parse_day
from gisgov.services.lineage import AreaLineage, LineageLink, lineage_of


@click.command
@click.argument("code")
@click.option("--layer", metavar="NAME", help="Its layer, where areas of several layers have had the code.")
@click.option("--at", metavar="DATE", help="The day asked about.  [default: today]")
@json_option(AreaLineage)
def lineage(code: str, layer: str | None, at: str | None, as_json: bool) -> None:
    """Say where an area comes from and what became of it, also of one that is in force no more.

    Change by change: whose ground it took over, who took over its own, and what is in force there on the day.
    """
    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    found = lineage_of(open_database(settings), code, layer=layer, at=day)
    emit(found, as_json=as_json, text=_told)


def _told(found: AreaLineage) -> str:
    state = "in force" if found.is_in_force else "not in force"
    lines = [f"{found.code} {found.name} of layer {found.layer}, {state} on {found.at}"]
    lines += [
        f"  in plan {one.plan} from {one.valid_from} to {one.valid_to or 'open end'}" for one in found.held_by
    ]
    for title, links in (("It took over ground of", found.before), ("Its ground went to", found.after)):
        if links:
            lines += ["", f"{title}:", _table(links)]
    if found.replaced_by:
        rows = [
            (one.code, one.name, one.plan, one.origin, _share(one.ground_share), _share(one.people_share))
            for one in found.replaced_by
        ]
        heading = ("code", "name", "plan", "is", "has of its ground", "of its people")
        lines += ["", f"On its ground on {found.at}:", table(heading, rows)]
    return "\n".join(lines)


def _table(links: tuple[LineageLink, ...]) -> str:
    rows = [
        (
            one.day,
            f"{one.former_code} {one.former_name}" if one.former_code else "no area",
            f"{one.code} {one.name}" if one.code else "no area",
            one.origin,
            _share(one.former_ground_share),
            _share(one.former_people_share),
            _share(one.ground_share),
        )
        for one in links
    ]
    heading = (
        "day",
        "from",
        "to",
        "which is",
        "of the former's ground",
        "of its people",
        "of the later's ground",
    )
    return table(heading, rows)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
