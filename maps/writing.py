"""Names and numbers on a paper map, none on another: placed boxes are kept in an R-tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from gisgov.geometry.crs import from_wgs84, from_wgs84_geometries
from gisgov.types import Floats, Json
from maps.cells import cell
from maps.layers import Column, Layer
from maps.lettering import Weight
from maps.paper import Paper


@dataclass(frozen=True, slots=True)
class Badge:
    """A numbered disc; without a text it gave way to another and is a dot."""

    x: float
    y: float
    radius_m: float
    text: str
    code: int


def placed_badges(paper: Paper, layer: Layer, draw: Json) -> list[Badge]:
    """Give each numbered disc its room; one that would hide an earlier one becomes a dot."""
    lon, lat = (_values(layer, key) for key in ("lon", "lat"))
    x, y = from_wgs84(lon, lat, paper.working)
    numbers, kinds = _column(layer, draw["number"]), _values(layer, draw["column"]).astype(np.int64)
    badges = []
    for i in range(len(x)):
        text = cell(numbers, i)
        width = paper.lettering.width_mm(text, paper.points(11), "bold") / 1000 * paper.scale
        radius = max(paper.metres(9), width / 2 + paper.metres(4))
        box = (x[i] - radius, y[i] - radius, x[i] + radius, y[i] + radius)
        if paper.is_free(box):
            paper.take(box)
        else:
            text, radius = "", paper.metres(4)
        badges.append(Badge(float(x[i]), float(y[i]), radius, text, int(kinds[i])))
    return sorted(badges, key=lambda badge: bool(badge.text))


def write_badges(paper: Paper, layer: Layer, draw: Json, badges: list[Badge]) -> None:  # noqa: ARG001
    """Put placed discs on the paper."""
    for badge in badges:
        zorder = paper.above()
        circle = Path.circle((badge.x, badge.y), badge.radius_m)
        paper.axes.add_patch(
            PathPatch(
                circle,
                facecolor=draw["colours"][badge.code],
                edgecolor="white",
                linewidth=paper.points(1.5),
                zorder=zorder,
            )
        )
        paper.axes.text(
            badge.x,
            badge.y,
            badge.text,
            font=paper.lettering.font(paper.points(11), "bold"),
            color=draw["inks"][badge.code],
            ha="center",
            va="center_baseline",
            parse_math=False,
            zorder=zorder,
        )


def write_labels(paper: Paper, layer: Layer, draw: Json) -> None:
    """Write names on polygons, largest first: in full where there is room, else the short one, else none."""
    short, full = _column(layer, draw["text"]), _column(layer, draw.get("full") or draw["text"])
    x, y = from_wgs84(_values(layer, "label_lon"), _values(layer, "label_lat"), paper.working)
    shapes = from_wgs84_geometries(layer.shapes, paper.working)
    west, south, east, north = shapely.bounds(shapes).T
    size = draw.get("size", 12)
    weight: Weight = "bold" if draw.get("weight", 500) >= 600 else "normal"
    height = paper.metres(size)
    font = paper.lettering.font(paper.points(size), weight)
    halo = [withStroke(linewidth=paper.points(3), foreground=(1, 1, 1, 0.85))]
    zorder = paper.above()
    for i in np.argsort(-(east - west) * (north - south), kind="stable").tolist():
        room = float(east[i] - west[i])
        texts = (_label(paper, layer, full, i), _label(paper, layer, short, i))
        text, width = _fitting(paper, texts, paper.points(size), weight, room)
        gap = paper.metres(3)
        box = (
            x[i] - width / 2 - gap,
            y[i] - height / 2 - gap,
            x[i] + width / 2 + gap,
            y[i] + height / 2 + gap,
        )
        if not text or width > 1.25 * room or not paper.is_free(box):
            continue
        paper.take(box)
        paper.axes.text(
            x[i], y[i], text, font=font, color="#2b2a27", ha="center", va="center", parse_math=False,
            path_effects=halo, zorder=zorder, clip_on=True,
        )  # fmt: skip


def _fitting(
    paper: Paper, texts: tuple[str, str], size_pt: float, weight: Weight, room_m: float
) -> tuple[str, float]:
    """Return the first text if it leaves some of its room free, else the second, with its width in metres."""
    widths = [paper.lettering.width_mm(text, size_pt, weight) / 1000 * paper.scale for text in texts]
    place = 0 if texts[0] and widths[0] < 0.8 * room_m else 1
    return texts[place], widths[place]


def _label(paper: Paper, layer: Layer, texts: Column, place: int) -> str:
    """Name of an area; its code where the font lacks a character of the name."""
    text = cell(texts, place)
    if paper.lettering.can_write(text):
        return text
    codes = layer.column("code")
    return cell(codes, place) if codes else ""


def _column(layer: Layer, key: str) -> Column:
    column = layer.column(key)
    assert column is not None, f"layer {layer.id} has no column {key}"  # noqa: S101  a fault of gisgov
    return column


def _values(layer: Layer, key: str) -> Floats:
    return np.asarray(_column(layer, key).data, dtype=np.float64)
