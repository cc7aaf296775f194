"""The values of a column of events, as a legend lists them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gisgov.types import Ints
from maps import areas, palette
from maps.words import Words

_UNCLASSIFIED = "unclassified"


class Kinds:
    """The values of a column as a legend lists them.

    Attributes
    ----------
    titles, colours : tuple of str
        Parallel to the codes.
    codes : (n,) array of int
        Place of each event's value; missing values have a place of their own, the last.
    """

    def __init__(self, titles: tuple[str, ...], colours: tuple[str, ...], codes: Ints) -> None:
        self.titles = titles
        self.colours = colours
        self.codes = codes

    @property
    def counts(self) -> Ints:
        """Events of each kind, which add up to all."""
        return np.bincount(self.codes, minlength=len(self.titles)).astype(np.int64)


def kinds_of(events: pd.DataFrame, name: str, words: Words) -> Kinds:
    """Sort out the values of a column: sources with the most frequent first, levels in their own order.

    Parameters
    ----------
    events : DataFrame
        With the column ``name`` and perhaps ``{name}_title``.
    name : str
        Which column, such as ``source`` or ``level``.
    words : Words
        Language of the title of missing values.
    """
    values = areas.texts(events, name)
    titles = areas.texts(events, f"{name}_title")
    title_of = {value: title for value, title in zip(values, titles, strict=True) if value and title}
    counts = pd.Series([value for value in values if value]).value_counts()
    if name == "level":
        order = sorted(counts.index)
        colours = tuple(palette.LEVELS.get(value, palette.CATEGORIES[5]) for value in order)
    else:
        order = sorted(counts.index, key=lambda value: (-int(counts[value]), value))
        colours = palette.category_colours(len(order))
    codes = areas.codes_of(values, order)
    shown = [title_of.get(value, value) for value in order]
    if (codes < 0).any():
        shown.append(words(_UNCLASSIFIED))
        colours = (*colours, "#a39d90")
        codes = np.where(codes < 0, len(order), codes)
    return Kinds(tuple(shown), colours, codes)
