"""Divide every parent's blocks into its number of areas."""

from __future__ import annotations

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Floats, Ints, Progress, silent
from gisgov.zoning.apportion import apportion
from gisgov.zoning.bisect import bisect
from gisgov.zoning.graph import Graph, connected_parts
from gisgov.zoning.refine import refine


def divide(
    graph: Graph,
    counts: Ints,
    *,
    parent: Ints,
    x: Floats,
    y: Floats,
    load: Floats,
    area_m2: Floats,
    perimeter_m: Floats,
    sweeps: int = 40,
    seed: int = 0,
    progress: Progress = silent,
) -> Ints:
    """Divide each parent into areas of about equal load, each in one piece.

    Every block gets exactly one area and every area lies in one parent. A parent that is itself in
    several parts is divided part by part, in proportion to their loads; a part too small for an area of
    its own (an islet) joins the area of the nearest block, and that area then has several parts:
    `count_parts` states how many.

    Parameters
    ----------
    graph : Graph
        The ``n`` blocks.
    counts : numpy.ndarray of int, shape (p,)
        Areas per parent (see `apportion`).
    parent : numpy.ndarray of int, shape (n,)
        Parent of each block, 0 … p - 1.
    x, y : numpy.ndarray, shape (n,)
        Centres of the blocks in metres.
    load : numpy.ndarray, shape (n,)
        Work of each block (see `workload`); not negative.
    area_m2, perimeter_m : numpy.ndarray, shape (n,)
        Ground and whole perimeter of each block.
    sweeps : int
        Effort of the refinement (see `refine`).
    seed : int
        Same seed and input, same labels.
    progress : Progress
        Told of each parent.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Area of each block: 0 … counts.sum() - 1, those of the first parent first.

    Raises
    ------
    InputError
        A parent shall have no area though it has blocks, or more areas than blocks.

    Examples
    --------
    Four blocks in a row, the first heavier:

    >>> import numpy as np
    >>> from gisgov.zoning import graph_from_borders
    >>> graph = graph_from_borders(np.array([0, 1, 2]), np.array([1, 2, 3]), [1.0] * 3, count=4)
    >>> divide(
    ...     graph, np.array([2]), parent=np.zeros(4, int), x=np.arange(4.0), y=np.zeros(4),
    ...     load=np.array([3.0, 1, 1, 1]), area_m2=np.ones(4), perimeter_m=np.full(4, 4.0),
    ... ).tolist()
    [0, 1, 1, 1]
    """
    blocks = np.bincount(parent, minlength=len(counts))
    wrong = np.flatnonzero((counts > blocks) | ((counts < 1) & (blocks > 0)))
    if len(wrong):
        p = int(wrong[0])
        raise InputError(
            f"Parent {p} has {blocks[p]} blocks, which cannot make {counts[p]} areas.",
            hint="Give every parent with blocks at least one area and no more areas than it has blocks.",
            field="counts",
        )
    labels = np.full(graph.count, -1, dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(counts)])
    order = np.argsort(parent, kind="stable")
    rows = np.split(order, np.cumsum(blocks)[:-1])
    for p in progress(range(len(counts)), label="divide", total=len(counts)):
        own = rows[p]
        if len(own) == 0:
            continue
        inner = _divide_parent(
            graph.part_of(own), int(counts[p]), x[own], y[own], load[own], area_m2[own], perimeter_m[own],
            sweeps=sweeps, seed=seed + 7919 * p,
        )  # fmt: skip
        labels[own] = first[p] + inner
    return labels


def _divide_parent(
    graph: Graph, count: int, x: Floats, y: Floats, load: Floats, area_m2: Floats, perimeter_m: Floats,
    *, sweeps: int, seed: int,
) -> Ints:  # fmt: skip
    part = connected_parts(graph)
    size = np.bincount(part)
    share = _share_of_parts(np.bincount(part, weights=load).astype(np.float64), size, count)
    label = np.full(graph.count, -1, dtype=np.int64)
    lowest = 0
    for k in np.flatnonzero(share):
        own = np.flatnonzero(part == k)
        piece = graph.part_of(own)
        # the seed turns the sweeps a little, so that another seed gives another division
        turn = float(np.random.default_rng(seed).uniform(0, 0.2))
        inner = bisect(piece, x[own], y[own], load[own], int(share[k]), turn=turn)
        inner = refine(
            piece, inner, load=load[own], area_m2=area_m2[own], perimeter_m=perimeter_m[own],
            sweeps=sweeps, seed=seed,
        )  # fmt: skip
        label[own] = lowest + inner
        lowest += int(share[k])
    _join_islets(label, part, x, y)
    return label


def _share_of_parts(load: Floats, size: Ints, count: int) -> Ints:
    """Areas of each part of a parent; a part may get none as long as another can hold it."""
    if len(load) == 1:
        return np.array([count], dtype=np.int64)
    return apportion(load, count, minimum=0, at_most=size)


def _join_islets(label: Ints, part: Ints, x: Floats, y: Floats) -> None:
    """Give each part without an area to the area of the block nearest to it, in place."""
    placed = np.flatnonzero(label >= 0)
    for k in np.unique(part[label < 0]):
        own = np.flatnonzero(part == k)
        away = np.hypot(x[own][:, None] - x[placed], y[own][:, None] - y[placed])
        label[own] = label[placed[int(np.argmin(away.min(axis=0)))]]
