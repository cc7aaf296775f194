"""How good a division is, measured without the engine's own code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.districts import District
from gisgov.geometry.edge_classes import MAJOR
from gisgov.types import Bools, Floats, Ints

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Figures of a division; those of areas do not count blocks without one.

    Attributes
    ----------
    wanted, areas : int
        How many areas there should be, and are.
    uncovered : int
        Blocks without an area.
    wrong_counts : int
        Parents that have another number of areas than wanted, among those that have any.
    in_pieces, crossing : int
        Areas that do not hang together, and areas with blocks of two parents.
    deviation : numpy.ndarray, shape (areas,)
        Share by which each load is off what its parent's areas should have each; always positive.
    polsby_popper : numpy.ndarray, shape (areas,)
        4π·ground/perimeter² (Polsby and Popper, 1991).
    inner_cut_m, cut_m : float
        Metres between areas of one parent, and between all.
    major_share, inner_major_share : float
        Share of these (all, and of one parent) along arterials, collectors and water.
    """

    wanted: int
    areas: int
    uncovered: int
    wrong_counts: int
    in_pieces: int
    crossing: int
    deviation: Floats
    polsby_popper: Floats
    inner_cut_m: float
    cut_m: float
    major_share: float
    inner_major_share: float

    @property
    def is_sound(self) -> bool:
        """Whether every block is in an area, areas are whole and nested, and there are as many as wanted."""
        return not (self.uncovered or self.wrong_counts or self.in_pieces or self.crossing)

    def within(self, limit: float) -> float:
        """Share of areas whose load is off by no more than the limit."""
        return float(np.mean(self.deviation <= limit + _ROUNDING))

    @property
    def p99(self) -> float:
        """Deviation that one area in a hundred exceeds."""
        return float(np.percentile(self.deviation, 99))

    @property
    def compactness(self) -> float:
        """Mean of Polsby and Popper's measure."""
        return float(self.polsby_popper.mean())

    def __str__(self) -> str:
        flaws = [
            f"{self.in_pieces / self.areas:.1%} in pieces",
            *([f"{self.crossing} cross parents"] if self.crossing else []),
            *([f"{self.areas} areas instead of {self.wanted}"] if self.areas != self.wanted else []),
            *([f"{self.wrong_counts} parents with a wrong number"] if self.wrong_counts else []),
            *([f"{self.uncovered} blocks without area"] if self.uncovered else []),
        ]
        off, shape = self.deviation, self.polsby_popper
        return (
            f"{', '.join(flaws)}; "
            f"off by {off.mean():.2%} on average, p99 {self.p99:.1%}, max {off.max():.1%}; "
            f"{self.within(0.05):.1%} within 5 %, {self.within(0.10):.2%} within 10 %; "
            f"PP {self.compactness:.3f}, p10 {np.percentile(shape, 10):.3f}, min {shape.min():.3f}; "
            f"inner cut {self.inner_cut_m / 1e3:.1f} km; "
            f"major {self.major_share:.1%} of all borders, {self.inner_major_share:.1%} of inner ones"
        )


def judge(district: District, labels: Ints, counts: Ints | None = None) -> Figures:
    """Measure a division.

    Parameters
    ----------
    district : District
        The blocks.
    labels : numpy.ndarray of int, shape (n,)
        Any number per area; negative where a block has none.
    counts : numpy.ndarray of int, shape (parents,), optional
        How many areas each parent should have; by default `District.counts`.

    Returns
    -------
    Figures
    """
    wanted = district.counts if counts is None else counts
    covered = labels >= 0
    _, number = np.unique(labels[covered], return_inverse=True)
    label = np.full(len(labels), -1, dtype=np.int64)
    label[covered] = number
    areas = int(label.max()) + 1
    a, b = label[district.a], label[district.b]
    same = (a == b) & (a >= 0)
    above, crossing, per_parent = _parents(district, label, areas, len(wanted))
    load = np.bincount(label[covered], district.population[covered], minlength=areas)
    parents_load = np.bincount(district.parent, district.population)
    target = (parents_load / wanted)[above]
    length, is_cut = district.length_m, a != b
    inner = is_cut & (district.parent[district.a] == district.parent[district.b])
    begun = per_parent > 0
    return Figures(
        wanted=int(wanted.sum()),
        areas=areas,
        uncovered=int((~covered).sum()),
        wrong_counts=int((per_parent != wanted)[begun].sum()),
        in_pieces=int((_parts(district, label, same, areas) > 1).sum()),
        crossing=crossing,
        deviation=np.abs(load / target - 1),
        polsby_popper=_shapes(district, label, same, areas),
        inner_cut_m=float(length[inner].sum()),
        cut_m=float(length[is_cut].sum()),
        major_share=_major(district, is_cut),
        inner_major_share=_major(district, inner),
    )


def _parents(district: District, label: Ints, areas: int, parents: int) -> tuple[Ints, int, Ints]:
    """Parent of each area (that of most blocks), areas with several, and areas per parent."""
    covered = label >= 0
    blocks = np.bincount(label[covered] * parents + district.parent[covered], minlength=areas * parents)
    table = blocks.reshape(areas, parents)
    above = table.argmax(axis=1)
    return above, int(((table > 0).sum(axis=1) > 1).sum()), np.bincount(above, minlength=parents)


def _parts(district: District, label: Ints, same: Bools, areas: int) -> Ints:
    count = len(label)
    pairs = (district.a[same], district.b[same])
    joined = coo_array((np.ones(len(pairs[0])), pairs), shape=(count, count))
    _, part = connected_components(joined, directed=False)
    _, first = np.unique(part, return_index=True)
    of = label[first]
    return np.bincount(of[of >= 0], minlength=areas)


def _shapes(district: District, label: Ints, same: Bools, areas: int) -> Floats:
    covered = label >= 0
    ground = np.bincount(label[covered], district.area_m2[covered], minlength=areas)
    rim = np.bincount(label[covered], district.perimeter_m[covered], minlength=areas)
    inside = np.bincount(label[district.a[same]], district.length_m[same], minlength=areas)
    shape: Floats = 4 * np.pi * ground / (rim - 2 * inside) ** 2
    return shape


def _major(district: District, chosen: Bools) -> float:
    metres = district.class_length_m[chosen]
    return float(metres[:, list(MAJOR)].sum() / metres.sum()) if chosen.any() else np.nan
