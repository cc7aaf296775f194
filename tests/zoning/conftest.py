"""Lattices of square cells: the pictures in which divisions are tested."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.zoning.divide import divide
from gisgov.zoning.evaluate import evaluate
from gisgov.zoning.graph import graph_from_borders

CELL_M = 100.0


class Lattice:
    """Square cells; those of ``picture`` that are spaces or dots do not exist, letters are parents."""

    def __init__(self, picture: str) -> None:
        rows = [row for row in picture.splitlines() if row.strip(" .")]
        cells = [(i, j) for i, row in enumerate(rows) for j, mark in enumerate(row) if mark not in " ."]
        number = {cell: k for k, cell in enumerate(cells)}
        pairs = [
            (k, number[i + di, j + dj])
            for (i, j), k in number.items()
            for di, dj in ((0, 1), (1, 0))
            if (i + di, j + dj) in number
        ]
        a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        letters = sorted({rows[i][j] for i, j in cells})
        self.graph = graph_from_borders(a, b, np.full(len(a), CELL_M), count=len(cells))
        self.parent = np.array([letters.index(rows[i][j]) for i, j in cells])
        self.x = np.array([j * CELL_M for _, j in cells])
        self.y = np.array([-i * CELL_M for i, _ in cells])
        self.load = np.ones(len(cells))
        self.area_m2 = np.full(len(cells), CELL_M**2)
        self.perimeter_m = np.full(len(cells), 4 * CELL_M)

    def divide(self, counts, **options):
        return divide(
            self.graph, np.array(counts), parent=self.parent, x=self.x, y=self.y, load=self.load,
            area_m2=self.area_m2, perimeter_m=self.perimeter_m, **options,
        )  # fmt: skip

    def evaluate(self, labels):
        return evaluate(
            self.graph, labels, parent=self.parent, load=self.load, area_m2=self.area_m2,
            perimeter_m=self.perimeter_m,
        )  # fmt: skip


@pytest.fixture(scope="session")
def lattice() -> type[Lattice]:
    """Draw a lattice: ``lattice("AAB\\nAAB")``."""
    return Lattice
