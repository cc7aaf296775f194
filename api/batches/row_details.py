"""The details of answers as values: what every format of text tells alike."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from api.batches.heading import Heading
from api.batches.points import Answered

DETAILS: Final = ("name", "on_border", "border_m", "candidates", "nearest", "nearest_name", "distance_m")
"""The names of the details, in the order of the columns."""

_DECIMALS = 3  # a coordinate is not known to less than a millimetre


def details_of(answered: Answered, heading: Heading) -> Iterator[dict[str, Any]]:
    """Yield the details of each row, by their names; None for what does not apply to it."""
    found = answered.details
    if found is None:
        return
    codes, names = heading.codes, heading.names
    nearest = found.nearest.tolist()
    owners, on_border = answered.assigned.owner.tolist(), found.on_border.tolist()
    border_m, distance_m = found.border_m.tolist(), found.distance_m.tolist()
    for i, owner in enumerate(owners):
        near = nearest[i]
        yield {
            "name": names[owner] if owner >= 0 else None,
            "on_border": on_border[i] if owner >= 0 else None,
            "border_m": _metres(border_m[i]),
            "candidates": [codes[one] for one in found.candidates[i]],
            "nearest": codes[near] if near >= 0 else None,
            "nearest_name": names[near] if near >= 0 else None,
            "distance_m": _metres(distance_m[i]),
        }


def _metres(value: float) -> float | None:
    return None if math.isnan(value) else round(value, _DECIMALS)
