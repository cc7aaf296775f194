"""Areas as every map draws them: their columns, their names, the ground under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisgov.errors import InputError
from gisgov.types import Floats, Geometries, Ints, Json, Texts
from maps import palette
from maps.layers import Column, Layer
from maps.words import Words


def drawable(frame: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Return the rows that have a geometry, in EPSG:4326, numbered anew.

    Parameters
    ----------
    frame : GeoDataFrame
        Must state its CRS.
    what : str
        What the rows are, for the error.

    Raises
    ------
    InputError
        The frame states no CRS or another than EPSG:4326.
    """
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise InputError(
            f"The {what} to draw are not in EPSG:4326.", hint="Maps draw stored coordinates: lon/lat, WGS 84."
        )
    has_shape = ~(frame.geometry.isna() | frame.geometry.is_empty)
    return frame[has_shape].reset_index(drop=True)


def texts(frame: pd.DataFrame, name: str) -> Texts:
    """Return a column as texts, None where it is missing or the frame has no such column."""
    if name not in frame:
        return np.full(len(frame), None, dtype=object)
    values = frame[name]
    return np.array(
        [None if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)],
        dtype=object,
    )


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN where it is missing or the frame has no such column."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name]).to_numpy(dtype=np.float64, na_value=np.nan)


def codes_of(values: Texts, known: Sequence[str]) -> Ints:
    """Return the place of each value in ``known``, −1 where it is missing or another."""
    places = {value: place for place, value in enumerate(known)}
    return np.array([places.get(value, -1) for value in values], dtype=np.int64)


def geometries(frame: gpd.GeoDataFrame) -> Geometries:
    """Return the frame's geometries as a plain array."""
    return np.asarray(frame.geometry.to_numpy(), dtype=object)


def short_names(frame: pd.DataFrame) -> Texts:
    """Names to write on areas: without the parent's name in front, the code where there is no name.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["1", "2"], "name": ["东湖社区第1网格", None]})
    >>> frame["parent_name"] = "东湖社区"
    >>> short_names(frame).tolist()
    ['第1网格', '2']
    """
    short = []
    for code, name, parent in zip(
        *(texts(frame, key) for key in ("code", "name", "parent_name")), strict=True
    ):
        own = name.removeprefix(parent).strip() if name and parent else name
        short.append(own or name or code)
    return np.array(short, dtype=object)


def label_places(shapes: Geometries) -> tuple[Floats, Floats]:
    """Where to write on each polygon: its centroid, or a place inside where the centroid is not.

    Returns
    -------
    lon, lat : (n,) array of float
    """
    middle = shapely.centroid(shapes)
    middle = np.where(shapely.covers(shapes, middle), middle, shapely.point_on_surface(shapes))
    return shapely.get_x(middle), shapely.get_y(middle)


def area_columns(frame: gpd.GeoDataFrame, words: Words) -> list[Column]:
    """Columns that every layer of areas has; those without any value are left out."""
    lon, lat = label_places(geometries(frame))
    population, km2 = numbers(frame, "population"), numbers(frame, "area_km2")
    columns = [
        Column("code", words("code"), "text", texts(frame, "code")),
        Column("name", words("name"), "text", texts(frame, "name")),
        Column("label", words("name"), "text", short_names(frame)),
        Column("label_lon", "", "number", lon, digits=6),
        Column("label_lat", "", "number", lat, digits=6),
        Column("parent", words("parent"), "text", texts(frame, "parent_name")),
        Column("population", words("population"), "number", population, unit=words("people")),
        Column("households", words("households"), "number", numbers(frame, "households")),
        Column("area", words("area"), "number", km2, digits=3, unit="km²"),
        Column(
            "density",
            words("density-of-people"),
            "number",
            people_per_km2(population, km2),
            unit=words("people-per-km2"),
        ),
        Column("staff_count", words("staff-count"), "number", numbers(frame, "staff_count")),
        Column("staff", words("staff"), "text", texts(frame, "staff")),
    ]
    return [column for column in columns if _has_values(column)]


def people_per_km2(population: Floats, km2: Floats) -> Floats:
    """Return the density of people; NaN where the area is zero or either is not known."""
    density: Floats = np.divide(population, km2, out=np.full(len(km2), np.nan), where=km2 > 0)
    return density


def _has_values(column: Column) -> bool:
    if column.kind == "number":
        return bool(np.isfinite(np.asarray(column.data, dtype=np.float64)).any()) or not len(column.data)
    return column.key in ("code", "name", "label") or any(value is not None for value in column.data)


