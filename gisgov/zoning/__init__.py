"""Division of parents into areas made of blocks: arrays in, arrays out, no geometry objects, no database.

`graph` says which blocks touch, `apportion` how many areas each parent gets, `redivide` which block goes
where, anew or near a present division, `alternatives` does it several times, `change_count` for one area
more or less. `bounds` tells what no division could better, `evaluate` how good one is.
"""

from gisgov.zoning.aims import Aims, Rules
from gisgov.zoning.alternatives import alternatives, change_count, fewer_moved
from gisgov.zoning.apportion import apportion, counts_for_population, workload
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.bounds import Bounds, bounds, two_balances
from gisgov.zoning.evaluate import Evaluation, evaluate
from gisgov.zoning.graph import Graph, connected_parts, graph_from_borders, is_contiguous
from gisgov.zoning.obstacles import Obstacle, ObstacleKind
from gisgov.zoning.redivide import Redivision, redivide

__all__ = [
    "Aims",
    "Blocks",
    "Bounds",
    "Evaluation",
    "Graph",
    "Obstacle",
    "ObstacleKind",
    "Redivision",
    "Rules",
    "alternatives",
    "apportion",
    "bounds",
    "change_count",
    "connected_parts",
    "counts_for_population",
    "evaluate",
    "fewer_moved",
    "graph_from_borders",
    "is_contiguous",
    "redivide",
    "two_balances",
    "workload",
]
