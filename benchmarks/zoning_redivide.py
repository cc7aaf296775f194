"""Divide districts anew: how long it takes and how good it is, beside METIS in the same run.

METIS is asked for the best of 32 divisions of each parent (k-way, ``ncuts`` 32, 5 % tolerance), with the
parents' graphs packed before the clock starts; ours gets one graph of all. Both are measured by
`benchmarks.redivision.judging`. Areas of ours in pieces or across parents, a wrong number of them or a block
without one fail the script. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np

from benchmarks.bars import QUICK, Bar, Goal, note, show, timed, timed_in_turns
from benchmarks.districts import LARGE, MIDDLE, SMALL, Size, district
from benchmarks.redivision.costs import with_processor_time
from benchmarks.redivision.judging import Figures, judge
from benchmarks.redivision.ours import QUALITY, STANDARD, STREETS, TIGHT, blocks_of, warm_up
from benchmarks.redivision.partitioners import metis
from benchmarks.redivision.problems import attempt, problems
from gisgov.types import Ints
from gisgov.zoning import Aims, redivide

_PEER: Final = "metis-ncuts32"
_RUNS: Final = {SMALL: 3, MIDDLE: 2, LARGE: 1}
"""How often each is timed; the best time counts."""
Measure = Callable[[Figures], float]
MEASURES: Final[dict[str, Measure]] = {
    "within10": lambda figures: figures.within(0.10),
    "p99": lambda figures: figures.p99,
    "max": lambda figures: float(figures.deviation.max()),
    "mean": lambda figures: float(figures.deviation.mean()),
    "compactness": lambda figures: figures.compactness,
    "cut-km": lambda figures: figures.inner_cut_m / 1e3,
    "major": lambda figures: figures.major_share,
}
_MORE_IS_BETTER: Final = ("within10", "compactness", "major")
_COLUMNS: Final = ("within10", "p99", "compactness", "cut-km")


@dataclass(frozen=True, slots=True)
class Task:
    """A district, what is sought in it, and what has to be reached.

    Attributes
    ----------
    name : str
        Without spaces.
    size : Size
        The district.
    aims : Aims
        What is sought.
    limit_s : float
        Our time has to be below this; infinite where it does not matter.
    needs : dict of str to float
        Of `MEASURES`: the least where more is better, else the most.
    ratio : float
        How many times faster than METIS we have to be; 0 where the issue asks for none.
    better : bool
        Whether all columns have to be better than METIS's.
    """

    name: str
    size: Size
    aims: Aims
    limit_s: float
    needs: dict[str, float]
    ratio: float = 0.0
    better: bool = False


TASKS: Final = (
    Task("standard", SMALL, STANDARD, 1.0, {"within10": 1.0, "p99": 0.06, "compactness": 0.54}, ratio=1.0),
    Task(
        "quality", SMALL, QUALITY, 2.5,
        {"within10": 1.0, "p99": 0.06, "compactness": 0.565, "cut-km": 204.0}, better=True,
    ),
    Task("tight", SMALL, TIGHT, math.inf, {"mean": 0.009, "compactness": 0.50}),
    Task("streets", SMALL, STREETS, math.inf, {"major": 0.80, "compactness": 0.56}),
    Task(
        "standard", MIDDLE, STANDARD, 5.0, {"within10": 0.999, "max": 0.10, "compactness": 0.545},
        ratio=1.3,
    ),
    Task(
        "quality", MIDDLE, QUALITY, 15.0,
        {"within10": 0.999, "max": 0.10, "compactness": 0.565, "cut-km": 1_540.0}, better=True,
    ),
    Task("standard", LARGE, STANDARD, 10.0, {"within10": 1.0, "compactness": 0.56}),
)  # fmt: skip


def main() -> None:
    """Do all tasks, district by district."""
    warm_up()
    for size in (SMALL,) if QUICK else (SMALL, MIDDLE, LARGE):
        divide(size, [task for task in TASKS if task.size == size])
    same_with_any_threads()


def divide(size: Size, tasks: list[Task]) -> None:
    """Divide one district in all ways that are wanted of it, and by METIS, by turns."""
    drawn = district(size)
    blocks, counts, given = blocks_of(drawn), drawn.counts, problems(drawn)

    def ours(aims: Aims) -> Ints:
        return redivide(blocks, counts, aims=aims).labels

    def metis_best_of_32() -> Ints:
        return attempt(given, metis(ncuts=32)).labels

    timed_ones = [task for task in tasks if task.limit_s < math.inf]
    works = [partial(with_processor_time, partial(ours, task.aims)) for task in timed_ones]
    has_metis = importlib.util.find_spec("pymetis") is not None
    if has_metis:
        works.append(partial(with_processor_time, metis_best_of_32))
    else:
        note("peer pymetis is not installed")
    times = timed_in_turns(*works, runs=_RUNS[size])
    peer_s, (peer_labels, peer_processor_s) = times.pop() if has_metis else (math.nan, (None, math.nan))
    peers = None if peer_labels is None else judge(drawn, peer_labels)
    others = [task for task in tasks if task not in timed_ones]
    for task in others:
        times.append(timed(partial(with_processor_time, partial(ours, task.aims)), runs=1))
    for task, (ours_s, (labels, processor_s)) in zip([*timed_ones, *others], times, strict=True):
        figures = judge(drawn, labels)
        assert figures.is_sound, f"{task.name}: {figures}"
        report(task, figures, ours_s, peers, peer_s)
        note(f"zoning-{size.blocks}-{task.name} {ours_s:.2f} s, {processor_s:.2f} s of processors; {figures}")
    if peers is not None:
        note(f"zoning-{size.blocks} {_PEER} {peer_s:.2f} s, {peer_processor_s:.2f} s of processors; {peers}")


def report(task: Task, figures: Figures, ours_s: float, peers: Figures | None, peer_s: float) -> None:
    """Show what a task had to reach and what it has."""
    name = f"zoning-{task.size.blocks}-{task.name}"
    if task.limit_s < math.inf:
        beside = f"{_PEER}={peer_s:.2f} unit=s" if peers else "unit=s"
        show(Goal(f"{name}-time", ours_s, "<=", task.limit_s, beside))
    if task.ratio and peers:
        show(Bar(f"{name}-ratio", ours_s, _PEER, peer_s, need=task.ratio))
    for key, need in task.needs.items():
        beside = f"{_PEER}={MEASURES[key](peers):.4g}" if peers else ""
        sense: Literal[">=", "<="] = ">=" if key in _MORE_IS_BETTER else "<="
        show(Goal(f"{name}-{key}", MEASURES[key](figures), sense, need, beside))
    if task.better and peers:
        better = [key for key in _COLUMNS if _is_better(key, figures, peers)]
        worse = [key for key in _COLUMNS if key not in better]
        beside = f"of={'+'.join(_COLUMNS)}" + (f" not={'+'.join(worse)}" if worse else "")
        show(Goal(f"{name}-columns-better-than-{_PEER}", len(better), ">=", len(_COLUMNS), beside))


def _is_better(key: str, ours: Figures, theirs: Figures) -> bool:
    """Whether a measure is better than another's, or as good where none can be better."""
    mine, other = MEASURES[key](ours), MEASURES[key](theirs)
    return mine > other or mine == other == 1.0 if key in _MORE_IS_BETTER else mine < other


def same_with_any_threads() -> None:
    """Divide with one thread and with two."""
    drawn = district(SMALL)
    blocks = blocks_of(drawn)
    one, two = (redivide(blocks, drawn.counts, threads=threads).labels for threads in (1, 2))
    assert np.array_equal(one, two), "the number of threads must not matter"
    note(f"zoning-{SMALL.blocks} labels are the same with one thread and with two")


if __name__ == "__main__":
    main()
