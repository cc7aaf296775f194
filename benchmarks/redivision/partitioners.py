"""METIS and KaHIP: partitioners of graphs, and what becomes of their areas when stray pieces must go.

They know no ground and no shapes: they balance people and cut few metres. Edges weigh their metres, blocks
their people; 5 % more than the mean is allowed.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from benchmarks.redivision.problems import NoDivision, Problem, Solver
from gisgov.types import Ints

_TOLERANCE: Final = 0.05


def metis(*, ncuts: int = 1, recursive: bool = False, contiguous: bool = False) -> Solver:
    """METIS by pymetis: the best of ``ncuts`` divisions by multilevel k-way or recursive bisection."""
    module: Any = importlib.import_module("pymetis")

    def solve(problem: Problem, seed: int) -> Ints:
        options = module.Options()
        options.seed, options.ncuts, options.ufactor = seed, ncuts, round(1000 * _TOLERANCE)
        if contiguous:
            options.contig = True
        _, labels = module.part_graph(
            problem.count,
            module.CSRAdjacency(problem.start, problem.neighbour),
            vweights=problem.people,
            eweights=problem.border_m,
            recursive=recursive,
            options=options,
        )
        return np.asarray(labels, dtype=np.int64)

    return solve


def kahip(mode: str = "ECO") -> Solver:
    """KaHIP by its Python package, which offers no switch for connected areas."""
    module: Any = importlib.import_module("kahip")

    def solve(problem: Problem, seed: int) -> Ints:
        _, labels = module.kaffpa(
            problem.people.tolist(),
            problem.start.tolist(),
            problem.border_m.tolist(),
            problem.neighbour.tolist(),
            problem.count,
            _TOLERANCE,
            True,
            seed,
            getattr(module, mode),
        )
        return np.asarray(labels, dtype=np.int64)

    return solve


def whole(solve: Solver) -> Solver:
    """Let a peer's areas keep their largest pieces only, and give the others to the neighbours.

    A stray piece goes to the area with which it has most border in common. This is what one would do with
    the answer of a partitioner before showing it to anybody.
    """

    def solve_whole(problem: Problem, seed: int) -> Ints:
        labels = solve(problem, seed)
        rows = np.repeat(np.arange(len(problem.blocks)), np.diff(problem.start))
        for _ in range(len(problem.blocks)):
            stray = _smallest_stray(problem, labels, rows)
            if stray is None:
                return labels
            at = np.isin(rows, stray) & ~np.isin(problem.neighbour, stray)
            if not at.any():
                break  # the parent itself is in pieces
            around = np.bincount(labels[problem.neighbour[at]], problem.border_m[at])
            labels[stray] = around.argmax()
        raise NoDivision

    return solve_whole


def _smallest_stray(problem: Problem, labels: Ints, rows: Ints) -> Ints | None:
    """Find the blocks of the smallest piece that is not its area's most populous one."""
    same = labels[rows] == labels[problem.neighbour]
    size = len(labels)
    joined = csr_array((np.ones(same.sum()), (rows[same], problem.neighbour[same])), shape=(size, size))
    pieces, part = connected_components(joined, directed=False)
    if pieces == len(np.unique(labels)):
        return None
    people = np.bincount(part, problem.people)
    of = np.empty(pieces, dtype=np.int64)
    of[part] = labels
    order = np.lexsort((np.bincount(part), people, of))
    stray = order[:-1][of[order[:-1]] == of[order[1:]]]  # all but the last of each area
    return np.flatnonzero(part == stray[people[stray].argmin()])
