"""People that areas state, where these are not those of their blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gisgov.governance.layers import LoadTerm
from gisgov.governance.workload import LoadAttribute
from gisgov.services.editing.change import Change, Stated
from gisgov.services.editing.deltas import Delta
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts_writing import FigureTable
from gisgov.types import Floats, Ints, Texts

_COUNTED = (LoadAttribute.POPULATION, LoadAttribute.HOUSEHOLDS)


def keep_unknown(delta: Delta, change: Change, codes: Texts, blocks: BlockTable, label: Ints) -> None:
    """Let areas that come of areas of which nobody knows the people, and of blocks without any, not state 0.

    What puts back a state that there was says itself what areas state.
    """
    before = [area for code, area in delta.areas.items() if code in delta.ground]
    unknown = [
        all(area.population is None for area in before),
        all(area.households is None for area in before),
    ]
    if not before or not any(unknown) or not change.keeps_locks:
        return
    sums = [_sums(values, label, len(codes)) for values in (blocks.population, blocks.households)]
    for i, code in enumerate(codes):
        own = [int(one[i]) for one in sums]
        population, households = (
            None if is_unknown and not count else count
            for is_unknown, count in zip(unknown, own, strict=True)
        )
        if delta.facts[code].stated is None and [population, households] != own:
            delta.facts[code] = replace(delta.facts[code], stated=(population, households))


def stated_counts(figures: FigureTable, stated: Sequence[Stated | None]) -> tuple[Texts, Texts]:
    """Return people and households of areas, as they state them or their blocks have them."""
    population, households = np.empty((2, len(stated)), dtype=object)
    for i, own in enumerate(zip(figures.population.tolist(), figures.households.tolist(), strict=True)):
        population[i], households[i] = stated[i] or own
    return population, households


def stated_work(rule: tuple[LoadTerm, ...], figures: FigureTable, stated: Sequence[Stated | None]) -> Floats:
    """Return the work of people that areas state where their blocks have none, in targets."""
    work = np.zeros(len(figures.codes))
    for term in rule:
        for place, own in enumerate((figures.population, figures.households)):
            if term.attribute == _COUNTED[place].value:
                said = np.array([0 if one is None else one[place] or 0 for one in stated], dtype=np.float64)
                work += term.weight * np.where(own == 0, said, 0.0) / term.target
    return work


def _sums(values: Ints, label: Ints, count: int) -> Ints:
    placed = label >= 0
    return np.bincount(label[placed], weights=values[placed], minlength=count).astype(np.int64)
