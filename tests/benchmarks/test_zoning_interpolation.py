"""The judge of areal interpolation: it sees lost people, and people in another block."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import zoning_interpolation
from benchmarks.districts import Size, draw


def test_the_judge_sees_what_differs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zoning_interpolation, "district", draw)  # nothing is left on the disk
    areas, people, blocks = zoning_interpolation.areas_and_blocks(Size(400, 12, 3))
    common, spread = zoning_interpolation.ours(areas, people, blocks)
    quota = np.zeros(len(blocks))
    whole = np.bincount(common.source, weights=common.area_m2)
    at = common.target >= 0
    part = people[common.source] * common.area_m2 / whole[common.source]
    np.add.at(quota, common.target[at], part[at])
    assert 0 < zoning_interpolation.same(common, spread, people, quota) < 5
    with pytest.raises(AssertionError, match="other people"):
        zoning_interpolation.same(common, spread, people, np.roll(quota, 1))
    with pytest.raises(AssertionError, match="lost"):
        zoning_interpolation.same(common, replace(spread, placed=spread.placed - 1), people, quota)
