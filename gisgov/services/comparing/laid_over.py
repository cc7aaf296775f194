"""Common ground of plans that are not made of the same blocks, and the people who live on it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.common_ground import OUTSIDE, SLIVER_M, CommonGround, common_ground
from gisgov.geometry.crs import from_wgs84_geometries
from gisgov.geometry.interpolation import spread_counts
from gisgov.geometry.systems import CoordinateSystem
from gisgov.governance.lineage import NOWHERE
from gisgov.services.comparing.pairs import Pairs
from gisgov.services.redividing.covering import first_cover
from gisgov.store.cells import Cells, shapes_of_cells
from gisgov.store.people import people_within
from gisgov.types import Floats, Geometries, Ints


def overlaps_of_ground(
    connection: sa.Connection, before: Cells, after: Cells, old: Ints, new: Ints, working: CoordinateSystem
) -> Iterator[Pairs]:
    """Find what areas have in common by laying what they are made of over each other.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    before, after : Cells
        Blocks and areas of the two sides.
    old, new : numpy.ndarray of int
        Numbers of their areas, `NOWHERE` for none.
    working : CoordinateSystem
        The plane that is measured in.
    """
    if not len(before) or not len(after):  # all of it is ground that the other side does not have
        yield _apart(before, old, np.full(len(before), NOWHERE))
        yield _apart(after, np.full(len(after), NOWHERE), new)
        return
    left, right = shapes_of_cells(connection, before), shapes_of_cells(connection, after)
    found = common_ground(left, right, working)
    beyond = _beyond(right, found, working)
    source = np.concatenate((found.source, np.full(len(beyond.target), OUTSIDE)))
    target = np.concatenate((found.target, beyond.target))
    ground = np.concatenate((found.area_m2, beyond.area_m2))
    yield Pairs(
        np.append(old, NOWHERE)[source],
        np.append(new, NOWHERE)[target],
        ground,
        _people(connection, before, after, left, right, (source, target, ground)),
        np.zeros(len(source), dtype=np.int64),
    )


def _apart(cells: Cells, former: Ints, area: Ints) -> Pairs:
    return Pairs(former, area, cells.ground_m2, cells.people, cells.is_block.astype(np.int64))


def _beyond(right: Geometries, found: CommonGround, working: CoordinateSystem) -> CommonGround:
    """Return the ground of the second side that the first does not have."""
    plane = from_wgs84_geometries(right, working)
    inside = found.target != OUTSIDE
    common = np.bincount(found.target[inside], weights=found.area_m2[inside], minlength=len(right))
    rest = shapely.area(plane) - common
    kept = np.flatnonzero(2.0 * rest > SLIVER_M * shapely.length(plane))
    return CommonGround(np.full(len(kept), OUTSIDE), kept, rest[kept])


def _people(
    connection: sa.Connection,
    before: Cells,
    after: Cells,
    left: Geometries,
    right: Geometries,
    pairs: tuple[Ints, Ints, Floats],
) -> Ints:
    """Return who lives on the common ground of each pair, by the best that is known of it."""
    source, target, ground = pairs
    if before.is_block.all():
        return _by_ground(before, source, ground) + _rest(after, target, source, ground)
    if after.is_block.all():
        return _by_ground(after, target, ground) + _rest(before, source, target, ground)
    west, south, east, north = shapely.total_bounds(np.concatenate((left, right))).tolist()
    lon, lat, count = people_within(connection, (west, south, east, north))
    if len(count):
        points: Geometries = np.asarray(shapely.points(lon, lat), dtype=object)
        return _by_places(points, count, left, right, pairs)
    return _by_ground(before, source, ground) + _rest(after, target, source, ground)


def _by_ground(cells: Cells, own: Ints, ground: Floats) -> Ints:
    """Spread the people of pieces over the pairs that they are in, in proportion to the ground."""
    at = np.flatnonzero(own != OUTSIDE)
    return spread_counts(cells.people, own[at], at, ground[at], targets=len(own)).placed


def _rest(cells: Cells, own: Ints, other: Ints, ground: Floats) -> Ints:
    """Return the people of ground that only the side has whose people are not spread."""
    people = np.zeros(len(own), dtype=np.int64)
    at = np.flatnonzero(other == OUTSIDE)
    share = ground[at] / np.maximum(cells.ground_m2[own[at]], ground[at])
    people[at] = np.rint(cells.people[own[at]] * share).astype(np.int64)
    return people


def _by_places(
    points: Geometries, count: Ints, left: Geometries, right: Geometries, pairs: tuple[Ints, Ints, Floats]
) -> Ints:
    """Count people at the places where they live; a place in a sliver counts for its area's largest pair."""
    source, target, ground = pairs
    one, other = first_cover(points, left), first_cover(points, right)
    people = np.zeros(len(source), dtype=np.int64)
    number = {pair: i for i, pair in enumerate(zip(source.tolist(), target.tolist(), strict=True))}
    largest: dict[tuple[str, int], int] = {}
    for i in np.lexsort((np.arange(len(ground)), ground)).tolist():
        largest["source", int(source[i])] = largest["target", int(target[i])] = i
    for a, b, lives in zip(one.tolist(), other.tolist(), count.tolist(), strict=True):
        side = ("source", a) if a != OUTSIDE else ("target", b)
        place = number.get((a, b), largest.get(side)) if side != ("target", OUTSIDE) else None
        if place is not None:
            people[place] += lives
    return people
