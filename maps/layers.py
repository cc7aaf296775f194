"""Layers of a map: shapes, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.types import Geometries, Ints, Json

STEP_DEG = 1e-6
"""Coordinates of a page are rounded to this: 0.11 m, a third of a pixel at the closest zoom."""

ColumnKind = Literal["code", "number", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """One value per feature, and how a page shows it.

    Attributes
    ----------
    key : str
        Name by which the page's instructions refer to it.
    title : str
        Heading in the page's language.
    kind : {"code", "number", "text"}
        ``code``: one of few ``values``; ``number``; ``text``.
    data : sequence
        Parallel to the features. ``code``: indices into ``values``, −1 for missing; ``number``: floats, NaN
        for missing; ``text``: str, None for missing.
    values : tuple of str
        Texts of the codes.
    digits : int
        Decimal places kept of a number.
    unit : str
        Unit set after a number.
    format : {"", "share", "signed", "plain"}
        ``share``: 0..1 shown in per cent; ``signed``: the same with its sign; ``plain``: without thousands
        separators (years, ordinals).
    """

    key: str
    title: str
    kind: ColumnKind
    data: Sequence[object] | npt.NDArray[np.generic]
    values: tuple[str, ...] = ()
    digits: int = 0
    unit: str = ""
    format: Literal["", "share", "signed", "plain"] = ""


def rings_of(shapes: Geometries) -> tuple[Geometries, Ints]:
    """Take polygons apart into rings: exteriors counterclockwise, holes clockwise.

    Parameters
    ----------
    shapes : (n,) array of Polygon or MultiPolygon

    Returns
    -------
    rings, place : (m,) arrays
        The rings, and which of the shapes each is of, rising.

    Examples
    --------
    >>> import shapely
    >>> square = shapely.box(0, 0, 1, 1)
    >>> _, place = rings_of(np.array([square, shapely.MultiPolygon([square, shapely.box(2, 0, 3, 1)])]))
    >>> place.tolist()
    [0, 1, 1]
    """
    parts, shape = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, shape[part]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Shapes of one kind with their columns.

    Attributes
    ----------
    id : str
        Name by which views refer to it.
    shapes : (n,) array of shapely geometries
        All points, all (Multi)LineStrings, or all (Multi)Polygons; EPSG:4326, none missing or empty.
    columns : tuple of Column
        Parallel to ``shapes``.
    step : float
        Degrees that a page's coordinates are rounded to.
    keep_order : bool
        Leave the features in this order (they are drawn and listed in it); otherwise a page may sort them.
    card : dict, optional
        What the hover card shows: ``title`` and ``rows`` (keys of columns), ``colours`` of codes.
    """

    id: str
    shapes: Geometries
    columns: tuple[Column, ...]
    step: float = STEP_DEG
    keep_order: bool = False
    card: Json | None = None

    def column(self, key: str) -> Column | None:
        """Return the column of that key, None where the layer has none."""
        return next((column for column in self.columns if column.key == key), None)
