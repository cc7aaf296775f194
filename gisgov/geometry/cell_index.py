"""Who owns a point: areas in cells, so that most points are answered by looking one number up.

The rule is that of `gisgov.geometry.locate`: of all areas whose closed polygon covers the point, the one with
the smallest code owns it. It is decided on the coordinates as they are, without a tolerance, so that every
vertex and every point of a shared border has one owner, whatever order the areas come in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.geometry.cell_index_form import NO_COORDINATE, Bins, Blocks, Cells
from gisgov.geometry.cell_index_layout import lay_out, order_of, sound_rings
from gisgov.geometry.cell_index_locating import Locator, locator_of
from gisgov.geometry.cell_index_measuring import Borders, borders_of, plane_of
from gisgov.geometry.cell_index_points import OUTSIDE, AskedCells, LocatedOne, frame_from, held, points
from gisgov.geometry.locate import Located
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.types import Bools, Geometries, SmallInts, Texts

__all__ = ["FORM", "NO_COORDINATE", "CellIndex", "LocatedOne", "build_cell_index"]

FORM: Final = 3
"""Of the arrays; raised when what they mean changes, so it belongs into the names of files that keep them."""


class CellIndex:
    """Areas prepared for the question "who owns this point?".

    `build_cell_index` makes one of geometries, `CellIndex.from_arrays` of arrays that were kept. Several
    threads may ask it at once.

    Attributes
    ----------
    system : CoordinateSystem
        What the coordinates of areas and points mean.
    working : CoordinateSystem
        The plane in which distances are measured.
    """

    __slots__ = ("_asked", "_borders", "_geometries", "_locator", "_order", "system", "working")

    def __init__(
        self,
        asked: AskedCells,
        order: SmallInts,
        system: CoordinateSystem,
        working: CoordinateSystem,
        *,
        borders: Borders | None = None,
        geometries: Geometries | None = None,
    ) -> None:
        self.system, self.working = system, working
        self._asked, self._order = asked, held(order)
        self._borders, self._geometries = borders, geometries
        self._locator: Locator | None = None

    def __len__(self) -> int:
        return len(self._order)

    def owners(self, x: npt.ArrayLike, y: npt.ArrayLike) -> SmallInts:
        """Name the owner of each point.

        Parameters
        ----------
        x, y : array_like of float, shape (n,)
            Points in the system of the index.

        Returns
        -------
        numpy.ndarray of int32, shape (n,)
            Number of the owner as the areas were given, −1 outside every area, −2 (`NO_COORDINATE`) for a
            point that is not finite.

        Examples
        --------
        >>> from gisgov.testing import areas_from_grid
        >>> codes, areas = areas_from_grid("BA", cell_m=0.001, origin=(120.0, 30.0))
        >>> codes.tolist()
        ['A', 'B']
        >>> index = build_cell_index(areas, codes)
        >>> index.owners([120.0005, 120.001, 121.0, np.nan], [30.0005, 30.0005, 30.0005, 30.0]).tolist()
        [1, 0, -1, -2]
        """
        return self._asked.owners(*points(x, y))

    def on_border(self, x: npt.ArrayLike, y: npt.ArrayLike, owner: npt.ArrayLike) -> Bools:
        """Say whether each point lies on the border of an area, to the last bit of its coordinates.

        Parameters
        ----------
        x, y : array_like of float, shape (n,)
            Points in the system of the index.
        owner : array_like of int, shape (n,)
            The area of each; with what `owners` returned this is quickest. False for −1 and −2.
        """
        xs, ys = points(x, y)
        meant = np.asarray(owner).reshape(-1)
        found, told = self._asked.tell(xs, ys)
        answer: Bools = (told & 1 == 1) & (found == meant)
        told[found == meant] = 0
        point, area, is_on = self._asked.list_covering(xs, ys, told)
        answer[point[is_on & (area == meant[point])]] = True
        return answer

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Located:
        """Find the owner of each point, and all there is to say of it.

        Parameters
        ----------
        x, y : array_like of float, shape (n,)
            Points in the system of the index.

        Returns
        -------
        Located
            One row per point, in their order.

        Raises
        ------
        InputError
            The arrays that the index was made of were kept without borders.

        Examples
        --------
        >>> from gisgov.testing import areas_from_grid
        >>> codes, areas = areas_from_grid("BA", cell_m=0.001, origin=(120.0, 30.0))
        >>> found = build_cell_index(areas, codes).locate([120.0005, 120.001, 121.0], [30.0005] * 3)
        >>> found.area.tolist(), found.on_border.tolist(), found.candidates
        ([1, 0, -1], [False, True, False], ((), (1,), ()))
        >>> found.border_m.round().tolist(), found.nearest.tolist()
        ([48.0, 0.0, 96296.0], [1, 0, 0])
        """
        xs, ys = points(x, y)
        owner, told = self._asked.tell(xs, ys)
        area = np.maximum(owner, OUTSIDE).astype(np.int64)
        on_border: Bools = told & 1 == 1
        nearest, border_m = self._drawn().measure(xs, ys, area)
        border_m[on_border] = 0.0
        candidates: list[tuple[int, ...]] = [()] * len(xs)
        point, covering, _ = self._asked.list_covering(xs, ys, told)
        begin = np.flatnonzero(np.diff(point, prepend=-1)).tolist()
        for first, last in zip(begin, [*begin[1:], len(point)], strict=False):
            candidates[int(point[first])] = tuple(covering[first + 1 : last].tolist())
        return Located(area, on_border, border_m, nearest, tuple(candidates))

    def owner_one(self, x: float, y: float) -> int:
        """Return what `owners` says of one point, sooner."""
        found = self._asked.look_up(x, y)
        return found if found >= NO_COORDINATE else self._asked.tell_one(x, y)[0]

    def locate_one(self, x: float, y: float) -> LocatedOne:
        """Return what `locate` says of one point, sooner.

        Examples
        --------
        >>> from gisgov.testing import areas_from_grid
        >>> codes, areas = areas_from_grid("BA", cell_m=0.001, origin=(120.0, 30.0))
        >>> build_cell_index(areas, codes).locate_one(120.001, 30.0005)
        LocatedOne(area=0, on_border=True, border_m=0.0, nearest=0, candidates=(1,))
        """
        move, locate = self.locator
        # as LocatedOne(…) would, in a third of the time
        return tuple.__new__(LocatedOne, locate(x, y, *move(x, y)))

    @property
    def locator(self) -> Locator:
        """What `locate_one` does, for whoever moves points to the plane once for several indexes."""
        if self._locator is None:
            self._locator = locator_of(self._asked, self._drawn())
        return self._locator

    def make_ready(self) -> None:
        """Make what `locate_one` makes when it is first asked: to read or compile kernels takes seconds."""
        self._asked.make_ready()
        self.locate_one(self._asked.frame.west, self._asked.frame.south)

    def to_arrays(self, *, borders: bool = True) -> dict[str, npt.NDArray[Any]]:
        """Return all there is to keep, as arrays of numbers.

        Parameters
        ----------
        borders : bool
            Also the borders in the working plane, which `locate` needs and the other questions do not; they
            are drawn now if they were not before.

        Returns
        -------
        dict of str to numpy.ndarray
            Read-only; the index goes on using them. `from_arrays` reads them back.
        """
        names = [[one.name, one.title] for one in (self.system, self.working)]
        arrays: dict[str, npt.NDArray[Any]] = {
            "about": np.frombuffer(json.dumps([FORM, *names]).encode(), dtype=np.uint8),
            "frame": np.array(self._asked.frame, dtype=np.float64),
            "order": self._order,
            **self._asked.cells._asdict(),
        }
        if borders:
            drawn = self._drawn()
            arrays["border_frame"] = np.array(drawn.frame, dtype=np.float64)
            every = {"xy": drawn.xy, **drawn.bins._asdict(), **drawn.blocks._asdict()}
            arrays |= {f"border_{name}": array for name, array in every.items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> CellIndex:
        """Return the index that `to_arrays` took apart.

        Parameters
        ----------
        arrays : mapping of str to numpy.ndarray
            They are not copied, so they may lie in files that are mapped into memory, read-only.

        Raises
        ------
        InputError
            They were kept by another version of this program.
        """
        form, system, working = json.loads(arrays["about"].tobytes())
        if form != FORM:
            raise InputError(f"The index was kept in form {form}, not {FORM}.", hint="Build it anew.")
        cells = Cells(*(arrays[name] for name in Cells._fields))
        one, other, order = CoordinateSystem(*system), CoordinateSystem(*working), held(arrays["order"])
        borders = None
        if "border_xy" in arrays:
            bins = Bins(*(arrays[f"border_{name}"] for name in Bins._fields))
            frame = frame_from(arrays["border_frame"])
            blocks = Blocks(*(arrays[f"border_{name}"] for name in Blocks._fields))
            borders = Borders(frame, arrays["border_xy"], bins, blocks, order, one, other)
        return cls(AskedCells(frame_from(arrays["frame"]), cells), order, one, other, borders=borders)

    def _drawn(self) -> Borders:
        """Draw the borders in the plane when they are first needed."""
        if self._borders is None:
            if self._geometries is None:
                raise InputError(
                    "Distances cannot be measured: the index was kept without borders.",
                    hint="Keep it by to_arrays(borders=True).",
                )
            self._borders = borders_of(self._geometries, self._order, self.system, self.working)
            self._geometries = None
        return self._borders


def build_cell_index(
    geometries: Geometries,
    codes: Sequence[str] | Texts,
    system: CoordinateSystem = WGS84,
    working: CoordinateSystem | None = None,
) -> CellIndex:
    """Prepare areas for the question "who owns this point?".

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        Valid polygons or multipolygons in ``system``; they may lie over each other and leave gaps.
    codes : sequence of str, shape (m,)
        Their codes; compared by code point. Of two areas with one code the first wins.
    system : CoordinateSystem
        What the coordinates of areas and points mean.
    working : CoordinateSystem, optional
        The plane in which distances are measured; by default that of the centre of the areas.

    Returns
    -------
    CellIndex
        Of about 1.3 kB an area of 49 vertices; borders to measure to are drawn when they are first needed.

    Raises
    ------
    InputError
        When an area is missing, empty or invalid, or the codes do not match the areas in number.

    Examples
    --------
    >>> import shapely
    >>> index = build_cell_index(shapely.box([0, 1], 0, [1, 2], 1), ["B", "A"])
    >>> index.owners([0.5, 1.0, 1.5, 3.0], 0.5).tolist()
    [0, 1, 1, -1]
    """
    shapes: Geometries = np.asarray(geometries, dtype=object)
    if shapes.shape != (len(codes),):
        raise InputError(f"There are {len(shapes)} areas and {len(codes)} codes.")
    rings, order = sound_rings(shapes, codes), order_of(codes)
    frame, cells = lay_out(rings, order)
    plane = working or plane_of(shapes, system)
    return CellIndex(AskedCells(frame, cells), order, system, plane, geometries=shapes)
