"""Lattices of square cells: the pictures in which divisions are tested."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gisgov.types import Ints
from gisgov.zoning import Blocks, graph_from_borders

CELL_M = 100.0


def drawn(picture: str, *, people: str | None = None, street: float = 1.0) -> Blocks:
    """Return square cells; those of ``picture`` that are spaces or dots do not exist, letters are parents.

    ``people`` has a digit per cell: so many thousand people, which are as much load; one each without it.
    A step to the south costs ``street`` metres a metre, and is along a major street where that is not 1.
    """
    rows = [row for row in picture.splitlines() if row.strip(" .")]
    cells = [(i, j) for i, row in enumerate(rows) for j, mark in enumerate(row) if mark not in " ."]
    number = {cell: k for k, cell in enumerate(cells)}
    pairs = [
        (k, number[i + di, j + dj], di)
        for (i, j), k in number.items()
        for di, dj in ((0, 1), (1, 0))
        if (i + di, j + dj) in number
    ]
    a, b, south = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
    letters = sorted({rows[i][j] for i, j in cells})
    many = np.ones(len(cells), dtype=np.int64)
    if people is not None:
        lines = [row for row in people.splitlines() if row]
        many = np.array([int(lines[i][j]) for i, j in cells], dtype=np.int64)
    return Blocks(
        graph_from_borders(
            a, b, np.full(len(a), CELL_M), count=len(cells),
            cost_m=np.where(south == 1, street, 1.0) * CELL_M,
            major_m=CELL_M * ((south == 1) & (street != 1.0)),
        ),
        np.array([letters.index(rows[i][j]) for i, j in cells], dtype=np.int64),
        np.array([j * CELL_M for _, j in cells]),
        np.array([-i * CELL_M for i, _ in cells]),
        1000 * many,
        many.astype(np.float64),
        np.full(len(cells), CELL_M**2),
        np.full(len(cells), 4 * CELL_M),
    )  # fmt: skip


def letters(picture: str) -> Ints:
    """Return a label per cell, capital letters from 0 in the order of the alphabet, ``-`` for none."""
    return np.array([ord(mark) - ord("A") if mark != "-" else -1 for mark in "".join(picture.split())])


@pytest.fixture(scope="session")
def draw() -> Callable[..., Blocks]:
    """Draw blocks: ``draw("AAB\\nAAB")``."""
    return drawn


@pytest.fixture(scope="session")
def labels() -> Callable[[str], Ints]:
    """Read labels: ``labels("AAB\\nAAB")``."""
    return letters
