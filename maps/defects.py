"""Map of a coverage's defects: each numbered, coloured by kind, listed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.titles import Language
from gisgov.types import Floats, Json
from maps import areas, palette
from maps.assets import WebAssets
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.page import compose
from maps.words import Words

_DEFECT_STEP_DEG = 1e-8
"""Slivers are as thin as the storage grid (1e-7°); they keep their shape at a tenth of it."""


def document(
    defects: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw defects as a document.

    Parameters
    ----------
    defects : GeoDataFrame
        One row per defect, EPSG:4326: kind, area_m2, areas (codes of the areas involved), lon, lat (a place
        on it), perhaps reason. A defect without a polygon is shown at its place alone, one without a place
        is counted. An empty frame gives the page of a clean layer.
    grids : GeoDataFrame, optional
        The areas that were checked, drawn under the defects.
    title, language, facts
        As for `maps.grids.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper; defects are numbered from 1, the largest first.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    numbered = number_defects(defects)
    notes = facts.notes(words)
    if len(numbered) < len(defects):
        absent = f"{len(defects) - len(numbered):,}"
        notes.append(words("unmapped-note", count=absent, why=words("no-geometry")))
    kinds = [kind for kind in palette.DEFECTS if kind in set(numbered["kind"])]
    kinds += sorted(set(numbered["kind"]) - set(kinds))  # a kind that checks know and maps do not yet
    layers, draws = [_defect_layer(numbered, kinds, words)], _defect_draws(kinds)
    boxes = [areas.geometries(numbered)] if len(numbered) else []
    if grids is not None:
        grids = areas.drawable(grids, "areas")
        ground = areas.Ground.of(grids, areas.areas_layer(grids, words))
        layers = [*ground.layers, *layers]
        draws = [ground.fill(), *ground.over(), *draws]
        boxes.append(areas.geometries(grids))
    return Document(
        kind="defects",
        title=title or facts.title(words, "defects-title"),
        headline=facts.headline(words, "plan"),
        words=words,
        bounds=bounds_of(*boxes),
        layers=tuple(layers),
        views=(View("defects", words("defects"), tuple(draws)),),
        sections=(_kind_section(numbered, kinds, words),),
        notes=tuple(notes),
        listing=_listing(kinds, words),
        has_names=grids is not None,
        closest=20,
    )


def draw(
    defects: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    assets: WebAssets,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw defects as one self-contained HTML file; the parameters are those of `document`."""
    return compose(document(defects, grids, title=title, language=language, facts=facts), assets)


def number_defects(defects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the defects numbers from 1, the largest first; equal ones by kind, then from west to east.

    Returns
    -------
    GeoDataFrame
        In the order of the new column ``number``, with a polygon in every row: a square of about a metre
        stands for a defect that has none. Defects without a place are left out.

    Raises
    ------
    InputError
        The frame is not in EPSG:4326.
    """
    areas.drawable(defects, "defects")
    has_place = np.isfinite(areas.numbers(defects, "lon")) & np.isfinite(areas.numbers(defects, "lat"))
    ordered = defects[has_place].assign(_area=areas.numbers(defects[has_place], "area_m2"))
    ordered = ordered.sort_values(
        ["_area", "kind", "lon", "lat"], ascending=[False, True, True, True], kind="stable"
    )
    ordered = ordered.drop(columns="_area").reset_index(drop=True)
    lon, lat = areas.numbers(ordered, "lon"), areas.numbers(ordered, "lat")
    shapes = areas.geometries(ordered)
    is_polygon = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    half = 5e-6
    squares = shapely.box(lon - half, lat - half, lon + half, lat + half)
    ordered = ordered.set_geometry(np.where(is_polygon, shapes, squares), crs=defects.crs)
    ordered["number"] = np.arange(1, len(ordered) + 1)
    return ordered


def _defect_layer(defects: gpd.GeoDataFrame, kinds: list[str], words: Words) -> Layer:
    area: Floats = areas.numbers(defects, "area_m2")
    columns = (
        Column("number", words("number"), "number", defects["number"].to_numpy(), format="plain"),
        Column(
            "kind",
            words("defect-kind"),
            "code",
            areas.codes_of(areas.texts(defects, "kind"), kinds),
            values=tuple(words.known(kind) for kind in kinds),
        ),
        Column("area", words("defect-area"), "number", area, digits=2),
        Column("areas", words("defect-areas"), "text", _codes(defects, words)),
        Column("reason", words("reasons"), "text", areas.texts(defects, "reason")),
        Column("lon", "", "number", areas.numbers(defects, "lon"), digits=7),
        Column("lat", "", "number", areas.numbers(defects, "lat"), digits=7),
    )
    card = {
        "title": ["number", "kind"],
        "rows": ["area", "areas", "reason"],
        "colours": {},
    }
    return Layer(
        "defects", areas.geometries(defects), columns, step=_DEFECT_STEP_DEG, keep_order=True, card=card
    )


def _codes(defects: pd.DataFrame, words: Words) -> list[str | None]:
    if "areas" not in defects:
        return [None] * len(defects)
    return [
        words("between-codes").join(str(code) for code in codes)
        if isinstance(codes, list | tuple | np.ndarray)
        else str(codes)
        for codes in defects["areas"]
    ]


def _defect_draws(kinds: list[str]) -> list[Json]:
    colours = [palette.defect_colour(kind) for kind in kinds]
    shapes = {
        "as": "fill",
        "layer": "defects",
        "column": "kind",
        "colours": colours,
        "lines": colours,
        "opacity": 0.7,
        "width": 1.5,
    }
    badges = {
        "as": "badges",
        "layer": "defects",
        "column": "kind",
        "number": "number",
        "colours": colours,
        "inks": [palette.ink_on(colour) for colour in colours],
    }
    return [shapes, badges] if kinds else []


def _kind_section(defects: gpd.GeoDataFrame, kinds: list[str], words: Words) -> Section:
    keys = []
    for code, kind in enumerate(kinds):
        of_kind = defects[defects["kind"] == kind]
        keys.append(
            Key(
                words.known(kind),
                (f"{len(of_kind):,}", f"{areas.numbers(of_kind, 'area_m2').sum():,.0f} m²"),
                colour=palette.defect_colour(kind),
                mark="badge",
                switch=("defects", "kind", code),
            )
        )
    total = Key(words("total"), (f"{len(defects):,}", f"{areas.numbers(defects, 'area_m2').sum():,.0f} m²"))
    return Section(
        words("defect-kind"), keys=tuple(keys), total=total, note="" if kinds else words("no-defects")
    )


def _listing(kinds: list[str], words: Words) -> Listing:
    return Listing(
        words("defect-list"),
        "defects",
        (
            Heading("number", words("number")),
            Heading("kind", words("defect-kind"), is_figure=False),
            Heading("area", words("defect-area")),
            Heading("areas", words("defect-areas"), is_figure=False),
        ),
        sort="number",
        down=False,
        empty="" if kinds else words("no-defects"),
        colours={"kind": tuple(palette.defect_colour(kind) for kind in kinds)},
    )
