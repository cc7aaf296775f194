"""Where things stand on a print sheet: the map, and beside or under it what explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from matplotlib.figure import Figure

from gisgov.types import BBox
from maps.document import Document, View
from maps.paper import Paper
from maps.sheet import Furniture

_MARGIN, _COLUMN, _GAP, _HEAD = 12.0, 92.0, 6.0, 22.0
"""Millimetres on A3."""
_MOST_UNDER: Final = 0.48
"""Part of an upright sheet that is not the map's, at most."""
_ACCENT: Final = "#1f4e79"


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes of a sheet: west, south, east, north in millimetres from its lower left corner.

    Attributes
    ----------
    sheet : tuple of float
        Within the margins.
    map : tuple of float
        The map.
    legend, listing : tuple of float
        Where legends stand, and where list and notes do; the same box where there is one column.
    """

    sheet: BBox
    map: BBox
    legend: BBox
    listing: BBox


def beside(document: Document, view: View, furniture: Furniture, size: tuple[float, float]) -> Layout:  # noqa: ARG001  as `upright`
    """Lay out a sheet in landscape: one column to the right of the map."""
    f = furniture.factor
    sheet = _within(size, f)
    west, south, east, north = sheet
    top = north - _HEAD * f
    drawn = (west, south, east - (_COLUMN + _GAP) * f, top)
    column = (drawn[2] + _GAP * f, south, east, top)
    return Layout(sheet, drawn, column, column)


def upright(document: Document, view: View, furniture: Furniture, size: tuple[float, float]) -> Layout:
    """Lay out a sheet in portrait: legends to the left under the map, list and notes to the right."""
    f = furniture.factor
    sheet = _within(size, f)
    west, south, east, north = sheet
    width = (east - west - 2 * _GAP * f) / 2
    # drawn aside first, to know how much room the legends take
    aside = Furniture(Figure().add_axes((0, 0, 1, 1)), furniture.lettering, f)
    legends = -_legends(aside, document, view, (0.0, 0.0, width, 0.0), None)
    notes = aside.notes(document, 0.0, 0.0, width)
    room = max(legends, notes + 60 * f, 90 * f)
    top = south + min(room + 2 * f, _MOST_UNDER * (north - south))
    return Layout(
        sheet,
        (west, top + _GAP * f, east, north - _HEAD * f),
        (west, south, west + width, top),
        (east - width, south, east, top),
    )


def _within(size: tuple[float, float], factor: float) -> BBox:
    margin = _MARGIN * factor
    return margin, margin, size[0] - margin, size[1] - margin


def _legends(furniture: Furniture, document: Document, view: View, box: BBox, drawn: Paper | None) -> float:
    """Write the name of the view and its legends from the top of a box, and return where they end."""
    f = furniture.factor
    x, _, east, y = box
    y -= 1 * f
    if len(document.views) > 1:
        furniture.write(x, y - 4.5 * f, view.title, 13, weight="bold", colour=_ACCENT)
        y -= 8 * f
    density = next(iter(drawn.fields.values()), None) if drawn else None
    for section in document.sections:
        if not section.views or view.id in section.views:
            y = furniture.section(section, x, y, east - x, density)
    return y


def furnish(
    furniture: Furniture, document: Document, view: View, drawn: Paper | None, layout: Layout
) -> None:
    """Write all that stands around the map; without one, neither scale nor north."""
    f = furniture.factor
    west, _, east, north = layout.sheet
    furniture.title(document, west, north, east - west)
    x, south, right, top = layout.listing
    bottom = furniture.notes(document, x, south + 1 * f, right - x)
    end = _legends(furniture, document, view, layout.legend, drawn)
    furniture.listing(
        document, view, x, end if layout.listing == layout.legend else top - 1 * f, right - x, bottom
    )
    if drawn is None:
        return
    furniture.scale_bar(layout.map[0] + 6 * f, layout.map[1] + 5 * f, drawn.scale)
    furniture.north(layout.map[2] - 8 * f, layout.map[3] - 4 * f, document.words("north"))
