"""Map of vacancies: posts that areas lack by their layer's formula, the share filled, and each post alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.titles import Language
from gisgov.types import Floats, Json
from maps import areas, palette
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column
from maps.shares import share_fill, share_keys
from maps.words import Words

_BREAKS: Final = (1.0, 2.0, 3.0, 4.0)
"""Of posts that an area lacks: none, one, two, three, more."""


def document(
    posts: pd.DataFrame,
    grids: gpd.GeoDataFrame,
    *,
    roles: Sequence[str],
    formula: str | None,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw vacancies as a document.

    Parameters
    ----------
    posts : DataFrame
        By area: code, needed, filled, missing, filled_share (0..1, NaN where nobody is needed), and for each
        role by its place ``needed_0``, ``missing_0`` and so on. Areas without a row have no formula, and are
        told apart.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    roles : sequence of str
        The roles that are asked for, in the order of their columns; each has a view of its own.
    formula : str or None
        The posts that each area should have; None where the layer has no formula.
    title, language, facts
        As for `maps.risk.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper.

    Raises
    ------
    InputError
        The areas are not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    grids = areas.drawable(grids, "areas").merge(posts, on="code", how="left")
    ground = areas.Ground.of(grids, areas.areas_layer(grids, words, _columns(grids, roles, words)))
    missing, share = areas.numbers(grids, "missing"), areas.numbers(grids, "filled_share")
    by_role = [areas.numbers(grids, f"missing_{place}") for place in range(len(roles))]
    told = words("formula-note", formula=formula) if formula else words("no-formula-note")
    return Document(
        kind="vacancies",
        title=title or facts.title(words, "vacancies-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds_of(areas.geometries(grids)),
        layers=ground.layers,
        views=(
            View("missing", words("view-missing"), (_counted("missing"), *ground.over())),
            View("filled", words("view-filled"), (share_fill("filled_share"), *ground.over())),
            *(
                View(f"role-{place}", role, (_counted(f"missing_{place}"), *ground.over()))
                for place, role in enumerate(roles)
            ),
        ),
        sections=(
            _total(grids, roles, words),
            Section(words("missing-of-grid"), keys=_keys(missing, words), views=("missing",)),
            Section(
                words("filled-share-of-grid"),
                keys=share_keys(share, words, none=_none(missing, words)),
                views=("filled",),
            ),
            *(
                Section(words("missing-of-role", role=role), keys=_keys(own, words), views=(f"role-{place}",))
                for place, (role, own) in enumerate(zip(roles, by_role, strict=True))
            ),
        ),
        notes=(*facts.notes(words), told),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("missing", words("vacant-short")),
                Heading("needed", words("needed-short")),
                Heading("filled_share", words("filled-short")),
            ),
            sort="missing",
            under={"name": "code"},
        ),
    )


def _columns(grids: gpd.GeoDataFrame, roles: Sequence[str], words: Words) -> list[Column]:
    own = [
        Column("missing", words("posts-vacant"), "number", areas.numbers(grids, "missing")),
        Column("needed", words("posts-needed"), "number", areas.numbers(grids, "needed")),
        Column("filled", words("posts-filled"), "number", areas.numbers(grids, "filled")),
        Column(
            "filled_share",
            words("filled-share"),
            "number",
            areas.numbers(grids, "filled_share"),
            digits=4,
            format="share",
        ),
    ]
    by_role = [
        Column(
            f"missing_{place}",
            words("vacant-of-role", role=role),
            "number",
            areas.numbers(grids, f"missing_{place}"),
        )
        for place, role in enumerate(roles)
    ]
    return [*own, *by_role]


def _counted(column: str) -> Json:
    """Return the drawing of the areas coloured by how many posts they lack."""
    return areas.steps(column, _BREAKS)


def _keys(missing: Floats, words: Words) -> tuple[Key, ...]:
    """Return a legend line for each number of vacancies, the most first, with how many areas have it."""
    known = missing[np.isfinite(missing)]
    colours = areas.sequence(len(_BREAKS) + 1)
    counts = np.bincount(np.searchsorted(_BREAKS, known, side="right"), minlength=len(colours)).tolist()
    names = ["0", "1", "2", "3", words("and-more", low="4")]
    keys = [
        Key(name, (f"{count:,}",), colour=colour, line=palette.LINE)
        for name, count, colour in zip(names, counts, colours, strict=True)
    ]
    apart = len(missing) - len(known)
    last = [Key(words("no-formula"), (f"{apart:,}",), colour=palette.NOTHING, line=palette.LINE)]
    return (*reversed(keys), *(last if apart else ()))


def _none(missing: Floats, words: Words) -> str:
    """Say why areas have no share: without a formula, or with one that asks for nobody."""
    return words("nobody-needed" if np.isfinite(missing).all() else "no-formula")


def _total(grids: gpd.GeoDataFrame, roles: Sequence[str], words: Words) -> Section:
    def total(name: str) -> int:
        return int(np.nansum(areas.numbers(grids, name)))

    needed, missing = total("needed"), total("missing")
    share = (f"{(needed - missing) / needed:.1%}",) if needed else ()
    by_role = [
        Key(
            words("vacant-of-role", role=role),
            (f"{total(f'missing_{place}'):,} / {total(f'needed_{place}'):,}",),
        )
        for place, role in enumerate(roles)
    ]
    return Section(
        words("posts"),
        keys=(
            Key(words("posts-needed"), (f"{needed:,}",)),
            Key(words("posts-filled"), (f"{needed - missing:,}", *share)),
            Key(words("posts-vacant"), (f"{missing:,} / {needed:,}",)),
            *by_role,
        ),
    )
