"""Several divisions of the same ground, to choose from; and one area more or less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Ints, Progress, silent
from gisgov.zoning.aims import Aims, Rules
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.redivide import Redivision, never, redivide

_SEEDS_EACH = 4
"""Seeds that are tried for each alternative asked for."""
_DEARER = 3.0
"""How much more it costs that people change hands where nothing but the number of areas is to change."""


def alternatives(
    blocks: Blocks,
    counts: Ints,
    *,
    number: int = 5,
    rules: Rules | None = None,
    aims: Aims | None = None,
    current: Ints | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> tuple[Redivision, ...]:
    """Divide the same ground several times by other chances.

    Parameters
    ----------
    number : int
        How many divisions; the first is the one of ``seed`` itself, the others of the seeds after it.
    blocks, counts, rules, aims, current, seed, threads, progress, cancelled
        As in `redivide`, which is told of each.

    Returns
    -------
    tuple of Redivision
        Those that differ from all before them; fewer than asked for where four times as many seeds give
        no more.
    """
    if number < 1:
        raise InputError(f"There cannot be {number} alternatives.", field="number")
    found: list[Redivision] = []
    for one in range(_SEEDS_EACH * number):
        if len(found) == number:
            break
        division = redivide(
            blocks, counts, rules=rules, aims=aims, current=current, seed=seed + one, threads=threads,
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
        if not any(_is_same(division.labels, other.labels) for other in found):
            found.append(division)
    return tuple(found)


def _is_same(a: Ints, b: Ints) -> bool:
    """Tell whether two divisions are one but for the numbers of areas."""
    pairs = len(np.unique(np.column_stack((a, b)), axis=0))
    return pairs == len(np.unique(a)) == len(np.unique(b))


def fewer_moved(aims: Aims) -> Aims:
    """Return the aims where nothing but the number of areas is to change: movement costs three times as much.

    Examples
    --------
    >>> fewer_moved(Aims(movement=2)).movement, fewer_moved(Aims(movement=0)).movement
    (6.0, 3.0)
    """
    return replace(aims, movement=_DEARER * (aims.movement or 1.0))


def change_count(
    blocks: Blocks,
    current: Ints,
    *,
    parent: int,
    by: int,
    rules: Rules | None = None,
    aims: Aims | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Redivision:
    """Give one parent an area more or less, with as few people changing hands as can be found.

    Parameters
    ----------
    current : numpy.ndarray of int, shape (n,)
        Present area of each block, none unassigned.
    parent : int
        The parent; the areas of all others stay as they are.
    by : int
        1 for a new area, -1 for one given up; other numbers likewise.
    blocks, rules, aims, seed, threads, progress, cancelled
        As in `redivide`.

    Returns
    -------
    Redivision
        ``origin`` tells which area is new (-1), or which one is missing. Obstacles are those of the parent.

    Raises
    ------
    InputError
        There is no such parent, a block has no present area, or the parent cannot have so many areas.
    """
    if not 0 <= parent < blocks.parents:
        raise InputError(
            f"There is no parent {parent}; they go from 0 to {blocks.parents - 1}.", field="parent"
        )
    present = np.asarray(current, dtype=np.int64)
    if (present < 0).any():
        raise InputError(
            f"Block {int((present < 0).argmax())} has no present area.",
            hint="Divide all blocks before the number of areas is changed.",
            field="current",
        )
    rules, aims = rules or Rules(), aims or Aims()
    _, first = np.unique(present, return_index=True)
    counts = np.bincount(blocks.parent[first], minlength=blocks.parents)
    counts[parent] += by
    locked = blocks.parent != parent
    if rules.locked is not None:
        locked |= rules.locked
    aims = fewer_moved(aims)
    division = redivide(
        blocks,
        counts,
        rules=replace(rules, locked=locked),
        aims=aims,
        current=present,
        seed=seed,
        threads=threads,
        progress=progress,
        cancelled=cancelled,
    )
    return replace(division, obstacles=tuple(one for one in division.obstacles if one.parent in (parent, -1)))
