"""Fonts of print sheets: one that has Chinese characters, found by its family."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Literal

from matplotlib import font_manager
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from gisgov.errors import ProgramMissing
from gisgov.governance.titles import Language

CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "SimSun",
)
"""In the order they are preferred; the Japanese family has the characters, some in Japanese shapes."""

_LATIN = "DejaVu Sans"
"""Comes with matplotlib."""

_FINE_PT = 200.0
"""Size at which characters are measured: at small ones they are hinted to whole points."""

# a family may lack a weight; the nearest is taken, and whoever prints is not told of it line by line
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

Weight = Literal["normal", "bold"]


class Lettering:
    """What a sheet writes with.

    Parameters
    ----------
    language : {"zh", "en"}
        A Chinese sheet needs a Chinese font; an English one takes it for names if there is one.
    families : tuple of str
        Families to look for.

    Raises
    ------
    ProgramMissing
        The language is Chinese and no family is installed.
    """

    def __init__(self, language: Language, families: tuple[str, ...] = CHINESE_FAMILIES) -> None:
        chinese = find_family(families)
        if chinese is None and language == "zh":
            raise ProgramMissing(
                "No font with Chinese characters is installed, so a Chinese sheet cannot be printed.",
                hint="Install one (Debian and Ubuntu: fonts-noto-cjk), or print with --language en.",
            )
        self.families = [chinese, _LATIN] if chinese else [_LATIN]
        self._known = frozenset().union(*(_characters(family) for family in self.families))
        self._renderer = RendererAgg(8, 8, 72)  # type: ignore[no-untyped-call]
        self._advances: dict[tuple[str, Weight], float] = {}

    def font(self, size_pt: float, weight: Weight = "normal") -> FontProperties:
        """Return a font of a size in points."""
        return FontProperties(family=self.families, size=size_pt, weight=weight)

    def can_write(self, text: str) -> bool:
        """Whether every character of the text has a shape."""
        return all(character in self._known for character in text)

    def writable(self, text: str) -> str:
        """Return the text with ``?`` for each character that has no shape, and on one line."""
        line = " ".join(text.split())
        return "".join(character if character in self._known else "?" for character in line)

    def width_mm(self, text: str, size_pt: float, weight: Weight = "normal") -> float:
        """Width of a line of text, millimetres: the sum of its characters' advances, without kerning."""
        return sum(self._advance(character, weight) for character in text) * size_pt * 25.4 / 72

    def _advance(self, character: str, weight: Weight) -> float:
        """Advance of a character, as a share of the size; measured between two others, as ends are cut."""
        known = self._advances.get((character, weight))
        if known is None:
            font = self.font(_FINE_PT, weight)
            wide, bare = (
                self._renderer.get_text_width_height_descent(text, font, ismath=False)[0]  # type: ignore[no-untyped-call]
                for text in (f"x{character}x", "xx")
            )
            known = self._advances[character, weight] = float(wide - bare) / _FINE_PT
        return known

    def fitted(self, text: str, size_pt: float, width_mm: float, weight: Weight = "normal") -> str:
        """Return the text, its end replaced by … where it is wider than the room it has."""
        if self.width_mm(text, size_pt, weight) <= width_mm:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width_mm(text[:middle] + "…", size_pt, weight) <= width_mm:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"

    def lines(self, text: str, size_pt: float, width_mm: float) -> list[str]:
        """Break a text into lines of a width, between words or Chinese characters."""
        lines, line = [], ""
        for piece in pieces(text):
            if line and self.width_mm((line + piece).rstrip(), size_pt) > width_mm:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return [*lines, line.rstrip()] if line.strip() else lines


def find_family(families: tuple[str, ...]) -> str | None:
    """Return the first family that is installed, be it since matplotlib last looked."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    if not known.intersection(families):
        listed = {entry.fname for entry in font_manager.fontManager.ttflist}
        for path in sorted(set(font_manager.findSystemFonts()) - listed):
            try:
                font_manager.fontManager.addfont(path)
            except (OSError, RuntimeError):  # not a font that FreeType reads
                continue
        known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((family for family in families if family in known), None)


@lru_cache(maxsize=8)
def _characters(family: str) -> frozenset[str]:
    entry = next(entry for entry in font_manager.fontManager.ttflist if entry.name == family)
    # matplotlib before 3.11 reads only the first font of a collection, and its entries have no index
    index = getattr(entry, "index", 0)
    font = FT2Font(entry.fname, face_index=index) if index else FT2Font(entry.fname)
    return frozenset(chr(code) for code in font.get_charmap())


def pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after spaces, beside Chinese characters, not before a full stop."""
    pieces: list[str] = []
    word = ""
    for character in text:
        is_wide = ord(character) >= 0x2E80
        if character in _CLOSING or (word[-1:] in _OPENING and word):
            word += character
        elif is_wide or word[-1:] == " " or (word and ord(word[-1]) >= 0x2E80):
            pieces.append(word)
            word = character
        else:
            word += character
    return [piece for piece in (*pieces, word) if piece]


_CLOSING = "，。、；：）》”’"
_OPENING = "（《“‘"
