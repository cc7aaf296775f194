"""spopt's regionalisation: areas of like blocks, here of blocks near each other.

Neither balances. `MaxPHeuristic` asks that each area has at least so many people and makes as many areas as
it can; `WardSpatial` makes as many as it is told to, of any size.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any, Final

import geopandas
import numpy as np

from benchmarks.districts import District
from benchmarks.redivision.problems import NoDivision, Problem, Solver
from gisgov.types import Ints

_LEAST: Final = 0.90
"""Share of the mean that an area must have, for `MaxPHeuristic`."""


def max_p(district: District, **effort: int) -> Solver:
    """`spopt.region.MaxPHeuristic`: blocks near each other, with 90 % of the mean as the threshold.

    Without ``effort`` it has the iterations of its defaults.
    """
    module: Any = importlib.import_module("spopt.region")

    def solve(problem: Problem, seed: int) -> Ints:
        np.random.seed(seed)  # noqa: NPY002 - its own source of chance
        blocks = _frame(district, problem)
        threshold = _LEAST * blocks["people"].sum() / problem.count
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            weights = _weights(problem)
            model = module.MaxPHeuristic(blocks, weights, ["x", "y"], "people", threshold, **effort)
            model.solve()
        if model.labels_ is None:
            raise NoDivision
        return np.asarray(model.labels_, dtype=np.int64) - int(np.min(model.labels_))

    return solve


def ward(district: District) -> Solver:
    """`spopt.region.WardSpatial`: as many areas as wanted, of blocks near each other."""
    module: Any = importlib.import_module("spopt.region")

    def solve(problem: Problem, _: int) -> Ints:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = module.WardSpatial(
                _frame(district, problem), _weights(problem), ["x", "y"], problem.count
            )
            model.solve()
        return np.asarray(model.labels_, dtype=np.int64)

    return solve


def _frame(district: District, problem: Problem) -> geopandas.GeoDataFrame:
    own = problem.blocks
    columns = {"x": district.x[own], "y": district.y[own], "people": problem.people.astype(np.float64)}
    return geopandas.GeoDataFrame(columns, geometry=district.polygons[own])


def _weights(problem: Problem) -> Any:
    weights: Any = importlib.import_module("libpysal.weights")
    rows = np.split(problem.neighbour, problem.start[1:-1])
    return weights.W({i: row.tolist() for i, row in enumerate(rows)}, silence_warnings=True)
