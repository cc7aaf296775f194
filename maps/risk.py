"""Map of building risk: buildings by class, the share of warning buildings per grid, their density."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.risk import RiskClass
from gisgov.governance.titles import Language
from gisgov.types import Geometries, Ints, Json
from maps import areas, palette
from maps.assets import WebAssets
from maps.counts import CLASSES, UNCLASSIFIED, class_codes_of, risk_by_grid
from maps.document import Document, Heading, Key, Listing, Section, View, bounds_of
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.page import compose
from maps.steps import step_keys
from maps.words import Words

BANDWIDTH_M = 300.0
_BUILDING_STEP_DEG = 2e-6
"""Footprints are rounded to 0.2 m, which no zoom shows: a fifth less to carry."""


def document(
    buildings: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    language: Language = "zh",
    facts: MapFacts | None = None,
    bandwidth_m: float = BANDWIDTH_M,
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
    bandwidth_m : float
        Bandwidth of the density of warning buildings, metres.

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
    shown, grids = areas.drawable(buildings, "buildings"), areas.drawable(grids, "areas")
    by_grid = risk_by_grid(shown, grids)
    class_codes = class_codes_of(shown)
    rated = bool((class_codes < len(CLASSES)).all())
    share = by_grid["warning_share"].to_numpy()
    breaks = palette.round_breaks(share)
    notes = [*facts.notes(words), words("bandwidth-note", bandwidth=f"{bandwidth_m:g}")]
    if len(shown) < len(buildings):
        notes.append(
            words("unmapped-note", count=f"{len(buildings) - len(shown):,}", why=words("no-geometry"))
        )
    ground = areas.Ground.of(grids, _grid_layer(grids, by_grid, words))
    return Document(
        kind="risk",
        title=title or facts.title(words, "risk-title"),
        headline=facts.headline(words, "plan", "rules"),
        words=words,
        bounds=bounds_of(areas.geometries(grids if len(grids) else shown)),
        layers=(
            *ground.layers,
            _building_layer(shown, grids, class_codes, words, rated=rated),
        ),
        views=_views(words, ground, breaks, rated=rated, bandwidth_m=bandwidth_m),
        sections=(
            _class_section(class_codes, words, rated=rated),
            Section(
                words("warning-share-of-grid"),
                keys=step_keys(share, breaks, 1, words, none=words("no-building"), is_share=True),
                views=("share",),
            ),
            Section(
                words("warning-heat"), remark=words("buildings-per-km2"), heat=palette.HEAT, views=("heat",)
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
                Heading("share", words("warning-share")),
            ),
            sort="warning",
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


def class_title(name: str, words: Words) -> str:
    """Return the title of a class in the page's language."""
    return next(member for member in RiskClass if member.value == name).titled(words.language)


def _grid_layer(grids: gpd.GeoDataFrame, by_grid: pd.DataFrame, words: Words) -> Layer:
    counts = [Column(name, class_title(name, words), "number", by_grid[name].to_numpy()) for name in CLASSES]
    counts.insert(0, Column("buildings", words("buildings"), "number", by_grid["buildings"].to_numpy()))
    share = Column(
        "share",
        words("warning-share"),
        "number",
        by_grid["warning_share"].to_numpy(),
        digits=4,
        format="share",
    )
    return areas.areas_layer(grids, words, [*counts, share])


