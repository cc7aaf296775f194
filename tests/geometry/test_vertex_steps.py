"""Shapes told in steps come back to the bit: holes, several parts, borders that they share."""

from __future__ import annotations

import numpy as np
import shapely
from stepped_outlines import outlines_of

from gisgov.geometry.vertex_steps import stepped_shapes


def test_parts_and_holes_come_back_to_the_bit() -> None:
    ring = shapely.Polygon(
        [(114.0, 22.5), (114.3, 22.5), (114.3, 22.8), (114.0, 22.8)],
        [
            [(114.1, 22.6), (114.2, 22.6), (114.2000001, 22.7)],
            [(114.05, 22.55), (114.06, 22.55), (114.05, 22.56)],
        ],
    )
    island = shapely.box(113.1234567, 22.7654321, 113.2, 22.8)
    several, one = shapely.multipolygons([ring, island]), shapely.multipolygons([shapely.box(-1, -2, 3, 4)])
    shapes = np.array([several, one], dtype=object)
    told = stepped_shapes(shapes)
    assert told.origin == (-10000000, -20000000)
    assert [[len(part) for part in shape] for shape in told.shapes] == [[3, 1], [1]]
    found = [
        shapely.multipolygons([shapely.Polygon(p[0], p[1:]) for p in outlines_of(told.origin, s)])
        for s in told.shapes
    ]
    assert shapely.to_wkb(found).tolist() == shapely.to_wkb(shapes).tolist()


def test_polygons_are_taken_as_their_only_part() -> None:
    box = shapely.box(114.0, 22.5, 114.1, 22.6)
    alike = stepped_shapes(np.array([box])), stepped_shapes(np.array([shapely.multipolygons([box])]))
    assert alike[0] == alike[1]


def test_no_shapes_have_no_place() -> None:
    assert stepped_shapes(np.zeros(0, dtype=object)).shapes == []
