"""Areas or square cells tested for hot spots of building risk: their values, neighbours and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.crs import CoordinateSystem, from_wgs84, to_wgs84_geometries
from gisgov.geometry.hotspots import LocalG, getis_ord_star
from gisgov.governance.thematic import Contiguity, HotspotResult, HotspotUnit, RiskMeasure
from gisgov.types import Bools, Floats, Geometries, Ints, Texts
from maps import areas
from maps.buildings import footprint_shapes
from maps.counts import CLASSES, class_codes_of, risk_by_grid
from maps.measured import measured_values
from maps.plane import Plane

RESULTS: Final = tuple(HotspotResult)
_LEAST_CELL_M, _MOST_CELL_M = 25.0, 20_000.0
_MOST_CELLS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tested, and how.

    Attributes
    ----------
    unit : HotspotUnit
        Areas, or square cells.
    measure : RiskMeasure
        Whose values; cells have no people on record, so none per 1,000 of them.
    contiguity : Contiguity
        Which of them are neighbours.
    cell_m : float
        Side of a cell, metres.
    alpha : float
        Rate of false discoveries.
    permutations, seed : int
        See `gisgov.geometry.hotspots.getis_ord_star`.
    """

    unit: HotspotUnit = HotspotUnit.AREAS
    measure: RiskMeasure = RiskMeasure.SHARE
    contiguity: Contiguity = Contiguity.QUEEN
    cell_m: float = 500.0
    alpha: float = 0.05
    permutations: int = 9999
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be tested.

        Raises
        ------
        InputError
            People of cells are asked for, or cells too small or too large.
        """
        if self.unit is HotspotUnit.CELLS and self.measure is RiskMeasure.PER_1000:
            raise InputError(
                "Cells have no people on record.", hint="Test areas, or another measure.", field="measure"
            )
        if not _LEAST_CELL_M <= self.cell_m <= _MOST_CELL_M:
            raise InputError(
                f"Cells of {self.cell_m:g} m cannot be tested.",
                hint=f"Give from {_LEAST_CELL_M:g} to {_MOST_CELL_M:g} m.",
                field="cell_m",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units with their results.

    Attributes
    ----------
    shapes : (n,) array of shapely geometries
        EPSG:4326.
    values : (n,) array of float
        What was tested, NaN where there is none.
    buildings, warnings : (n,) array of int
        Buildings of each, and its warning ones.
    found : LocalG
        The statistic.
    names : (n,) array of str
        Of cells: the coordinates of their lower left corner. Empty for areas.
    """

    shapes: Geometries
    values: Floats
    buildings: Ints
    warnings: Ints
    found: LocalG
    names: Texts = field(default_factory=lambda: np.empty(0, dtype=object))

    @property
    def results(self) -> Ints:
        """Places in `RESULTS`."""
        is_high = self.found.z > 0
        return np.select(
            [~np.isfinite(self.found.p), self.found.is_kept & is_high, self.found.is_kept],
            [RESULTS.index(HotspotResult.UNTESTED), 0, 1],
            RESULTS.index(HotspotResult.NONE),
        ).astype(np.int64)

    @property
    def is_empty(self) -> Bools:
        """Which have no value to be tested."""
        return ~np.isfinite(self.values)


def units_of_areas(buildings: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, plane: Plane, asked: Asked) -> Units:
    """Test areas; see `maps.hotspots.document`."""
    by_grid = risk_by_grid(buildings, grids)
    values = measured_values(by_grid, asked.measure)
    shapes = areas.geometries(grids)
    pairs = area_pairs(shapes, plane.system, asked.contiguity)
    return Units(
        shapes,
        values,
        by_grid["buildings"].to_numpy(dtype=np.int64),
        by_grid["warning"].to_numpy(dtype=np.int64),
        _tested(values, pairs, asked),
    )


