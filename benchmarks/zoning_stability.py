"""A plan exists and people have come and gone: divide again, and move few of them.

Populations change by a lognormal noise of 15 %, 1.5 % of the empty blocks get new estates, 1 % of the
populous ones are torn down; numbers of areas stay. Ours is given the plan. Peers, and ours without the plan,
divide from scratch, and get the former numbers so that the fewest people move
(`benchmarks.redivision.moving`). People moved are compared with what must move at least to bring all areas
within 10 %.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.bars import QUICK, Goal, note, show, timed
from benchmarks.districts import MIDDLE, SMALL, District, Size, district
from benchmarks.redivision.judging import Figures, judge
from benchmarks.redivision.moving import least_moved, moved_people, relabelled
from benchmarks.redivision.ours import STANDARD, blocks_of, warm_up
from benchmarks.redivision.partitioners import kahip, metis
from benchmarks.redivision.problems import Solver, attempt, problems
from gisgov.types import Ints
from gisgov.zoning import redivide

_NOISE, _ESTATES, _DEMOLITIONS = 0.15, 0.015, 0.01
_LIMIT: Final = 0.10
_LIMITS_S: Final = {SMALL: 1.0, MIDDLE: 5.0}
_SCRATCH: Final[dict[str, tuple[str, Callable[[], Solver]]]] = {
    "metis": ("pymetis", metis),
    "metis-recursive": ("pymetis", lambda: metis(recursive=True)),
    "kahip-eco": ("kahip", kahip),
}


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A plan, and the district as it is by now.

    Attributes
    ----------
    size : Size
        What district.
    now : District
        With its new people.
    plan : numpy.ndarray of int, shape (n,)
        Areas so far.
    counts : numpy.ndarray of int, shape (parents,)
        Areas of each parent, which stay as many.
    least : float
        People that must move.
    """

    size: Size
    now: District
    plan: Ints
    counts: Ints
    least: float


def changed(population: Ints, *, seed: int = 5) -> Ints:
    """Let people come and go."""
    rng = np.random.default_rng(seed)
    now = population * rng.lognormal(0, _NOISE, len(population))
    empty, populous = np.flatnonzero(population == 0), np.flatnonzero(population > 200)
    estates = rng.choice(empty, round(_ESTATES * len(empty)), replace=False)
    now[estates] = rng.uniform(300, 1_800, len(estates))
    now[rng.choice(populous, round(_DEMOLITIONS * len(populous)), replace=False)] *= 0.1
    return np.rint(now).astype(np.int64)


def prepare(size: Size) -> Change:
    """Make a plan for a district, then let its people change."""
    then = district(size)
    counts = then.counts
    plan = redivide(blocks_of(then), counts, aims=STANDARD).labels
    now = replace(then, population=changed(then.population))
    note(f"zoning-stability-{size.blocks} the plan as it was made: {judge(then, plan, counts)}")
    note(f"zoning-stability-{size.blocks} the plan by now: {judge(now, plan, counts)}")
    return Change(size, now, plan, counts, least_moved(now, plan, _LIMIT))


def row(change: Change, name: str, spent_s: float, labels: Ints) -> tuple[Figures, int]:
    """Say what a method has made of it."""
    figures = judge(change.now, labels, change.counts)
    moved, people = moved_people(change.now, change.plan, labels), change.now.population.sum()
    note(
        f"zoning-stability-{change.size.blocks} {name} {spent_s:.2f} s; "
        f"moved {moved / people:.2%} of the people, {moved / change.least:.2f} times the bound "
        f"of {change.least / people:.2%}; {figures}"
    )
    return figures, moved


def with_the_plan(change: Change) -> None:
    """Divide by ours, given the plan."""
    blocks = blocks_of(change.now)
    ours_s, made = timed(lambda: redivide(blocks, change.counts, aims=STANDARD, current=change.plan))
    labels = made.origin[made.labels]
    figures, moved = row(change, "gisgov-with-the-plan", ours_s, labels)
    assert figures.is_sound, str(figures)
    before = judge(change.now, change.plan, change.counts).compactness
    name = f"zoning-stability-{change.size.blocks}"
    show(Goal(f"{name}-time", ours_s, "<=", _LIMITS_S[change.size], "unit=s"))
    show(Goal(f"{name}-within10", figures.within(_LIMIT), ">=", 0.99))
    show(Goal(f"{name}-moved-to-bound", moved / change.least, "<=", 2.0))
    show(Goal(f"{name}-compactness-lost", before - figures.compactness, "<=", 0.02))


def from_scratch(change: Change) -> None:
    """Divide by ours and by peers without the plan."""
    blocks, given = blocks_of(change.now), problems(change.now, change.counts)
    begin = time.perf_counter()
    labels = redivide(blocks, change.counts, aims=STANDARD).labels
    spent_s = time.perf_counter() - begin
    row(change, "gisgov-from-scratch", spent_s, relabelled(change.now, change.plan, labels))
    for name, (package, solver) in _SCRATCH.items():
        if importlib.util.find_spec(package) is None:
            note(f"zoning-stability-{change.size.blocks} {name}: {package} is not installed")
            continue
        made = attempt(given, solver())
        row(change, f"{name}-from-scratch", made.wall_s, relabelled(change.now, change.plan, made.labels))


def main() -> None:
    """Run all sizes."""
    warm_up()
    for size in (SMALL,) if QUICK else (SMALL, MIDDLE):
        change = prepare(size)
        with_the_plan(change)
        from_scratch(change)


if __name__ == "__main__":
    main()
