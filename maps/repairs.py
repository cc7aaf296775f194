"""Map of proposed repairs: each defect with the decision about it, and what the areas gain and lose."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from gisgov.governance.defects import DecisionTitle
from gisgov.governance.titles import Language
from gisgov.types import Floats
from maps import areas, palette
from maps.assets import WebAssets
from maps.document import Document, Heading, Key, Listing, Section
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.numbered import STEP_DEG, Classes, kinds_of, measure_columns, number_column, number_defects
from maps.numbered_document import numbered_document
from maps.page import compose
from maps.proof import Check
from maps.words import Words

_LISTED_AREAS = 20
"""Areas whose change is written in the panel, the most changed first; the card on the map tells all."""


def document(
    proposals: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    changes: pd.DataFrame | None = None,
    checks: Sequence[Check] = (),
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw proposed repairs as a document.

    Parameters
    ----------
    proposals : GeoDataFrame
        One row per defect, EPSG:4326: number, kind, decision, to (code of the area that receives the ground,
        or None), reason, area_m2, width_m, areas, lon, lat; perhaps cover.
    grids : GeoDataFrame, optional
        The areas, drawn under them.
    changes : DataFrame, optional
        code, before_m2 and after_m2 (0 or missing where an area is dropped) of the areas that change; others
        may be there too.
    checks : sequence of Check
        Of the areas as they are after the repair; none where it was not carried out yet.
    title, language, facts
        As for `maps.grids.draw`.

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
    numbered = number_defects(proposals)
    decisions = _decisions_of(numbered, words)
    kinds = kinds_of(numbered, words)
    area_m2 = areas.numbers(numbered, "area_m2")
    layer = Layer(
        "proposals",
        areas.geometries(numbered),
        (
            number_column(numbered, words),
            decisions.column("decision", words("decision")),
            kinds.column("kind", words("defect-kind")),
            Column("to", words("receiver"), "text", areas.texts(numbered, "to")),
            Column("reason", words("why"), "text", areas.texts(numbered, "reason")),
            *measure_columns(numbered, words),
        ),
        step=STEP_DEG,
        keep_order=True,
        card={
            "title": ["number", "decision"],
            "rows": ["to", "reason", "kind", "area", "width", "cover", "areas"],
            "colours": {},
        },
    )
    listing = Listing(
        words("proposal-list"),
        "proposals",
        (
            Heading("number", words("number")),
            Heading("decision", words("decision"), is_figure=False),
            Heading("to", words("receiver"), is_figure=False),
            Heading("area", words("defect-area")),
            Heading("width", words("defect-width")),
        ),
        sort="number",
        down=False,
        empty="" if decisions.names else words("no-defects"),
        colours={"decision": decisions.colours},
        under={"decision": "kind"},
    )
    sections = [decisions.section(words("decision"), area_m2, "proposals", "decision", words)]
    if changes is not None:
        sections.append(_change_section(changes, words))
    return numbered_document(
        "repairs",
        layer,
        sections,
        draws=decisions.draws("proposals", "decision"),
        listing=listing,
        grids=grids,
        more=() if grids is None or changes is None else _change_columns(grids, changes, words),
        given=proposals,
        checks=checks,
        is_repaired=True,
        title=title or facts.title(words, "repairs-title"),
        facts=facts,
        words=words,
    )


def draw(
    proposals: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None = None,
    *,
    assets: WebAssets,
    changes: pd.DataFrame | None = None,
    checks: Sequence[Check] = (),
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> str:
    """Draw proposed repairs as one self-contained HTML file; the parameters are those of `document`."""
    made = document(
        proposals, grids, changes=changes, checks=checks, title=title, language=language, facts=facts
    )
    return compose(made, assets)


def _decisions_of(proposals: pd.DataFrame, words: Words) -> Classes:
    decisions = areas.texts(proposals, "decision")
    known = [decision.value for decision in DecisionTitle]
    names = {
        value: words.known(value) for value in (*known, *sorted({str(one) for one in decisions} - set(known)))
    }
    return Classes.of(decisions, names, {value: palette.decision_colour(value) for value in names})


def _before_and_after(changes: pd.DataFrame) -> tuple[Floats, Floats]:
    return np.nan_to_num(areas.numbers(changes, "before_m2")), np.nan_to_num(
        areas.numbers(changes, "after_m2")
    )


def _change_section(changes: pd.DataFrame, words: Words) -> Section:
    before, after = _before_and_after(changes)
    change = after - before
    codes = areas.texts(changes, "code")
    changed = np.flatnonzero(before != after)
    order = changed[np.argsort(-np.abs(change[changed]), kind="stable")]
    keys = tuple(
        Key(str(codes[i]), (_figure(before[i]), _figure(after[i]), _signed(change[i])))
        for i in order[:_LISTED_AREAS].tolist()
    )
    total = Key(words("total"), ("", "", _signed(change.sum())))
    left = len(order) - len(keys)
    note = words("no-changes") if not keys else words("more-areas", count=f"{left:,}") if left else ""
    return Section(
        words("area-changes"),
        remark=words("before-after-change"),
        keys=keys,
        total=total if keys else None,
        note=note,
    )


def _change_columns(grids: gpd.GeoDataFrame, changes: pd.DataFrame, words: Words) -> tuple[Column, ...]:
    drawn = areas.drawable(grids, "areas")
    places = {code: place for place, code in enumerate(areas.texts(changes, "code"))}
    index = np.array([places.get(code, -1) for code in areas.texts(drawn, "code")], dtype=np.int64)
    before, after = (
        np.where(index < 0, np.nan, np.append(values, np.nan)[index]) for values in _before_and_after(changes)
    )
    return (
        Column("before", words("before-m2"), "number", before, digits=2, unit="m²"),
        Column("after", words("after-m2"), "number", after, digits=2, unit="m²"),
        Column("change", words("change-m2"), "number", after - before, digits=2, unit="m²"),
    )


def _figure(value: float) -> str:
    return f"{value:,.2f}"


def _signed(value: float) -> str:
    return "0.00" if abs(value) < 0.005 else f"{value:+,.2f}".replace("-", "\N{MINUS SIGN}")
