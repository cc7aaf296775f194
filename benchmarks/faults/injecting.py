"""Put faults of all twelve kinds into a sound coverage, and keep account of every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.faults.shapes import ADDED, DRAW, ON_RIM, Change
from benchmarks.faults.sites import Site, Sites
from benchmarks.faults.truths import FaultKind, Piece, Truth
from gisgov.types import Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class FaultyAreas:
    """A coverage with known faults.

    Attributes
    ----------
    areas : numpy.ndarray of shapely.Polygon, shape (n,)
        Those of the sound coverage in its order, without the missing ones; then the added ones.
    scope : shapely.Geometry
        As it was.
    truths : tuple of Truth
        All faults, kind by kind; numbers are those of ``areas``.
    origin : numpy.ndarray of int, shape (n,)
        The number that each area had in the sound coverage, -1 for an added one.
    """

    areas: Geometries
    scope: shapely.Geometry
    truths: tuple[Truth, ...]
    origin: Ints


def inject(
    areas: Geometries,
    scope: shapely.Geometry,
    count: int,
    *,
    kinds: Sequence[FaultKind] = tuple(FaultKind),
    seed: int = 1,
) -> FaultyAreas:
    """Put faults into a sound coverage, far enough from each other that none meets another.

    Parameters
    ----------
    areas, scope : numpy.ndarray of shapely.Polygon, shapely.Geometry
        An exact coverage of polygons without holes in metres, as `benchmarks.jagged` draws it.
    count : int
        How many faults; each kind gets as many, the first ones one more where it does not come out even.
    kinds : sequence of FaultKind
        Which kinds.
    seed : int
        Same input, count and seed: same faults to the last bit.

    Raises
    ------
    ValueError
        The coverage has no room for so many.
    """
    rng = np.random.default_rng(seed)
    sites = Sites(areas, scope, rng)
    wanted = {kind: count // len(kinds) + (i < count % len(kinds)) for i, kind in enumerate(kinds)}
    # the border of the scope is scarce: what needs it comes first
    drawn = {kind: _drawn(kind, wanted[kind], sites, rng) for kind in sorted(kinds, key=_comes_late)}
    changes = {kind: drawn[kind] for kind in kinds}
    return _assembled(areas, scope, changes)


def _comes_late(kind: FaultKind) -> bool:
    return kind not in ON_RIM


def _drawn(kind: FaultKind, wanted: int, sites: Sites, rng: np.random.Generator) -> list[tuple[Site, Change]]:
    drawn: list[tuple[Site, Change]] = []
    if wanted == 0:
        return drawn
    for site in sites.free(on_rim=kind in ON_RIM):
        change = DRAW[kind](site, rng)
        if change is not None:
            sites.take(site)
            drawn.append((site, change))
            if len(drawn) == wanted:
                return drawn
    raise ValueError(f"There is room for {len(drawn)} faults of kind {kind} only, not for {wanted}.")


def _assembled(
    areas: Geometries, scope: shapely.Geometry, changes: dict[FaultKind, list[tuple[Site, Change]]]
) -> FaultyAreas:
    """Carry out all changes and translate the numbers."""
    flat = [(kind, site, change) for kind, of_kind in changes.items() for site, change in of_kind]
    broken = areas.copy()
    is_kept = np.ones(len(areas), dtype=bool)
    for _, site, change in flat:
        if change.replaced is not None:
            broken[site.number] = change.replaced
        is_kept[site.number] = not change.is_dropped
    number = np.cumsum(is_kept) - 1
    added: list[shapely.Polygon] = []
    truths = []
    for kind, _, change in flat:
        of_added = int(is_kept.sum()) + len(added)
        if change.added is not None:
            added.append(change.added)
        pieces = (
            Piece(piece.place, frozenset(of_added if i == ADDED else int(number[i]) for i in piece.areas))
            for piece in change.pieces
        )
        truths.append(Truth(kind, tuple(pieces)))
    return FaultyAreas(
        areas=np.concatenate([broken[is_kept], np.array(added, dtype=object)]),
        scope=scope,
        truths=tuple(truths),
        origin=np.concatenate([np.flatnonzero(is_kept), np.full(len(added), -1)]),
    )
