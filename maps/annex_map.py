"""The map on a sheet of an annex: areas with their numbers, at a round scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.patheffects import withStroke
from rtree.index import Index

from gisgov.geometry.crs import CoordinateSystem, from_wgs84_geometries, working_crs
from gisgov.types import BBox, Floats, Geometries, Texts
from maps import palette
from maps.lettering import Lettering
from maps.painting import path_of
from maps.printing import round_scale

_STREET: Final = "#7a4a1d"
_HALO: Final = withStroke(linewidth=2.2, foreground="white")
_AROUND: Final = tuple(
    (distance * np.cos(turn), distance * np.sin(turn))
    for distance in (5.0, 8.0, 12.0, 17.0, 23.0)
    for turn in np.arange(12) * np.pi / 6
)
"""Where a number goes, in millimetres from its area, that has no room in it."""


@dataclass(slots=True, eq=False)
class AnnexMap:
    """A map frame on a page.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        In metres of the plane.
    grounds : numpy.ndarray of shapely.Geometry
        All areas of the annex, in that plane.
    scale : float
        Denominator.
    lettering : Lettering
        What it writes with.
    limits : tuple of float
        Box of the frame, metres.
    working : CoordinateSystem
        The plane.
    taken : list of shapely.Geometry
        Boxes with something written in them.
    """

    axes: Axes
    grounds: Geometries
    scale: float
    lettering: Lettering
    limits: BBox
    working: CoordinateSystem
    taken: list[shapely.Geometry] = field(default_factory=list)
    near: Index = field(default_factory=Index)
    """Of the boxes that are taken, to find them by."""

    def mm(self, length: float) -> float:
        """Return what a length on paper is on the ground, metres."""
        return length / 1000 * self.scale

    def fill(self, shapes: Geometries, colour: str, *, line: str, width_pt: float, order: float) -> None:
        """Draw areas."""
        self.axes.add_patch(
            PathPatch(
                path_of(shapes), facecolor=colour, edgecolor=line, linewidth=width_pt, zorder=order,
                joinstyle="round",
            )
        )  # fmt: skip

    def number(self, places: Sequence[int], size_pt: float) -> int:
        """Write the numbers of areas in them, or beside them with a line; return how many found no room.

        The largest come first: theirs is the room.
        """
        frame = shapely.box(*self.limits)
        order = sorted(places, key=lambda place: -float(shapely.area(self.grounds[place])))
        circles = {place: _inner(self.grounds[place]) for place in order}
        for place in order:  # nobody's number covers the middle of another area
            x, y, _ = circles[place]
            self.take(shapely.Point(x, y).buffer(self.mm(0.3)))
        middles = {place: len(self.taken) - len(order) + i for i, place in enumerate(order)}
        lost = 0
        for place in order:
            x, y, radius = circles[place]
            text = str(place + 1)
            half = np.array([self.lettering.width_mm(text, size_pt) / 2 + 0.5, size_pt * 0.16 + 0.4])
            own = middles[place]
            spots = [(0.0, 0.0)] if radius >= self.mm(float(half.max()) * 0.8) else []
            for dx, dy in (*spots, *_AROUND):
                box = _box(x + self.mm(dx), y + self.mm(dy), half * self.scale / 1000)
                if frame.contains(box) and not self.is_taken(box, own):
                    self._write(x, y, self.mm(dx), self.mm(dy), text, size_pt)
                    self.take(box)
                    break
            else:
                lost += 1
        return lost

    def take(self, box: shapely.Geometry) -> None:
        """Keep others from writing in a box."""
        self.near.insert(len(self.taken), shapely.bounds(box).tolist())
        self.taken.append(box)

    def is_taken(self, box: shapely.Geometry, own: int = -1) -> bool:
        """Whether something is written in a box, besides the box of a number."""
        there = self.near.intersection(shapely.bounds(box).tolist())
        return any(i != own and shapely.intersects(self.taken[i], box) for i in there)

    def _write(self, x: float, y: float, dx: float, dy: float, text: str, size_pt: float) -> None:
        if dx or dy:
            self.axes.plot([x, x + dx], [y, y + dy], color=palette.INK, linewidth=0.4, zorder=6)
            self.axes.plot([x], [y], marker="o", markersize=1.6, color=palette.INK, zorder=6)
        self.axes.text(
            x + dx, y + dy, text, font=self.lettering.font(size_pt, "bold"), color=palette.INK,
            ha="center", va="center_baseline", zorder=7, path_effects=[_HALO], parse_math=False,
        )  # fmt: skip

    def streets(self, lines: Geometries, names: Texts, places: Sequence[int], size_pt: float) -> None:
        """Write names of the streets that bound areas along the longest piece of each, where it is free."""
        if not len(lines):
            return
        drawn: Geometries = from_wgs84_geometries(lines, self.working)
        middle = shapely.line_interpolate_point(drawn, 0.5, normalized=True)
        tree = shapely.STRtree(shapely.boundary(self.grounds[places]))
        seen = np.unique(tree.query(middle, predicate="dwithin", distance=0.5)[0])
        inside = shapely.intersection(drawn, shapely.box(*self.limits))
        for name in np.unique(names[seen].astype(str)):
            runs = shapely.get_parts(shapely.line_merge(shapely.union_all(inside[seen[names[seen] == name]])))
            runs = runs[shapely.get_type_id(runs) == shapely.GeometryType.LINESTRING]
            run = runs[int(np.argmax(shapely.length(runs)))]
            self._along(run, self.lettering.writable(name), size_pt)

    def _along(self, run: shapely.Geometry, text: str, size_pt: float) -> None:
        """Write a text in the middle of a line, as the line runs there, if it is long enough and free."""
        wide = self.mm(self.lettering.width_mm(text, size_pt) + 1)
        length = float(shapely.length(run))
        if length < 1.1 * wide:
            return
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            at = min(max(share * length, wide / 2), length - wide / 2)
            reach = np.array([at - wide / 2, at + wide / 2])
            both: Geometries = np.array([run, run], dtype=object)
            ends = shapely.get_coordinates(shapely.line_interpolate_point(both, reach))
            way = ends[1] - ends[0]
            if np.hypot(*way) < 0.95 * wide:  # it bends too much here
                continue
            box = shapely.LineString(ends).buffer(self.mm(size_pt * 0.2), cap_style="flat")
            if self.is_taken(box):
                continue
            self.take(box)
            turn = float(np.degrees(np.arctan2(way[1], way[0])))
            x, y = ends.mean(axis=0).tolist()
            self.axes.text(
                x, y, text, font=self.lettering.font(size_pt), color=_STREET, ha="center",
                va="center_baseline", rotation=(turn + 90) % 180 - 90, rotation_mode="anchor", zorder=5,
                path_effects=[_HALO], parse_math=False,
            )  # fmt: skip
            return

    def name(self, shape: shapely.Geometry, text: str, size_pt: float) -> None:
        """Write a name on an area, on several lines if need be, unless something is there."""
        x, y, _ = _inner(shape)
        west, _, east, _ = shapely.bounds(shape).tolist()
        room = max((east - west) * 1000 / self.scale * 0.9, 12.0)
        lines = self.lettering.lines(self.lettering.writable(text), size_pt, room) or [""]
        wide = max(self.lettering.width_mm(line, size_pt) for line in lines) / 2
        high = len(lines) * size_pt * 0.45 / 2
        box = _box(x, y, np.array([wide, high]) * self.scale / 1000)
        if self.is_taken(box):
            return
        self.take(box)
        self.axes.text(
            x, y, "\n".join(lines), font=self.lettering.font(size_pt, "bold"), color=palette.INK,
            ha="center", va="center", zorder=7, path_effects=[_HALO], parse_math=False, linespacing=1.15,
        )  # fmt: skip


def map_of(axes: Axes, box: BBox, shown: Geometries, every: Geometries, lettering: Lettering) -> AnnexMap:
    """Lay out a map of some areas in a box of a page.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        On the box.
    box : tuple of float
        West, south, east, north on the page, millimetres.
    shown : numpy.ndarray of shapely.Geometry
        What the frame is about, EPSG:4326.
    every : numpy.ndarray of shapely.Geometry
        All areas, EPSG:4326.
    lettering : Lettering
        What it writes with.
    """
    west, south, east, north = shapely.total_bounds(shown).tolist()
    working = working_crs((west + east) / 2, (south + north) / 2)
    projected: Geometries = from_wgs84_geometries(shown, working)
    left, bottom, right, top = shapely.total_bounds(projected).tolist()
    wide, high = box[2] - box[0], box[3] - box[1]
    scale = round_scale(max((right - left) / (wide * 0.92), (top - bottom) / (high * 0.92), 0.1) * 1000)
    x, y = (left + right) / 2, (bottom + top) / 2
    half_x, half_y = wide / 2000 * scale, high / 2000 * scale
    limits: BBox = (x - half_x, y - half_y, x + half_x, y + half_y)
    axes.set(xlim=limits[::2], ylim=limits[1::2], facecolor=palette.PAPER)
    axes.set_autoscale_on(False)
    return AnnexMap(axes, from_wgs84_geometries(every, working), scale, lettering, limits, working)


def _inner(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Return the middle and the radius of the largest disc in an area."""
    parts = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    radius: shapely.Geometry = shapely.maximum_inscribed_circle(
        largest, tolerance=max(float(np.sqrt(largest.area)) / 50, 1e-6)
    )
    (x, y), _ = shapely.get_coordinates(radius)
    return float(x), float(y), float(shapely.length(radius))


def _box(x: float, y: float, half: Floats) -> shapely.Geometry:
    box: shapely.Geometry = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
    return box


def union_of(shapes: Geometries) -> shapely.Geometry:
    """Return areas as one, be they a coverage or not."""
    try:
        joined: shapely.Geometry = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        joined = shapely.union_all(shapes)
    return joined if shapely.is_valid(joined) else shapely.union_all(shapes)
