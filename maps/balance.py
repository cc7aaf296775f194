"""Areas by a balance of whole numbers below and above zero: classes, legend, and the figure on each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.types import Floats, Json
from maps import palette
from maps.document import Key
from maps.layers import Column
from maps.words import Words

_SHADES: Final = {0: (3,), 1: (1, 3, 5), 2: (0, 2, 3, 4, 6), 3: (0, 1, 2, 3, 4, 5, 6)}
"""Which colours of `palette.DEVIATION` go with so many steps on either side of zero."""
_MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """A balance of areas in classes around zero.

    Attributes
    ----------
    values : (n,) array of float
        Whole numbers, NaN where there is nothing to balance.
    starts : tuple of int
        Where the steps away from zero begin: 1 and perhaps two more, none where all is zero.
    """

    values: Floats
    starts: tuple[int, ...]

    @classmethod
    def of(cls, values: Floats) -> Balance:
        """Part a balance by natural breaks of its size, at round numbers.

        Examples
        --------
        >>> Balance.of(np.array([-9.0, -1, 0, 1, 1, 2, 10, np.nan])).starts
        (1, 2, 8)
        """
        sizes = np.abs(values[np.isfinite(values) & (values != 0)])
        if not len(sizes):
            return cls(values, ())
        limits = {math.ceil(limit) for limit in palette.round_breaks(sizes, 3)}
        return cls(values, (1, *sorted(limit for limit in limits if limit > 1)))

    @property
    def colours(self) -> tuple[str, ...]:
        """Colours from the lowest to the highest."""
        return tuple(palette.DEVIATION[shade] for shade in _SHADES[len(self.starts)])

    def columns(self, title: str) -> tuple[Column, Column, Column]:
        """Return the balance, the class of each area, and what is written on it: grey paper has no blue."""
        steps = np.sign(self.values) * np.searchsorted(
            np.asarray(self.starts), np.abs(self.values), side="right"
        )
        is_known = np.isfinite(self.values)
        codes = np.where(is_known, np.nan_to_num(steps) + len(self.starts), -1).astype(np.int64)
        texts = [signed(value) if known else None for value, known in zip(self.values, is_known, strict=True)]
        return (
            Column("balance", title, "number", self.values),
            Column("step", "", "code", codes, values=tuple(str(i) for i in range(len(self.colours)))),
            Column("balance_text", "", "text", texts),
        )

    def draw(self) -> Json:
        """Return the drawing of the areas by class, the last colour for those without a balance."""
        return {
            "as": "fill",
            "layer": "grids",
            "column": "step",
            "colours": [*self.colours, palette.NOTHING],
            "line": palette.LINE,
            "width": 1,
        }

    def keys(self, words: Words, *, none: str) -> tuple[Key, ...]:
        """Return the legend, the highest first, with how many areas are in each class."""
        codes = np.asarray(self.columns("")[1].data, dtype=np.int64)
        counts = np.bincount(codes[codes >= 0], minlength=len(self.colours))
        ends = (*(start - 1 for start in self.starts[1:]), None)
        away = list(zip(self.starts, ends, strict=True)) if self.starts else []
        names = [
            *(_step(-low, None if high is None else -high, words) for low, high in reversed(away)),
            "0",
            *(_step(low, high, words) for low, high in away),
        ]
        keys = [
            Key(name, (f"{count:,}",), colour=colour, line=palette.LINE)
            for name, count, colour in zip(names, counts.tolist(), self.colours, strict=True)
        ]
        keys.reverse()
        missing = int((codes < 0).sum())
        if missing:
            keys.append(Key(none, (f"{missing:,}",), colour=palette.NOTHING, line=palette.LINE))
        return tuple(keys)


def _step(near: int, far: int | None, words: Words) -> str:
    """Name a step by its ends, the one nearer to zero first; without a far one it goes on."""
    if far is None:
        key = "and-more-balance" if near > 0 else "and-less-balance"
        return words(key, low=signed(near))
    if far == near:
        return signed(near)
    return words("between", low=signed(min(near, far)), high=signed(max(near, far)))


def signed(value: float) -> str:
    """Return a whole number with its sign, none at zero.

    Examples
    --------
    >>> signed(3.0), signed(-1200), signed(0)
    ('+3', '−1,200', '0')
    """
    sign = "+" if value > 0 else _MINUS if value < 0 else ""
    return f"{sign}{abs(value):,.0f}"
