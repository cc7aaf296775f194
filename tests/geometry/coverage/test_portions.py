"""Certificates of more areas than are summed at once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage import certify

SIDE = 60


@pytest.fixture(scope="module")
def squares():
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    return shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)


@pytest.fixture(scope="module")
def scope(squares):
    return shapely.coverage_union_all(squares)


def test_portions_are_one_certificate(squares, scope):
    certificate = certify(squares, scope)
    assert certificate.holds
    assert certificate.areas == SIDE * SIDE
    assert certificate.edges == 4 * SIDE * SIDE + 4 * SIDE
    assert certify(shapely.to_wkb(squares).tolist(), scope).figure == certificate.figure


@pytest.mark.parametrize("number", [0, 2_047, 2_048, SIDE * SIDE - 1])
def test_an_area_of_any_portion_can_be_replaced(squares, scope, number):
    broken = squares.copy()
    broken[number] = shapely.affinity.scale(squares[number], 0.5)
    certificate = certify(broken, scope)
    assert not certificate.holds
    assert certificate.replace(number, squares[number]).holds


def test_a_row_of_a_later_portion_is_named_by_its_number(squares, scope):
    rows = shapely.to_wkb(squares).tolist()
    rows[3_000] = rows[3_000][:20]
    with pytest.raises(InputError, match=r"Row 3000 is no well-known binary"):
        certify(rows, scope)
