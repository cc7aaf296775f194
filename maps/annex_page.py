"""The blank pages of an annex: head, foot, and the axes to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gisgov.governance.annexes import Annex
from gisgov.types import BBox
from maps import palette
from maps.annex_words import AnnexWords
from maps.lettering import Lettering
from maps.printing import SIZES_MM, PaperSize, axes_on
from maps.sheet import Furniture

SOFT = "#605d56"
DRAFT = "#9b1c31"


@dataclass(slots=True, eq=False)
class Pages:
    """The pages of an annex as they are made.

    Attributes
    ----------
    annex : Annex
        What is printed.
    words : AnnexWords
        In which language.
    lettering : Lettering
        What it writes with.
    paper : {"a3", "a4"}
        Size of the sheets, landscape.
    made : list of matplotlib.figure.Figure
        The pages so far.
    feet : list of Furniture
        Their axes: page numbers are written when all are made.
    """

    annex: Annex
    words: AnnexWords
    lettering: Lettering
    paper: PaperSize
    made: list[Figure] = field(default_factory=list)
    feet: list[Furniture] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, millimetres."""
        return SIZES_MM[self.paper]

    @property
    def factor(self) -> float:
        """Of all sizes: 1 on A3."""
        return 1.0 if self.paper == "a3" else 0.8

    @property
    def margin(self) -> float:
        """Millimetres around a page."""
        return 14 * self.factor

    def begin(self, title: str, remark: str) -> Furniture:
        """Begin a page under a heading; a draft says in red that it is one."""
        width, height = self.size
        figure = Figure(figsize=(width / 25.4, height / 25.4), facecolor="white")
        axes = axes_on(figure, (0, 0, width, height), width, height)
        axes.set(xlim=(0, width), ylim=(0, height), facecolor="none", zorder=10)
        axes.set_autoscale_on(False)
        furniture = Furniture(axes, self.lettering, self.factor)
        f, x, y = self.factor, self.margin, height - self.margin
        room = width - 2 * self.margin
        is_draft = self.annex.status == "draft"
        right = f"{self.words('draft')} · {remark}" if is_draft else remark
        taken = self.lettering.width_mm(self.lettering.writable(right), 11 * f) + 4 * f
        furniture.write(x, y - 6 * f, furniture.fit(title, 17, room - taken, "bold"), 17, weight="bold")
        furniture.write(x + room, y - 6 * f, right, 11, align="right", colour=DRAFT if is_draft else SOFT)
        furniture.rule(x, y - 9.5 * f, room, weight_pt=1.2, colour=palette.INK)
        self.made.append(figure)
        self.feet.append(furniture)
        return furniture

    def map_axes(self, box: BBox) -> Axes:
        """Return axes on a box of the last page, millimetres, under what is written."""
        axes = axes_on(self.made[-1], box, *self.size)
        axes.set_zorder(1)
        return axes

    def finish(self) -> Sequence[Figure]:
        """Write the numbers of the pages, and return them."""
        f = self.factor
        for page, furniture in enumerate(self.feet, start=1):
            y = self.margin - 5 * f
            words = self.words("page-of", page=page, pages=len(self.feet))
            furniture.write(self.size[0] - self.margin, y, words, 8.5, align="right", colour=SOFT)
            printed = self.words("printed-on", day=self.words.day(self.annex.printed_on))
            left = f"{self.annex.plan} · {printed}"
            furniture.write(self.margin, y, furniture.fit(left, 8.5, self.size[0] * 0.7), 8.5, colour=SOFT)
        return self.made
