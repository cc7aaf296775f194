"""Linework made planar: edges meet at common vertices and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.repair.contacts import (
    Cuts,
    crossings,
    in_order,
    near_pairs,
    touches,
)
from gisgov.geometry.repair.fixed_borders import onto_fixed_borders
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.precision import Precision
from gisgov.geometry.repair.vertex_map import loose_vertices, meeting_vertices
from gisgov.types import Bools, Ints

_MOST_ROUNDS: Final = 30
_PATIENT_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Noded:
    """What came of it.

    Attributes
    ----------
    linework : Linework
        The pieces of the edges.
    removable : numpy.ndarray of bool, shape (v,)
        Vertices that are new, or were put into fixed borders: where no border ends at them in the end, they
        need not be.
    crossing : numpy.ndarray of int
        Owners of edges that still cross others after many rounds.
    """

    linework: Linework
    removable: Bools
    crossing: Ints


def noded(linework: Linework, is_movable: Bools, precision: Precision) -> Noded:
    """Move vertices together and cut edges until they meet at common vertices only.

    Parameters
    ----------
    linework : Linework
        Edges as drawn.
    is_movable : numpy.ndarray of bool, shape (v,)
        Which vertices may move.
    precision : Precision
        Within what distances.

    Returns
    -------
    Noded
        Vertices keep their numbers and bits; new ones are appended.
    """
    local = precision.plane.local(linework.xy)
    movable = is_movable & ~_vertices_of(linework, precision.careful)
    if precision.tolerance_m > 0.0:
        linework = linework.moved(meeting_vertices(linework, local, precision.tolerance_m, movable))
        linework = onto_fixed_borders(linework, local, movable & loose_vertices(linework), precision)
        local = precision.plane.local(linework.xy)
    removable = np.zeros(len(local), dtype=bool)
    seen: Ints = np.zeros(0, dtype=np.int64)
    for number in range(_MOST_ROUNDS):
        # vertices of a tiny triangle can lie on each other's edges in turns: less and less counts as that
        patience = 0.5 ** max(0, number - _PATIENT_ROUNDS)
        within, snap = precision.tolerance_m * patience, max(precision.snap_m * patience, precision.step_m)
        fresh = ~np.isin(linework.keys, seen)
        pairs = near_pairs(linework, local, max(within, precision.step_m), fresh)
        careful = _edges_of(linework, precision.careful)
        touched = touches(linework, local, pairs, careful, within, precision.step_m)
        # an edge that is cut here is looked at again with its pieces
        is_cut = np.zeros(len(linework), dtype=bool)
        is_cut[touched.edge] = True
        whole = ~is_cut[pairs[0]] & ~is_cut[pairs[1]]
        crossed = crossings(
            linework, local, (pairs[0][whole], pairs[1][whole]), careful, snap, precision.step_m
        )
        cuts = in_order(
            linework,
            np.concatenate((local, crossed.local)),
            Cuts(
                crossed.local,
                np.append(touched.edge, crossed.edge),
                np.append(touched.vertex, crossed.vertex),
            ),
        )
        if not len(cuts):
            return Noded(linework, removable, np.zeros(0, dtype=np.int64))
        xy = np.concatenate((linework.xy, precision.rounded(precision.plane.back(cuts.local))))
        removable = np.append(removable, np.ones(len(cuts.local), dtype=bool))
        removable[cuts.vertex[linework.is_fixed()[cuts.edge]]] = True
        before = np.column_stack((linework.lower, linework.upper))
        linework = linework.cut(xy, cuts.edge, cuts.vertex)
        local = np.concatenate((local, precision.plane.local(xy[len(local) :])))
        seen = before[:, 0] * len(xy) + before[:, 1]
    stuck = linework.owner[np.isin(linework.edge, _uncut(linework, cuts, before))]
    return Noded(linework, removable, np.unique(stuck[stuck < linework.areas]))


def _uncut(linework: Linework, cuts: Cuts, before: Ints) -> Ints:
    """List edges that begin or end where the last cuts were made."""
    ends = np.unique(np.append(before[cuts.edge].ravel(), cuts.vertex))
    return np.flatnonzero(np.isin(linework.lower, ends) & np.isin(linework.upper, ends))


def _edges_of(linework: Linework, owners: Ints) -> Bools:
    found = np.zeros(len(linework), dtype=bool)
    found[linework.edge[np.isin(linework.owner, owners)]] = True
    return found


def _vertices_of(linework: Linework, owners: Ints) -> Bools:
    found = np.zeros(len(linework.xy), dtype=bool)
    edge = _edges_of(linework, owners)
    found[linework.lower[edge]] = found[linework.upper[edge]] = True
    return found