def _building_layer(
    buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, class_codes: Ints, words: Words, *, rated: bool
) -> Layer:
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    names, ids = areas.texts(buildings, "name"), areas.texts(buildings, "external_id")
    classes = (*CLASSES, *(() if rated else (UNCLASSIFIED,)))
    columns = (
        Column(
            "class",
            words("building-class"),
            "code",
            class_codes,
            values=tuple(class_title(name, words) for name in classes),
        ),
        Column("name", words("name"), "text", np.where(names == None, ids, names)),  # noqa: E711  elementwise
        Column("reasons", words("reasons"), "text", _reasons(buildings, words)),
        Column("points", words("points"), "number", areas.numbers(buildings, "risk_points")),
        Column("use", words("use"), "text", areas.texts(buildings, "use")),
        Column("floors", words("floors"), "number", areas.numbers(buildings, "floors")),
        Column("built", words("built"), "number", areas.numbers(buildings, "built_year"), format="plain"),
        Column("households", words("households"), "number", areas.numbers(buildings, "households")),
        Column("population", words("population"), "number", areas.numbers(buildings, "population")),
        Column(
            "grid",
            words("grid"),
            "text",
            [grid_names.get(code) or code for code in areas.texts(buildings, "grid_code")],
        ),
    )
    rows = [column.key for column in columns if column.key != "name"]
    colours = {"class": [palette.RISK[name] for name in classes]}
    card = {"title": ["name"], "rows": rows, "colours": colours}
    return Layer("buildings", _footprints(buildings), columns, step=_BUILDING_STEP_DEG, card=card)


def _footprints(buildings: gpd.GeoDataFrame) -> Geometries:
    """Points or polygons; where there are both, a square of about ten metres stands for a point."""
    shapes = areas.geometries(buildings)
    is_point = shapely.get_type_id(shapes) == 0
    if is_point.all() or not is_point.any():
        return shapes
    return np.where(is_point, shapely.buffer(shapes, 5e-5, cap_style="square"), shapes)


def _reasons(buildings: pd.DataFrame, words: Words) -> list[str | None]:
    if "risk_reasons" not in buildings:
        return [None] * len(buildings)
    between = words("between-reasons")
    return [
        between.join(reasons) if isinstance(reasons, list | tuple | np.ndarray) and len(reasons) else None
        for reasons in buildings["risk_reasons"]
    ]


def _views(
    words: Words, ground: areas.Ground, breaks: tuple[float, ...], *, rated: bool, bandwidth_m: float
) -> tuple[View, ...]:
    classes = [*CLASSES, *(() if rated else (UNCLASSIFIED,))]
    by_class: Json = {
        "layer": "buildings",
        "column": "class",
        "colours": [palette.RISK[name] for name in classes],
    }
    footprints = {
        **by_class,
        "as": "footprints",
        "lines": [palette.RISK_LINES[name] for name in classes],
        "lineFrom": 16.5,
        "width": 0.8,
        "least": [1.6, 2.4, 3.4, 1.6][: len(classes)],
        "radii": [[1.0, 4.5], [1.4, 5.0], [1.9, 5.5], [1.0, 4.5]][: len(classes)],
    }
    warning_heat = {
        "as": "heat",
        "layer": "buildings",
        "bandwidth_m": bandwidth_m,
        "colours": list(palette.HEAT),
        "only": {"column": "class", "code": CLASSES.index("warning")},
    }
    close = {**footprints, "from": 16}
    return (
        View("buildings", words("view-buildings"), (ground.fill(), footprints, *ground.over())),
        View("share", words("view-share"), (areas.steps("share", breaks), close, *ground.over())),
        View(
            "heat",
            words("view-heat"),
            (ground.fill(palette.FAINT_LINE), warning_heat, ground.borders(), close, *ground.over()),
        ),
    )


def _class_section(class_codes: Ints, words: Words, *, rated: bool) -> Section:
    classes = [*CLASSES, *(() if rated else (UNCLASSIFIED,))]
    counts = np.bincount(class_codes, minlength=len(classes))
    total = max(1, int(counts.sum()))
    keys = [
        Key(
            class_title(name, words),
            (f"{counts[code]:,}", f"{counts[code] / total:.1%}"),
            colour=palette.RISK[name],
            line=palette.RISK_LINES[name],
            switch=("buildings", "class", code),
        )
        for code, name in enumerate(classes)
    ]
    return Section(
        words("building-class"),
        keys=tuple(keys),
        total=Key(words("total"), (f"{counts.sum():,}", "")),
        bar=tuple((palette.RISK[name], counts[code] / total) for code, name in enumerate(classes)),
    )
