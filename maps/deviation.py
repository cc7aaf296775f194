"""Loads off their mean: classes, colours, legend."""

from __future__ import annotations

import numpy as np

from gisgov.types import Floats
from maps import palette
from maps.divided import per_cent
from maps.document import Key
from maps.words import Words


def breaks_of(band: float, limit: float) -> tuple[float, ...]:
    """Limits of the seven classes of deviations: half the band, the band and the limit, below and above.

    A value at a limit belongs to the class above it; those at the upper ones are moved so little that what is
    off by just the band is still within it.

    Examples
    --------
    >>> [round(one, 4) for one in breaks_of(0.05, 0.1)]
    [-0.1, -0.05, -0.025, 0.025, 0.05, 0.1]
    """
    band, limit = min(band, limit), max(band, limit)
    rising = (band / 2, band, limit)
    return (*(-one for one in reversed(rising)), *(float(np.nextafter(one, np.inf)) for one in rising))


def deviation_keys(values: Floats | None, band: float, limit: float, words: Words) -> tuple[Key, ...]:
    """Legend of deviations, the highest first, with how many areas are in each class.

    Parameters
    ----------
    values : (n,) array of float, or None
        Deviations, NaN where there is no mean; None leaves the numbers out.
    band, limit : float
        As shares.
    words : Words
        Language.
    """
    breaks = breaks_of(band, limit)
    half, most = (per_cent(one) for one in (min(band, limit) / 2, max(band, limit)))
    wanted = per_cent(min(band, limit))
    minus = "\N{MINUS SIGN}"
    names = (
        words("under", high=f"{minus}{most}"),
        words("between", low=f"{minus}{most}", high=f"{minus}{wanted}"),
        words("between", low=f"{minus}{wanted}", high=f"{minus}{half}"),
        words("about-mean", high=half),
        words("between", low=f"+{half}", high=f"+{wanted}"),
        words("between", low=f"+{wanted}", high=f"+{most}"),
        words("over", low=f"+{most}"),
    )
    counts = _counts(values, breaks)
    keys = [
        Key(name, (f"{counts[i]:,}",) if counts else (), colour=palette.DEVIATION[i], line=palette.LINE)
        for i, name in enumerate(names)
    ]
    keys.reverse()
    if counts and counts[-1]:
        keys.append(Key(words("no-load"), (f"{counts[-1]:,}",), colour=palette.NO_MEAN, line=palette.LINE))
    return tuple(keys)


def _counts(values: Floats | None, breaks: tuple[float, ...]) -> list[int]:
    """Return areas by class, those without a mean last."""
    if values is None:
        return []
    known = values[np.isfinite(values)]
    classes = np.searchsorted(np.asarray(breaks), known, side="right")
    found = np.bincount(classes, minlength=len(breaks) + 1).tolist()
    return [*found, len(values) - len(known)]
