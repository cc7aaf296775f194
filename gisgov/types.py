"""Array types that every room shares; shapes and units are said where they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
SmallInts: TypeAlias = npt.NDArray[np.int32]
Unsigned: TypeAlias = npt.NDArray[np.uint64]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Bools: TypeAlias = npt.NDArray[np.bool_]
Texts: TypeAlias = npt.NDArray[np.object_]
Geometries: TypeAlias = npt.NDArray[np.object_]
"""Array of shapely geometries (object dtype); ``None`` stands for a missing one."""

BBox: TypeAlias = tuple[float, float, float, float]
"""``(west, south, east, north)`` in the coordinate system said beside it."""

Json: TypeAlias = dict[str, Any]

Item = TypeVar("Item")


class Progress(Protocol):
    """What long work tells of its advance; the edge decides how it is shown."""

    def __call__(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
        """Yield the items and tell how far the work called ``label`` has come."""
        ...


def silent(items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:  # noqa: ARG001
    """Progress that shows nothing: the default of every service."""
    yield from items
