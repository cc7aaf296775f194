"""The certificate: how rows are taken, many at a time, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from kernel_answers import SQUARE, wkb

from gisgov.errors import InputError
from gisgov.geometry.coverage import certify, find_defects
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def lattice(side: int) -> tuple[Geometries, shapely.Geometry]:
    """So many squares that they are summed in several portions."""
    west, south = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    areas = np.asarray(shapely.box(west, south, west + 1, south + 1))
    return areas, shapely.coverage_union_all(areas)


def test_portions_add_up() -> None:
    areas, scope = lattice(50)
    rows = shapely.to_wkb(areas).tolist()
    assert certify(areas, scope).holds
    assert certify(rows, scope).figure == certify(areas, scope).figure
    late = areas.copy()
    late[2_300] = shapely.box(0, 46, 0.9, 47)
    changed, changed_rows = certify(late, scope), certify(shapely.to_wkb(late).tolist(), scope)
    assert not changed.holds
    assert changed.residual == changed_rows.residual
    assert changed.residual == certify(rows, scope).replace(2_300, late[2_300]).residual


def test_a_certificate_says_how_many_edges_it_rests_on() -> None:
    _, areas = areas_from_grid("AB")
    scope = shapely.coverage_union_all(areas)
    assert certify(areas, scope).figure == "0000000000000000-0000000000000000 over 14 edges"
    bare = certify(areas, shapely.box(0, 0, 200, 100))
    assert bare.residual != (0, 0)
    assert bare.figure == f"{bare.residual[0]:016x}-{bare.residual[1]:016x} over 12 edges"


def test_areas_without_ground_are_unsound_and_prove_nothing() -> None:
    _, areas = areas_from_grid("AB")
    scope = shapely.coverage_union_all(areas)
    for nothing in (None, shapely.Polygon(), shapely.Point(1, 1), shapely.LineString([(0, 0), (200, 100)])):
        drawn = np.append(areas, np.array([nothing], dtype=object))
        for given in (drawn, shapely.to_wkb(drawn).tolist()):
            certificate = certify(given, scope)
            assert certificate.residual == (0, 0)
            assert certificate.unsound == {2}
            assert not certificate.holds
            assert certificate.replace(2, None).holds


def test_areas_that_cancel_but_are_no_polygons_prove_nothing() -> None:
    """A spike cancels itself; so do the two bows of a tie drawn over each other."""
    spike = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (2, 9), (2, 4), (0, 4)])
    without = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (0, 4)])
    certificate = certify(np.array([spike], dtype=object), without)
    assert certificate.residual == (0, 0)
    assert not certificate.holds
    twice = shapely.MultiPolygon([without, shapely.box(4, 0, 8, 4), shapely.box(4, 0, 8, 4)])
    assert certify(np.array([twice], dtype=object), without).unsound == {0}


def test_a_ring_that_does_not_close_is_no_polygon() -> None:
    """It overshoots its first vertex, so that it turns once round its middle all the same."""
    star = [(0.0, 0.0), (3.0, -1.0), (6.0, 0.0), (7.0, 3.0), (6.0, 6.0), (3.0, 7.0), (0.0, 6.0), (-1.0, 3.0)]
    scope = shapely.Polygon(star)
    for ring in ([*star, (1.0, -0.5)], [*star, (0.0, 1e-9)]):
        assert certify([wkb([[ring]])], scope).unsound == {0}
        assert find_defects([wkb([[ring]])], scope).kind.tolist() == ["gap", "invalid-ring"]
    assert certify([wkb([[[*star, star[0]]]])], scope).holds


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_rows_may_be_any_bytes(kind: type) -> None:
    _, areas = areas_from_grid("AAA\nABA\nAAA")
    scope = shapely.box(0, 0, 300, 300)
    for flavor, order in (("iso", 0), ("iso", 1), ("extended", 0), ("extended", 1)):
        rows = [kind(row) for row in shapely.to_wkb(areas, flavor=flavor, byte_order=order)]
        holds = certify(rows, shapely.coverage_union_all(areas))
        assert holds.holds
        assert find_defects(rows[:1], scope).areas == ((0,), (0,))
        assert holds.replace(1, kind(shapely.to_wkb(areas[1]))).holds
        assert len(find_defects(rows, kind(shapely.to_wkb(shapely.coverage_union_all(areas))))) == 0


def test_a_row_cut_off_is_named() -> None:
    sound = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    for row in (sound[:-1], b"", b"\x01", b"no polygon"):
        with pytest.raises(InputError, match=rf"Row 1 is no well-known binary.* \({len(row)} bytes\)"):
            certify([sound, row], sound)
        with pytest.raises(InputError, match="Row 1 is no"):
            find_defects([None, row], sound)
    with pytest.raises(InputError, match="Row 0 is no"):
        certify([b""], sound)
    with pytest.raises(InputError, match="Row 2500 is no"):
        certify([*[sound] * 2_500, sound[:20]], sound)


def test_what_cannot_be_is_refused() -> None:
    _, areas = areas_from_grid("AB")
    certificate = certify(areas, shapely.coverage_union_all(areas))
    for number in (-1, 2):
        with pytest.raises(InputError, match=f"There is no area {number}: they are numbered 0 to 1"):
            certificate.replace(number, None)
    for scope in (shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), shapely.Polygon(), wkb([[SQUARE[:4]]])):
        with pytest.raises(InputError, match="The scope is not a valid polygon"):
            certify(areas, scope)
        with pytest.raises(InputError, match="The scope is not a valid polygon"):
            find_defects(areas, scope)
    cut_off = shapely.to_wkb(shapely.box(0, 0, 1, 1))[:-1]
    with pytest.raises(InputError, match="The scope is not a valid polygon: missing"):
        find_defects(areas, cut_off)
    with pytest.raises(InputError, match="Row 0 is no well-known binary"):
        certify(areas, cut_off)
