"""GerryChain: areas cut off random spanning trees, balanced but of any shape; it may find none."""

from __future__ import annotations

import importlib
import random
import warnings
from functools import partial
from typing import Any, Final

import numpy as np

from benchmarks.redivision.problems import NoDivision, Problem, Solver
from gisgov.types import Ints

_TOLERANCE: Final = 0.10
_RETRIES: Final = 5
_ATTEMPTS: Final = 500
"""Spanning trees that are drawn for one area before the parent is begun anew."""


def recursive_tree_part() -> Solver:
    """GerryChain's `recursive_tree_part`, begun anew with another seed when it finds no way on."""
    partition: Any = importlib.import_module("gerrychain.partition")
    tree: Any = importlib.import_module("gerrychain.tree")
    graphs: Any = importlib.import_module("gerrychain.graph")
    networkx: Any = importlib.import_module("networkx")
    bipartition = partial(tree.bipartition_tree, max_attempts=_ATTEMPTS)

    def solve(problem: Problem, seed: int) -> Ints:
        size = len(problem.blocks)
        plain = networkx.Graph()
        plain.add_nodes_from((i, {"people": count}) for i, count in enumerate(problem.people.tolist()))
        rows = np.repeat(np.arange(size), np.diff(problem.start))
        plain.add_edges_from(zip(rows.tolist(), problem.neighbour.tolist(), strict=True))
        graph = graphs.Graph.from_networkx(plain)
        target = float(problem.people.sum()) / problem.count
        rng = random.Random(seed)  # noqa: S311 - for search, not for secrets
        for _ in range(_RETRIES):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = partition.recursive_tree_part(
                        graph,
                        range(problem.count),
                        target,
                        "people",
                        _TOLERANCE,
                        bipartition_tree_fn=bipartition,
                        rng=rng,
                    )
            except (RuntimeError, tree.BalanceError, tree.PopulationBalanceError):
                continue
            return np.array([found[i] for i in range(size)], dtype=np.int64)
        raise NoDivision

    return solve
