"""Whether a GeoJSON file says which coordinate system it is in."""

from __future__ import annotations

import re
from pathlib import Path

_END_BYTES = 65_536
_CRS = re.compile(rb'"crs"\s*:\s*\{')


def states_crs(path: Path) -> bool:
    """Whether a GeoJSON file has a ``crs`` member of its own (before or behind the features).

    Only the ends of the file are looked at: a feature's property of that name does not count.
    """
    with path.open("rb") as file:
        head = file.read(_END_BYTES)
        size = file.seek(0, 2)
        file.seek(max(size - _END_BYTES, 0))
        tail = file.read()
    before, features, _ = head.partition(b'"features"')
    if not features:
        before = head.partition(b'"geometry"')[0]
    return bool(_CRS.search(before) or _CRS.search(tail[tail.rfind(b"]") + 1 :]))
