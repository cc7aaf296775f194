"""How large the geometries of a file may be that somebody sends; what is larger is refused.

Whoever reads files of their own on their own machine is not limited; the processes that read uploads are.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import FileError

_DEEPEST: Final = 32
_POINT, _LINE, _POLYGON = 1, 2, 3
# byte order and type of a geometry that holds geometries: multipoint to multisurface, with or without Z and M
_HOLDERS: Final = re.compile(
    rb"\x01(?:[\x04-\x0c]\x00\x00[\x00\x20\x40\x60\x80\xa0\xc0\xe0]|[\xec-\xf4]\x03\x00\x00|"
    rb"[\xd4-\xdc]\x07\x00\x00|[\xbc-\xc4]\x0b\x00\x00)|"
    rb"\x00(?:[\x00\x20\x40\x60\x80\xa0\xc0\xe0]\x00\x00[\x04-\x0c]|\x00\x00\x03[\xec-\xf4]|"
    rb"\x00\x00\x07[\xd4-\xdc]|\x00\x00\x0b[\xbc-\xc4])"
)


@dataclass(frozen=True, slots=True)
class GeometryLimits:
    """The most that geometries may have.

    Attributes
    ----------
    vertices : int
        Vertices of all geometries of a file.
    vertices_of_one, parts_of_one : int
        Vertices and parts of one geometry.
    """

    vertices: int
    vertices_of_one: int
    parts_of_one: int


_limits: GeometryLimits | None = None


@contextmanager
def limited_geometry(limits: GeometryLimits) -> Iterator[None]:
    """Hold all files that this process reads within the block to limits."""
    global _limits
    before, _limits = _limits, limits
    try:
        yield
    finally:
        _limits = before


class Measured:
    """The geometries of a file, held to the limits as they are read.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._vertices = 0

    def take(self, wkb: npt.NDArray[np.object_], first_row: int) -> None:
        """Take some geometries as WKB, the rows from ``first_row`` on.

        Raises
        ------
        FileError
            One is, or all together are, larger than they may be.
        """
        if _limits is None:
            return
        for i, one in enumerate(wkb):
            if one is not None and len(one) > 9 * _DEEPEST and _holders_of(one) > _DEEPEST:
                self._refuse_deep(one, first_row + i)
        geometries = shapely.from_wkb(wkb, on_invalid="ignore")
        counts = shapely.get_num_coordinates(geometries)
        for what, found, most, setting in (
            ("vertices", counts, _limits.vertices_of_one, "GISGOV_MOST_VERTICES_OF_ONE"),
            (
                "parts",
                shapely.get_num_geometries(geometries),
                _limits.parts_of_one,
                "GISGOV_MOST_PARTS_OF_ONE",
            ),
        ):
            for i in np.flatnonzero(found > most)[:1].tolist():
                raise FileError(
                    f"The geometry in row {first_row + i} of {self._name} has {found[i]:,} {what}; "
                    f"one may have {most:,}.",
                    hint=f"Take it apart, or let whoever runs the service raise {setting}.",
                )
        self._vertices += int(counts.sum())
        if self._vertices > _limits.vertices:
            raise FileError(
                f"The geometries of {self._name} have more than {_limits.vertices:,} vertices together "
                f"({self._vertices:,} up to row {first_row + len(wkb) - 1}).",
                hint="Send it in parts, or let whoever runs the service raise GISGOV_MOST_VERTICES.",
            )

    def _refuse_deep(self, wkb: bytes, row: int) -> None:
        if _is_deep(wkb):
            raise FileError(
                f"The geometry in row {row} of {self._name} is a collection nested deeper than {_DEEPEST} "
                "levels.",
                hint="Write it as a multipolygon.",
            )


def _holders_of(wkb: bytes) -> int:
    """Return how many heads of collections there seem to be: coordinates may look like some."""
    return sum(1 for _ in _HOLDERS.finditer(wkb))


def _is_deep(wkb: bytes) -> bool:
    """Whether collections lie in each other deeper than any need: readers fill their stack with it."""
    place, left = 0, [1]
    with suppress(struct.error, IndexError):  # it breaks off: then no reader gets deeper either
        while left:
            if not left[-1]:
                left.pop()
                continue
            left[-1] -= 1
            order = "<I" if wkb[place] else ">I"
            kind, numbers, place = _head(wkb, place, order)
            if kind == _POINT:
                place += 8 * numbers
                continue
            (count,) = struct.unpack_from(order, wkb, place)
            place += 4
            if kind == _LINE:
                place += 8 * numbers * count
            elif kind == _POLYGON:
                for _ in range(count):
                    (vertices,) = struct.unpack_from(order, wkb, place)
                    place += 4 + 8 * numbers * vertices
            else:
                left.append(count)
                if len(left) > _DEEPEST + 1:
                    return True
    return False


def _head(wkb: bytes, place: int, order: str) -> tuple[int, int, int]:
    """Return the type of a geometry, how many numbers its vertices have, and where its content begins."""
    (code,) = struct.unpack_from(order, wkb, place + 1)
    plain = code & 0x1FFFFFFF
    thousands, kind = divmod(plain, 1000)
    numbers = (
        2 + (bool(code & 0x80000000) or thousands in (1, 3)) + (bool(code & 0x40000000) or thousands > 1)
    )
    return kind, numbers, place + (9 if code & 0x20000000 else 5)
