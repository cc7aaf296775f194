"""Drawings of a view put on paper: what web/maps/painters.js does on a canvas.

Sizes in drawings are pixels of a page; on paper a pixel is `maps.paper.PIXEL_MM` wide. A zoom is the one at
which a page would show the ground at the paper's scale, so that paper follows the same rules about what is
shown when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from gisgov.geometry.crs import from_wgs84, from_wgs84_geometries
from gisgov.types import Floats, Geometries, Ints, Json
from maps import hatching
from maps.density import kernel_density
from maps.layers import Layer, rings_of
from maps.paper import Paper
from maps.writing import placed_badges, write_badges, write_labels

_BATCH = 400
"""Features of one path: the rasteriser refuses paths of too many."""
_MANY = 4000
"""More points than this are pixels in a PDF too: as circles they would be megabytes."""


def paint(paper: Paper, layers: Mapping[str, Layer], draws: tuple[Json, ...]) -> None:
    """Put the drawings of a view on paper, the first lowest; numbers take their room before names do."""
    shown = [draw for draw in draws if draw.get("from", -1) <= paper.zoom < draw.get("until", 99)]
    badges = {
        id(draw): placed_badges(paper, layers[draw["layer"]], draw)
        for draw in shown
        if draw["as"] == "badges"
    }
    for draw in shown:
        layer = layers[draw["layer"]]
        if draw["as"] == "badges":
            write_badges(paper, layer, draw, badges[id(draw)])
        else:
            _PAINTERS[draw["as"]](paper, layer, draw)


def classes_of(layer: Layer, draw: Json) -> Ints:
    """Colour of each feature, as its place in the drawing's colours; the last one for missing values.

    A value at one of the drawing's ``breaks`` belongs to the class above it.
    """
    last = len(draw["colours"]) - 1
    column = layer.column(draw["column"]) if draw.get("column") else None
    if column is None:
        return np.zeros(len(layer.shapes), dtype=np.int64)
    if draw.get("breaks") is not None:
        values = np.asarray(column.data, dtype=np.float64)
        place = np.searchsorted(np.asarray(draw["breaks"], dtype=np.float64), values, side="right")
        return np.where(np.isfinite(values), place, last).astype(np.int64)
    codes = np.asarray(column.data, dtype=np.int64)
    return np.where(codes < 0, last, codes)


def _fill(paper: Paper, layer: Layer, draw: Json) -> None:
    shapes = from_wgs84_geometries(layer.shapes, paper.working)
    classes = classes_of(layer, draw)
    has_lines = paper.zoom >= draw.get("lineFrom", -1)
    for k, colour in enumerate(draw["colours"]):
        own = shapes[classes == k]
        if draw.get("least"):
            own = _at_least(own, paper.metres(draw["least"][k]))
        line = draw["lines"][k] if draw.get("lines") else draw.get("line")
        zorder = paper.above()
        for start in range(0, len(own), _BATCH):
            patch = PathPatch(
                path_of(own[start : start + _BATCH]),
                facecolor=(*to_rgb(colour), draw.get("opacity", 1.0)) if colour else "none",
                edgecolor=line if line and has_lines else "none",
                linewidth=paper.points(draw.get("width", 1)) if line and has_lines else 0,
                joinstyle="round",
                zorder=zorder,
            )
            hatching.hatch(patch, colour)
            paper.axes.add_patch(patch)


def _at_least(shapes: Geometries, least_m: float) -> Geometries:
    """Put a square in the place of a shape that would be too small to be seen."""
    west, south, east, north = shapely.bounds(shapes).T
    x, y, half = (west + east) / 2, (south + north) / 2, least_m / 2
    is_tiny = np.maximum(east - west, north - south) < least_m
    return np.where(is_tiny, shapely.box(x - half, y - half, x + half, y + half), shapes)


def path_of(shapes: Geometries) -> Path:
    """Return one path of all rings; holes run the other way, so that they stay open."""
    rings, _ = rings_of(shapes)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(vertices), Path.LINETO, dtype=np.uint8)
    if len(vertices):
        codes[np.insert(ring[1:] != ring[:-1], 0, True)] = Path.MOVETO
        codes[np.append(ring[1:] != ring[:-1], True)] = Path.CLOSEPOLY
    return Path(vertices, codes)


def _lines(paper: Paper, layer: Layer, draw: Json) -> None:
    parts = shapely.get_parts(from_wgs84_geometries(layer.shapes, paper.working))
    width = draw.get("width", 1)
    # matplotlib measures dashes in widths of the line
    dash = (0, [length / width for length in draw["dash"]]) if draw.get("dash") else "solid"
    paper.axes.add_collection(
        LineCollection(
            [shapely.get_coordinates(part) for part in parts],
            colors=draw["line"],
            linewidths=paper.points(width),
            linestyles=[dash],
            zorder=paper.above(),
        ),
        autolim=False,
    )


def _footprints(paper: Paper, layer: Layer, draw: Json) -> None:
    is_point = len(layer.shapes) > 0 and shapely.get_type_id(layer.shapes[0]) == 0
    (_dots if is_point else _fill)(paper, layer, draw)


def _dots(paper: Paper, layer: Layer, draw: Json) -> None:
    if not len(layer.shapes):
        return  # kinds that do not occur have no colours either
    x, y = from_wgs84(shapely.get_x(layer.shapes), shapely.get_y(layer.shapes), paper.working)
    classes = classes_of(layer, draw)
    growth = max(0.0, min(1.0, (paper.zoom - 12) / 5))
    far, near = np.array(draw.get("radii") or [draw["radius"]] * len(draw["colours"]), dtype=np.float64).T
    radius = (far + growth * (near - far))[classes]
    colours = np.array([(*to_rgb(colour), draw.get("opacity", 1.0)) for colour in draw["colours"]])[classes]
    # mixed classes in a scattered order, so that none hides the rest; else one class on another
    order = (
        np.random.default_rng(0).permutation(len(x))
        if draw.get("mixed")
        else np.argsort(classes, kind="stable")
    )
    paper.axes.add_collection(
        PathCollection(
            (Path.unit_circle(),),
            sizes=(paper.points(1) * radius[order]) ** 2,
            offsets=np.c_[x, y][order],
            offset_transform=paper.axes.transData,
            transform=IdentityTransform(),
            rasterized=len(x) > _MANY,
            facecolors=colours[order],
            edgecolors="white" if float(radius.max(initial=0)) >= 3.2 else "none",
            linewidths=paper.points(0.8),
            zorder=paper.above(),
        ),
        autolim=False,
    )


def _heat(paper: Paper, layer: Layer, draw: Json) -> None:
    shapes = layer.shapes
    only = draw.get("only")
    if only:
        column = layer.column(only["column"])
        shapes = shapes[np.asarray(column.data if column else [], dtype=np.int64) == only["code"]]
    west, south, east, north = shapely.bounds(shapes).T
    x, y = from_wgs84((west + east) / 2, (south + north) / 2, paper.working)
    density = kernel_density(x, y, draw["bandwidth_m"], box=paper.ground)
    paper.fields[layer.id] = density
    if density.highest > 0:
        paper.axes.imshow(
            tinted(density.values / density.highest, draw["colours"]),
            extent=density.extent,
            origin="lower",
            interpolation="bilinear",
            aspect="auto",
            zorder=paper.above(),
        )


def tinted(share: Floats, colours: list[str]) -> Floats:
    """Colour shares 0..1 along a ramp; no colour at zero, from an eighth on nearly full."""
    stops = np.array([to_rgb(colour) for colour in colours])
    at = np.linspace(0, 1, len(stops))
    channels = [np.interp(share, at, stops[:, k]) for k in range(3)]
    return np.stack([*channels, np.minimum(0.88, share * 8)], axis=-1)


_PAINTERS: dict[str, Callable[[Paper, Layer, Json], None]] = {
    "fill": _fill,
    "lines": _lines,
    "footprints": _footprints,
    "dots": _dots,
    "heat": _heat,
    "labels": write_labels,
}
