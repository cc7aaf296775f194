"""Division of parents into areas made of blocks: arrays in, arrays out, no geometry objects, no database.

`graph` says which blocks touch, `apportion` how many areas each parent gets, `divide` which block goes
where, `refine` improves borders, `evaluate` tells how good the result is.
"""

from gisgov.zoning.apportion import apportion, workload
from gisgov.zoning.divide import divide
from gisgov.zoning.evaluate import Evaluation, evaluate
from gisgov.zoning.graph import Graph, connected_parts, graph_from_borders, is_contiguous

__all__ = [
    "Evaluation",
    "Graph",
    "apportion",
    "connected_parts",
    "divide",
    "evaluate",
    "graph_from_borders",
    "is_contiguous",
    "workload",
]
