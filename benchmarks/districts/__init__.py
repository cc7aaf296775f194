"""Districts to be divided: irregular blocks between streets and rivers, unevenly peopled, in communities.

Ground is cut by ever smaller streets (`cuts`) where many live more often (`ground`), rivers are laid across
(`faces`), blocks are peopled (`people`) and joined to communities (`communities`). `drawn` puts all together
and keeps what it has drawn on the disk.
"""

from __future__ import annotations

from benchmarks.districts.drawn import (
    LARGE,
    MIDDLE,
    PEOPLE_PER_AREA,
    SMALL,
    District,
    Size,
    district,
    draw,
)

__all__ = ["LARGE", "MIDDLE", "PEOPLE_PER_AREA", "SMALL", "District", "Size", "district", "draw"]
