"""The alternatives of a re-division as a page, in both languages."""

from __future__ import annotations

from pathlib import Path

from gisgov.errors import AssetsMissing
from gisgov.governance.titles import Language
from gisgov.services.redividing import Proposal
from gisgov.services.redividing.drawn import drawn_redivision
from gisgov.services.redividing.files import page_name
from gisgov.types import Progress
from maps.assets import WebAssets
from maps.facts import MapFacts

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def write_redivision_pages(proposal: Proposal, folder: Path, *, assets: Path, progress: Progress) -> None:
    """Draw the alternatives of a proposal on a page that needs no network, once in each language.

    Where the web assets were not built no page is made: the rest of the result does without.
    """
    try:
        built = WebAssets.read(assets)
    except AssetsMissing:
        return
    told, drawn = proposal.report, drawn_redivision(proposal)
    from maps import redivision  # what draws is read by the jobs that draw, not by all

    facts = MapFacts(measured_in=told.measured_in, area_zh=told.layer_title_zh, area_en=told.layer_title_en)
    for language in progress(_LANGUAGES, label="drawing the map"):
        page = redivision.draw(
            told,
            drawn.areas,
            assets=built,
            parents=drawn.parents,
            present=drawn.present,
            language=language,
            facts=facts,
        )
        (folder / page_name(language)).write_text(page, encoding="utf-8")
