"""Where ``gisgov repair`` draws its proposals: a page that needs no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gisgov.errors import InputError
from gisgov.files.vector_output import plain_write_failures, whole
from gisgov.paths import add_rooms, web_assets
from gisgov.services.repairing.proposal_files import proposals_frame
from gisgov.services.repairing.proposing import ProposalReport

_MOST_DRAWN: Final = 20_000
"""With more areas than this a page draws only those that proposals name."""


def refuse_page(path: Path | None) -> None:
    """Refuse a page of another suffix, before anything is done.

    Raises
    ------
    InputError
        It would not be opened as one.
    """
    if path is not None and path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path.name} would be a page.", hint="End it with .html.", field="html")


def write_proposals_page(report: ProposalReport, path: Path, areas: Callable[[], Any]) -> None:
    """Draw proposals over the areas.

    Parameters
    ----------
    report : ProposalReport
        What is proposed.
    path : pathlib.Path
        The page to write; replaced.
    areas : callable
        Gives the areas as maps draw them.

    Raises
    ------
    FileError
        It cannot be written.
    AssetsMissing
        The web assets were not built.
    """
    add_rooms()
    from maps import repairs
    from maps.assets import WebAssets
    from maps.facts import MapFacts

    ground = areas()
    named = {code for one in report.proposals for code in (*one.areas, *one.options)}
    if len(ground) > _MOST_DRAWN and named:
        ground = ground[ground["code"].isin(named)]
    page = repairs.draw(
        proposals_frame(report.proposals),
        ground,
        assets=WebAssets.read(web_assets()),
        facts=MapFacts(subject=report.subject),
    )
    with plain_write_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as place:
            place.write_text(page, encoding="utf-8")
