"""Map of service points: their circles, and the share of each area's people that live outside of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.titles import Language
from maps import areas, palette
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.kinds import Kinds, kinds_of
from maps.layers import Column, Layer
from maps.steps import step_keys
from maps.words import Words

_CIRCLE_STEP_DEG = 5e-6
_BREAKS = (0.1, 0.25, 0.5, 0.75)
"""Of the share outside: the same on every map, so that one month can be held against another."""


def document(
    served: pd.DataFrame,
    points: gpd.GeoDataFrame,
    circles: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    radius_m: float,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw service points as a document.

    Parameters
    ----------
    served : DataFrame
        By area: code, served_people, outside, outside_share (0..1, NaN without people).
    points : GeoDataFrame
        Service points, EPSG:4326: title, tier, tier_title.
    circles : GeoDataFrame
        Ground within the radius of any of them, EPSG:4326 polygons.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    radius_m : float
        The radius, metres.
    title, language, facts
        As for `maps.risk.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    grids = areas.drawable(grids, "areas").merge(served, on="code", how="left")
    points, circles = areas.drawable(points, "service points"), areas.drawable(circles, "circles")
    tiers = kinds_of(points, "tier", words)
    share = areas.numbers(grids, "outside_share")
    ground = areas.Ground.of(grids, areas.areas_layer(grids, words, _columns(grids, words)))
    return Document(
        kind="service",
        title=title or facts.title(words, "service-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds_of(areas.geometries(grids)),
        layers=(*ground.layers, _circles(circles), _points(points, tiers, words)),
        views=_views(words, ground, tiers),
        sections=(
            _total(grids, words),
            Section(
                words("outside-share-of-grid"),
                keys=step_keys(share, _BREAKS, 1, words, none=words("no-people"), is_share=True),
                views=("outside",),
            ),
            _tiers(tiers, words, radius_m),
        ),
        notes=(*facts.notes(words), words("radius-note", radius=f"{radius_m:g}")),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("outside", words("outside-short")),
                Heading("outside_share", words("share-short")),
            ),
            sort="outside",
            under={"name": "code"},
        ),
    )


def _columns(grids: gpd.GeoDataFrame, words: Words) -> list[Column]:
    share = areas.numbers(grids, "outside_share")
    return [
        Column("outside", words("outside-people"), "number", areas.numbers(grids, "outside")),
        Column("served_people", words("counted-people"), "number", areas.numbers(grids, "served_people")),
        Column("outside_share", words("outside-share"), "number", share, digits=4, format="share"),
    ]


def _circles(circles: gpd.GeoDataFrame) -> Layer:
    return Layer("circles", areas.geometries(circles), (), step=_CIRCLE_STEP_DEG)


def _points(points: gpd.GeoDataFrame, tiers: Kinds, words: Words) -> Layer:
    columns = (
        Column("title", words("name"), "text", areas.texts(points, "title")),
        Column("tier", words("tier"), "code", tiers.codes, values=tiers.titles),
    )
    card = {"title": ["title"], "rows": ["tier"], "colours": {"tier": list(tiers.colours)}}
    return Layer("points", areas.geometries(points), columns, card=card)


def _views(words: Words, ground: areas.Ground, tiers: Kinds) -> tuple[View, ...]:
    colour = palette.CATEGORIES[0]
    outline = {"as": "fill", "layer": "circles", "colours": [None], "line": colour, "width": 1.2}
    filled = {**outline, "colours": [colour], "opacity": 0.16}
    dots = {
        "as": "dots",
        "layer": "points",
        "column": "tier",
        "colours": list(tiers.colours),
        "radius": [2.4, 6],
    }
    over = ground.over()
    return (
        View("outside", words("view-outside"), (areas.steps("outside_share", _BREAKS), outline, dots, *over)),
        View("circles", words("view-circles"), (ground.fill(), filled, dots, *over)),
    )


def _total(grids: gpd.GeoDataFrame, words: Words) -> Section:
    people = float(np.nansum(areas.numbers(grids, "served_people")))
    outside = float(np.nansum(areas.numbers(grids, "outside")))
    share = (f"{outside / people:.1%}",) if people else ()
    keys = (
        Key(words("counted-people"), (f"{people:,.0f}",)),
        Key(words("outside-people"), (f"{outside:,.0f}", *share)),
    )
    return Section(words("total"), keys=keys)


def _tiers(tiers: Kinds, words: Words, radius_m: float) -> Section:
    keys = [
        Key(title, (f"{count:,}",), colour=colour, mark="dot", switch=("points", "tier", code))
        for code, (title, colour, count) in enumerate(
            zip(tiers.titles, tiers.colours, tiers.counts, strict=True)
        )
    ]
    circle = Key(words("circle", radius=f"{radius_m:g}"), colour="#dde7ef", line=palette.CATEGORIES[0])
    return Section(words("service-points"), keys=(*keys, circle))
