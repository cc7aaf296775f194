"""Fills that are hatched on paper, so that they are known in any copy, without colours too."""

from __future__ import annotations

from typing import Final

from matplotlib.patches import Patch

from maps import palette

PATTERN: Final = "/" * 6
"""Lines at 45°, less than a millimetre apart."""

_LINE_PT: Final = 0.6


def hatch(patch: Patch, colour: str | None) -> None:
    """Hatch a patch whose fill is one of `maps.palette.HATCHED`; leave others as they are."""
    if colour in palette.HATCHED:
        patch.set_hatch(PATTERN)
        patch.set_hatchcolor(palette.HATCH_LINE)
        patch.set_hatch_linewidth(_LINE_PT)
