"""A plan printed as the annex of a decision: an overview, a sheet for each area above, a table of bounds."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gisgov.governance.annexes import DECIMALS, Annex
from gisgov.governance.titles import Language
from gisgov.types import BBox, Floats, Geometries, Progress, silent
from maps import palette
from maps.annex_map import AnnexMap, map_of, union_of
from maps.annex_page import DRAFT, SOFT, Pages
from maps.annex_table import draw_table
from maps.annex_words import AnnexWords
from maps.lettering import Lettering
from maps.printing import PaperSize
from maps.sheet import Furniture

_COLUMN: Final = 92.0
"""Millimetres of an A3 sheet beside the map."""


_MOST_ON_SHEET: Final = 70
"""Areas: more of one area above are put on several sheets."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Areas that are drawn on one sheet: those of one area above, or a part of them (counted from 1)."""

    parent: str | None
    places: list[int]
    part: int | None = None
    parts: int = 1


def sheets_of(annex: Annex) -> list[Sheet]:
    """Return what is drawn on which sheet; ground that is too full is halved across its longer side."""
    centres = shapely.get_coordinates(shapely.centroid(annex.geometries))
    sheets = []
    for parent, places in annex.groups():
        parts = _halved(places, centres)
        for number, part in enumerate(parts, start=1):
            sheets.append(Sheet(parent, sorted(part), number if len(parts) > 1 else None, len(parts)))
    return sheets


def _halved(places: list[int], centres: Floats) -> list[list[int]]:
    if len(places) <= _MOST_ON_SHEET:
        return [places]
    x, y = (centres[places] * (0.85, 1.0)).T  # a degree of longitude is shorter
    along = x if np.ptp(x) >= np.ptp(y) else -y
    order = [places[i] for i in np.argsort(along, kind="stable").tolist()]
    middle = len(order) // 2
    return [*_halved(order[:middle], centres), *_halved(order[middle:], centres)]


@dataclass(frozen=True, slots=True)
class DrawnAnnex:
    """The file, how many pages it has, and how many of them are maps."""

    content: bytes
    pages: int
    sheets: int


def draw_annex(
    annex: Annex,
    *,
    language: Language = "zh",
    paper: PaperSize = "a4",
    lettering: Lettering | None = None,
    progress: Progress = silent,
) -> DrawnAnnex:
    """Print an annex as a PDF; see `annex_pages`, also for the errors."""
    sheets = sheets_of(annex)
    buffer = io.BytesIO()
    about = {"Title": annex.plan, "Creator": "gisgov", "Producer": None, "CreationDate": None}
    figures = annex_pages(annex, language=language, paper=paper, lettering=lettering)
    with PdfPages(buffer, metadata=about) as pages:
        for figure in progress(figures, label="printing pages", total=len(figures)):
            pages.savefig(figure)
    return DrawnAnnex(buffer.getvalue(), len(figures), 1 if len(sheets) == 1 else 1 + len(sheets))


def annex_pages(
    annex: Annex,
    *,
    language: Language = "zh",
    paper: PaperSize = "a4",
    lettering: Lettering | None = None,
) -> Sequence[Figure]:
    """Draw the pages of an annex, landscape.

    Parameters
    ----------
    annex : Annex
        What is printed.
    language : {"zh", "en"}
        Of its words; names are as they are.
    paper : {"a3", "a4"}
        Size of the sheets.
    lettering : Lettering, optional
        Fonts; by default those found for the language.

    Returns
    -------
    sequence of matplotlib.figure.Figure
        The overview, a map sheet for each area above (none besides the first where there is one), and the
        table.

    Raises
    ------
    ProgramMissing
        It is to be Chinese and no font with Chinese characters is installed.
    """
    pages = Pages(annex, AnnexWords(language), lettering or Lettering(language), paper)
    sheets = sheets_of(annex)
    _first(pages, sheets)
    for number, sheet in enumerate(sheets, start=2):
        if len(sheets) > 1:
            _sheet(pages, number, sheet)
    draw_table(pages)
    return pages.finish()


