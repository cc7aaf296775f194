"""Kernels: edges and vertices numbered by equal coordinates, and loops traced through them."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints

_X = np.uint64(0x9E3779B97F4A7C15)
_Y = np.uint64(0xC2B2AE3D27D4EB4F)
_S = np.uint64(32)


@kernel
def number_places(xy: Floats, number: Ints) -> int:
    """Give equal places equal numbers, in the order of their first appearance.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Without NaN and −0.0.
    number : numpy.ndarray of int, shape (n,)
        Filled: numbers from 0.

    Returns
    -------
    int
        How many places there are.
    """
    n = len(xy)
    bits = xy.view(np.uint64)
    size = 16
    while size < 2 * n:
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    count = 0
    for i in range(n):
        h = bits[i, 1] * _Y
        h = (h ^ (h >> _S)) + bits[i, 0] * _X
        h = (h ^ (h >> _S)) * _Y
        at = np.int64(h >> _S) & (size - 1)
        while True:
            j = slots[at]
            if j < 0:
                slots[at] = i
                number[i] = count
                count += 1
                break
            if xy[j, 0] == xy[i, 0] and xy[j, 1] == xy[i, 1]:
                number[i] = number[j]
                break
            at = (at + 1) & (size - 1)
    return count


@kernel
def trace_loops(start: Ints, end: Ints, follower: Ints, order: Ints, loops: Ints) -> int:
    """Follow edges from vertex to vertex until they close.

    Parameters
    ----------
    start, end : numpy.ndarray of int, shape (n,)
        Vertices of each edge; each vertex begins as many edges as end in it, and none more than one.
    follower : numpy.ndarray of int, shape (v,)
        The edge that begins at each vertex.
    order : numpy.ndarray of int, shape (n,)
        Filled: the edges, loop after loop.
    loops : numpy.ndarray of int, shape (n + 1,)
        Filled: where each loop begins in ``order``.

    Returns
    -------
    int
        How many loops there are.
    """
    done = np.zeros(len(start), dtype=np.bool_)
    count = 0
    at = 0
    for first in range(len(start)):
        if done[first]:
            continue
        loops[count] = at
        count += 1
        edge = first
        while not done[edge]:
            done[edge] = True
            order[at] = edge
            at += 1
            edge = follower[end[edge]]
    loops[count] = at
    return count
