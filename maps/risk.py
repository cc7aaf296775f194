"""Map of building risk: buildings by class, a measure of the warning ones per area, their density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from gisgov.governance.risk import RiskClass
from gisgov.governance.thematic import RiskMeasure
from gisgov.governance.titles import Language
from gisgov.types import BBox, Ints, Json
from maps import areas, palette
from maps.assets import WebAssets
from maps.buildings import (
    buildings_layer,
    class_section,
    class_title,
    classes_shown,
    footprint_shapes,
    footprints,
)
from maps.classing import Choice
from maps.counts import CLASSES, class_codes_of, risk_by_grid
from maps.density import refuse_bandwidth
from maps.document import Document, Heading, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.measured import Measured, measure_columns
from maps.page import compose
from maps.plane import Plane
from maps.squares import squares_of
from maps.words import Words

BANDWIDTH_M: Final = 300.0
MOST_BUILDINGS: Final = 50_000
"""More are not drawn one by one: a page of them would be slow to open and a picture of them one grey."""
_CLOSE: Final = 15.5
"""Zoom from which warning buildings that were added up are drawn one by one too."""


def document(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    measure: RiskMeasure = RiskMeasure.SHARE,
    classing: Choice | None = None,
    bandwidth_m: float = BANDWIDTH_M,
    most_buildings: int = MOST_BUILDINGS,
) -> Document:
    """Draw building risk as a document.

    Parameters
    ----------
    buildings : GeoDataFrame
        One row per building, EPSG:4326, points or polygons: risk_class (safe, general, warning; missing
        where not rated), grid_code (area that owns it); where known external_id, name, use, floors,
        built_year, households, population, risk_points, risk_reasons (sequence of texts). Rows without
        geometry are counted, not drawn.
    grids : GeoDataFrame
        As for `maps.grids.draw`.
    title : str, optional
        Heading; by default what the map is.
    language : {"zh", "en"}
        Language of everything but names and reasons, which are written as they come.
    facts : MapFacts, optional
        Day, plan, version of the rules and measuring CRS to be stated.
    measure : RiskMeasure
        By what number of its warning buildings an area is coloured.
    classing : Choice, optional
        How that number is parted into classes; by default natural breaks at round numbers, five classes.
    bandwidth_m : float
        Bandwidth of the density of warning buildings: standard deviation of a Gaussian, metres of the plane.
    most_buildings : int
        More buildings than this are added up in squares, which the map says; warning ones are drawn by
        themselves too as one comes close, with what is known of them while they are not more than this.

    Returns
    -------
    Document
        To be composed into a page or drawn on paper.

    Raises
    ------
    InputError
        A frame is not in EPSG:4326, there is nothing to draw, or the bandwidth is too small or too large.
    """
    facts = facts or MapFacts()
    words = facts.words(language)
    shown, grids = areas.drawable(buildings, "buildings"), areas.drawable(grids, "areas")
    bounds = bounds_of(areas.geometries(grids if len(grids) else shown))
    refuse_bandwidth(bandwidth_m, Plane.of(bounds).ground)
    by_grid = risk_by_grid(shown, grids)
    class_codes = class_codes_of(shown)
    rated = bool((class_codes < len(CLASSES)).all())
    measured = Measured.of(by_grid, measure, classing or Choice())
    drawn = _drawn_buildings(shown, grids, class_codes, bounds, words, rated=rated, most=most_buildings)
    notes = [*facts.notes(words), *drawn.notes]
    if len(shown) < len(buildings):
        notes.append(
            words("unmapped-note", count=f"{len(buildings) - len(shown):,}", why=words("no-geometry"))
        )
    ground = areas.Ground.of(grids, _grid_layer(grids, by_grid, measured, words))
    return Document(
        kind="risk",
        title=title or facts.title(words, "risk-title"),
        headline=facts.headline(words, "plan", "rules"),
        words=words,
        bounds=bounds,
        layers=(*ground.layers, *drawn.layers),
        views=_views(words, ground, drawn, measured, bandwidth_m=bandwidth_m),
        sections=(
            class_section(class_codes, words, rated=rated, layers=" ".join(drawn.switched), note=drawn.note),
            measured.section(words),
            Section(
                words("warning-heat"),
                remark=words("buildings-per-km2"),
                heat=palette.HEAT,
                note=words("bandwidth-note", bandwidth=f"{bandwidth_m:g}"),
                views=("heat",),
            ),
        ),
        notes=tuple(notes),
        listing=Listing(
            words("grid-ranking"),
            "grids",
            (
                Heading("name", words("grid"), is_figure=False),
                Heading("buildings", words("buildings")),
                Heading("warning", RiskClass.WARNING.titled(language)),
                *measured.headings(words),
            ),
            sort="per_1000" if measure is RiskMeasure.PER_1000 else "warning",
            under={"name": "code"},
        ),
    )


def draw(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    assets: WebAssets,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    bandwidth_m: float = BANDWIDTH_M,
) -> str:
    """Draw building risk as one self-contained HTML file; the parameters are those of `document`."""
    return compose(
        document(buildings, grids, title=title, language=language, facts=facts, bandwidth_m=bandwidth_m),
        assets,
    )


def _grid_layer(grids: gpd.GeoDataFrame, by_grid: pd.DataFrame, measured: Measured, words: Words) -> Layer:
    counts = [Column(name, class_title(name, words), "number", by_grid[name].to_numpy()) for name in CLASSES]
    counts.insert(0, Column("buildings", words("buildings"), "number", by_grid["buildings"].to_numpy()))
    return areas.areas_layer(grids, words, [*counts, *measure_columns(by_grid, words), measured.column()])


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Buildings as they are drawn.

    Attributes
    ----------
    layers : tuple of Layer
        One by one, or added up and the warning ones.
    far, near : tuple of dict
        Drawings of the view of buildings, and what other views show close up.
    note : str
        What the legend says of it.
    notes : tuple of str
        What the map says of it besides.
    """

    layers: tuple[Layer, ...]
    far: tuple[Json, ...]
    near: Json
    note: str = ""
    notes: tuple[str, ...] = ()

    @property
    def switched(self) -> list[str]:
        """Names of the layers that the boxes of classes hide."""
        return [layer.id for layer in self.layers]


