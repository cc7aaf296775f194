"""Shapes that were told in steps, read as a page reads them."""

from __future__ import annotations

from collections.abc import Sequence

Outline = list[tuple[float, float]]


def outlines_of(origin: Sequence[int], shape: Sequence[Sequence[Sequence[int]]]) -> list[list[Outline]]:
    """Return the rings of the parts of a shape, in degrees; the origin in units of 1e-7°."""
    return [[_outline(origin, ring) for ring in part] for part in shape]


def _outline(origin: Sequence[int], steps: Sequence[int]) -> Outline:
    x, y = origin
    found = []
    for i in range(0, len(steps), 2):
        x, y = x + steps[i], y + steps[i + 1]
        found.append((x / 1e7, y / 1e7))
    return found
