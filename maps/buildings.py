"""Buildings as a map of risk draws them: what is known of each, its colour, the legend of their classes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.risk import RiskClass
from gisgov.types import Geometries, Ints, Json
from maps import areas, palette
from maps.counts import CLASSES, UNCLASSIFIED
from maps.document import Key, Section
from maps.layers import Column, Layer
from maps.words import Words

_BUILDING_STEP_DEG = 2e-6
"""Footprints are rounded to 0.2 m, which no zoom shows: a fifth less to carry."""


def class_title(name: str, words: Words) -> str:
    """Return the title of a class in the page's language."""
    return next(member for member in RiskClass if member.value == name).titled(words.language)


def classes_shown(*, rated: bool) -> tuple[str, ...]:
    """Return the classes of a map, the unclassified only where there are such."""
    return (*CLASSES, *(() if rated else (UNCLASSIFIED,)))


def footprints(*, rated: bool) -> Json:
    """Return the drawing of buildings by class: their ground, or a dot or square where it is too small."""
    classes = classes_shown(rated=rated)
    return {
        "layer": "buildings",
        "column": "class",
        "colours": [palette.RISK[name] for name in classes],
        "as": "footprints",
        "lines": [palette.RISK_LINES[name] for name in classes],
        "lineFrom": 16.5,
        "width": 0.8,
        "least": [1.6, 2.4, 3.4, 1.6][: len(classes)],
        "radii": [[1.0, 4.5], [1.4, 5.0], [1.9, 5.5], [1.0, 4.5]][: len(classes)],
    }


def buildings_layer(
    buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, class_codes: Ints, words: Words, *, rated: bool
) -> Layer:
    """Make the layer of buildings, with a hover card of what is known of each."""
    grid_names = dict(zip(areas.texts(grids, "code"), areas.texts(grids, "name"), strict=True))
    names, ids = areas.texts(buildings, "name"), areas.texts(buildings, "external_id")
    classes = classes_shown(rated=rated)
    columns = (
        Column(
            "class",
            words("building-class"),
            "code",
            class_codes,
            values=tuple(class_title(name, words) for name in classes),
        ),
        Column("name", words("name"), "text", np.where(names == None, ids, names)),  # noqa: E711  elementwise
        Column("reasons", words("reasons"), "text", told_reasons(buildings, words)),
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
    return Layer("buildings", footprint_shapes(buildings), columns, step=_BUILDING_STEP_DEG, card=card)


def footprint_shapes(buildings: gpd.GeoDataFrame) -> Geometries:
    """Points or polygons; where there are both, a square of about ten metres stands for a point."""
    shapes = areas.geometries(buildings)
    is_point = shapely.get_type_id(shapes) == 0
    if is_point.all() or not is_point.any():
        return shapes
    return np.where(is_point, shapely.buffer(shapes, 5e-5, cap_style="square"), shapes)


def told_reasons(buildings: pd.DataFrame, words: Words) -> list[str | None]:
    """Return the reasons of each building as one text, None where there are none."""
    if "risk_reasons" not in buildings:
        return [None] * len(buildings)
    between = words("between-reasons")
    return [
        between.join(reasons) if isinstance(reasons, list | tuple | np.ndarray) and len(reasons) else None
        for reasons in buildings["risk_reasons"]
    ]


def class_section(
    class_codes: Ints, words: Words, *, rated: bool, layers: str = "buildings", note: str = ""
) -> Section:
    """Return the legend of classes with how many buildings each has; ``layers`` are what its boxes hide."""
    classes = classes_shown(rated=rated)
    counts = np.bincount(class_codes, minlength=len(classes))
    total = max(1, int(counts.sum()))
    keys = [
        Key(
            class_title(name, words),
            (f"{counts[code]:,}", f"{counts[code] / total:.1%}"),
            colour=palette.RISK[name],
            line=palette.RISK_LINES[name],
            switch=(layers, "class", code),
        )
        for code, name in enumerate(classes)
    ]
    return Section(
        words("building-class"),
        keys=tuple(keys),
        total=Key(words("total"), (f"{counts.sum():,}", "")),
        note=note,
        bar=tuple((palette.RISK[name], counts[code] / total) for code, name in enumerate(classes)),
    )