def areas_layer(frame: gpd.GeoDataFrame, words: Words, more: Sequence[Column] = ()) -> Layer:
    """Make the layer of the areas, in the order given, with a hover card of all that is to be read.

    Parameters
    ----------
    frame : GeoDataFrame
        Columns code, name and, where known, parent_name, population, households, area_km2, staff.
    words : Words
        The page's language.
    more : sequence of Column
        Further columns; they stand first in the card.
    """
    own = area_columns(frame, words)
    hidden = ("code", "name", "label", "label_lon", "label_lat")
    shown = [column.key for column in (*more, *own) if column.key not in hidden and column.title]
    card = {"title": ["name"], "rows": ["code", *shown]}
    return Layer("grids", geometries(frame), (*own, *more), keep_order=True, card=card)


def parents_layer(frame: gpd.GeoDataFrame) -> Layer | None:
    """Make the layer of the areas' parents, named; None where fewer than two parents are known."""
    codes = texts(frame, "parent_code")
    names = dict(zip(codes, texts(frame, "parent_name"), strict=True))
    known = sorted(code for code in names if code is not None)
    if len(known) < 2:
        return None
    shapes = geometries(frame)
    merged = np.array([shapely.union_all(shapes[codes == code]) for code in known], dtype=object)
    lon, lat = label_places(merged)
    columns = (
        Column("label", "", "text", [names[code] or code for code in known]),
        Column("label_lon", "", "number", lon, digits=6),
        Column("label_lat", "", "number", lat, digits=6),
    )
    return Layer("parents", merged, columns, keep_order=True)


@dataclass(frozen=True, slots=True)
class Ground:
    """How every map draws its areas under and over its subject.

    Attributes
    ----------
    layers : tuple of dict
        The areas and, where known, their parents.
    close_zoom : float
        From this zoom on an area is wide enough to be named; before, its parent is.
    """

    layers: tuple[Layer, ...]
    close_zoom: float

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, layer: Layer) -> Ground:
        """Make the ground of a frame whose layer is ``layer``."""
        parents = parents_layer(frame)
        return cls((layer, *([parents] if parents else [])), close_zoom(geometries(frame)))

    @property
    def has_parents(self) -> bool:
        """Whether the parents of the areas are drawn."""
        return len(self.layers) > 1

    def fill(self, line: str = palette.LINE) -> Json:
        """Return the drawing of the areas as a quiet ground."""
        return {
            "as": "fill",
            "layer": self.layers[0].id,
            "colours": [palette.GROUND],
            "line": line,
            "width": 1,
        }

    def borders(self) -> Json:
        """Return the drawing of the areas' borders alone."""
        return {
            "as": "fill",
            "layer": self.layers[0].id,
            "colours": [None],
            "line": palette.LINE,
            "width": 0.8,
        }

    def over(self) -> tuple[Json, ...]:
        """Return what lies over the subject: the parents' borders, and names that suit the zoom."""
        names = {"as": "labels", "layer": self.layers[0].id, "text": "label", "full": "name", "size": 12}
        if not self.has_parents:
            return (names,)
        return (
            {"as": "fill", "layer": "parents", "colours": [None], "line": palette.PARENT_LINE, "width": 1.8},
            {
                "as": "labels",
                "layer": "parents",
                "text": "label",
                "size": 14,
                "weight": 700,
                "until": self.close_zoom,
            },
            {**names, "from": self.close_zoom},
        )


def close_zoom(shapes: Geometries, width_px: float = 72.0) -> float:
    """Return the zoom at which the middling area is so many pixels wide.

    A pixel at zoom 0 is 360/256 of a degree.
    """
    if not len(shapes):
        return 0.0
    west, _, east, _ = shapely.bounds(shapes).T
    return round(float(np.log2(width_px / max(1e-9, float(np.median(east - west))) * 360 / 256)), 2)


def steps(column: str, breaks: Sequence[float]) -> Json:
    """Return the drawing of the areas coloured by a number, the last colour for missing ones."""
    colours = [*sequence(len(breaks) + 1), palette.NOTHING]
    return {
        "as": "fill",
        "layer": "grids",
        "column": column,
        "breaks": list(breaks),
        "colours": colours,
        "line": palette.LINE,
        "width": 1,
    }


def sequence(count: int) -> tuple[str, ...]:
    """Return ``count`` colours of the sequence, at most seven, from its lowest to its highest."""
    if count in palette.FINER_SEQUENCES:
        return palette.FINER_SEQUENCES[count]
    last = len(palette.SEQUENCE) - 1
    return tuple(palette.SEQUENCE[round(i * last / max(1, count - 1))] for i in range(count))
