"""All defects as polygons, with kinds and areas: `find_defects` against an exact overlay.

Twelve kinds of fault were injected, each with the truth about it. Ours has to find every one in its place,
with its kind and its areas, and nothing else, or the script fails. The overlay has no eye for vertices that
differ where no ground does, and is judged by the others. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.exact_overlay import overlay
from benchmarks.faults import inject
from benchmarks.jagged import jagged_areas
from benchmarks.judge import judge
from gisgov.geometry.coverage import find_defects

_SIZES = ((10_000, 300, 10.0),) if QUICK else ((10_000, 300, 10.0), (100_000, 1_200, 15.0))
"""Areas, faults, and how many times faster than the overlay we have to be."""


def compare(count: int, faults: int, need: float) -> None:
    """Judge what both find on one coverage, then compare the times."""
    faulty = inject(*jagged_areas(count), faults)
    ours_s, defects = timed(lambda: find_defects(faulty.areas, faulty.scope), runs=5)
    verdict = judge(defects, faulty.truths)
    assert verdict.is_perfect, verdict.complaints()

    overlay_s, findings = timed(lambda: overlay(faulty.areas, faulty.scope), runs=3 if count < 50_000 else 2)
    of_ground = judge(findings, [truth for truth in faulty.truths if truth.has_ground])
    assert of_ground.is_perfect, of_ground.complaints()

    name = f"coverage-defects-{count}"
    show(Bar(name, ours_s, "exact-overlay", overlay_s, need=need))
    note(f"{name} found by ours: {verdict.tally()}; nothing invented")
    note(f"{name} found by exact-overlay: {judge(findings, faulty.truths).tally()}; nothing invented")


def main() -> None:
    """Run all sizes."""
    few, scope = jagged_areas(300)
    faulty = inject(few, scope, 12)
    find_defects(faulty.areas, faulty.scope)
    for count, faults, need in _SIZES:
        compare(count, faults, need)


if __name__ == "__main__":
    main()
