"""What blocks are built by, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.errors import InputError
from gisgov.types import Bools, Geometries, Ints, Texts


@dataclass(frozen=True, slots=True)
class BlockTolerances:
    """How near is the same, and how small is no block of its own; metres and square metres.

    Attributes
    ----------
    snap_m : float
        A line's end that misses another line by less than this is drawn on to it.
    carriageway_m : float
        Ground between collectors, arterials, railways or banks is a strip of the road where no block is as
        wide: between the two carriageways, between a road and its slip lane, on a traffic island.
    sliver_width_m : float
        Ground of any kind that is narrower on average (twice the area over the perimeter) is no block.
    sliver_area_m2 : float
        Nor is smaller ground.
    enclosed_area_m2 : float
        Smaller ground with one other block all around it belongs to that; not water, not a compound.
    reach_m : float
        Metres along a river after which it is cut across; 0 for never. Water stays whole that is at most
        1.5 times as long, or at most 3 times as long as wide.

    Raises
    ------
    InputError
        One is negative or not finite.

    Examples
    --------
    >>> BlockTolerances(snap_m=2.0).carriageway_m
    40.0
    """

    snap_m: float = 5.0
    carriageway_m: float = 40.0
    sliver_width_m: float = 8.0
    sliver_area_m2: float = 1000.0
    enclosed_area_m2: float = 20_000.0
    reach_m: float = 600.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not 0.0 <= value < float("inf"):
                raise InputError(
                    f"The tolerance {name} is {value}.", hint="Give a number from 0.", field=name
                )


@dataclass(frozen=True, slots=True)
class BlockReport:
    """What was done to the lines and to the ground between them.

    Attributes
    ----------
    lines : int
        Lines that were used: not empty, and on or above the ground.
    tunnels : int
        Lines under the ground, which divide nothing.
    overpasses : int
        Places where a line crosses one of another level without a common vertex.
    elevated_left_out_m : float
        Metres of lines above the ground that divide nothing, because a line on the ground runs beside them
        or because they cross a water body.
    snapped_ends : int
        Ends of lines drawn on to a line that they missed.
    dangles : int
        Dead ends: they bound no block.
    dangle_m : float
        Metres of dead ends, and of lines that only join one part of the ground's lines to another.
    carriageways : int
        Strips between carriageways, slip lanes and traffic islands that were put to a block beside them.
    slivers : int
        Other ground too narrow, too small or enclosed, put to the block with the longest border.
    small_left : int
        Blocks that are too narrow or too small, but have no neighbour in their parent.
    compound_m : float
        Metres of local streets inside compounds, which divide nothing.
    water : int
        Blocks that are water.
    reaches : int
        Those of them that are pieces of a river that was cut across.
    contested_m2 : float
        Ground that several parents claim; it went to the one with the lowest number.
    """

    lines: int
    tunnels: int
    overpasses: int
    elevated_left_out_m: float
    snapped_ends: int
    dangles: int
    dangle_m: float
    carriageways: int
    slivers: int
    small_left: int
    compound_m: float
    water: int
    reaches: int
    contested_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class BuiltBlocks:
    """Blocks with their borders, in stored coordinates (EPSG:4326, grid of 1e-7°).

    Attributes
    ----------
    geometries : numpy.ndarray of shapely.Polygon, shape (n,)
        The ground of each block: by parent, then by key.
    parent : numpy.ndarray of int, shape (n,)
        In which of the parents it lies.
    key : numpy.ndarray of str, shape (n,)
        Names it by its own ground: the geohash of its centre of gravity, with a number where two blocks have
        the same. Neither the order of what was given nor changes elsewhere alter it.
    is_water : numpy.ndarray of bool, shape (n,)
        Whether it lies in one of the water bodies.
    edges : numpy.ndarray of shapely.LineString, shape (m,)
        All borders of blocks, vertex to vertex and each once, cut where three meet and where the class
        changes.
    edge_class : numpy.ndarray of int, shape (m,)
        What lies there: `gisgov.geometry.edge_classes.EdgeClass`.
    report : BlockReport
        What was done.
    """

    geometries: Geometries
    parent: Ints
    key: Texts
    is_water: Bools
    edges: Geometries
    edge_class: Ints
    report: BlockReport

    def __len__(self) -> int:
        return len(self.geometries)
