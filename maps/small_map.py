"""A view as a small picture: SVG, drawn from the same instructions as the large map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from markupsafe import Markup

from gisgov.types import BBox, Floats, Geometries, Json
from maps.document import Document, View, local_plane
from maps.layers import Layer, rings_of
from maps.painting import classes_of

_WIDTH, _MOST_HEIGHT = 480.0, 420.0
"""Units across, of which a page shows about two to a pixel."""


def small_map(document: Document, view: View) -> Markup:
    """Draw the areas and lines of a view, without names.

    Parameters
    ----------
    document : Document
        With the layers.
    view : View
        Which view.

    Returns
    -------
    Markup
        An ``svg`` element without styles or links, as a strict page allows it. Shapes are thinned to what is
        seen at this size.
    """
    plane = _Plane(document.bounds)
    layers = {layer.id: layer for layer in document.layers}
    paths = [
        path
        for draw in view.draws
        if draw["as"] in ("fill", "lines")
        for path in _paths(layers[draw["layer"]], draw, plane)
    ]
    head = f'<svg class="small" viewBox="0 0 {plane.width:.0f} {plane.height:.0f}" aria-hidden="true">'
    return Markup(head + "".join(paths) + "</svg>")  # noqa: S704  made of numbers and colours


class _Plane:
    """Degrees to units of the picture, y downwards."""

    def __init__(self, bounds: BBox) -> None:
        west, south, east, north = bounds
        across, along = local_plane((south + north) / 2)
        east_m, north_m = max((east - west) * across, 1e-9), max((north - south) * along, 1e-9)
        self._origin = np.array([west, north])
        scale = min((_WIDTH - 4) / east_m, (_MOST_HEIGHT - 4) / north_m)
        self._scale = np.array([across * scale, -along * scale])
        self.width, self.height = east_m * scale + 4, north_m * scale + 4

    def __call__(self, degrees: Floats) -> Floats:
        """Return the place of coordinates."""
        units: Floats = (degrees - self._origin) * self._scale + 2
        return units


def _paths(layer: Layer, draw: Json, plane: _Plane) -> list[str]:
    shapes = shapely.transform(layer.shapes, plane)
    if draw["as"] == "lines":
        dash = " ".join(f"{length:g}" for length in draw.get("dash", ()))
        lines = shapely.get_parts(shapely.simplify(shapes, 0.5))
        return [_path(_steps(lines, closed=False), None, draw["line"], draw.get("width", 1), dash)]
    classes, thinned = classes_of(layer, draw), shapely.coverage_simplify(shapes, 1.0)
    line, width = draw.get("line"), draw.get("width", 1)
    return [
        _path(_steps(rings_of(thinned[classes == k])[0], closed=True), colour, line, width)
        for k, colour in enumerate(draw["colours"])
        if (classes == k).any()
    ]


def _path(steps: str, fill: str | None, line: str | None, width: float, dash: str = "") -> str:
    stroke = f' stroke="{line}" stroke-width="{width:g}" stroke-linejoin="round"' if line else ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{steps}" fill="{fill or "none"}"{stroke}{dashes}/>'


def _steps(lines: Sequence[shapely.LineString] | Geometries, *, closed: bool) -> str:
    """Write lines as whole steps from place to place; what is too small for one is left out."""
    written = []
    for line in lines:
        places = np.rint(shapely.get_coordinates(line)).astype(np.int64)
        moves = np.diff(places, axis=0)
        moves = moves[(moves != 0).any(axis=1)]
        if len(moves) < (2 if closed else 1):
            continue
        if closed:
            moves = moves[:-1]
        start = f"M{places[0, 0]} {places[0, 1]}l"
        written.append(start + " ".join(f"{x} {y}" for x, y in moves.tolist()) + ("z" if closed else ""))
    return "".join(written)
