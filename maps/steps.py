"""Legend of areas coloured by a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gisgov.types import Floats
from maps import palette
from maps.areas import sequence
from maps.document import Key
from maps.words import Words


def step_keys(
    values: Floats,
    breaks: Sequence[float],
    digits: int,
    words: Words,
    *,
    none: str = "",
    is_share: bool = False,
) -> tuple[Key, ...]:
    """One legend line per class, with how many areas fall in it.

    Parameters
    ----------
    values : (n,) array of float
        NaN is the class without data.
    breaks : sequence of float
        Rising limits; a value at a limit belongs to the class above it.
    digits : int
        Decimal places of the limits.
    none : str
        What a missing value means, by default "no data".
    is_share : bool
        Limits are 0..1, written in per cent.
    """

    def written(limit: float) -> str:
        return f"{100 * limit:g}%" if is_share else f"{limit:,.{digits if limit % 1 else 0}f}"

    colours = sequence(len(breaks) + 1)
    known = values[np.isfinite(values)]
    counts = np.bincount(np.searchsorted(np.asarray(breaks), known, side="right"), minlength=len(colours))
    keys = []
    for place, colour in enumerate(colours):
        if not breaks:
            name = words("total")
        elif place == 0:
            name = words("less-than", high=written(breaks[0]))
        elif place == len(breaks):
            name = words("and-more", low=written(breaks[-1]))
        else:
            name = words("from-to", low=written(breaks[place - 1]), high=written(breaks[place]))
        keys.append(Key(name, (f"{counts[place]:,}",), colour=colour, line=palette.LINE))
    missing = len(values) - len(known)
    if missing:
        keys.append(Key(none or words("none"), (f"{missing:,}",), colour=palette.NOTHING, line=palette.LINE))
    return tuple(reversed(keys[: len(colours)])) + tuple(keys[len(colours) :])
