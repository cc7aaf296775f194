"""``gisgov redivide``: blocks divided into areas anew, or the areas of a plan changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import notice, progress
from gisgov.cli.redivide_options import (
    count_options,
    ground_options,
    kept_options,
    request_of,
    run_options,
    sought_options,
)
from gisgov.cli.redivide_pages import is_drawn, refuse_output, write_drawn
from gisgov.cli.redivide_texts import tell_redivision
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.titles import Language
from gisgov.paths import add_rooms
from gisgov.services.days import local_day
from gisgov.services.redividing import RedivisionReport, propose_redivision, store_proposal
from gisgov.services.redividing.files import write_areas


@click.command
@ground_options
@count_options
@kept_options
@sought_options
@run_options
@json_option(RedivisionReport)
def redivide(
    policy: Path | None, out: tuple[Path, ...], language: Language, as_json: bool, **asked: Any
) -> None:
    """Divide blocks into areas of about equal load, anew or near the areas of a plan.

    Areas are in one piece, inside their parent (unless their layer spans parents), and exactly as many as
    asked for; every block is in one. Loads are brought near to the mean of the parent, with compact areas and
    borders along streets and water. What cannot be had is explained with a number. Ctrl-C leaves nothing
    behind.
    """
    add_rooms()
    from fixtures.shipped import redivision_policy

    for path in out:
        refuse_output(path)
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    request = request_of(asked)
    figures = redivision_policy(policy)
    database = open_database(settings)
    shown = progress()
    proposal = propose_redivision(
        database,
        request,
        policy=figures,
        today=local_day(None, zone),
        timezone=zone,
        configured_crs=settings.working_crs,
        progress=shown,
    )
    for path in out:
        if is_drawn(path):
            write_drawn(proposal, path, language)
        for written in (path,) if is_drawn(path) else write_areas(proposal, path):
            notice(f"{written} written")
    store_proposal(database, proposal, progress=shown)
    emit(proposal.report, as_json=as_json, text=tell_redivision)
