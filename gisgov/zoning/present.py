"""A present division as the start of a new one: areas kept, one more cut off, or one given up."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gisgov.types import Bools, Floats, Ints
from gisgov.zoning.piece import Piece

_CANDIDATES: Final = 12
"""Areas of which one is divided, or given up: so many are tried."""
_SEEDS: Final = 3
"""Blocks without an area that a new one is begun from: so many are tried."""
_GROUND: Final = 0.05
"""Share of the price of a move that empty ground has, too: it does not change hands for nothing."""


def starts_from(
    piece: Piece, present: Ints, people: Floats, movement: float, held: Bools
) -> list[tuple[Ints, Piece, Ints]]:
    """Return divisions near the present one to begin with, each with as many areas as the piece shall have.

    Parameters
    ----------
    piece : Piece
        The ground, without homes.
    present : numpy.ndarray of int64, shape (n,)
        Present area of each block, 0 … m - 1, -1 for none.
    people : numpy.ndarray of float, shape (n,)
        People in each block.
    movement : float
        Price of the people of an average area who change hands.
    held : numpy.ndarray of bool, shape (n,)
        Blocks that stay where they are; areas with one are not given up as long as there are others.

    Returns
    -------
    list of (label, piece, origin)
        Area of each block, each in one piece; the ground with the homes of its blocks; and the present
        area that each new one continues, -1 for none.
    """
    areas, now = len(piece.target), int(present.max()) + 1
    whole = _whole_areas(piece, present)
    price = _prices(piece, people, movement)
    if now == areas:
        return [_start(piece, whole, present, price, np.arange(now))]
    if now < areas:
        return _with_more(piece, whole, present, price, now)
    return _with_fewer(piece, whole, present, price, held, now)


def _prices(piece: Piece, people: Floats, movement: float) -> Floats:
    areas = len(piece.target)
    by_people = people * areas / people.sum() if people.sum() > 0 else np.zeros(len(people))
    by_load = piece.load * areas / piece.load.sum()
    prices: Floats = movement * ((1 - _GROUND) * by_people + _GROUND * by_load)
    return prices


def _whole_areas(piece: Piece, present: Ints) -> Ints:
    """Return the present division with only the heaviest piece of each area: the others have none."""
    row = np.repeat(np.arange(len(present)), np.diff(piece.start))
    same = (present[row] == present[piece.neighbour]) & (present[row] >= 0)
    matrix = csr_array(
        (np.ones(int(same.sum()), dtype=np.int8), (row[same], piece.neighbour[same])),
        shape=(len(present),) * 2,
    )
    _, part = connected_components(matrix, directed=False)
    weight = np.bincount(part, weights=piece.load + 1e-9)[part]
    order = np.lexsort((-weight, present))
    areas, first = np.unique(present[order], return_index=True)
    main = np.full(int(present.max()) + 1, -1, dtype=np.int64)
    main[areas[areas >= 0]] = part[order[first[areas >= 0]]]
    return np.where((present >= 0) & (part == main[present]), present, -1)


def _start(piece: Piece, label: Ints, home: Ints, price: Floats, origin: Ints) -> tuple[Ints, Piece, Ints]:
    from gisgov.zoning.bisection_kernel import grow

    label = label.copy()
    grow(piece, label)
    return label, piece._replace(home=home.astype(np.int32), price=price), origin


def _with_more(
    piece: Piece, whole: Ints, present: Ints, price: Floats, now: int
) -> list[tuple[Ints, Piece, Ints]]:
    """Add areas one by one; the last one is tried in several places."""
    areas = len(piece.target)
    label = whole
    for new in range(now, areas - 1):
        label = _places_for(piece, label, new)[0]
    origin = np.where(np.arange(areas) < now, np.arange(areas), -1)
    return [
        _start(piece, one, present, price, origin)
        for one in _places_for(piece, label, areas - 1)[:_CANDIDATES]
    ]


def _places_for(piece: Piece, label: Ints, new: int) -> list[Ints]:
    """Return the division with a new area: in ground without one, or cut from another, the heaviest first."""
    from gisgov.zoning.bisection_kernel import grow

    empty = np.flatnonzero(label < 0)
    found = []
    for block in empty[np.argsort(-piece.load[empty], kind="stable")][:_SEEDS]:
        seeded = label.copy()
        seeded[block] = new
        found.append(seeded)
    grown = label.copy()
    grow(piece._replace(target=piece.target[:new]), grown)
    return found + _cuts(piece, grown, new)


def _cuts(piece: Piece, label: Ints, new: int) -> list[Ints]:
    """Return the division with one area cut in two, the heaviest first."""
    from gisgov.zoning.bisection_kernel import bisect
    from gisgov.zoning.improving_kernel import cut_out

    load = np.bincount(label[label >= 0], weights=piece.load[label >= 0], minlength=new)
    found = []
    for area in np.argsort(-load, kind="stable").tolist():
        members = np.flatnonzero(label == area).astype(np.int32)
        if len(members) < 2:
            continue
        halves = np.zeros(len(members), dtype=np.int64)
        number = np.full(len(label), -1, dtype=np.int32)
        number[members] = np.arange(len(members))
        slot = np.full(max(new + 1, len(piece.target)), -1, dtype=np.int32)
        ground = cut_out(piece, members, number, slot, np.zeros(2, dtype=np.int32))
        if not ground.load.sum() > 0:
            ground = ground._replace(load=ground.area_m2)
        bisect(ground, halves, 0.1, 8)
        cut = label.copy()
        # blocks that stay put stay in the area that has its number
        stays = piece.held[members]
        second = 1 if not (stays & (halves == 1)).any() else 0
        cut[members[halves == second]] = new
        found.append(cut)
    return found


def _with_fewer(
    piece: Piece, whole: Ints, present: Ints, price: Floats, held: Bools, now: int
) -> list[tuple[Ints, Piece, Ints]]:
    """Give the lightest areas up; the last one is tried among several."""
    areas = len(piece.target)
    load = np.bincount(whole[whole >= 0], weights=piece.load[whole >= 0], minlength=now)
    has_seat = np.bincount(whole[held & (whole >= 0)], minlength=now) > 0
    order = np.lexsort((load, has_seat))
    surely = order[: now - areas - 1]
    starts = []
    for last in order[now - areas - 1 :][:_CANDIDATES]:
        gone = np.append(surely, last)
        number = np.full(now + 1, -1, dtype=np.int64)
        origin = np.setdiff1d(np.arange(now), gone)
        number[origin] = np.arange(areas)
        starts.append(_start(piece, number[whole], number[present], price, origin))
    return starts
