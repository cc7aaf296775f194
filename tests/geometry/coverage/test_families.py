"""Random families of faults on jagged coverages, against an overlay that shares nothing with the check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from fault_families import COUNT, ORIGINS, Fault, families, faults, faulty, jagged, overlaid
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gisgov.geometry.coverage import Certificate, DefectKind, Defects, Tolerances, certify, find_defects
from gisgov.types import Geometries

EXACT = Tolerances(sliver_width_m=0.0, vertex_tolerance_m=1e-7)
"""Tenths of a micrometre: nothing but rounding is narrower."""
DOUBLED = (DefectKind.OVERLAP, DefectKind.CONTAINED, DefectKind.DUPLICATE)
OF_THE_LAYER = (DefectKind.SEVERAL_PARTS, DefectKind.CROSSES_PARENT)
"""Faults with which an area covers its ground nevertheless."""

seeds = st.integers(0, 5)
origins = st.sampled_from(ORIGINS)


def total_m2(found: Defects, *kinds: DefectKind) -> float:
    return float(found.area_m2[np.isin(found.kind, kinds)].sum())


def facts(certificate: Certificate) -> tuple[object, ...]:
    return certificate.residual, certificate.edges, certificate.unsound, certificate.holds


def assert_alike(one: Defects, other: Defects) -> None:
    assert one.kind.tolist() == other.kind.tolist()
    assert one.areas == other.areas
    assert one.reason.tolist() == other.reason.tolist()
    assert one.below == other.below
    for name in ("area_m2", "width_m", "cover", "lon", "lat"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert shapely.to_wkb(one.polygon).tolist() == shapely.to_wkb(other.polygon).tolist()
    assert facts(one.certificate) == facts(other.certificate)


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("seed", range(6))
def test_a_jagged_coverage_is_sound(seed: int, origin: tuple[float, float]) -> None:
    areas, scope = jagged(seed, origin)
    assert certify(areas, scope).holds
    assert len(find_defects(areas, scope, tolerances=EXACT)) == 0
    ground = overlaid(areas, scope)
    assert (ground.gap, ground.overlap, ground.outside) == (0.0, 0.0, 0.0)


def there_and_back(area: int, metres: float) -> list[Fault]:
    """Borders that run along those they had, a rounding error beside them."""
    return [Fault("buffer", area, abs(metres), by) for by in ((0.0, 3.0) if metres > 0 else (3.0, 0.0))]


@given(seeds, origins, families)
@example(0, ORIGINS[1], there_and_back(0, -2.0))
@example(2, ORIGINS[1], there_and_back(3, -2.0))
@example(5, ORIGINS[2], there_and_back(4, 5.0))
@settings(deadline=None, max_examples=250)
def test_gaps_overlaps_and_ground_outside_are_those_of_an_overlay(
    seed: int, origin: tuple[float, float], family: list[Fault]
) -> None:
    areas, scope = jagged(seed, origin)
    edited = faulty(areas, family)
    found = find_defects(edited, scope, tolerances=EXACT)
    ground = overlaid(edited, scope)
    assert total_m2(found, DefectKind.GAP) == pytest.approx(ground.gap, abs=1e-3)
    assert total_m2(found, *DOUBLED) == pytest.approx(ground.overlap, abs=1e-3)
    assert total_m2(found, DefectKind.OUTSIDE) == pytest.approx(ground.outside, abs=1e-3)
    certificate = certify(edited, scope)
    assert not certificate.holds or ground.gap + ground.overlap + ground.outside < 1e-6
    # nothing else keeps a certificate from holding than what is listed, and anything listed does
    assert certificate.holds == np.isin(found.kind, OF_THE_LAYER).all()
    assert facts(certificate) == facts(found.certificate)


@given(seeds, origins, families)
@settings(deadline=None, max_examples=60)
def test_each_piece_names_the_areas_on_it_and_none_lies_on_another(
    seed: int, origin: tuple[float, float], family: list[Fault]
) -> None:
    areas, scope = jagged(seed, origin)
    edited = faulty(areas, family)
    found = find_defects(edited, scope, tolerances=EXACT)
    for kind, polygon, cover, numbers, x, y in zip(
        found.kind, found.polygon, found.cover, found.areas, found.lon, found.lat, strict=True
    ):
        if cover < 0:
            assert kind in {DefectKind.VERTEX_MISMATCH, DefectKind.INVALID_RING}
            continue
        place = shapely.Point(x, y)
        assert shapely.dwithin(polygon, place, 1e-6)
        on_it = np.flatnonzero(shapely.intersects(edited, place)).tolist()
        if kind == DefectKind.GAP:
            assert (cover, on_it) == (0, [])
        elif shapely.distance(shapely.boundary(polygon), place) > 1e-5:
            assert (cover, list(numbers)) == (len(on_it), on_it)
            assert (kind == DefectKind.OUTSIDE) == (not shapely.intersects(scope, place)) or cover > 1


@given(seeds, families, st.booleans())
@settings(deadline=None, max_examples=60)
def test_bytes_are_checked_as_shapes_are(seed: int, family: list[Fault], is_extended: bool) -> None:
    areas, scope = jagged(seed)
    edited = faulty(areas, family)
    flavor = "extended" if is_extended else "iso"
    rows = shapely.to_wkb(shapely.set_srid(edited, 4549), include_srid=is_extended, flavor=flavor).tolist()
    assert_alike(
        find_defects(edited, scope, tolerances=EXACT),
        find_defects(rows, shapely.to_wkb(scope), tolerances=EXACT),
    )
    assert facts(certify(edited, scope)) == facts(certify(rows, shapely.to_wkb(scope)))


@given(
    seeds,
    st.lists(st.tuples(faults, st.sampled_from(["edit", "remove", "give back", "break"])), max_size=8),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_a_certificate_follows_any_edits(seed: int, edits: list[tuple[Fault, str]], as_bytes: bool) -> None:
    """After each of them it is what certifying all areas anew says; those before it stay as they were."""
    areas, scope = jagged(seed)
    now = areas.copy()
    removed: set[int] = set()
    certificate = certify(areas, scope)
    history = [(certificate, facts(certificate))]
    for fault, how in edits:
        number = fault.area
        new = areas[number]
        if how == "edit":
            new = faulty(areas, [fault])[number]  # None when it is dropped
        elif how == "break":
            new = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
        elif how == "remove":
            new = None
        now[number] = new
        removed = removed | {number} if new is None else removed - {number}
        certificate = certificate.replace(number, shapely.to_wkb(new) if as_bytes else new)
        history.append((certificate, facts(certificate)))
        left = np.setdiff1d(np.arange(COUNT), list(removed))
        anew = certify(now[left], scope)
        assert (certificate.residual, certificate.edges) == (anew.residual, anew.edges)
        assert certificate.unsound == {int(left[i]) for i in anew.unsound}
        assert certificate.areas == COUNT
    for number in range(COUNT):
        certificate = certificate.replace(number, areas[number])
    assert facts(certificate) == history[0][1]
    assert [facts(each) for each, _ in history] == [told for _, told in history]


@given(seeds, families, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_how_areas_are_drawn_and_ordered_changes_nothing(seed, family, random) -> None:  # type: ignore[no-untyped-def]
    areas, scope = jagged(seed)
    edited = faulty(areas, family)
    order = list(range(len(edited)))
    random.shuffle(order)
    redrawn = np.array([_redrawn(edited[i], random) for i in order], dtype=object)
    one = find_defects(edited, scope, tolerances=EXACT)
    other = find_defects(redrawn, _redrawn(scope, random), tolerances=EXACT)
    assert one.certificate.residual == other.certificate.residual
    (names, sizes), (other_names, other_sizes) = _by_names(one, range(len(edited))), _by_names(other, order)
    assert names == other_names
    np.testing.assert_allclose(sizes, other_sizes, atol=1e-5)


def _by_names(found: Defects, name: Sequence[int]) -> tuple[list[tuple[object, ...]], list[float]]:
    """List faults and their sizes in an order of their own, without what is as thin as the tolerance."""
    told = sorted(
        ((str(kind), sorted(name[i] for i in numbers), int(cover)), float(area))
        for kind, numbers, cover, area in zip(
            found.kind, found.areas, found.cover, found.area_m2, strict=True
        )
        if area > 1e-3
    )
    return [names for names, _ in told], [size for _, size in told]


def _redrawn(area: shapely.Geometry | None, random) -> shapely.Geometry | None:  # type: ignore[no-untyped-def]
    """Begin a ring elsewhere and run along it the other way, drawing a vertex twice."""
    if area is None or area.geom_type != "Polygon":
        return area
    ring = list(area.exterior.coords)[:-1]
    first = random.randrange(len(ring))
    ring = [*ring[first:], *ring[:first], ring[first]]
    twice = random.randrange(len(ring))
    ring.insert(twice, ring[twice])
    return shapely.Polygon(ring[::-1] if random.random() < 0.5 else ring, area.interiors)


def test_holes_and_parts_come_in_any_order() -> None:
    """An area around two others and beside a fourth, drawn in every order and both ways round."""
    first, second = shapely.box(10, 10, 20, 20), shapely.box(30, 10, 40, 20)
    frame, apart = shapely.box(0, 0, 50, 30), shapely.box(60, 0, 90, 30)
    scope = shapely.MultiPolygon([frame, apart])
    holes = [first.exterior.coords[:], second.exterior.coords[:]]

    def around(holes: list[list[tuple[float, float]]], *, swapped: bool) -> Geometries:
        parts = [shapely.Polygon(frame.exterior, holes), apart]
        parts = parts[::-1] if swapped else parts
        return np.array([shapely.MultiPolygon(parts), first, second], dtype=object)

    residuals = set()
    for swapped in (False, True):
        for some in (holes, holes[::-1], [hole[::-1] for hole in holes]):
            certificate = certify(around(some, swapped=swapped), scope)
            assert certificate.holds
            found = find_defects(around(some, swapped=swapped), scope)
            assert found.kind.tolist() == [DefectKind.SEVERAL_PARTS]
            residuals.add(certify(around(some, swapped=swapped)[:2], scope).residual)
    assert len(residuals) == 1
