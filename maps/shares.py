"""Areas coloured by a share that should be whole, as of posts filled or devices online: the less, the darker.

The limits are the same on every map, so that one month can be held against another.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from gisgov.types import Floats, Json
from maps import palette
from maps.areas import sequence
from maps.document import Key
from maps.words import Words

BREAKS: Final = (0.5, 0.75, 0.9, 1.0)
"""Limits of the classes; a share at a limit is in the class above it, and the last class is all of it."""

_COLOURS: Final = tuple(reversed(sequence(len(BREAKS) + 1)))


def share_fill(column: str) -> Json:
    """Return the drawing of the areas coloured by a share 0..1, the last colour for missing ones."""
    return {
        "as": "fill",
        "layer": "grids",
        "column": column,
        "breaks": list(BREAKS),
        "colours": [*_COLOURS, palette.NOTHING],
        "line": palette.LINE,
        "width": 1,
    }


def share_keys(shares: Floats, words: Words, *, none: str) -> tuple[Key, ...]:
    """Return a legend line for each class, the fullest first, with how many areas fall in it.

    Parameters
    ----------
    shares : (n,) array of float
        0..1; NaN is the class without a share.
    words : Words
        The page's language.
    none : str
        What a missing share means.
    """
    known = shares[np.isfinite(shares)]
    counts = np.bincount(np.searchsorted(np.asarray(BREAKS), known, side="right"), minlength=len(_COLOURS))
    limits = [f"{100 * limit:g}%" for limit in BREAKS]
    names = [
        words("less-than", high=limits[0]),
        *(words("from-to", low=low, high=high) for low, high in pairwise(limits)),
        limits[-1],
    ]
    keys = [
        Key(name, (f"{count:,}",), colour=colour, line=palette.LINE)
        for name, count, colour in zip(names, counts.tolist(), _COLOURS, strict=True)
    ]
    missing = len(shares) - len(known)
    last = [Key(none, (f"{missing:,}",), colour=palette.NOTHING, line=palette.LINE)] if missing else []
    return (*reversed(keys), *last)
