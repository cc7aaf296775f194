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
from gisgov.geometry.adjacency import Borders, shared_borders
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.snap import snap
from gisgov.types import Geometries, Ints

COUNT = 10_000 if QUICK else 100_000
_NEED = 4.0
_LIMIT_S = 1.0
_ZONE = "EPSG:4547"
_BLOCK_M = 100.0
_ORIGIN = (500_000.0, 3_300_000.0)


def blocks_of_a_lattice(count: int, seed: int = 1) -> tuple[Geometries, Geometries, Ints]:
    """Draw about ``count`` blocks in WGS84, and the streets between them with their classes.

    The corners of a square lattice and the middles of its sides, all jittered: eight vertices a block, as
    blocks of towns have.
    """
    side = round(np.sqrt(count))
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(2 * side + 1), np.arange(2 * side + 1), indexing="ij")
    xy = np.stack((x, y), axis=2) + rng.uniform(-0.3, 0.3, (2 * side + 1, 2 * side + 1, 2))
    xy = xy * (_BLOCK_M / 2) + _ORIGIN
    around = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0)]
    rings = np.stack([xy[i : i + 2 * side - 1 : 2, j : j + 2 * side - 1 : 2] for i, j in around], axis=2)
    areas: Geometries = np.asarray(shapely.polygons(rings.reshape(side * side, len(around), 2)))
    streets = np.concatenate(
        [np.stack([along[j : j + 2 * side - 1 : 2, ::2] for j in range(3)], axis=2).reshape(-1, 3, 2)
         for along in (xy, xy.transpose(1, 0, 2))]
    )  # fmt: skip
    zone = parse_crs(_ZONE)
    lines: Geometries = np.asarray(shapely.linestrings(streets))
    classes: Ints = rng.integers(0, len(EdgeClass), len(lines))
    return snap(to_wgs84_geometries(areas, zone)), snap(to_wgs84_geometries(lines, zone)), classes


def same(ours: Borders, graph: Any, *, has_lengths: bool) -> None:
    """Refuse to go on where libpysal found other neighbours or other lengths."""
    theirs = graph.adjacency.reset_index()
    theirs = theirs[theirs["focal"] < theirs["neighbor"]].sort_values(["focal", "neighbor"])
    assert np.array_equal(ours.a, theirs["focal"]), "other neighbours"
    assert np.array_equal(ours.b, theirs["neighbor"]), "other neighbours"
    if has_lengths:
        assert np.allclose(ours.length_m, theirs["weight"], rtol=0, atol=1e-6), "other lengths"


def main() -> None:
    """Time both on one set of blocks."""
    areas, streets, classes = blocks_of_a_lattice(COUNT)
    zone = parse_crs(_ZONE)
    few, few_streets, few_classes = blocks_of_a_lattice(100)
    shared_borders(few, working=zone, edges=few_streets, edge_class=few_classes)

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
    same(ours, pairs, has_lengths=False)
    same(ours, lengths, has_lengths=True)
    show(Bar(name, ours_s, "libpysal-rook", pairs_s, need=_NEED, limit_s=_LIMIT_S))
    show(Bar(f"{name}-lengths", ours_s, "libpysal-by_perimeter", lengths_s, need=_NEED, limit_s=_LIMIT_S))


if __name__ == "__main__":
    main()
