"""Map of a coverage's defects: each numbered, coloured by kind and listed; a proof where there are none."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from gisgov.governance.titles import Language
from gisgov.types import Texts
from maps import areas
from maps.assets import WebAssets
from maps.document import Document, Heading, Listing
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.numbered import STEP_DEG, kinds_of, measure_columns, number_column, number_defects
from maps.numbered_document import numbered_document
from maps.page import compose
from maps.proof import Check


def document(
    defects: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    checks: Sequence[Check] = (),
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw defects as a document.

    Parameters
    ----------
    defects : GeoDataFrame
        One row per defect, EPSG:4326: kind, area_m2, areas (codes of the areas involved), lon, lat (a place
        on it), perhaps number, layer, width_m, cover (how many areas lie on it) and reason. A defect without
        a polygon is shown at its place alone, one without a place is counted. An empty frame gives the page
        of a clean layer.
    grids : GeoDataFrame, optional
        The areas that were checked, drawn under the defects.
    checks : sequence of Check
        The checks that found them: what is proved, their tolerances.
    title, language, facts
        As for `maps.grids.draw`.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper; defects have the numbers of the report, or are numbered
        from 1, the largest first.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    numbered = number_defects(defects)
    kinds = kinds_of(numbered, words)
    layer = Layer(
        "defects",
        areas.geometries(numbered),
        (
            number_column(numbered, words),
            kinds.column("kind", words("defect-kind")),
            Column("layer", words("layer"), "text", _layers(numbered)),
            *measure_columns(numbered, words),
            Column("reason", words("reasons"), "text", areas.texts(numbered, "reason")),
        ),
        step=STEP_DEG,
        keep_order=True,
        card={
            "title": ["number", "kind"],
            "rows": ["layer", "area", "width", "cover", "areas", "reason"],
            "colours": {},
        },
    )
    listing = Listing(
        words("defect-list"),
        "defects",
        (
            Heading("number", words("number")),
            Heading("kind", words("defect-kind"), is_figure=False),
            Heading("area", words("defect-area")),
            Heading("width", words("defect-width")),
            Heading("areas", words("defect-areas"), is_figure=False),
        ),
        sort="number",
        down=False,
        empty="" if kinds.names else words("no-defects"),
        colours={"kind": kinds.colours},
    )
    return numbered_document(
        "defects",
        layer,
        (kinds.section(words("defect-kind"), areas.numbers(numbered, "area_m2"), "defects", "kind", words),),
        draws=kinds.draws("defects", "kind"),
        listing=listing,
        grids=grids,
        given=defects,
        checks=checks,
        title=title or facts.title(words, "defects-title"),
        facts=facts,
        words=words,
    )


def _layers(defects: gpd.GeoDataFrame) -> Texts:
    """Return the layer of each defect, where there is more than one."""
    layers = areas.texts(defects, "layer")
    return (
        layers if len({layer for layer in layers if layer}) > 1 else np.full(len(layers), None, dtype=object)
    )


def draw(
    defects: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    assets: WebAssets,
    checks: Sequence[Check] = (),
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw defects as one self-contained HTML file; the parameters are those of `document`."""
    made = document(defects, grids, checks=checks, title=title, language=language, facts=facts)
    return compose(made, assets)
