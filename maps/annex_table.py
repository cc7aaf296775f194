"""The table of an annex: areas with their bounds and figures, subtotals and the total, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.patches import Rectangle

from gisgov.governance.annexes import DECIMALS, Totals
from maps import palette
from maps.annex_page import SOFT, Pages
from maps.lettering import Weight
from maps.sheet import Furniture

_SIZE_PT: Final = 9.5
_LINE: Final = 4.6  # mm, on A3
_PADDING: Final = 1.7


@dataclass(frozen=True, slots=True)
class _Row:
    """Cells of a row, each on its lines."""

    cells: list[list[str]]
    weight: Weight = "normal"
    is_band: bool = False

    @property
    def lines(self) -> int:
        return max(len(cell) for cell in self.cells)


_FIGURES: Final = ("population", "households", "area-km2", "posts")
_TEXTS: Final = ("number", "code", "name", "bounds")


def draw_table(pages: Pages) -> None:
    """Write the table on as many pages as it needs."""
    titles = [pages.words(key) for key in (*_TEXTS, *_FIGURES)]
    widths = _widths(pages, titles)
    writer = _Writer(pages, widths, [[title] for title in titles])
    groups = pages.annex.groups()
    for parent, places in groups:
        if len(groups) > 1:
            name = parent or pages.words("without-parent")
            writer.put(_Row([[name], *([[""]] * 7)], "bold", is_band=True), keep=1)
        for place in places:
            writer.put(_row(pages, place, widths))
        if len(groups) > 1:
            words = pages.words("subtotal", count=len(places))
            writer.put(_sum(pages, words, pages.annex.totals(places)))
    everything = pages.annex.totals(range(len(pages.annex.areas)))
    writer.put(_sum(pages, f"{pages.words('total')} ({everything.areas:,})", everything))
    writer.note([pages.words("bounds-note"), pages.words("measured-in", crs=pages.annex.working_crs)])


def _row(pages: Pages, place: int, widths: Sequence[float]) -> _Row:
    area = pages.annex.areas[place]
    texts = [str(place + 1), area.code, area.name, area.bounds.words(pages.words.language)]
    cells = [_wrapped(pages, text, width) for text, width in zip(texts, widths, strict=False)]
    figures = (area.population, area.households, area.posts)
    people, households, posts = ([pages.words.count(one)] for one in figures)
    return _Row([*cells, people, households, [f"{area.area_km2:,.{DECIMALS}f}"], posts])


def _sum(pages: Pages, words: str, totals: Totals) -> _Row:
    figures = (totals.population, totals.households, totals.posts)
    people, households, posts = ([pages.words.count(one)] for one in figures)
    ground = [f"{totals.area_km2:,.{DECIMALS}f}"]
    return _Row([[""], [words], [""], [""], people, households, ground, posts], "bold")


def _wrapped(pages: Pages, text: str, width: float) -> list[str]:
    f = pages.factor
    writable = pages.lettering.writable(text)
    lines = pages.lettering.lines(writable, _SIZE_PT * f, width - 2 * _PADDING * f) or [""]
    return [pages.lettering.fitted(line, _SIZE_PT * f, width - 1.2 * f) for line in lines]


def _widths(pages: Pages, titles: Sequence[str]) -> list[float]:
    """Give columns what their cells need; the bounds get the rest, codes and names no more than a share."""
    f, whole = pages.factor, pages.size[0] - 2 * pages.margin
    areas = pages.annex.areas
    everything = pages.annex.totals(range(len(areas)))
    cells: list[list[str]] = [
        [str(len(areas))],
        [one.code for one in areas],
        [one.name for one in areas],
        [],
        [pages.words.count(everything.population)],
        [pages.words.count(everything.households)],
        [f"{everything.area_km2:,.{DECIMALS}f}"],
        [pages.words.count(everything.posts)],
    ]
    widths = [
        max(pages.lettering.width_mm(pages.lettering.writable(text), _SIZE_PT * f, "bold") for text in column)
        + (4 if i >= len(_TEXTS) else 2.5) * _PADDING * f
        for i, column in enumerate([title, *texts] for title, texts in zip(titles, cells, strict=True))
    ]
    widths[1], widths[2] = min(widths[1], whole * 0.2), min(widths[2], whole * 0.2)
    widths[3] = whole - sum(widths) + widths[3]
    return widths


class _Writer:
    """Writes rows down a page, and begins another under the titles when it is full."""

    def __init__(self, pages: Pages, widths: Sequence[float], titles: list[list[str]]) -> None:
        self.pages, self.widths, self.titles = pages, widths, titles
        self.bottom = pages.margin + 4 * pages.factor
        self._begin()

    def _begin(self) -> None:
        pages = self.pages
        self.furniture: Furniture = pages.begin(pages.words("table"), pages.annex.plan)
        self.y = pages.size[1] - pages.margin - 13 * pages.factor
        self._write(_Row(self.titles, "bold", is_band=True))
        self.furniture.rule(pages.margin, self.y, sum(self.widths), weight_pt=0.9, colour=palette.INK)

    def _height(self, row: _Row) -> float:
        return (row.lines * _LINE + 2.2) * self.pages.factor

    def put(self, row: _Row, *, keep: int = 0) -> None:
        """Write a row, on the next page if it has no room here, ``keep`` more lines after it included."""
        if self.y - self._height(row) - keep * (_LINE + 2.2) * self.pages.factor < self.bottom:
            self._begin()
        self._write(row)
        self.furniture.rule(self.pages.margin, self.y, sum(self.widths), weight_pt=0.3)

    def _write(self, row: _Row) -> None:
        f, x, height = self.pages.factor, self.pages.margin, self._height(row)
        if row.is_band:
            band = Rectangle(
                (x, self.y - height), sum(self.widths), height, facecolor=palette.PAPER, zorder=0
            )
            self.furniture.axes.add_patch(band)
        for i, (cell, width) in enumerate(zip(row.cells, self.widths, strict=True)):
            is_figure = i >= len(_TEXTS)
            for k, line in enumerate(cell):
                base = self.y - (1.1 + _LINE * (k + 0.76)) * f
                at = x + width - _PADDING * f if is_figure else x + _PADDING * f * 0.6
                align = "right" if is_figure else "left"
                self.furniture.write(at, base, line, _SIZE_PT, weight=row.weight, align=align)
            x += width
        self.y -= height

    def note(self, sentences: Sequence[str]) -> None:
        """Write remarks under the table, as far as there is room."""
        f = self.pages.factor
        for sentence in sentences:
            self.y -= 5 * f
            if self.y >= self.pages.margin:
                self.furniture.write(self.pages.margin, self.y, sentence, 8.5, colour=SOFT)
