"""Colours: told apart without red and green, and in order on a grey printer.

The classes of buildings run from light to dark, so that a copy in grey still shows which are worse.
Lightness and the distance under colour blindness are held by tests/maps/test_palette.py.
"""

from __future__ import annotations

import math

import numpy as np

from gisgov.governance.defects import DECISION_COLOURS, DEFECT_COLOURS, OTHER_COLOUR
from gisgov.types import Floats

INK = "#22211e"
LINE = "#8d877b"
FAINT_LINE = "#c4bdae"
PARENT_LINE = "#57524a"
FORMER_LINE = "#8e1f6d"
PAPER = "#f5f2eb"
GROUND = "#fbfaf6"
NOTHING = "#e9e5db"

RISK = {"safe": "#f2d866", "general": "#e07b1f", "warning": "#9b1237", "unclassified": "#c9c6bf"}
"""Those of the pages too (web/shared/map/palette.ts)."""
RISK_LINES = {"safe": "#ab9430", "general": "#995208", "warning": "#5e0820", "unclassified": "#7d786d"}
HATCHED = frozenset({RISK["warning"]})
"""Fills that are hatched on paper, at 45°, so that they are known without any colour."""
HATCH_LINE = "#f7d9df"

DEVICES = ("#a9c8d8", "#a39d90", "#7b0d33")
"""Online, retired, offline."""

LEVELS = {"1": "#5e9bbd", "2": "#e08e0b", "3": "#7b0d33"}
"""The third level goes furthest up: to the street or a department (`gisgov.governance.events.EventLevel`)."""

SEQUENCE = ("#f8edd3", "#f2cd8d", "#e39a4f", "#bb5140", "#70153a")
"""Five steps of a share or density, from low to high."""
FINER_SEQUENCES = {
    6: ("#f8edd3", "#eebf7b", "#dd8f4d", "#c36043", "#9c393e", "#70153a"),
    7: ("#f8edd3", "#f0c785", "#e49f55", "#d07848", "#ba5040", "#95333d", "#70153a"),
}
"""The same ramp in more steps, evenly by lightness."""

CHANGES = {"worse": "#7b0d33", "better": "#2f6ea8", "new": "#e08e0b", "same": "#dcd6c8", "none": "#ffffff"}
"""What became of a class from one day to another."""
CHANGE_LINES = {
    "worse": "#4a041d",
    "better": "#1c4670",
    "new": "#9a5f00",
    "same": "#a8a193",
    "none": "#8d877b",
}

HOTSPOTS = {"hot": "#7b0d33", "cold": "#3f7fb8", "none": "#fbfaf6", "untested": "#c3bcae"}
"""High and low values near each other, neither, and what could not be tested."""

DEVIATION = ("#1a4f86", "#6fa6d0", "#c6dded", "#f9f7f2", "#f7d59c", "#e0912a", "#8f3f04")
"""Seven steps from far below a mean over about it to far above: blue and orange, which everybody parts."""
NO_MEAN = "#b3aea4"

HEAT = ("#fbf3dc", "#f6d58b", "#ec9a3e", "#c2452d", "#650d33")

CATEGORIES = ("#1f5f99", "#e08e0b", "#2a9d8f", "#7b0d33", "#a393d6", "#6b6b6b", "#c75b7a", "#93a33b")
"""Kinds without an order, such as sources; a ninth kind shares the sixth's grey."""

PATCHES = ("#dfe8ee", "#f3e3cb", "#e2ead6", "#eadfe9", "#f0ebd0", "#d9e6e3")
"""Pale grounds for neighbouring parents."""

_THINNED = 600


def category_colours(count: int) -> tuple[str, ...]:
    """Return a colour for each of ``count`` kinds; those beyond the eighth are grey.

    Examples
    --------
    >>> category_colours(2)
    ('#1f5f99', '#e08e0b')
    """
    return tuple(CATEGORIES[i] if i < len(CATEGORIES) else CATEGORIES[5] for i in range(count))


def defect_colour(kind: str) -> str:
    """Return the colour of a kind of defect; one that is not known is pale grey."""
    return DEFECT_COLOURS.get(kind, OTHER_COLOUR)


def decision_colour(decision: str) -> str:
    """Return the colour of a decision about a defect; one that is not known is pale grey."""
    return DECISION_COLOURS.get(decision, OTHER_COLOUR)


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on ``colour`` (WCAG contrast).

    Examples
    --------
    >>> ink_on("#7b0d33"), ink_on("#f8edd3")
    ('#ffffff', '#22211e')
    """
    light = luminance(colour)
    dark = luminance(INK)
    return INK if (light + 0.05) / (dark + 0.05) > 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour ``#rrggbb`` as WCAG 2 defines it, 0..1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def round_breaks(values: Floats, classes: int = 5) -> tuple[float, ...]:
    """Class limits at round numbers, where the values part by themselves.

    Parameters
    ----------
    values : (n,) array of float
        NaN and values that are not above zero are left out: zero belongs to the first class.
    classes : int
        Classes wished for; ties and few values give fewer.

    Returns
    -------
    tuple of float
        Rising limits between the classes, at most ``classes − 1``; a value at a limit is in the class above
        it. Empty when there is nothing to part.

    Notes
    -----
    Natural breaks: of all ways to part the sorted values, the one with the least sum of squared deviations
    from the means of the classes (W. D. Fisher, On grouping for maximum homogeneity, 1958; G. F. Jenks,
    1967), each limit then moved to the nearest of 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten. More than
    600 values are thinned to as many quantiles first.

    Examples
    --------
    >>> round_breaks(np.array([1.0, 2, 2, 3, 21, 22, 24, 58, 61]), classes=3)
    (20.0, 60.0)
    """
    known = np.sort(values[np.isfinite(values) & (values > 0)])
    if not len(known):
        return ()
    if len(known) > _THINNED:
        known = np.quantile(known, np.linspace(0, 1, _THINNED))
    limits = sorted({_round_number(float(known[start])) for start in _class_starts(known, classes)})
    return tuple(limit for limit in limits if known[0] < limit <= known[-1])


def _class_starts(ordered: Floats, classes: int) -> list[int]:
    """First place of the second and later classes."""
    n = len(ordered)
    sums, squares = np.append(0, ordered.cumsum()), np.append(0, (ordered**2).cumsum())
    ends = np.arange(n + 1)
    # cost[i, j]: squared deviations of the values i…j−1 from their mean
    count = np.maximum(ends - ends[:, None], 1)
    cost = (squares - squares[:, None]) - (sums - sums[:, None]) ** 2 / count
    cost[ends - ends[:, None] <= 0] = np.inf
    best, starts = cost[0], []
    for _ in range(min(classes, len(np.unique(ordered))) - 1):
        total = best[:, None] + cost
        starts.append(total.argmin(axis=0))
        best = total.min(axis=0)
    end, places = n, []
    for start in reversed(starts):
        end = int(start[end])
        places.append(end)
    return places


def _round_number(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    step = min((1, 1.5, 2, 3, 4, 5, 6, 8, 10), key=lambda step: abs(step - value / power))
    return float(f"{step * power:.6g}")
