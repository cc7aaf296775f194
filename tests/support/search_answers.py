"""What the kernels of the search make of ground that reaches their branches.

Run as a program it writes the answers; with NUMBA_DISABLE_JIT=1 those of the kernels as they are written,
which must be the ones of the compiled kernels.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from gisgov.zoning import Aims, Blocks, Rules, change_count, graph_from_borders, redivide


def ground(wide: int, high: int, bay: list[int]) -> Blocks:
    """Draw cells with a bay, uneven people, and streets that cost less."""
    number = np.arange(wide * high).reshape(high, wide)
    a = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    b = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    dry = np.ones(wide * high, dtype=bool)
    dry[bay] = False
    place = np.cumsum(dry) - 1
    kept = dry[a] & dry[b]
    a, b = place[a[kept]], place[b[kept]]
    n = int(dry.sum())
    row, column = np.divmod(np.flatnonzero(dry), wide)
    people = (37 * np.arange(n)) % 11 * 100
    return Blocks(
        graph_from_borders(a, b, np.full(len(a), 100.0), count=n, cost_m=100.0 - 50 * (a % 3 == 0)),
        (column > 5).astype(np.int64),
        column * 100.0,
        row * 100.0,
        people,
        people / 500.0,
        np.full(n, 1e4),
        np.full(n, 400.0),
    )


def answers() -> dict[str, Any]:
    """Divide the ground in all the ways there are."""
    blocks, counts = ground(9, 7, [22, 23, 24, 31]), np.array([4, 2])
    few = ground(7, 4, [10, 11])  # what searches long has less ground
    first = redivide(blocks, counts, seed=3).labels
    tight = redivide(few, np.array([3, 1]), seed=4, aims=Aims(effort="quality", band=0.0, limit=0.01)).labels
    current = np.where(np.arange(len(blocks)) % 9 == 0, -1, first)
    rules = Rules(apart=np.array([[0, 9], [1, 2]]), seats=np.array([5, 14]))
    return {
        "first": first.tolist(),
        "tight": tight.tolist(),
        "again": redivide(blocks, counts, current=current, aims=Aims(limit=0.06)).labels.tolist(),
        "ruled": redivide(few, np.array([3, 1]), rules=rules).labels.tolist(),
        "ruled again": redivide(blocks, counts, rules=rules, current=current).labels.tolist(),
        "more": change_count(blocks, first, parent=0, by=1).labels.tolist(),
        "fewer": change_count(blocks, first, parent=0, by=-1).labels.tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(answers()))  # noqa: T201
