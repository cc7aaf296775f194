"""Ground that two divisions of it have in common: counted on pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gisgov.geometry.common_ground import OUTSIDE, common_ground
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.testing import areas_from_grid

PLANE = parse_crs("EPSG:4549")


def ground(picture: str) -> Any:
    """Areas of a picture, in degrees near (120, 30)."""
    return areas_from_grid(picture, cell_m=0.001, origin=(120.0, 30.0))[1]


def test_common_ground_is_measured_piece_by_piece() -> None:
    blocks = ground("AB\nCD")
    tracts = ground(".XX\nYXX")  # X reaches beyond B and D by one cell, and over neither A nor C
    found = common_ground(tracts, blocks, PLANE)
    assert list(zip(found.source.tolist(), found.target.tolist(), strict=True)) == [
        (0, OUTSIDE),
        (0, 1),
        (0, 3),
        (1, 2),
    ]
    cell = areas_m2(blocks, PLANE)
    assert found.area_m2 == pytest.approx([2 * cell[1], cell[1], cell[3], cell[2]], rel=1e-4)


def test_partial_overlaps_are_cut() -> None:
    blocks = ground("AB")
    tract = shapely.transform(blocks[:1], lambda xy: xy + np.array([0.0005, 0.0]))
    found = common_ground(tract, blocks, PLANE)
    assert found.target.tolist() == [0, 1]
    assert found.area_m2[0] == pytest.approx(found.area_m2[1], rel=1e-6)


def test_a_source_within_a_target_is_all_there() -> None:
    inner = np.array([shapely.box(120.0002, 30.0002, 120.0004, 30.0004)], dtype=object)
    found = common_ground(inner, ground("AB"), PLANE)
    assert (found.source.tolist(), found.target.tolist()) == ([0], [0])
    assert found.area_m2 == pytest.approx(areas_m2(inner, PLANE))


def test_slivers_along_a_border_are_nobodys_ground() -> None:
    # a centimetre beyond the border of A, and one short of it
    shapes = [shapely.box(120.0, 30.0, 120.0010001, 30.001), shapely.box(120.0, 30.0, 120.0009999, 30.001)]
    found = common_ground(np.array([*shapes, shapes[0]], dtype=object), ground("AB"), PLANE)
    assert (found.source.tolist(), found.target.tolist()) == ([0, 1, 2], [0, 0, 0])
    alone = common_ground(np.array(shapes[:1], dtype=object), ground("A"), PLANE)
    assert alone.target.tolist() == [0]


def test_nothing_in_common() -> None:
    nothing = np.zeros(0, dtype=object)
    assert common_ground(nothing, ground("A"), PLANE).source.size == 0
    far = np.array([shapely.box(121.0, 31.0, 121.1, 31.1)], dtype=object)
    for targets in (ground("A"), nothing):
        found = common_ground(far, targets, PLANE)
        assert (found.source.tolist(), found.target.tolist()) == ([0], [OUTSIDE])


def test_progress_is_told() -> None:
    told = []

    def progress(items: Any, *, label: str, total: int | None = None) -> Any:
        told.append((label, total))
        return items

    common_ground(ground("A"), ground("A"), PLANE, progress=progress)
    assert told == [("common ground", 1)]
