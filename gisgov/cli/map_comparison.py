"""``gisgov map comparison``: what changes hands from one plan to another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click

from gisgov.cli.map_files import MapDrawn, describe, refuse_out, write_map
from gisgov.cli.output import emit, json_option
from gisgov.cli.session import load_settings, open_database
from gisgov.paths import add_rooms
from gisgov.services.days import local_day


@click.command
@click.argument("former")
@click.argument("plan")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Its language."
)
@click.option("--title", metavar="TEXT", help="Heading.  [default: what the map is]")
@click.option(
    "--paper", type=click.Choice(["a3", "a4"]), default="a3", show_default=True, help="Sheet to print on."
)
@json_option(MapDrawn)
def comparison(
    former: str,
    plan: str,
    out: Path,
    language: Literal["zh", "en"],
    title: str | None,
    paper: Literal["a3", "a4"],
    as_json: bool,
) -> None:
    """Draw the ground that changes hands from plan FORMER to PLAN, with the borders before and after.

    OUT ends with .html for a page, .png or .pdf for print.
    """
    refuse_out(out)
    add_rooms()
    from gisgov.services.comparing.comparing import compare_with_ground
    from gisgov.services.comparing.features import changes_frame
    from gisgov.services.thematic import plan_frame, provenance
    from gisgov.work.map_questions import facts_of
    from maps import plan_changes
    from maps.facts import MapFacts

    settings = load_settings()
    database, today = open_database(settings), local_day(None, ZoneInfo(settings.timezone))
    compared = compare_with_ground(database, former, plan)
    (layer, before), (_, after) = plan_frame(database, former), plan_frame(database, plan)
    facts = facts_of(MapFacts(), provenance(database, after, at=today))
    document = plan_changes.document(
        changes_frame(compared),
        before,
        after,
        fates=compared.report.fates,
        origins=compared.report.origins,
        title=title,
        language=language,
        facts=replace(facts, plan=None, subject=f"{former} → {plan}"),
    )
    drawn = MapDrawn(
        kind="comparison",
        file=str(out),
        size_bytes=write_map(document, out, paper=paper),
        title=document.title,
        layer=layer,
        plans=(former, plan),
        at=today,
        views=tuple(view.id for view in document.views),
        drawn={one.id: len(one.shapes) for one in document.layers},
    )
    emit(drawn, as_json=as_json, text=describe)
