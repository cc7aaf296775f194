"""What districts the zoning benchmarks are run on: drawn once, kept for the others, and described."""

from __future__ import annotations

import numpy as np

from benchmarks.bars import QUICK, note
from benchmarks.districts import LARGE, MIDDLE, SMALL, Size, district
from gisgov.geometry.edge_classes import MAJOR

SIZES = (SMALL,) if QUICK else (SMALL, MIDDLE, LARGE)


def describe(size: Size) -> None:
    """Draw a district and say what it is like."""
    drawn = district(size)
    people = drawn.population
    of_parents = np.bincount(drawn.parent, people).astype(np.int64)
    major = drawn.class_length_m[:, list(MAJOR)].sum() / drawn.class_length_m.sum()
    note(
        f"zoning-instance-{size.blocks} {len(people)} blocks in {len(of_parents)} parents for {drawn.areas} "
        f"areas, {drawn.area_m2.sum() / 1e6:.0f} km², "
        f"{2 * len(drawn.a) / len(people):.2f} neighbours a block, "
        f"{people.sum()} people, {np.median(people):.0f} in the median block, {people.max()} in the largest, "
        f"{(people == 0).mean():.0%} of blocks empty, "
        f"{of_parents.min()} to {of_parents.max()} people a parent, {major:.0%} of borders major"
    )


def main() -> None:
    """Describe all sizes."""
    for size in SIZES:
        describe(size)


if __name__ == "__main__":
    main()
