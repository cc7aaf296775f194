"""Where ``gisgov redivide`` draws its alternatives: a page that needs no network, or sheets to print."""

from __future__ import annotations

from pathlib import Path

from gisgov.files.vector_output import plain_write_failures, whole
from gisgov.governance.titles import Language
from gisgov.paths import add_rooms, web_assets
from gisgov.services.redividing.drawn import drawn_redivision
from gisgov.services.redividing.files import refuse_unwritable
from gisgov.services.redividing.proposing import Proposal

_PAGE, _SHEETS = ".html", (".png", ".pdf")


def is_drawn(path: Path) -> bool:
    """Whether a file of this suffix is a map."""
    return path.suffix.lower() in (_PAGE, *_SHEETS)


def refuse_output(path: Path) -> None:
    """Refuse what cannot be written, before anything is computed.

    Raises
    ------
    FileError
        The suffix is of no format that is written.
    AssetsMissing
        It would be a page, and the web assets were not built.
    """
    if not is_drawn(path):
        refuse_unwritable(path)
    elif path.suffix.lower() == _PAGE:
        add_rooms()
        from maps.assets import WebAssets

        WebAssets.read(web_assets())


def write_drawn(proposal: Proposal, path: Path, language: Language) -> None:
    """Draw the alternatives of a proposal.

    Parameters
    ----------
    proposal : Proposal
        The divisions.
    path : pathlib.Path
        Its suffix says what it is: a page (.html), sheets with the comparison and each alternative (.pdf),
        or the first of them (.png). Replaced.
    language : {"zh", "en"}
        Of everything but names.

    Raises
    ------
    FileError
        It cannot be written.
    """
    add_rooms()
    from maps import redivision
    from maps.facts import MapFacts

    told, drawn = proposal.report, drawn_redivision(proposal)
    facts = MapFacts(measured_in=told.measured_in, area_zh=told.layer_title_zh, area_en=told.layer_title_en)
    document = redivision.document(
        told, drawn.areas, parents=drawn.parents, present=drawn.present, language=language, facts=facts
    )
    if path.suffix.lower() == _PAGE:
        from maps.assets import WebAssets
        from maps.page import compose

        content = compose(document, WebAssets.read(web_assets())).encode()
    else:
        from maps.printing import draw_print

        content = draw_print(document, format="pdf" if path.suffix.lower() == ".pdf" else "png")
    with plain_write_failures(path), whole(path) as place:
        place.write_bytes(content)
