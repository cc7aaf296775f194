from __future__ import annotations

import numpy as np
import shapely

from benchmarks.zoning_graph import blocks_of_a_lattice
from gisgov.geometry.adjacency import shared_borders


def test_blocks_cover_their_ground_and_every_street_is_a_border():
    areas, streets, classes = blocks_of_a_lattice(36)
    assert len(areas) == 36
    assert shapely.coverage_is_valid(areas)
    # six streets of six blocks length each way, and the last one of each
    assert len(streets) == len(classes) == 2 * 7 * 6
    found = shared_borders(areas, edges=streets, edge_class=np.full(len(streets), 3))
    assert len(found) == 2 * 5 * 6
    assert np.flatnonzero(found.class_length_m.sum(axis=0)).tolist() == [3]
