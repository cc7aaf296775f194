"""Map of loads: how far each area is off the target of its layer, and what the load is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.titles import Language
from gisgov.types import Floats
from maps import areas, palette
from maps.deviation import breaks_of, deviation_keys
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column
from maps.shares import share_fill, share_keys
from maps.words import Words

Term = tuple[str, str, float, float]
"""A term of the load: attribute, its title, weight (they add up to 1) and target."""

BAND: Final = 0.05
LIMIT: Final = 0.10
"""How far off the target is within the band that is free, and within the limit: the same on every map."""

_COUNTED: Final = ("events", "warning_buildings", "visits_due")
"""What the layer of areas does not show already."""


def document(
    loads: pd.DataFrame,
    grids: gpd.GeoDataFrame,
    *,
    terms: Sequence[Term],
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw loads as a document.

    Parameters
    ----------
    loads : DataFrame
        By area: code, load (1 is on target), deviation (load less 1), events, warning_buildings, visits_due
        and filled_share (0..1); NaN where something is not known.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    terms : sequence of Term
        What the load is made of; none where the layer has no target.
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
    told = loads[["code", "load", "deviation", "filled_share", *_COUNTED]]  # the areas say the others
    grids = areas.drawable(grids, "areas").merge(told, on="code", how="left")
    ground = areas.Ground.of(grids, areas.areas_layer(grids, words, _columns(grids, terms, words)))
    deviation, filled = areas.numbers(grids, "deviation"), areas.numbers(grids, "filled_share")
    fill = {
        "as": "fill",
        "layer": "grids",
        "column": "deviation",
        "breaks": list(breaks_of(BAND, LIMIT)),
        "colours": [*palette.DEVIATION, palette.NO_MEAN],
        "line": palette.LINE,
        "width": 1,
    }
    has_posts = bool(np.isfinite(filled).any())
    rule = " + ".join(f"{weight:.3g} × {name} / {target:g}" for _, name, weight, target in terms)
    return Document(
        kind="loads",
        title=title or facts.title(words, "loads-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds_of(areas.geometries(grids)),
        layers=ground.layers,
        views=(
            View("deviation", words("deviation-legend"), (fill, *ground.over())),
            *(
                (View("filled", words("view-filled"), (share_fill("filled_share"), *ground.over())),)
                if has_posts
                else ()
            ),
        ),
        sections=(
            _summary(areas.numbers(grids, "load"), words),
            Section(
                words("deviation-legend"),
                remark=words("target-remark"),
                keys=deviation_keys(deviation, BAND, LIMIT, words),
                views=("deviation",),
            ),
            *(
                (
                    Section(
                        words("filled-share-of-grid"),
                        keys=share_keys(filled, words, none=words("no-formula")),
                        views=("filled",),
                    ),
                )
                if has_posts
                else ()
            ),
        ),
        notes=(*facts.notes(words), words("load-note", rule=rule) if terms else words("no-target-note")),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("load", words("load")),
                Heading("deviation", words("deviation")),
                Heading("population", words("people-short")),
                Heading("area", words("area-km2")),
            ),
            sort="load",
            under={"name": "code"},
        ),
    )


def _columns(grids: gpd.GeoDataFrame, terms: Sequence[Term], words: Words) -> list[Column]:
    own = [
        Column("load", words("load"), "number", areas.numbers(grids, "load"), digits=2),
        Column(
            "deviation",
            words("deviation"),
            "number",
            areas.numbers(grids, "deviation"),
            digits=4,
            format="signed",
        ),
        Column(
            "filled_share",
            words("filled-share"),
            "number",
            areas.numbers(grids, "filled_share"),
            digits=4,
            format="share",
        ),
    ]
    titles = {name: title for name, title, _, _ in terms}
    known = {"events": "events-of-year", "visits_due": "visits-of-year"}
    counted = [
        Column(
            name,
            titles.get(name) or words(known.get(name, name)),
            "number",
            areas.numbers(grids, name),
        )
        for name in _COUNTED
    ]
    return [*own, *counted]


def _summary(loads: Floats, words: Words) -> Section:
    known = loads[np.isfinite(loads)]
    if not len(known):
        return Section(words("load"), lines=(words("no-target-note"),))
    over = int((known > 1 + LIMIT).sum())
    return Section(
        words("load"),
        keys=(
            Key(words("load-mean"), (f"{known.mean():.2f}",)),
            Key(words("load-greatest"), (f"{known.max():.2f}",)),
            Key(words("over-limit", limit=f"{LIMIT:.0%}"), (f"{over:,} / {len(known):,}",)),
        ),
    )
