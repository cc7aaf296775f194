"""Maps as text, so that a reader of a test can count the expected value by hand."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.types import Geometries, Texts


def areas_from_grid(
    picture: str, *, cell_m: float = 100.0, origin: tuple[float, float] = (0.0, 0.0)
) -> tuple[Texts, Geometries]:
    r"""Draw areas as letters on a grid of square cells.

    Parameters
    ----------
    picture : str
        Rows from north to south; each character is one cell, equal letters are one area,
        a space or ``.`` is no area.
    cell_m : float
        Side of a cell, in the units of the plane (metres by habit).
    origin : tuple of float
        Coordinate of the picture's south-west corner.

    Returns
    -------
    names, polygons : numpy.ndarray
        The letters in alphabetical order and, parallel to them, their Polygon or MultiPolygon.
        Neighbouring cells share every vertex: each corner of a cell is a vertex of its area.

    Examples
    --------
    >>> names, polygons = areas_from_grid("AAB\nACB")
    >>> [(str(n), float(p.area)) for n, p in zip(names, polygons)]
    [('A', 30000.0), ('B', 20000.0), ('C', 10000.0)]
    """
    rows = [row for row in picture.splitlines() if row.strip(" .")]
    names = sorted({letter for row in rows for letter in row} - {" ", "."})
    west, south = origin
    corners: dict[str, list[shapely.Polygon]] = {name: [] for name in names}
    for i, row in enumerate(rows):
        y = south + (len(rows) - 1 - i) * cell_m
        for j, letter in enumerate(row):
            if letter in corners:
                x = west + j * cell_m
                corners[letter].append(shapely.box(x, y, x + cell_m, y + cell_m))
    # coverage_union keeps the corners of cells as vertices where union_all would dissolve them away
    polygons = [shapely.coverage_union_all(corners[name]) for name in names]
    return np.array(names, dtype=object), np.array(polygons, dtype=object)
