"""Requests that cannot be met are refused before anything is searched."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gisgov.errors import Infeasible, InputError
from gisgov.types import Ints
from gisgov.zoning.aims import Rules
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.obstacles import Obstacle, ObstacleKind


def checked_counts(blocks: Blocks, counts: npt.ArrayLike) -> Ints:
    """Return the numbers of areas, one for each parent.

    Raises
    ------
    InputError
        There are fewer numbers than parents, or one is negative.
    """
    wanted = np.asarray(counts, dtype=np.int64)
    if wanted.ndim != 1 or len(wanted) < blocks.parents or (wanted < 0).any():
        raise InputError(
            f"{blocks.parents} parents need a number of areas each, and {wanted.tolist()} was given.",
            field="counts",
        )
    return wanted


def checked_current(blocks: Blocks, current: npt.ArrayLike | None) -> Ints | None:
    """Return the present division; None where there is none.

    Raises
    ------
    InputError
        It is not of these blocks, or an area has blocks in two parents.
    """
    if current is None:
        return None
    present = np.asarray(current, dtype=np.int64)
    if present.shape != (len(blocks),):
        raise InputError(
            f"There are {len(blocks)} blocks and {present.size} present areas of blocks.", field="current"
        )
    placed = np.flatnonzero(present >= 0)
    if not len(placed):
        return None
    pairs = np.unique(np.column_stack((present[placed], blocks.parent[placed])), axis=0)
    twice = np.flatnonzero(pairs[1:, 0] == pairs[:-1, 0])
    if len(twice):
        area = int(pairs[twice[0], 0])
        raise InputError(
            f"Present area {area} has blocks in parents {pairs[twice[0], 1]} and {pairs[twice[0] + 1, 1]}.",
            hint="Take such areas as unassigned: -1.",
            field="current",
        )
    return present


def refuse_contradictions(blocks: Blocks, counts: Ints, rules: Rules, current: Ints | None) -> None:
    """Refuse rules that no division can keep.

    Raises
    ------
    InputError
        A rule names a block that does not exist.
    Infeasible
        Two blocks shall be together and apart, there are more service points than areas, or two of them in
        a group or a locked area.
    """
    for name, values in (("locked", rules.locked), ("together", rules.together)):
        if values is not None and len(values) != len(blocks):
            raise InputError(
                f"There are {len(blocks)} blocks and {len(values)} values of {name}.", field=name
            )
    for name, numbers in (("apart", rules.apart), ("seats", rules.seats)):
        wrong = (np.asarray(numbers) < 0) | (np.asarray(numbers) >= len(blocks))
        if wrong.any():
            raise InputError(
                f"There is no block {np.asarray(numbers)[wrong][0]}; blocks go from 0 to {len(blocks) - 1}.",
                field=name,
            )
    _refuse_joined_pairs(rules)
    _refuse_seats(blocks, counts, rules, current)


def _refuse_joined_pairs(rules: Rules) -> None:
    for a, b in np.asarray(rules.apart).reshape(-1, 2).tolist():
        group = -1 if rules.together is None else int(rules.together[a])
        if a == b or (rules.together is not None and group >= 0 and group == rules.together[b]):
            raise Infeasible(
                f"Blocks {a} and {b} shall be in one area and shall not.",
                obstacle=Obstacle(ObstacleKind.APART_TOGETHER, 1, 0, block=a),
                hint="Take the pair out of one of the two rules.",
                field="apart",
            )


def _refuse_seats(blocks: Blocks, counts: Ints, rules: Rules, current: Ints | None) -> None:
    seats = np.unique(np.asarray(rules.seats, dtype=np.int64))
    held = np.bincount(blocks.parent[seats], minlength=len(counts))
    over = np.flatnonzero(held > counts)
    if len(over):
        p = int(over[0])
        raise Infeasible(
            f"Parent {p} has {held[p]} service points, and {counts[p]} areas are to be made of it.",
            obstacle=Obstacle(ObstacleKind.TOO_MANY_SEATS, int(held[p]), int(counts[p]), parent=p),
            hint="Give the parent as many areas as it has service points, or leave some of those out.",
            field="seats",
        )
    for name, group in (("group", rules.together), ("present area", current)):
        if group is None or (name == "present area" and rules.locked is None):
            continue
        counted = seats[group[seats] >= 0]
        if name == "present area" and rules.locked is not None:
            counted = counted[rules.locked[counted]]
        number, times = np.unique(group[counted], return_counts=True)
        if (times > 1).any():
            one = int(number[times.argmax()])
            raise Infeasible(
                f"Two service points or more lie in {name} {one}, which stays in one area.",
                obstacle=Obstacle(ObstacleKind.TOO_MANY_SEATS, int(times.max()), 1, block=int(counted[0])),
                hint="Leave all but one of them out.",
                field="seats",
            )
