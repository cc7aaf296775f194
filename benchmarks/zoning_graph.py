"""The graph of blocks with the length of every common border: against libpysal's contiguity.

libpysal is asked twice: for the pairs alone (rook), and with lengths of borders (``by_perimeter``), which is
what a graph of blocks is for; ours tells besides what lies along each border. All answers are compared.
It is left out where it is not installed (`make bench` installs it). Kernels are compiled before the clock
starts.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import geopandas
import numpy as np
import shapely

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.districts import MIDDLE, SMALL, Size, district
from gisgov.geometry.adjacency import Borders, shared_borders
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.edges import Edges
from gisgov.geometry.snap import snap
from gisgov.types import Geometries, Ints

_NEED = 4.0
_LIMIT_S = 1.0
_ZONE = "EPSG:4547"


def blocks_and_streets(size: Size, seed: int = 1) -> tuple[Geometries, Geometries, Ints]:
    """Give the blocks of a district in WGS84, and all their borders as lines with a class each.

    A line for every segment is the most that classes can cost.
    """
    zone = parse_crs(_ZONE)
    blocks = snap(to_wgs84_geometries(district(size).polygons, zone))
    lower, upper, _ = Edges(blocks).canonical()
    ends = np.unique(np.column_stack((lower, upper)), axis=0)
    lines: Geometries = np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)))
    return blocks, lines, np.random.default_rng(seed).integers(0, len(EdgeClass), len(lines))


def same(ours: Borders, graph: Any, areas: Geometries, *, has_lengths: bool) -> int:
    """Refuse to go on where libpysal found other neighbours or other lengths.

    Pairs that meet in points alone are none. libpysal has some where a corner stands twice running; how many
    is returned.
    """
    theirs = graph.adjacency.reset_index()
    theirs = theirs[theirs["focal"] < theirs["neighbor"]].sort_values(["focal", "neighbor"])
    a, b = theirs["focal"].to_numpy(), theirs["neighbor"].to_numpy()
    is_ours = np.isin(a << 32 | b, ours.a << 32 | ours.b)
    touching = shapely.length(shapely.intersection(areas[a[~is_ours]], areas[b[~is_ours]]))
    assert not touching.any(), "libpysal has neighbours that we have not"
    assert np.array_equal(ours.a, a[is_ours]), "other neighbours"
    assert np.array_equal(ours.b, b[is_ours]), "other neighbours"
    if has_lengths:
        length = theirs["weight"].to_numpy()[is_ours]
        assert np.allclose(ours.length_m, length, rtol=0, atol=1e-6), "other lengths"
    return len(touching)


def main() -> None:
    """Time both on one set of blocks."""
    areas, streets, classes = blocks_and_streets(SMALL if QUICK else MIDDLE)
    zone = parse_crs(_ZONE)
    shared_borders(areas[:100], working=zone, edges=streets[:100], edge_class=classes[:100])

    name = f"zoning-graph-{len(areas)}"
    ours_s, ours = timed(
        lambda: shared_borders(areas, working=zone, edges=streets, edge_class=classes), runs=5
    )
    plain_s, _ = timed(lambda: shared_borders(areas, working=zone), runs=5)
    assert ours.class_length_m[:, 0].sum() < ours.length_m.sum(), "no border has a class"
    note(f"{name} {len(ours)} pairs; without classes {plain_s:.3f}s")
    try:
        libpysal = importlib.import_module("libpysal.graph")
    except ImportError:
        note("peer libpysal is not installed")
        return
    # the peer measures in the units of the frame: the plane, to which ours has transformed the vertices
    frame = geopandas.GeoSeries(areas, crs="EPSG:4326").to_crs(_ZONE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pairs_s, pairs = timed(lambda: libpysal.Graph.build_contiguity(frame, rook=True), runs=2)
        lengths_s, lengths = timed(
            lambda: libpysal.Graph.build_contiguity(frame, rook=True, by_perimeter=True), runs=1
        )
    more = same(ours, pairs, areas, has_lengths=False)
    same(ours, lengths, areas, has_lengths=True)
    note(f"{name} libpysal has {more} pairs more, which meet in points alone")
    show(Bar(name, ours_s, "libpysal-rook", pairs_s, need=_NEED, limit_s=_LIMIT_S))
    show(Bar(f"{name}-lengths", ours_s, "libpysal-by_perimeter", lengths_s, need=_NEED, limit_s=_LIMIT_S))


if __name__ == "__main__":
    main()
