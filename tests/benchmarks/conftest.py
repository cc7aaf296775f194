from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from benchmarks.districts import District
from gisgov.geometry.edge_classes import EdgeClass

CELL_M = 100.0


def _lattice(people: str, parents: str | None = None, areas: int = 2) -> District:
    """Square blocks of 100 m: a digit of people each, in parents by digits, from north to south.

    Borders between rows are arterials, those between columns local.
    """
    count = np.array([[int(digit) for digit in row] for row in people.split()])
    rows, columns = count.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    y, x = np.divmod(number.ravel(), columns)
    beside, below = number[:, :-1].ravel(), number[:-1].ravel()
    metres = np.zeros((len(beside) + len(below), len(EdgeClass)))
    metres[: len(beside), EdgeClass.LOCAL] = metres[len(beside) :, EdgeClass.ARTERIAL] = CELL_M
    sides = (x == 0) * 1.0 + (x == columns - 1) + (y == 0) + (y == rows - 1)
    of_parent = [int(digit) for row in parents.split() for digit in row] if parents else [0] * number.size
    return District(
        polygons=shapely.box(x * CELL_M, -y * CELL_M, (x + 1) * CELL_M, (1 - y) * CELL_M),
        x=(x + 0.5) * CELL_M,
        y=(0.5 - y) * CELL_M,
        area_m2=np.full(number.size, CELL_M**2),
        outer_m=sides * CELL_M,
        population=count.ravel(),
        parent=np.array(of_parent),
        a=np.concatenate([beside, below]),
        b=np.concatenate([beside + 1, below + columns]),
        class_length_m=metres,
        areas=areas,
    )


@pytest.fixture
def lattice() -> Callable[..., District]:
    """Return what makes a small district whose figures can be counted by hand."""
    return _lattice


@pytest.fixture
def labels() -> Callable[[str], np.ndarray]:
    """Return what reads a division from a picture of digits; ``.`` is a block without an area."""
    return lambda picture: np.array(
        [-1 if sign == "." else int(sign) for row in picture.split() for sign in row]
    )
