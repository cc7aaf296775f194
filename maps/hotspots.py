"""Map of where warning buildings gather: Getis-Ord Gi* of areas or cells, false discoveries held down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np

from gisgov.governance.thematic import HotspotResult, HotspotUnit, RiskMeasure
from gisgov.governance.titles import Language
from gisgov.types import Json
from maps import areas, palette
from maps.classing import Choice, Classes, classify
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.hotspot_units import RESULTS, Asked, Units, units_of_areas, units_of_cells
from maps.layers import Column, Layer
from maps.plane import Plane
from maps.steps import step_keys
from maps.words import Words

_VALUES: Final = {
    RiskMeasure.SHARE: ("warning-share", 4, "share"),
    RiskMeasure.COUNT: ("warning-count", 0, ""),
    RiskMeasure.PER_1000: ("per-1000", 2, ""),
}


def document(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    asked: Asked | None = None,
    classing: Choice | None = None,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
) -> Document:
    """Draw hot and cold spots of warning buildings as a document.

    Parameters
    ----------
    buildings, grids : GeoDataFrame
        As for `maps.risk.document`.
    asked : Asked, optional
        What is tested and how; by default the share of warning buildings of areas.
    classing : Choice, optional
        How the values themselves are parted into classes in the second view.
    title, language, facts
        As for `maps.risk.document`.

    Returns
    -------
    Document
        With a list of what was tested by its statistic. What has no building, no people for a number per
        1,000, or no neighbour that has, is not tested and said apart.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, there is nothing to draw, or too much to test.
    """
    asked, facts = asked or Asked(), facts or MapFacts()
    words = facts.words(language)
    shown, grids = areas.drawable(buildings, "buildings"), areas.drawable(grids, "areas")
    bounds = bounds_of(areas.geometries(grids if len(grids) else shown))
    plane = Plane.of(bounds)
    is_cells = asked.unit is HotspotUnit.CELLS
    tested = units_of_cells(shown, plane, asked) if is_cells else units_of_areas(shown, grids, plane, asked)
    classes = classify(tested.values, classing or Choice())
    columns = _columns(tested, classes, asked, words)
    ground = areas.Ground.of(grids, areas.areas_layer(grids, words, () if is_cells else columns))
    layers = ground.layers
    if is_cells:
        named = Column("name", words("cell"), "text", tested.names)
        card = {"title": ["name"], "rows": [one.key for one in columns if one.title]}
        layers = (*layers, Layer("cells", tested.shapes, (named, *columns), keep_order=True, card=card))
    layer = "cells" if is_cells else "grids"
    notes = [*facts.notes(words), words("hotspot-note")]
    if len(shown) < len(buildings):
        notes.append(
            words("unmapped-note", count=f"{len(buildings) - len(shown):,}", why=words("no-geometry"))
        )
    return Document(
        kind="risk-hotspots",
        title=title or facts.title(words, "hotspots-title"),
        headline=facts.headline(words, "plan", "rules"),
        words=words,
        bounds=bounds,
        layers=layers,
        views=_views(words, ground, classes, layer, is_cells=is_cells),
        sections=(
            _result_section(tested, asked, words),
            _value_section(tested, classes, asked, words),
        ),
        notes=tuple(notes),
        listing=Listing(
            words("hotspot-ranking"),
            layer,
            (
                Heading("name", words("cell" if is_cells else "grid"), is_figure=False),
                Heading("value", words(_VALUES[asked.measure][0])),
                Heading("z", words("z-score")),
                Heading("p", "p"),
            ),
            sort="z",
            under={} if is_cells else {"name": "code"},
        ),
        tables=(layer,),
    )


def _columns(tested: Units, classes: Classes, asked: Asked, words: Words) -> list[Column]:
    name, digits, style = _VALUES[asked.measure]
    limits = np.asarray(classes.breaks)
    place = np.searchsorted(limits, tested.values, side="right")
    steps = np.where(tested.is_empty, -1, place).astype(np.int64)
    titles = tuple(result.titled(words.language) for result in RESULTS)
    return [
        Column("result", words("hotspot-result"), "code", tested.results, values=titles),
        Column("value", words(name), "number", tested.values, digits=digits, format="share" if style else ""),
        Column("z", words("z-score"), "number", tested.found.z, digits=2),
        Column("p", "p", "number", tested.found.p, digits=4),
        Column("buildings", words("buildings"), "number", tested.buildings),
        Column("warning", words("warning-count"), "number", tested.warnings),
        Column("step", "", "code", steps, values=tuple(str(i) for i in range(len(limits) + 1))),
    ]


def _views(
    words: Words, ground: areas.Ground, classes: Classes, layer: str, *, is_cells: bool
) -> tuple[View, ...]:
    def filled(column: str, colours: list[str]) -> Json:
        line = {
            "line": palette.LINE if not is_cells else palette.FAINT_LINE,
            "width": 1 if not is_cells else 0.4,
        }
        return {"as": "fill", "layer": layer, "column": column, "colours": colours, **line}

    results = filled("result", [palette.HOTSPOTS[result.value] for result in RESULTS])
    steps = filled("step", [*areas.sequence(len(classes.breaks) + 1), palette.NOTHING])
    under = (ground.fill(palette.FAINT_LINE),) if is_cells else ()
    over = (*((ground.borders(),) if is_cells else ()), *ground.over())
    return (
        View("hotspots", words("view-hotspots"), (*under, results, *over)),
        View("value", words("view-value"), (*under, steps, *over)),
    )


def _result_section(tested: Units, asked: Asked, words: Words) -> Section:
    counts = np.bincount(tested.results, minlength=len(RESULTS))
    keys = [
        Key(
            result.titled(words.language),
            (f"{counts[place]:,}",),
            colour=palette.HOTSPOTS[result.value],
            line=palette.LINE,
        )
        for place, result in enumerate(RESULTS)
        if counts[place] or result is not HotspotResult.UNTESTED
    ]
    return Section(
        words("hotspot-result"),
        remark=words("cells-of", side=f"{asked.cell_m:g}")
        if asked.unit is HotspotUnit.CELLS
        else words("by-area"),
        keys=tuple(keys),
        total=Key(words("total"), (f"{len(tested.values):,}",)),
        lines=tuple(_told(tested, asked, words)),
        views=("hotspots",),
    )


def _told(tested: Units, asked: Asked, words: Words) -> Iterator[str]:
    """Say what was tested, how, and what came of it."""
    found = tested.found
    yield words("statistic-line", measure=asked.measure.titled(words.language))
    yield words("weights-line", contiguity=asked.contiguity.titled(words.language))
    yield words("permutations-line", count=f"{asked.permutations:,}", seed=asked.seed)
    yield words("fdr-line", alpha=f"{asked.alpha:g}", limit=f"{found.limit:.2g}")
    alone = int((found.p < asked.alpha).sum())
    yield words(
        "tests-line", tested=f"{found.tested:,}", kept=f"{int(found.is_kept.sum()):,}", alone=f"{alone:,}"
    )
    untested = ~np.isfinite(found.p)
    if untested.any():
        empty = int(tested.is_empty.sum())
        yield words(
            "untested-line",
            count=f"{int(untested.sum()):,}",
            empty=f"{empty:,}",
            alone=f"{int(untested.sum()) - empty:,}",
            why=words("no-population" if asked.measure is RiskMeasure.PER_1000 else "no-building"),
        )
    needed = 2 * found.tested / asked.alpha
    if asked.permutations + 1 < needed:
        yield words("coarse-line", needed=f"{needed:,.0f}")


def _value_section(tested: Units, classes: Classes, asked: Asked, words: Words) -> Section:
    is_share = asked.measure is RiskMeasure.SHARE
    none = words("no-population" if asked.measure is RiskMeasure.PER_1000 else "no-building")
    return Section(
        words("hotspot-value"),
        remark=asked.measure.titled(words.language),
        keys=step_keys(tested.values, classes.breaks, classes.digits, words, none=none, is_share=is_share),
        note=classes.told(words) if classes.breaks else "",
        views=("value",),
    )
