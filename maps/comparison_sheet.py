"""Views side by side on paper: a small map of each over their figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gisgov.types import BBox
from maps import palette
from maps.document import Comparison, Document, View
from maps.paper import Paper
from maps.sheet import Furniture

_SOFT = "#605d56"
_TITLES = 46.0
"""Millimetres of an A3 sheet that the titles of figures take."""
_ROW = 8.4
_MOST = 6

Drawer = Callable[[Document, View, BBox], Paper]
"""Draws a view on a box of the sheet."""


def draw_comparison(
    furniture: Furniture, document: Document, comparison: Comparison, box: BBox, draw: Drawer
) -> None:
    """Draw what a document compares on a box of the sheet, the first six of it.

    Parameters
    ----------
    furniture : Furniture
        Writes on the sheet.
    document : Document
        With the views.
    comparison : Comparison
        Which of them, and their figures.
    box : tuple of float
        West, south, east, north in millimetres of the sheet.
    draw : callable
        Draws a small map.
    """
    f = furniture.factor
    west, south, east, north = box
    left = west + _TITLES * f
    shown = comparison.compared[:_MOST]
    width = (east - left) / len(shown)
    table = len(comparison.measures) * _ROW * f
    high = min(width * 1.1, north - south - table - 16 * f)
    for place, name in enumerate(shown):
        view, x = document.view(name), left + place * width
        small = tuple(
            {**one, "width": one.get("width", 1) / 2} for one in view.draws if one["as"] != "labels"
        )
        draw(document, replace(view, draws=small), (x + 2 * f, north - high, x + width - 2 * f, north))
        furniture.write(
            x + width - 2 * f, north - high - 6 * f, furniture.fit(view.title, 11, width, "bold"), 11,
            weight="bold", align="right",
        )  # fmt: skip
        remark = furniture.fit(comparison.remarks[place], 9, width - 2 * f)
        furniture.write(x + width - 2 * f, north - high - 11 * f, remark, 9, colour=_SOFT, align="right")
    y = north - high - 15 * f
    needed = max(
        furniture.lettering.width_mm(figure, 10 * f, "bold")
        for measure in comparison.measures
        for figure in measure.figures[:_MOST]
    )
    size = 10 * min(1.0, (width - 3 * f) / needed)
    for measure in comparison.measures:
        furniture.rule(west, y, east - west)
        base = y - (3.9 if measure.remark else 5.4) * f
        furniture.write(west, base, furniture.fit(measure.title, 10, left - west), 10)
        if measure.remark:
            furniture.write(
                west, base - 3.4 * f, furniture.fit(measure.remark, 8, left - west), 8, colour=_SOFT
            )
        told = zip(measure.figures[:_MOST], measure.best, strict=False)
        for place, (figure, is_best) in enumerate(told):
            furniture.write(
                left + (place + 1) * width - 2 * f, y - 5.4 * f, figure, size,
                weight="bold" if is_best else "normal",
                colour="#1f4e79" if is_best else palette.INK,
                align="right",
            )  # fmt: skip
        y -= _ROW * f
    if len(shown) < len(comparison.compared):
        total = f"{len(comparison.compared):,}"
        remark = document.words("alternatives-shown", shown=f"{len(shown):,}", total=total)
        furniture.write(west, y - 5.4 * f, remark, 9, colour=_SOFT)
