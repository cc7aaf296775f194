"""Print sheets: a document drawn by matplotlib, as PNG or as PDF with one page for each view."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gisgov.errors import NotFoundError
from gisgov.types import BBox
from maps import palette
from maps.comparison_sheet import draw_comparison
from maps.document import Document, View
from maps.layout import beside, furnish, upright
from maps.lettering import Lettering
from maps.painting import paint
from maps.paper import Paper
from maps.plane import Plane
from maps.sheet import Furniture

Format = Literal["png", "pdf"]
Size: TypeAlias = tuple[float, float]
PaperSize = Literal["a3", "a4"]

_BAR_MM: Final = (86.0, 17.5)
"""Room that the scale bar takes in the lower left corner of the map of an A3 sheet."""
SIZES_MM = {"a3": (420.0, 297.0), "a4": (297.0, 210.0)}
_SCALES = (
    *(1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 4.5),
    *(5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 9.0, 10.0),
)


def draw_print(
    document: Document,
    *,
    format: Format = "png",  # noqa: A002  what everybody calls it
    paper: PaperSize = "a3",
    portrait: bool = False,
    view: str | None = None,
    dpi: float = 200,
    lettering: Lettering | None = None,
) -> bytes:
    """Draw a document on paper.

    Parameters
    ----------
    document : Document
        As for a page: the same views, colours, legends and notes.
    format : {"png", "pdf"}
        A PDF has a page for each view, a PNG shows one.
    paper : {"a3", "a4"}
        Size of the sheet.
    portrait : bool
        Upright, the legend and the list under the map; by default landscape, with these beside it.
    view : str, optional
        Only this view; by default the first in a PNG, all in a PDF.
    dpi : float
        Pixels per inch of a PNG, and of the densities in a PDF.
    lettering : Lettering, optional
        Fonts; by default those found for the document's language.

    Returns
    -------
    bytes
        The file. The map is in the working CRS of its middle (metres), at a round scale.

    Raises
    ------
    NotFoundError
        The document has no such view.
    ProgramMissing
        The document is Chinese and no font with Chinese characters is installed.
    """
    views = _chosen(document, view)
    lettering = lettering or Lettering(document.words.language)
    buffer = io.BytesIO()
    if format == "png":
        figure = _sheet(document, views[0], paper, lettering, dpi, portrait=portrait)
        canvas = FigureCanvasAgg(figure)
        canvas.print_png(buffer, metadata={"Software": None, "Title": document.title})  # type: ignore[no-untyped-call]
        return buffer.getvalue()
    # without a date the same document gives the same bytes
    about = {"Title": document.title, "Creator": "gisgov", "Producer": None, "CreationDate": None}
    with PdfPages(buffer, metadata=about) as pages:
        for one in views:
            pages.savefig(_sheet(document, one, paper, lettering, dpi, portrait=portrait))
    return buffer.getvalue()


def _chosen(document: Document, name: str | None) -> Sequence[View]:
    if name is None:
        return document.views
    views = [view for view in document.views if view.id == name]
    if not views:
        known = ", ".join(view.id for view in document.views)
        raise NotFoundError(f"This map has no view {name!r}.", hint=f"It has {known}.", field="view")
    return views


def _sheet(
    document: Document, view: View, paper: PaperSize, lettering: Lettering, dpi: float, *, portrait: bool
) -> Figure:
    width, height = SIZES_MM[paper][::-1] if portrait else SIZES_MM[paper]
    factor = 1.0 if paper == "a3" else 0.76
    figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=dpi, facecolor="white")
    around = axes_on(figure, (0, 0, width, height), width, height)
    around.set(xlim=(0, width), ylim=(0, height), facecolor="none", zorder=10)
    around.set_autoscale_on(False)
    furniture = Furniture(around, lettering, factor)
    lies = upright if portrait else beside
    layout = lies(document, view, furniture, (width, height))

    def drawn(document: Document, view: View, box: BBox, bar: Size = (0.0, 0.0)) -> Paper:
        return _map(document, view, axes_on(figure, box, width, height), box, lettering, bar)

    compared = document.comparison
    if compared is not None and view.id == compared.view:
        draw_comparison(furniture, document, compared, layout.map, drawn)
        furnish(furniture, document, view, None, layout)
    else:
        bar = (_BAR_MM[0] * factor, _BAR_MM[1] * factor)
        furnish(furniture, document, view, drawn(document, view, layout.map, bar), layout)
    return figure


def axes_on(figure: Figure, box: BBox, width: float, height: float) -> Axes:
    """Axes on a box of the sheet (west, south, east, north in mm), without ticks."""
    west, south, east, north = box
    axes = figure.add_axes((west / width, south / height, (east - west) / width, (north - south) / height))
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _map(document: Document, view: View, axes: Axes, box: BBox, lettering: Lettering, bar: Size) -> Paper:
    plane = Plane.of(document.bounds)
    south, north = document.bounds[1], document.bounds[3]
    size = (box[2] - box[0], box[3] - box[1])
    scale, x, y = placed(plane.ground, size, bar)
    half_x, half_y = size[0] / 2000 * scale, size[1] / 2000 * scale
    limits = {"xlim": (x - half_x, x + half_x), "ylim": (y - half_y, y + half_y)}
    axes.set(**limits, facecolor=palette.PAPER)
    axes.set_autoscale_on(False)
    paper = Paper(axes, plane.system, plane.ground, scale, (south + north) / 2, lettering)
    paint(paper, {layer.id: layer for layer in document.layers}, view.draws)
    axes.set(**limits)  # an image sets limits of its own
    return paper


def placed(ground: BBox, size: Size, bar: Size) -> tuple[float, float, float]:
    """Place a ground in the frame of a map: in its middle, but not under the scale bar.

    Parameters
    ----------
    ground : tuple of float
        West, south, east, north, metres.
    size : tuple of float
        Width and height of the frame, millimetres.
    bar : tuple of float
        Room of the scale bar in the lower left corner, millimetres.

    Returns
    -------
    scale, x, y : float
        Denominator of the scale, and the middle of the frame, metres.

    Examples
    --------
    >>> placed((0.0, 0.0, 2000.0, 1000.0), (200.0, 100.0), (0.0, 0.0))
    (12000.0, 1000.0, 500.0)
    >>> placed((0.0, 0.0, 2000.0, 1000.0), (200.0, 100.0), (80.0, 17.0))
    (14000.0, 1000.0, 462.0)
    """
    west, south, east, north = ground
    x, y = (west + east) / 2, (south + north) / 2
    edge_x, edge_y = 0.02 * size[0], 0.02 * size[1]
    for taken in (0.0, max(0.0, bar[1] - edge_y)):
        room_x, room_y = size[0] - 2 * edge_x, size[1] - 2 * edge_y - taken
        scale = round_scale(max((east - west) / room_x * 1000, (north - south) / room_y * 1000, 100.0))
        beside = (size[0] - (east - west) / scale * 1000) / 2
        below = (size[1] - (north - south) / scale * 1000) / 2
        # as high as it has to be, and as there is room above
        up = 0.0 if beside >= bar[0] else max(0.0, min(bar[1] - below, below - edge_y))
        if beside >= bar[0] or below + up >= bar[1] - 1e-9:
            break
    return scale, x, y - up / 1000 * scale


def round_scale(least: float) -> float:
    """Return the smallest round scale denominator that is not below ``least``.

    Examples
    --------
    >>> round_scale(43210.0), round_scale(101.0)
    (45000.0, 120.0)
    """
    power = 1.0
    while power * 10 < least:
        power *= 10
    return next(step * power for step in _SCALES if step * power >= least * (1 - 1e-12))
