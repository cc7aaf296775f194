"""What a peer is given: the blocks of one parent as a graph, and into how many areas they go."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from benchmarks.districts import District
from gisgov.types import Ints

_SEED_STEP = 7919


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One parent.

    Attributes
    ----------
    blocks : numpy.ndarray of int, shape (n,)
        Their numbers in the district.
    start, neighbour : numpy.ndarray of int32, shape (n + 1,), (2m,)
        Rows of the graph, numbered from 0 inside the parent.
    border_m : numpy.ndarray of int32, shape (2m,)
        Metres of each border, whole and at least 1.
    people : numpy.ndarray of int32, shape (n,)
        What is balanced.
    count : int
        How many areas.
    """

    blocks: Ints
    start: Ints
    neighbour: Ints
    border_m: Ints
    people: Ints
    count: int


Solver: TypeAlias = Callable[[Problem, int], Ints]
"""Takes a problem and a seed and gives each block's area, 0 …."""


class NoDivision(Exception):
    """A peer found none for a parent."""


class OutOfTime(Exception):
    """A peer has had its time."""


def problems(district: District, counts: Ints | None = None) -> list[Problem]:
    """Give each parent as a problem of its own, by default with Webster's number of areas."""
    counts = district.counts if counts is None else counts
    a, b = district.parent[district.a], district.parent[district.b]
    inside = a == b
    rows = np.concatenate([district.a[inside], district.b[inside]])
    others = np.concatenate([district.b[inside], district.a[inside]])
    metres = np.maximum(1, np.rint(np.tile(district.length_m[inside], 2)))
    order = np.lexsort((others, rows))
    by_parent = order[np.argsort(district.parent[rows[order]], kind="stable")]
    members = np.argsort(district.parent, kind="stable")
    sizes = np.bincount(district.parent)
    rank = np.empty(len(members), dtype=np.int64)
    rank[members] = np.arange(len(members)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    ends = np.cumsum(np.bincount(a[inside]) * 2)[:-1]
    return [
        Problem(
            own,
            np.concatenate([[0], np.cumsum(np.bincount(rank[rows[edges]], minlength=len(own)))]).astype(
                np.int32
            ),
            rank[others[edges]].astype(np.int32),
            metres[edges].astype(np.int32),
            district.population[own].astype(np.int32),
            int(count),
        )
        for own, edges, count in zip(
            np.split(members, np.cumsum(sizes)[:-1]), np.split(by_parent, ends), counts, strict=True
        )
    ]


def _starts(rows: Ints, count: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What a peer made of a district.

    Attributes
    ----------
    labels : numpy.ndarray of int, shape (n,)
        -1 for the blocks of parents that it did not solve.
    solved, parents : int
        How many parents it solved, of how many.
    in_time : bool
        Whether it was asked about all of them.
    wall_s, processor_s : float
        How long it took.
    """

    labels: Ints
    solved: int
    parents: int
    in_time: bool
    wall_s: float
    processor_s: float


def attempt(given: list[Problem], solve: Solver, seed: int = 1) -> Attempt:
    """Have a peer solve parent by parent, as long as there is time.

    A parent with one area is not asked about.
    """
    labels = np.full(sum(len(problem.blocks) for problem in given), -1, dtype=np.int64)
    wall_s, processor_s = time.perf_counter(), time.process_time()
    solved = first = 0
    in_time = True
    try:
        for i, problem in enumerate(given):
            with suppress(NoDivision):
                alone = problem.count == 1
                inner = 0 if alone else np.asarray(solve(problem, seed + _SEED_STEP * i), dtype=np.int64)
                labels[problem.blocks] = first + inner
                first = int(labels.max()) + 1
                solved += 1
    except OutOfTime:
        in_time = False
    spent = time.perf_counter() - wall_s, time.process_time() - processor_s
    return Attempt(labels, solved, len(given), in_time, *spent)
