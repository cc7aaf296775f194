"""How each kind of fault is drawn at a site, or why not there: what would not be beyond doubt is not drawn.

Beyond doubt means that width decides nothing: the ground of the faults of metres is wider than a metre, the
one of the faults of a centimetre narrower than a centimetre and wider than three millimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from benchmarks.faults.sites import UNSHARED, Site
from benchmarks.faults.truths import FaultKind, Piece

ADDED: Final = -1
"""Stands for the number of the added area until that is known."""

_WIDE_M = 5.0
_THIN_M = 0.01
_NOISE_M = 1e-7
_LEAST_WIDTH_M: Final = {_WIDE_M: 1.0, _THIN_M: 0.003}
_SHORTEST_EDGE_M = 2.0
_DISC_M = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a fault does to an area, and what is to be found then.

    Attributes
    ----------
    pieces : tuple of Piece
        As in a truth, with the numbers of the sound coverage; the added area is ``ADDED``.
    replaced : shapely.Polygon, optional
        The area from now on.
    added : shapely.Polygon, optional
        A further area.
    is_dropped : bool
        Whether the area is left out.
    """

    pieces: tuple[Piece, ...]
    replaced: shapely.Polygon | None = None
    added: shapely.Polygon | None = None
    is_dropped: bool = False


Draw = Callable[[Site, np.random.Generator], Change | None]


def width(ground: shapely.Geometry) -> float:
    """Return the mean width: of a long strip its area by its length."""
    return float(2 * ground.area / ground.length)


def _is_plain(geometry: shapely.Geometry) -> bool:
    return geometry.geom_type == "Polygon" and not geometry.is_empty and geometry.is_valid


def _gap_5m(site: Site, _: np.random.Generator) -> Change | None:
    inner = site.polygon.buffer(-_WIDE_M, join_style="mitre")
    if not _is_plain(inner) or inner.interiors:
        return None
    ground = shapely.Polygon(site.ring, [inner.exterior.coords])
    return Change((Piece(ground, frozenset({site.number, *site.neighbours.tolist()})),), replaced=inner)


def _overlap_5m(site: Site, _: np.random.Generator) -> Change | None:
    outer = site.polygon.buffer(_WIDE_M, join_style="mitre", mitre_limit=2.0)
    if not _is_plain(outer) or outer.interiors:
        return None
    grounds = shapely.intersection(outer, site.areas[site.neighbours])
    is_clear = all(_is_plain(ground) and width(ground) > _LEAST_WIDTH_M[_WIDE_M] for ground in grounds)
    # with nothing left over, it reaches neither past its neighbours nor past the scope
    if not is_clear or abs(outer.area - site.polygon.area - shapely.area(grounds).sum()) > 1e-6:
        return None
    pieces = zip(grounds, site.neighbours.tolist(), strict=True)
    return Change(
        tuple(Piece(ground, frozenset({site.number, other})) for ground, other in pieces), replaced=outer
    )


def _missing(site: Site, _: np.random.Generator) -> Change:
    return Change((Piece(site.polygon, frozenset(site.neighbours.tolist())),), is_dropped=True)


def _duplicate(site: Site, rng: np.random.Generator) -> Change:
    other_way_round = np.roll(site.ring, rng.integers(len(site.ring)), axis=0)[::-1]
    pieces = (Piece(site.polygon, frozenset({site.number, ADDED})),)
    return Change(pieces, added=shapely.Polygon(other_way_round))


def _contained(site: Site, _: np.random.Generator) -> Change | None:
    disc = site.polygon.representative_point().buffer(_DISC_M, quad_segs=4)
    if not site.polygon.contains_properly(disc):
        return None
    return Change((Piece(disc, frozenset({site.number, ADDED})),), added=disc)


def _far_outside(site: Site, _: np.random.Generator) -> Change:
    # as far as from one end of the largest coverage to the other, and in a row of its own
    moved = shapely.Polygon(site.ring + np.array([200_000.0, 0.0]))
    return Change((Piece(moved, frozenset({ADDED})),), added=moved)


