"""Numbered features: what maps of defects and of proposed repairs have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.defects import DefectTitle
from gisgov.types import Floats, Ints, Json, Texts
from maps import areas, palette
from maps.document import Key, Section
from maps.layers import Column
from maps.proof import NOTICES
from maps.words import Words

STEP_DEG = 1e-8
"""Slivers are as thin as the storage grid (1e-7°); they keep their shape at a tenth of it."""

MAX_ZOOM = 26
"""Where a centimetre is five pixels wide."""


def number_defects(defects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put defects in the order of their numbers, each with a polygon.

    Parameters
    ----------
    defects : GeoDataFrame
        EPSG:4326, with kind, area_m2, lon and lat. The numbers in a column ``number`` are kept; where one is
        missing or two are the same all are numbered anew from 1, the largest first, equal ones by kind, then
        from west to east.

    Returns
    -------
    GeoDataFrame
        In the order of the column ``number``, with a polygon in every row: a square of about a metre
        stands for a defect that has none. Defects without a place are left out.

    Raises
    ------
    InputError
        The frame is not in EPSG:4326.
    """
    areas.drawable(defects, "defects")
    has_place = np.isfinite(areas.numbers(defects, "lon")) & np.isfinite(areas.numbers(defects, "lat"))
    ordered = _in_order(defects, has_place).reset_index(drop=True)
    lon, lat = areas.numbers(ordered, "lon"), areas.numbers(ordered, "lat")
    shapes = areas.geometries(ordered)
    is_polygon = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    half = 5e-6
    squares = shapely.box(lon - half, lat - half, lon + half, lat + half)
    return ordered.set_geometry(np.where(is_polygon, shapes, squares), crs=defects.crs)


def _in_order(defects: gpd.GeoDataFrame, has_place: np.ndarray) -> gpd.GeoDataFrame:
    given = areas.numbers(defects, "number")
    if np.isfinite(given).all() and len(np.unique(given)) == len(given):
        placed = defects[has_place].assign(number=given[has_place].astype(np.int64))
        return placed.sort_values("number")
    placed = defects[has_place].assign(_area=areas.numbers(defects[has_place], "area_m2"))
    placed = placed.sort_values(
        ["_area", "kind", "lon", "lat"], ascending=[False, True, True, True], kind="stable"
    ).drop(columns="_area")
    return placed.assign(number=np.arange(1, len(placed) + 1))


@dataclass(frozen=True, slots=True)
class Classes:
    """What numbered features are told apart by.

    Attributes
    ----------
    codes : (n,) array of int
        Class of each feature.
    names, colours : tuple of str
        Of each class that occurs, in the order of the legend.
    """

    codes: Ints
    names: tuple[str, ...]
    colours: tuple[str, ...]

    @classmethod
    def of(cls, values: Texts, names: Mapping[str, str], colours: Mapping[str, str]) -> Classes:
        """Tell features apart by a text each; ``names`` has every text that occurs, in order."""
        present = [value for value in names if value in set(values)]
        return cls(
            areas.codes_of(values, present),
            tuple(names[value] for value in present),
            tuple(colours[value] for value in present),
        )

    def column(self, key: str, title: str) -> Column:
        """Return the classes as a column of a layer."""
        return Column(key, title, "code", self.codes, values=self.names)

    def section(self, title: str, area_m2: Floats, layer: str, column: str, words: Words) -> Section:
        """Return a legend with count and ground of every class; each line switches its class."""
        keys = tuple(
            Key(
                name,
                (f"{int(is_of.sum()):,}", square_metres(area_m2[is_of])),
                colour=colour,
                mark="badge",
                switch=(layer, column, code),
            )
            for code, (name, colour) in enumerate(zip(self.names, self.colours, strict=True))
            for is_of in (self.codes == code,)
        )
        total = Key(words("total"), (f"{len(self.codes):,}", square_metres(area_m2)))
        return Section(title, keys=keys, total=total, note="" if keys else words("no-defects"))

    def draws(self, layer: str, column: str) -> list[Json]:
        """Return how the features are drawn: their ground, outlined, under their numbers."""
        colours = list(self.colours)
        ground = {
            "as": "fill",
            "layer": layer,
            "column": column,
            "colours": colours,
            "lines": colours,
            "opacity": 0.5,
            "width": 1.5,
        }
        badges = {
            "as": "badges",
            "layer": layer,
            "column": column,
            "number": "number",
            "colours": colours,
            "inks": [palette.ink_on(colour) for colour in colours],
        }
        return [ground, badges] if colours else []


def kinds_of(defects: pd.DataFrame, words: Words) -> Classes:
    """Tell defects apart by kind, slivers also by what they are: a gap, an overlap or ground outside."""
    kinds = areas.texts(defects, "kind")
    natures = [
        _nature(cover) if kind == DefectTitle.SLIVER else ""
        for kind, cover in zip(kinds, areas.numbers(defects, "cover"), strict=True)
    ]
    told = np.array([f"{kind}/{nature}" for kind, nature in zip(kinds, natures, strict=True)], dtype=object)
    known = [kind.value for kind in DefectTitle]
    unknown = sorted({str(kind) for kind in kinds} - set(known))  # that checks know and maps do not yet
    names = {
        f"{kind}/{nature}": _kind_name(kind, nature, words)
        for kind in (*known, *unknown)
        for nature in (_NATURES if kind == DefectTitle.SLIVER else ("",))
    }
    return Classes.of(told, names, {value: palette.defect_colour(value.partition("/")[0]) for value in names})


_NATURES = ("gap", "overlap", "outside", "")


def _nature(cover: float) -> str:
    """Return what ground is on which so many areas lie; empty where that is not known."""
    if cover >= 2:
        return "overlap"
    return {0.0: "gap", 1.0: "outside"}.get(cover, "")


def _kind_name(kind: str, nature: str, words: Words) -> str:
    name = words.known(f"{kind}-{nature}" if nature else kind)
    return words("notice", what=name) if kind in NOTICES else name


def number_column(frame: pd.DataFrame, words: Words) -> Column:
    """Return the column of the numbers."""
    return Column("number", words("number"), "number", frame["number"].to_numpy(), format="plain")


def measure_columns(frame: pd.DataFrame, words: Words) -> tuple[Column, ...]:
    """Return ground, width, cover, areas and place of each feature."""
    cover = areas.numbers(frame, "cover")
    return (
        Column("area", words("defect-area"), "number", areas.numbers(frame, "area_m2"), digits=2),
        Column("width", words("defect-width"), "number", areas.numbers(frame, "width_m"), digits=3),
        Column("cover", words("defect-cover"), "number", np.where(cover > 1, cover, np.nan)),
        Column("areas", words("defect-areas"), "text", _codes(frame, words)),
        Column("lon", "", "number", areas.numbers(frame, "lon"), digits=8),
        Column("lat", "", "number", areas.numbers(frame, "lat"), digits=8),
    )


def _codes(frame: pd.DataFrame, words: Words) -> Sequence[str | None]:
    if "areas" not in frame:
        return [None] * len(frame)
    return [
        words("between-codes").join(str(code) for code in codes)
        if isinstance(codes, list | tuple | np.ndarray)
        else str(codes)
        for codes in frame["areas"]
    ]


def square_metres(area_m2: Floats) -> str:
    """Return the sum of areas as people read it; what is missing counts for nothing.

    Examples
    --------
    >>> square_metres(np.array([0.25, np.nan])), square_metres(np.array([1234.5]))
    ('0.25 m²', '1,234 m²')
    """
    total = float(np.nansum(area_m2))
    return f"{total:,.{0 if total >= 10 or total == 0 else 2}f} m²"
