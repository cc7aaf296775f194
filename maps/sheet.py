"""What stands around the map on a print sheet: title, legend, list, notes, scale bar, north arrow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, Polygon, Rectangle

from maps import hatching, palette
from maps.cells import cell, order_by
from maps.density import Density, round_ticks
from maps.document import Document, Key, Section, Slots, View
from maps.lettering import Lettering, Weight
from maps.words import Words

_SOFT = "#605d56"
_RULE = "#d9d4c8"
_MOST_LINES = 12
_SLOT = 74.0
"""Room for the slots at the right end of the title, in mm on A3."""


@dataclass(slots=True, eq=False)
class Furniture:
    """Draws on axes that span the sheet, in millimetres from its lower left corner.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        The sheet.
    lettering : Lettering
        What it writes with.
    factor : float
        Of all sizes: 1 on A3, smaller on A4.
    """

    axes: Axes
    lettering: Lettering
    factor: float

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size_pt: float,
        *,
        weight: Weight = "normal",
        colour: str = palette.INK,
        align: str = "left",
    ) -> None:
        """Write a line of text, its baseline at ``y``."""
        self.axes.text(
            x, y, self.lettering.writable(text), font=self.lettering.font(size_pt * self.factor, weight),
            color=colour, ha=align, va="baseline", parse_math=False,
        )  # fmt: skip

    def rule(self, x: float, y: float, width: float, *, weight_pt: float = 0.5, colour: str = _RULE) -> None:
        """Draw a line to the right."""
        self.axes.plot([x, x + width], [y, y], color=colour, linewidth=weight_pt, solid_capstyle="butt")

    def title(self, document: Document, x: float, y: float, width: float) -> None:
        """Write the title, the line under it, and a rule; at the right end the slots, where there are any."""
        f = self.factor
        room = width
        if document.slots is not None:
            room -= _SLOT * f
            self._slots(document.slots, document.words, x + room + 4 * f, x + width, y)
        self.write(x, y - 8 * f, self.fit(document.title, 24, room, "bold"), 24, weight="bold")
        self.write(x, y - 14.5 * f, self.fit(document.headline, 11.5, room), 11.5, colour=_SOFT)
        self.rule(x, y - 18 * f, width, weight_pt=1.4, colour=palette.INK)

    def _slots(self, slots: Slots, words: Words, x: float, end: float, y: float) -> None:
        """Write how secret the sheet is and its review number, or leave lines to write them on."""
        f = self.factor
        for key, text, base in (
            ("secrecy", slots.secrecy, 7.0),
            ("review-number", slots.review_number, 14.5),
        ):
            line = self.fit(words(key, text=text), 11.5, end - x)
            self.write(x, y - base * f, line, 11.5, weight="bold" if key == "secrecy" else "normal")
            if not text:
                begin = x + self.lettering.width_mm(line, 11.5 * f) + 1 * f
                self.rule(begin, y - (base + 0.8) * f, end - begin, colour=palette.INK)

    def fit(self, text: str, size_pt: float, width: float, weight: Weight = "normal") -> str:
        """Return the text, shortened to its room."""
        return self.lettering.fitted(self.lettering.writable(text), size_pt * self.factor, width, weight)

    def section(self, section: Section, x: float, y: float, width: float, density: Density | None) -> float:
        """Draw a legend from ``y`` downwards and return where it ends."""
        f = self.factor
        y -= 4.5 * f
        self.write(x, y, section.title, 11, weight="bold")
        after = self.lettering.width_mm(self.lettering.writable(section.title), 11 * f, "bold")
        self.write(x + after + 2 * f, y, section.remark, 9, colour=_SOFT)
        y -= 2.5 * f
        if section.bar:
            y = self._bar(section, x, y, width)
        rooms = self._figure_rooms([*section.keys, *([section.total] if section.total else [])])
        for key in section.keys:
            y = self._key(key, x, y, width, rooms)
        if section.total:
            self.rule(x, y - 0.6 * f, width)
            y = self._key(section.total, x, y - 0.8 * f, width, rooms, weight="bold")
        for line in self._wrapped(section.lines, width):
            self.write(x, y - 4 * f, line, 9)
            y -= 4.6 * f
        if section.heat:
            y = self._ramp(section, x, y, width, density)
        for line in self._wrapped((section.note,) if section.note else (), width, 8.5):
            self.write(x, y - 4 * f, line, 8.5, colour=_SOFT)
            y -= 4.2 * f
        return y - 3.5 * f

    def _wrapped(self, sentences: Sequence[str], width: float, size_pt: float = 9) -> list[str]:
        """Return the lines of sentences, a few of them: the rest of the column is for the list."""
        lines = [
            line
            for sentence in sentences
            for line in self.lettering.lines(self.lettering.writable(sentence), size_pt * self.factor, width)
        ]
        return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]

    def _bar(self, section: Section, x: float, y: float, width: float) -> float:
        at = x
        for colour, share in section.bar:
            part = Rectangle((at, y - 3.6 * self.factor), width * share, 3.6 * self.factor, facecolor=colour)
            hatching.hatch(part, colour)
            self.axes.add_patch(part)
            at += width * share
        return y - 5 * self.factor

    def _figure_rooms(self, keys: Sequence[Key]) -> list[float]:
        """Return how wide each column of figures is, from the right; keys with fewer have the right ones."""
        f = self.factor
        rooms: list[float] = []
        # two columns stand well apart; a table of more takes what it needs
        least = 21 * f if max((len(key.figures) for key in keys), default=0) < 3 else 0.0
        for key in keys:
            for place, figure in enumerate(reversed(key.figures)):
                needed = self.lettering.width_mm(self.lettering.writable(figure), 10 * f, "bold") + 3 * f
                rooms[place : place + 1] = [max([least, needed, *rooms[place : place + 1]])]
        return rooms

    def _key(
        self, key: Key, x: float, y: float, width: float, rooms: list[float], weight: Weight = "normal"
    ) -> float:
        f = self.factor
        base = y - 4 * f
        indent = 0.0
        if key.colour or key.line:
            indent = 8 * f
            self._mark(key, x, base)
        right = x + width
        for figure, room in zip(reversed(key.figures), rooms, strict=False):
            self.write(right, base, figure, 10, weight=weight, align="right")
            right -= room
        self.write(
            x + indent, base, self.fit(key.name, 10, right - x - indent + 12 * f, weight), 10, weight=weight
        )
        return y - 5.6 * f

    def _mark(self, key: Key, x: float, base: float) -> None:
        f = self.factor
        middle = base + 1.25 * f
        if key.mark in ("dot", "badge"):
            radius = (1.4 if key.mark == "dot" else 1.9) * f
            self.axes.add_patch(
                Circle((x + 2.7 * f, middle), radius, facecolor=key.colour, edgecolor="white", linewidth=0.4)
            )
        elif key.mark in ("line", "dash"):
            style = (0, (2.2, 1.4)) if key.mark == "dash" else "solid"
            self.axes.plot([x, x + 5.4 * f], [middle, middle], color=key.line, linewidth=1.2, linestyle=style)
        else:
            mark = Rectangle(
                (x, middle - 1.8 * f),
                5.4 * f,
                3.6 * f,
                facecolor=key.colour or "none",
                edgecolor=key.line or palette.LINE,
                linewidth=0.5,
            )
            hatching.hatch(mark, key.colour)
            self.axes.add_patch(mark)

    def _ramp(self, section: Section, x: float, y: float, width: float, density: Density | None) -> float:
        f = self.factor
        colours = LinearSegmentedColormap.from_list("ramp", list(section.heat))
        image = np.linspace(0, 1, 256)[None, :]
        self.axes.imshow(image, extent=(x, x + width, y - 4.5 * f, y), cmap=colours, aspect="auto", zorder=1)
        highest = density.highest if density else 0.0
        for tick in round_ticks(highest):
            at = x + (width * tick / highest if highest else 0)
            align = "left" if tick == 0 else "center"
            self.write(min(at, x + width - 3 * f), y - 8.2 * f, f"{tick:,g}", 9, colour=_SOFT, align=align)
        return y - 9.5 * f

    def listing(
        self, document: Document, view: View, x: float, y: float, width: float, bottom: float
    ) -> None:
        """Write as many rows of the list beside a view as there is room for down to ``bottom``."""
        f = self.factor
        listing = document.listing
        layer = document.listed(view)
        if listing is None or layer is None or y - 18 * f < bottom:
            return
        columns = [(one, layer.column(one.key)) for one in listing.headings if one.is_printed]
        sort = layer.column(listing.sort)
        places = order_by(sort, down=listing.down) if sort else np.arange(len(layer.shapes))
        head = y - 4.5 * f
        self.write(x, head, listing.title, 11, weight="bold")
        y -= 7 * f
        is_figure = [heading.is_figure for heading, _ in columns]
        most = max(0, int((y - 5.5 * f - bottom) / (5 * f)))
        rows = [[cell(column, i) if column else "" for _, column in columns] for i in places[:most].tolist()]
        titles = [heading.title for heading, _ in columns]
        sizes = self._widths(titles, rows, is_figure, width)
        self.axes.add_patch(Rectangle((x, y - 5 * f), width, 5 * f, facecolor=palette.PAPER, zorder=0))
        y = self._row(titles, sizes, x, y, "bold", is_figure)
        shown = 0
        while shown < len(rows) and y - 9 * f >= bottom:
            y = self._row(rows[shown], sizes, x, y, "normal", is_figure)
            self.rule(x, y, width, weight_pt=0.3)
            shown += 1
        if shown < len(places):
            remark = document.words("rows-shown", shown=f"{shown:,}", total=f"{len(places):,}")
            self.write(x + width, head, remark, 9, colour=_SOFT, align="right")

    def _widths(
        self, titles: list[str], rows: list[list[str]], is_figure: list[bool], width: float
    ) -> list[float]:
        """Figures take what they need; texts share what is left, the short ones getting all they need."""
        sizes = [
            max(
                self.lettering.width_mm(self.lettering.writable(text), 9 * self.factor, "bold")
                for text in texts
            )
            + 2.5 * self.factor
            for texts in zip(titles, *rows, strict=True)
        ]
        left = width - sum(size for size, figure in zip(sizes, is_figure, strict=True) if figure)
        texts = sorted((i for i, figure in enumerate(is_figure) if not figure), key=lambda i: sizes[i])
        for place, i in enumerate(texts):
            fair = left / (len(texts) - place)
            sizes[i] = fair if i == texts[-1] else min(sizes[i], fair)
            left -= sizes[i]
        return sizes

    def _row(
        self, texts: list[str], sizes: list[float], x: float, y: float, weight: Weight, is_figure: list[bool]
    ) -> float:
        """Write a row, its texts on two lines at most, and return where it ends."""
        f = self.factor
        height = 5.0
        for text, size, figure in zip(texts, sizes, is_figure, strict=True):
            room = size - 1.2 * f
            if figure:
                self.write(x + room, y - 3.7 * f, text, 9, weight=weight, align="right")
            else:
                first, *rest = self.lettering.lines(self.lettering.writable(text), 9 * f, room) or [""]
                self.write(x + 0.6 * f, y - 3.7 * f, self.fit(first, 9, room, weight), 9, weight=weight)
                if rest:
                    self.write(
                        x + 0.6 * f, y - 7.5 * f, self.fit("".join(rest), 9, room, weight), 9, weight=weight
                    )
                    height = 8.8
            x += size
        return y - height * f

    def notes(self, document: Document, x: float, y: float, width: float) -> float:
        """Write the notes upwards from ``y`` and return where they begin."""
        f = self.factor
        lines = [
            line
            for note in (*document.notes, document.words("drawn-by"))
            for line in self.lettering.lines(self.lettering.writable(note), 8.5 * f, width)
        ]
        for line in reversed(lines):
            self.write(x, y, line, 8.5, colour=_SOFT)
            y += 4 * f
        self.rule(x, y + 0.5 * f, width)
        return y + 2 * f

    def scale_bar(self, x: float, y: float, scale: float) -> None:
        """Draw a bar of round length with its figures, and the scale as a number."""
        f = self.factor
        length_m = bar_length_m(60 * f / 1000 * scale)
        length = length_m / scale * 1000
        unit, per = ("km", 1000.0) if length_m >= 2000 else ("m", 1.0)
        self.axes.add_patch(
            Rectangle(
                (x - 3 * f, y - 3 * f), length + 20 * f, 15 * f, facecolor=(1, 1, 1, 0.8), edgecolor="none"
            )
        )
        for k in range(4):
            colour = palette.INK if k % 2 == 0 else "#ffffff"
            self.axes.add_patch(
                Rectangle(
                    (x + k * length / 4, y),
                    length / 4,
                    1.5 * f,
                    facecolor=colour,
                    edgecolor=palette.INK,
                    linewidth=0.5,
                )
            )
        for k in (0, 2, 4):
            label = f"{k * length_m / 4 / per:g}" + (f" {unit}" if k == 4 else "")
            self.write(x + k * length / 4, y + 2.6 * f, label, 9, align="center")
        self.write(x, y + 7.4 * f, f"1 : {scale:,.0f}", 10, weight="bold")

    def north(self, x: float, y: float, letter: str) -> None:
        """Draw the north arrow, its letter on top at ``y``."""
        f = self.factor
        points = [(0, -4.5), (2.4, -15), (0, -12.6), (-2.4, -15)]
        self.axes.add_patch(Polygon([(x + dx * f, y + dy * f) for dx, dy in points], facecolor=palette.INK))
        self.write(x, y - 3.4 * f, letter, 11, weight="bold", align="center")


def bar_length_m(most_m: float) -> float:
    """Return the longest round length of 1, 2, 4 or 8 times a power of ten that is not above ``most_m``.

    Examples
    --------
    >>> bar_length_m(3000.0), bar_length_m(950.0)
    (2000.0, 800.0)
    """
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(m * power for m in (8, 4, 2, 1) if m * power <= most_m * (1 + 1e-12))
