"""Random ground: whatever it looks like, what is to be kept is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisgov.zoning import Aims, Blocks, Rules, apportion, connected_parts, graph_from_borders, redivide
from gisgov.zoning.contracting import nodes_of
from gisgov.zoning.graph import count_parts

CELL_M = 100.0


def ground(seed: int, *, wide: int, parents: int, holes: float, empty: float) -> Blocks:
    """Draw cells of a lattice, some missing, with parents grown from seeds that may be torn by the holes."""
    chance = np.random.default_rng(seed)
    kept = np.flatnonzero(chance.random(wide * wide) >= holes)
    if not len(kept):
        kept = np.array([0])
    number = np.full(wide * wide, -1)
    number[kept] = np.arange(len(kept))
    row, column = kept // wide, kept % wide
    a, b = [], []
    for down, right in ((0, 1), (1, 0)):
        inside = (row + down < wide) & (column + right < wide)
        other = number[(row[inside] + down) * wide + column[inside] + right]
        a.extend(np.flatnonzero(inside)[other >= 0].tolist())
        b.extend(other[other >= 0].tolist())
    first = chance.choice(len(kept), min(parents, len(kept)), replace=False)
    away = np.hypot(row[:, None] - row[first], column[:, None] - column[first])
    _, parent = np.unique(away.argmin(axis=1), return_inverse=True)
    people = np.where(chance.random(len(kept)) < empty, 0, chance.lognormal(4, 1, len(kept))).astype(np.int64)
    kind = chance.integers(0, 3, len(a))
    return Blocks(
        graph_from_borders(
            np.array(a, dtype=np.int64), np.array(b, dtype=np.int64), np.full(len(a), CELL_M),
            count=len(kept), cost_m=CELL_M * np.array([1.0, 0.7, 0.5])[kind], major_m=CELL_M * (kind > 0),
        ),
        parent, column * CELL_M, row * CELL_M, people, people / 500.0,
        np.full(len(kept), CELL_M**2), np.full(len(kept), 4 * CELL_M),
    )  # fmt: skip


def kept(blocks: Blocks, labels: np.ndarray, counts: np.ndarray) -> None:
    """Every block once, exact numbers, each area in one parent and in no more pieces than its parent asks."""
    assert labels.shape == (len(blocks),)
    assert np.array_equal(np.unique(labels), np.arange(counts.sum()))
    pairs = np.unique(np.column_stack((labels, blocks.parent)), axis=0)
    assert len(pairs) == counts.sum()
    assert np.array_equal(np.bincount(pairs[:, 1], minlength=len(counts)), counts)
    assert (np.diff(pairs[:, 1]) >= 0).all()  # parent by parent
    part = connected_parts(blocks.graph, blocks.parent)
    parts = count_parts(blocks.graph, labels)
    for area in np.flatnonzero(parts > 1):
        # each piece of the area in a piece of its own of the parent
        assert parts[area] == len(np.unique(part[labels == area]))


ground_of = st.builds(
    ground,
    st.integers(0, 10**6),
    wide=st.integers(1, 12),
    parents=st.integers(1, 5),
    holes=st.sampled_from([0.0, 0.2, 0.5]),
    empty=st.sampled_from([0.0, 0.3, 1.0]),
)
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def counts_of(blocks: Blocks, share: float) -> np.ndarray:
    size = np.bincount(blocks.parent)
    total = int(len(size) + share * (size.sum() - len(size)))
    return apportion(np.bincount(blocks.parent, weights=blocks.load), total, at_most=size)


@quick
@given(ground_of, st.sampled_from([0.0, 0.1, 0.3, 1.0]), st.integers(0, 99))
def test_new_divisions_keep_what_is_to_be_kept(blocks: Blocks, share: float, seed: int) -> None:
    counts = counts_of(blocks, share)
    found = redivide(blocks, counts, seed=seed, threads=2)
    kept(blocks, found.labels, counts)
    assert found.figures.population.sum() == blocks.population.sum()
    assert found.figures.load.sum() == pytest.approx(blocks.load.sum())
    assert found.labels.tobytes() == redivide(blocks, counts, seed=seed, threads=1).labels.tobytes()


@quick
@given(
    ground_of, st.sampled_from([0.1, 0.3]), st.sampled_from([-1, 0, 1, 2]), st.booleans(), st.integers(0, 99)
)
def test_present_divisions_change_and_stay_whole(
    blocks: Blocks, share: float, more: int, leaves_some: bool, seed: int
) -> None:
    counts = counts_of(blocks, share)
    current = redivide(blocks, counts, seed=seed).labels
    chance = np.random.default_rng(seed)
    if leaves_some:
        current = np.where(chance.random(len(blocks)) < 0.1, -1, current)
    size = np.bincount(blocks.parent)
    wanted = np.clip(counts + more, 1, size)
    found = redivide(blocks, wanted, current=current, seed=seed)
    kept(blocks, found.labels, wanted)
    moved = (current >= 0) & (found.origin[found.labels] != current)
    assert found.moved_population == blocks.population[moved].sum()
    assert found.moved_population >= found.bounds.least_moved_population or any(
        abs(found.figures.deviation) > Aims().limit
    )
    continued = found.origin[found.origin >= 0]
    assert len(np.unique(continued)) == len(continued)


@quick
@given(ground_of, st.sampled_from([0.1, 0.3]), st.integers(0, 99))
def test_locked_areas_stay_to_the_block(blocks: Blocks, share: float, seed: int) -> None:
    counts = counts_of(blocks, share)
    current = redivide(blocks, counts, seed=seed).labels
    areas = np.random.default_rng(seed).random(counts.sum()) < 0.4
    found = redivide(blocks, counts, current=current, rules=Rules(locked=areas[current]), seed=seed + 1)
    kept(blocks, found.labels, counts)
    stays = areas[current]
    assert np.array_equal(found.origin[found.labels][stays], current[stays])
    assert not np.isin(found.origin[found.labels][~stays], np.flatnonzero(areas)).any()


@quick
@given(ground_of, st.sampled_from([0.1, 0.3]), st.integers(0, 99))
def test_groups_stay_together_and_seats_apart(blocks: Blocks, share: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    together = np.full(len(blocks), -1)
    for group in range(3):
        one = int(chance.integers(len(blocks)))
        near = np.hypot(blocks.x - blocks.x[one], blocks.y - blocks.y[one]) < 1.5 * CELL_M
        part = connected_parts(blocks.graph, blocks.parent)
        together[near & (together < 0) & (part == part[one])] = group
    nodes = nodes_of(blocks, Rules(together=together), None)
    _, first = np.unique(nodes.of_block, return_index=True)
    counts = np.minimum(counts_of(blocks, share), np.bincount(blocks.parent[first]))
    seats = np.array([int(chance.choice(np.flatnonzero(blocks.parent == p))) for p in range(blocks.parents)])
    found = redivide(blocks, counts, rules=Rules(together=together, seats=seats), seed=seed)
    kept(blocks, found.labels, counts)
    for group in np.unique(together[together >= 0]):
        assert len(np.unique(found.labels[together == group])) == 1
    assert np.bincount(found.labels[seats]).max() == 1