def units_of_cells(buildings: gpd.GeoDataFrame, plane: Plane, asked: Asked) -> Units:
    """Test square cells of the plane that hold a building.

    Raises
    ------
    InputError
        There would be too many cells.
    """
    west, south, east, north = shapely.bounds(footprint_shapes(buildings)).T
    x, y = from_wgs84((west + east) / 2, (south + north) / 2, plane.system)
    at = np.floor(np.stack([x, y], axis=1) / asked.cell_m).astype(np.int64)
    places, cell = np.unique(at, axis=0, return_inverse=True)
    if len(places) > _MOST_CELLS:
        raise InputError(
            f"Buildings lie in {len(places):,} cells of {asked.cell_m:g} m.",
            hint=f"Give a larger cell: at most {_MOST_CELLS:,} are tested.",
            field="cell_m",
        )
    is_warning = class_codes_of(buildings) == CLASSES.index("warning")
    total = np.bincount(cell.reshape(-1), minlength=len(places)).astype(np.int64)
    warnings = np.bincount(cell.reshape(-1)[is_warning], minlength=len(places)).astype(np.int64)
    values = warnings / total if asked.measure is RiskMeasure.SHARE else warnings.astype(np.float64)
    left, bottom = (places * asked.cell_m).T
    boxes = np.asarray(shapely.box(left, bottom, left + asked.cell_m, bottom + asked.cell_m), dtype=object)
    return Units(
        to_wgs84_geometries(boxes.reshape(-1), plane.system),
        values,
        total,
        warnings,
        _tested(values, cell_pairs(places, asked.contiguity), asked),
        np.array(
            [f"{one:.0f} E {other:.0f} N" for one, other in zip(left, bottom, strict=True)], dtype=object
        ),
    )


def _tested(values: Floats, pairs: Ints, asked: Asked) -> LocalG:
    return getis_ord_star(values, pairs, alpha=asked.alpha, permutations=asked.permutations, seed=asked.seed)


def area_pairs(shapes: Geometries, working: CoordinateSystem, contiguity: Contiguity) -> Ints:
    r"""Return areas that are neighbours, each pair once, the smaller number first.

    Parameters
    ----------
    shapes : (n,) array of Polygon or MultiPolygon
        EPSG:4326, common vertices equal to the bit.
    working : CoordinateSystem
        The plane in which common borders are measured.
    contiguity : Contiguity
        ``rook``: with a common border of some length; ``queen``: or a common point.

    Examples
    --------
    >>> from gisgov.geometry.crs import working_crs
    >>> from gisgov.testing import areas_from_grid
    >>> _, squares = areas_from_grid("AB\nCD", cell_m=0.01, origin=(114.0, 30.5))
    >>> plane = working_crs(114.0, 30.5)
    >>> [len(area_pairs(squares, plane, contiguity)) for contiguity in Contiguity]
    [4, 6]
    """
    borders = shared_borders(shapes, working=working)
    pairs = np.stack([borders.a, borders.b], axis=1)
    if contiguity is Contiguity.QUEEN:
        one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        meeting = np.stack([one, other], axis=1)[one < other]
        pairs = np.unique(np.concatenate([pairs, meeting]), axis=0)
    return pairs.astype(np.int64)


def cell_pairs(places: Ints, contiguity: Contiguity) -> Ints:
    """Return cells that are neighbours, each pair once.

    Parameters
    ----------
    places : (n, 2) array of int
        Column and row of each cell, each once.
    contiguity : Contiguity
        ``rook``: with a common side; ``queen``: or a common corner.

    Examples
    --------
    >>> cells = np.array([[0, 0], [1, 0], [1, 1], [5, 5]])
    >>> cell_pairs(cells, Contiguity.ROOK).tolist(), len(cell_pairs(cells, Contiguity.QUEEN))
    ([[0, 1], [1, 2]], 3)
    """
    known = {place: number for number, place in enumerate(map(tuple, places.tolist()))}
    steps = [(1, 0), (0, 1), *([(1, 1), (1, -1)] if contiguity is Contiguity.QUEEN else [])]
    pairs = [
        (number, known[other])
        for (column, row), number in known.items()
        for across, up in steps
        if (other := (column + across, row + up)) in known
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
