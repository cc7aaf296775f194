from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks import zoning_graph
from benchmarks.districts import Size, draw
from gisgov.geometry.adjacency import shared_borders


def test_every_border_of_the_blocks_has_a_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zoning_graph, "district", draw)  # nothing is left on the disk
    areas, streets, classes = zoning_graph.blocks_and_streets(Size(400, 12, 3))
    assert shapely.coverage_is_valid(areas)
    assert len(streets) == len(classes)
    found = shared_borders(areas, edges=streets, edge_class=np.full(len(streets), 3))
    assert len(found) > len(areas)
    assert np.flatnonzero(found.class_length_m.sum(axis=0)).tolist() == [3]