def _first(pages: Pages, sheets: Sequence[Sheet]) -> None:
    """Draw the head of the annex with the map of all areas."""
    annex, words, f = pages.annex, pages.words, pages.factor
    layer = annex.layer_zh if words.language == "zh" else annex.layer_en
    remark = words("overview" if len(sheets) > 1 else "subtitle")
    furniture = pages.begin(words("title", layer=layer), remark)
    box, x, y = _frame(pages)
    drawn = map_of(pages.map_axes(box), box, annex.geometries, annex.geometries, pages.lettering)
    if len(sheets) > 1:
        drawn.fill(drawn.grounds, "none", line=palette.LINE, width_pt=0.3, order=2)
        for number, sheet in enumerate(sheets):
            ground = union_of(drawn.grounds[sheet.places])
            colour = palette.PATCHES[number % len(palette.PATCHES)]
            one: Geometries = np.array([ground], dtype=object)
            drawn.fill(one, colour, line="none", width_pt=0, order=1.5)
            drawn.fill(one, "none", line=palette.PARENT_LINE, width_pt=1.0, order=3)
            is_whole = sheet.part is None and sheet.parent is not None
            drawn.name(ground, str(sheet.parent) if is_whole else words("sheet-of", number=number + 2), 9 * f)
        lost = 0
    else:
        everything = list(range(len(annex.areas)))
        lost = _numbered(pages, drawn, everything)
        drawn.streets(annex.streets, annex.street_names, everything, 8 * f)
    _around(pages, furniture, drawn, box)
    y = _facts(pages, furniture, layer, x, y)
    notes = [words("number-note"), words("measured-in", crs=annex.working_crs)]
    _notes(pages, furniture, x, [*notes, *([words("see-table")] if lost else [])])
    if len(sheets) == 1:
        _list(pages, furniture, x, y - 4 * f, list(range(len(annex.areas))), pages.margin + 24 * f)


def _sheet(pages: Pages, number: int, sheet: Sheet) -> None:
    """Draw the map of the areas of one area above, or of a part of them."""
    layer = pages.annex.layer_zh if pages.words.language == "zh" else pages.annex.layer_en
    rest = pages.words("without-parent") if len(pages.annex.groups()) > 1 else layer
    title, places = sheet.parent or rest, sheet.places
    if sheet.part is not None:
        title = f"{title} ({sheet.part}/{sheet.parts})"
    furniture = pages.begin(title, pages.words("sheet-of", number=number))
    box, x, y = _frame(pages)
    every = pages.annex.geometries
    drawn = map_of(pages.map_axes(box), box, every[places], every, pages.lettering)
    others = np.setdiff1d(np.arange(len(every)), places)
    near = others[shapely.intersects(drawn.grounds[others], shapely.box(*drawn.limits))]
    if len(near):
        drawn.fill(drawn.grounds[near], "#efece4", line=palette.FAINT_LINE, width_pt=0.35, order=1)
    lost = _numbered(pages, drawn, places)
    drawn.streets(pages.annex.streets, pages.annex.street_names, places, 8 * pages.factor)
    _around(pages, furniture, drawn, box)
    totals = pages.annex.totals(places)
    rows = [
        (pages.words("areas", layer=pages.annex.layer_zh), f"{totals.areas:,}"),
        (pages.words("population"), pages.words.count(totals.population)),
        (pages.words("households"), pages.words.count(totals.households)),
        (pages.words("area-km2"), f"{totals.area_km2:,.{DECIMALS}f}"),
        (pages.words("posts"), pages.words.count(totals.posts)),
    ]
    y = _pairs(pages, furniture, rows, x, y)
    if lost:
        _notes(pages, furniture, x, [pages.words("see-table")])
    _list(pages, furniture, x, y - 4 * pages.factor, places, pages.margin + 8 * pages.factor)


def _numbered(pages: Pages, drawn: AnnexMap, places: list[int]) -> int:
    colours = [palette.PATCHES[i % len(palette.PATCHES)] for i in range(len(places))]
    for colour, place in zip(colours, places, strict=True):
        drawn.fill(drawn.grounds[[place]], colour, line=palette.LINE, width_pt=0.6, order=2)
    outline: Geometries = np.array([union_of(drawn.grounds[places])], dtype=object)
    drawn.fill(outline, "none", line=palette.PARENT_LINE, width_pt=1.1, order=3)
    return drawn.number(places, 10 * pages.factor)