def _with_moved_vertex(site: Site, k: int, metres: float) -> tuple[shapely.Polygon, shapely.Polygon] | None:
    """Move a vertex outwards across its border; return the area and the ground between old and new border."""
    ring, after = site.ring.copy(), (k + 1) % len(site.ring)
    before, old, behind = ring[[k - 1, k, after]]
    along = behind - before
    new = old + metres * np.array([along[1], -along[0]]) / np.hypot(*along)
    ring[k] = new
    area, ground = shapely.Polygon(ring), shapely.Polygon([before, old, behind, new])
    long_enough = min(np.hypot(*(old - before)), np.hypot(*(behind - old))) > _SHORTEST_EDGE_M
    if not (long_enough and area.is_valid and ground.is_valid):
        return None
    return (area, ground) if width(ground) > _LEAST_WIDTH_M[abs(metres)] else None


def _move_vertex(metres: float, *, on_rim: bool) -> Draw:
    def drawn(site: Site, rng: np.random.Generator) -> Change | None:
        for k in rng.permutation(site.inner_vertices(on_rim=on_rim)):
            moved = _with_moved_vertex(site, k, metres)
            if moved is None:
                continue
            area, ground = moved
            partner = int(site.partner[k])
            owner = site.number if metres < 0 else partner
            if owner == UNSHARED:
                others = site.areas[site.near[site.near != site.number]]
                # the ground of nobody: its border with the area is all that it may have in common with one
                is_clear = not shapely.intersects(ground, others).any() and site.polygon.touches(ground)
            else:
                is_clear = site.areas[owner].covers(ground)
            if is_clear:
                involved = frozenset({site.number, partner} - {UNSHARED})
                return Change((Piece(ground, involved),), replaced=area)
        return None

    return drawn


def _t_vertex(site: Site, rng: np.random.Generator) -> Change | None:
    inner = site.inner_vertices(on_rim=False)
    if not len(inner):
        return None
    k = int(rng.choice(inner))
    ends = site.ring[[k, (k + 1) % len(site.ring)]]
    if np.hypot(*(ends[1] - ends[0])) < _SHORTEST_EDGE_M:
        return None
    area = shapely.Polygon(np.insert(site.ring, k + 1, ends.mean(axis=0), axis=0))
    piece = Piece(shapely.LineString(ends), frozenset({site.number, int(site.partner[k])}))
    return Change((piece,), replaced=area) if area.is_valid else None


def _noise(site: Site, rng: np.random.Generator) -> Change | None:
    area = shapely.Polygon(site.ring + rng.uniform(-_NOISE_M, _NOISE_M, site.ring.shape))
    piece = Piece(site.polygon.exterior, frozenset({site.number, *site.neighbours.tolist()}))
    return Change((piece,), replaced=area) if area.is_valid else None


DRAW: Final[Mapping[FaultKind, Draw]] = {
    FaultKind.GAP_5M: _gap_5m,
    FaultKind.GAP_1CM: _move_vertex(-_THIN_M, on_rim=False),
    FaultKind.MISSING: _missing,
    FaultKind.GAP_AT_RIM: _move_vertex(-_WIDE_M, on_rim=True),
    FaultKind.OVERLAP_1CM: _move_vertex(_THIN_M, on_rim=False),
    FaultKind.OVERLAP_5M: _overlap_5m,
    FaultKind.DUPLICATE: _duplicate,
    FaultKind.CONTAINED: _contained,
    FaultKind.FAR_OUTSIDE: _far_outside,
    FaultKind.PROTRUDING: _move_vertex(_WIDE_M, on_rim=True),
    FaultKind.T_VERTEX: _t_vertex,
    FaultKind.NOISE: _noise,
}
"""How each kind is drawn."""

ON_RIM: Final = frozenset({FaultKind.GAP_AT_RIM, FaultKind.PROTRUDING})
"""Kinds that need the border of the scope."""
