"""Kernels made ready before the search, so that whoever waits is told what for."""

from __future__ import annotations

import functools

import numpy as np

from gisgov.zoning.piece import Piece, Weights


@functools.cache
def prepare() -> bool:
    """Compile all kernels of the search, or read them where they were kept; again it does nothing.

    Returns
    -------
    bool
        True: it takes a quarter of a minute on a new machine, and part of a second after that.
    """
    from gisgov.zoning.annealing_kernel import anneal
    from gisgov.zoning.bisection_kernel import bisect, grow
    from gisgov.zoning.improving_kernel import improve

    small, none = np.int32, np.zeros(3, dtype=np.int32)
    ones, label, stop = np.ones(2), np.array([0, -1]), np.zeros(1, dtype=small)
    pair = Piece(
        np.array([0, 1, 2], dtype=small), np.array([1, 0], dtype=small), ones, ones, ones, ones, ones,
        np.arange(2.0), np.zeros(2), np.full(2, -1, dtype=small), np.zeros(2), np.zeros(2, dtype=np.bool_),
        none, np.zeros(0, dtype=small), np.ones(1),
    )  # fmt: skip
    weights = Weights(0.05, 1.0, 2.0, 1.0, 1.0, 0.2, 0.1)
    grow(pair, label)
    two = pair._replace(target=ones)
    bisect(two, label, 0.0, 1)
    anneal(two, label, weights, 1, 0, stop)
    vain = np.zeros(2, dtype=np.int64)
    improve(two, label, weights, vain, tries=1, most=2, effort=1, anew=4, directions=1, seed=0, stop=stop)
    return True