def _frame(pages: Pages) -> tuple[BBox, float, float]:
    """Return the box of the map on a page, and where the column beside it begins."""
    width, height = pages.size
    f, margin = pages.factor, pages.margin
    top = height - margin - 13 * f
    box = (margin, margin + 2 * f, width - margin - (_COLUMN + 6) * f, top)
    return box, box[2] + 6 * f, top


def _around(pages: Pages, furniture: Furniture, drawn: AnnexMap, box: BBox) -> None:
    f = pages.factor
    furniture.scale_bar(box[0] + 6 * f, box[1] + 6 * f, drawn.scale)
    furniture.north(box[2] - 6 * f, box[3] - 4 * f, pages.words("north"))
    for spine in drawn.axes.spines.values():
        spine.set_visible(True)
        spine.set(color=palette.LINE, linewidth=0.6)


def _facts(pages: Pages, furniture: Furniture, layer: str, x: float, y: float) -> float:
    annex, words = pages.annex, pages.words
    totals = annex.totals(range(len(annex.areas)))
    until = words.day(annex.valid_to, otherwise="open") if annex.valid_from else words("not-known")
    rows = [
        (words("plan"), annex.plan),
        (words("layer"), layer),
        (words("scope"), annex.scope or words("all-scope")),
        (words("status"), words(annex.status)),
        (words("decision"), annex.decision or words("not-known")),
        (words("decided-on"), words.day(annex.decided_on)),
        (words("valid-from"), words.day(annex.valid_from)),
        (words("valid-to"), until),
        (words("areas", layer=layer), f"{totals.areas:,}"),
        (words("population"), words.count(totals.population)),
        (words("households"), words.count(totals.households)),
        (words("area-km2"), f"{totals.area_km2:,.{DECIMALS}f}"),
        (words("posts"), words.count(totals.posts)),
    ]
    return _pairs(pages, furniture, rows, x, y)


def _pairs(pages: Pages, furniture: Furniture, rows: Sequence[tuple[str, str]], x: float, y: float) -> float:
    f = pages.factor
    indent = 30 * f
    for name, value in rows:
        base = y - 5 * f
        furniture.write(x, base, furniture.fit(name, 10.5, indent - 2 * f), 10.5, colour=SOFT)
        colour = DRAFT if value == pages.words("draft") else palette.INK
        lines = pages.lettering.lines(pages.lettering.writable(value), 10.5 * f, (_COLUMN - 30) * f) or [""]
        for line in lines[:3]:
            furniture.write(x + indent, base, line, 10.5, colour=colour)
            base -= 5 * f
        y = base + 2.6 * f - 1 * f
        furniture.rule(x, y, _COLUMN * f, weight_pt=0.3)
    return y


def _notes(pages: Pages, furniture: Furniture, x: float, sentences: Sequence[str]) -> None:
    """Write remarks upwards from the foot of the column."""
    f = pages.factor
    lines = [
        line
        for sentence in sentences
        for line in pages.lettering.lines(pages.lettering.writable(sentence), 8.5 * f, _COLUMN * f)
    ]
    for k, line in enumerate(reversed(lines)):
        furniture.write(x, pages.margin + (2.5 + 4.2 * k) * f, line, 8.5, colour=SOFT)


def _list(
    pages: Pages, furniture: Furniture, x: float, y: float, places: Sequence[int], bottom: float
) -> None:
    """Name the numbered areas beside the map, in two columns if they are many, as far as there is room."""
    f, line = pages.factor, 4.6 * pages.factor
    most = max(int((y - bottom) / line), 0)
    columns = 1 if len(places) <= most else 2
    width = _COLUMN * f / columns
    shown = places[: most * columns] if len(places) <= most * columns else places[: most * columns - 1]
    for k, place in enumerate(shown):
        at, row = x + width * (k // most), k % most
        base = y - (row + 1) * line
        furniture.write(at + 7 * f, base, str(place + 1), 9, weight="bold", align="right")
        name = furniture.fit(pages.annex.areas[place].name, 9, width - 11 * f)
        furniture.write(at + 9 * f, base, name, 9)
    if len(shown) < len(places) and most:
        at = x + width * (columns - 1)
        furniture.write(at + 9 * f, y - most * line, pages.words("see-table"), 8.5, colour=SOFT)
