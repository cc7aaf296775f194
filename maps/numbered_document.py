"""Page of numbered features over the areas they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd

from gisgov.types import Json
from maps import areas
from maps.document import Document, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.numbered import MAX_ZOOM, STEP_DEG
from maps.proof import Check, check_notes, verdict
from maps.words import Words


def numbered_document(
    kind: str,
    features: Layer,
    sections: Sequence[Section],
    *,
    draws: Sequence[Json],
    listing: Listing,
    given: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame | None,
    more: Sequence[Column] = (),
    checks: Sequence[Check],
    is_repaired: bool = False,
    title: str,
    facts: MapFacts,
    words: Words,
) -> Document:
    """Put a page together.

    Parameters
    ----------
    kind : str
        Kind of the document.
    features : Layer
        What is numbered.
    sections : sequence of Section
        Its legends.
    draws : sequence of dict
        How it is drawn.
    listing : Listing
        Its list.
    given : GeoDataFrame
        The rows that were to be drawn, with a column ``kind``; those that have no place are counted.
    grids : GeoDataFrame, optional
        The areas under it.
    more : sequence of Column
        What else is known of the areas, parallel to those of ``grids`` that have a geometry.
    checks : sequence of Check
        The checks behind it.
    is_repaired : bool
        They are of the areas after a repair: the rows are no defects of theirs.
    title : str
        Its heading.
    facts : MapFacts
        Where it comes from.
    words : Words
        Its language.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, or there is nothing to draw.
    """
    notes = [*facts.notes(words), *check_notes(checks, words)]
    if len(features.shapes) < len(given):
        absent = f"{len(given) - len(features.shapes):,}"
        notes.append(words("unmapped-note", count=absent, why=words("no-geometry")))
    layers = [features]
    boxes = [features.shapes] if len(features.shapes) else []
    drawn = list(draws)
    if grids is not None:
        grids = areas.drawable(grids, "areas")
        # seen from as near as what is numbered: coarser borders would not meet it
        ground = areas.Ground.of(grids, replace(areas.areas_layer(grids, words, more), step=STEP_DEG))
        layers = [*ground.layers, features]
        drawn = [ground.fill(), *ground.over(), *drawn]
        boxes.append(areas.geometries(grids))
    kinds = None if is_repaired else areas.texts(given, "kind")
    told = verdict(checks, kinds, words)
    proved = words("proved-short" if told.is_proved else "unproved-short") if told else ""
    return Document(
        kind=kind,
        title=title,
        headline=words.gap.join(filter(None, (facts.headline(words, "plan"), proved))),
        words=words,
        bounds=bounds_of(*boxes),
        layers=tuple(layers),
        views=(View(features.id, listing.title, tuple(drawn)),),
        sections=tuple(sections),
        notes=tuple(notes),
        listing=replace(listing, note=words("click-note") if len(features.shapes) else ""),
        has_names=grids is not None,
        closest=MAX_ZOOM,
        max_zoom=MAX_ZOOM,
        verdict=told,
        is_wide=True,
    )