def _drawn_buildings(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    class_codes: Ints,
    bounds: BBox,
    words: Words,
    *,
    rated: bool,
    most: int,
) -> _Drawn:
    by_class = footprints(rated=rated)
    if len(buildings) <= most:
        layer = buildings_layer(buildings, grids, class_codes, words, rated=rated)
        return _Drawn((layer,), (by_class,), {**by_class, "from": 16})
    titles = tuple(class_title(name, words) for name in classes_shown(rated=rated))
    squares = squares_of(
        footprint_shapes(buildings),
        class_codes,
        titles,
        Plane.of(bounds),
        words,
        column=("class", words("building-class")),
        # the warning ones in the middle, those without a class outside the general ones
        inwards=[code for code in (2, 1, 3, 0) if code < len(titles)],
    )
    is_warning = class_codes == CLASSES.index("warning")
    warning = buildings[is_warning].reset_index(drop=True)
    notes: tuple[str, ...] = ()
    if len(warning) > most:
        warning = warning[["risk_class", "grid_code", "geometry"]]
        notes = (words("bare-warnings-note", most=f"{most:,}"),)
    layer = buildings_layer(warning, grids, class_codes[is_warning], words, rated=rated)
    added = {
        "as": "fill",
        "layer": "squares",
        "column": "class",
        "colours": by_class["colours"],
        "lines": by_class["lines"],
        "lineFrom": 14.5,
        "width": 0.5,
        "least": [0, 0, 2.4, 0][: len(titles)],
    }
    close = {**by_class, "from": _CLOSE}
    note = words("squares-note", most=f"{most:,}", cell=f"{squares.side_m:g}")
    far = ({**added, "until": _CLOSE}, {**added, "from": _CLOSE, "opacity": 0.35}, close)
    return _Drawn((squares.layer, layer), far, close, note, notes)


def _views(
    words: Words, ground: areas.Ground, drawn: _Drawn, measured: Measured, *, bandwidth_m: float
) -> tuple[View, ...]:
    warning_heat = {
        "as": "heat",
        "layer": "buildings",
        "bandwidth_m": bandwidth_m,
        "colours": list(palette.HEAT),
        "only": {"column": "class", "code": CLASSES.index("warning")},
    }
    name = measured.measure.value
    # where squares are drawn, the lines of areas must not look like theirs
    under = ground.fill(palette.FAINT_LINE) if drawn.note else ground.fill()
    return (
        View("buildings", words("view-buildings"), (under, *drawn.far, *ground.over())),
        View(name, words(f"view-{name}"), (measured.draw(), drawn.near, *ground.over())),
        View(
            "heat",
            words("view-heat"),
            (ground.fill(palette.FAINT_LINE), warning_heat, ground.borders(), drawn.near, *ground.over()),
        ),
    )
