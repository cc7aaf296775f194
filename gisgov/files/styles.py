"""How layers look in other programs: which value of a column has which colour.

A label of a legend is said in Chinese and in English, since a file has one style for all its readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.defects import (
    DECISION_COLOURS,
    DEFECT_COLOURS,
    OTHER_COLOUR,
    DecisionTitle,
    DefectTitle,
)
from gisgov.governance.titles import Titled


@dataclass(frozen=True, slots=True)
class Category:
    """One line of a legend.

    Attributes
    ----------
    value : str
        Value of the style's column.
    title : str
        What the legend says.
    colour : str
        ``#rrggbb``.
    """

    value: str
    title: str
    colour: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn.

    Attributes
    ----------
    name : str
        Name of the style, at most 30 letters; adding a style of the same name replaces it.
    description : str
        What it shows.
    column : str or None
        Column whose values are told apart; None draws every feature in ``other``.
    categories : tuple of Category
        Values and their colours, in the order of the legend.
    label : str or None
        Column that is written on the features.
    has_badges : bool
        Put a dot on every feature and the label beside it, so that what is small is found.
    other : str
        Colour of all other values, ``#rrggbb``.
    opacity : float
        Of the fill, 0..1.
    outline_mm : float
        Width of the outline on screen and paper: as it does not shrink with the map, ground of a centimetre
        is seen at every scale.
    """

    name: str
    description: str
    column: str | None = None
    categories: tuple[Category, ...] = ()
    label: str | None = None
    has_badges: bool = False
    other: str = OTHER_COLOUR
    opacity: float = 0.5
    outline_mm: float = 0.8


def _categories(words: type[Titled], colours: Mapping[str, str]) -> tuple[Category, ...]:
    return tuple(Category(word.value, f"{word.title_zh} {word.title_en}", colours[word]) for word in words)


DEFECTS = Style(
    "gisgov defects",
    "边界问题，按类型着色 Border defects by kind",
    column="kind",
    categories=_categories(DefectTitle, DEFECT_COLOURS),
    label="number",
    has_badges=True,
)
"""For columns ``kind`` and ``number``."""

PROPOSALS = Style(
    "gisgov proposals",
    "修复方案，按处理方式着色 Proposed repairs by decision",
    column="decision",
    categories=_categories(DecisionTitle, DECISION_COLOURS),
    label="number",
    has_badges=True,
)
"""For columns ``decision`` and ``number``."""

AREAS = Style("gisgov areas", "区域 Areas", label="code", other="#8d877b", opacity=0.08, outline_mm=0.26)
"""For a column ``code``: areas as a quiet ground under defects."""

REPAIRED_AREAS = Style(
    "gisgov repaired areas",
    "修复后的区域 Repaired areas",
    column="change",
    categories=(
        Category("changed", "有变化 Changed", DEFECT_COLOURS[DefectTitle.OUTSIDE]),
        Category("unchanged", "未变化 Unchanged", "#8d877b"),
    ),
    label="code",
    opacity=0.15,
    outline_mm=0.26,
)
"""For columns ``code`` and ``change`` (``changed`` or ``unchanged``)."""
