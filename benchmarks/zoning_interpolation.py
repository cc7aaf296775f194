"""People of census areas onto blocks: against tobler's areal interpolation.

tobler gives parts of people, in the plane that it is handed; ours gives whole people that add up area by
area, from stored coordinates, which it measures itself. So it is held to be as fast, and the answers
are compared: no block differs by more than one person for each area that it shares ground with. How many
people are lost by rounding tobler's answer is noted. tobler is left out where it is not installed (`make
bench` installs it).
"""

from __future__ import annotations

import importlib
import warnings

import geopandas
import numpy as np
import shapely

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.districts import MIDDLE, SMALL, Size, district
from gisgov.geometry.common_ground import CommonGround, common_ground
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.interpolation import Spread, spread_counts
from gisgov.geometry.snap import snap
from gisgov.types import Floats, Geometries, Ints

_ZONE = "EPSG:4547"
_NEED = 1.0
_LIMIT_S = 10.0
_BLOCKS_PER_AREA = 8


def areas_and_blocks(size: Size, seed: int = 1) -> tuple[Geometries, Ints, Geometries]:
    """Give squares with people, and the blocks of a district beneath them, both in WGS84."""
    zone = parse_crs(_ZONE)
    drawn = district(size).polygons
    west, south, east, north = shapely.total_bounds(drawn)
    step = np.sqrt((east - west) * (north - south) * _BLOCKS_PER_AREA / len(drawn))
    x, y = (one.ravel() for one in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step)))
    squares = shapely.box(x, y, x + step, y + step)
    people = np.random.default_rng(seed).integers(0, 5000, len(squares))
    return snap(to_wgs84_geometries(squares, zone)), people, snap(to_wgs84_geometries(drawn, zone))


def ours(areas: Geometries, people: Ints, blocks: Geometries) -> tuple[CommonGround, Spread]:
    """Spread people by ground."""
    common = common_ground(areas, blocks, parse_crs(_ZONE))
    spread = spread_counts(people, common.source, common.target, common.area_m2, targets=len(blocks))
    return common, spread


def same(common: CommonGround, spread: Spread, people: Ints, theirs: Floats) -> float:
    """Refuse to go on where people are lost or placed otherwise; return the largest difference."""
    assert spread.placed.sum() + spread.outside.sum() == people.sum(), "people were lost"
    shared = np.bincount(common.target[common.target >= 0], minlength=len(theirs))
    apart: Floats = np.abs(spread.placed - theirs)
    assert (apart < shared + 0.01).all(), "other people in a block"
    return float(apart.max())


def main() -> None:
    """Time both on one district."""
    areas, people, blocks = areas_and_blocks(SMALL if QUICK else MIDDLE)
    name = f"zoning-interpolation-{len(areas)}-{len(blocks)}"
    ours_s, (common, spread) = timed(lambda: ours(areas, people, blocks), runs=2)
    note(f"{name} {len(common.source)} pieces of common ground; every area's people add up")
    try:
        tobler = importlib.import_module("tobler.area_weighted")
    except ImportError:
        note("peer tobler is not installed")
        return
    sources = geopandas.GeoDataFrame({"people": people.astype(float)}, geometry=areas, crs=4326).to_crs(_ZONE)
    targets = geopandas.GeoDataFrame(geometry=blocks, crs=4326).to_crs(_ZONE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs_s, found = timed(
            lambda: tobler.area_interpolate(
                sources, targets, extensive_variables=["people"], allocate_total=False
            ),
            runs=2,
        )
    theirs = found["people"].to_numpy()
    apart = same(common, spread, people, theirs)
    lost = round(theirs.sum()) - int(np.round(theirs).sum())
    note(f"{name} largest difference {apart:.2f} people; tobler's, rounded, are {lost} people short")
    show(Bar(name, ours_s, "tobler-area_interpolate", theirs_s, need=_NEED, limit_s=_LIMIT_S))


if __name__ == "__main__":
    main()
