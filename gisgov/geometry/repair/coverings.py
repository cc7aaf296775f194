"""Who lies on each face of the linework: counted across edges, where points would be too coarse."""

from __future__ import annotations

import heapq
import itertools
from typing import Final, TypeAlias

import numpy as np
import shapely

from gisgov.geometry.repair.faces import Faces
from gisgov.geometry.repair.linework import Linework
from gisgov.types import Bools, Geometries

Cover: TypeAlias = dict[int, int]
"""Owner → how often it lies on a face: once, in a sound area; others are left out."""

_FAR: Final = 4.0


def covers_of(faces: Faces, linework: Linework, ground: Geometries, seam: float) -> list[Cover]:
    """Say of every face who lies on it.

    Parameters
    ----------
    faces : Faces
        Of the linework.
    linework : Linework
        The edges.
    ground : numpy.ndarray of shapely.Geometry, shape (owners,)
        Polygons of all owners, as they were before vertices moved.
    seam : float
        How far vertices may have moved, in units of the coordinates.

    Returns
    -------
    list of dict, length of faces
        Where borders were moved across themselves an area may lie twice on a face, or −1 times.

    Notes
    -----
    Crossing an edge changes the count of those whose border it is, so within connected faces only one of
    them must be known: a point in the widest one tells who lies there. Where even that is no wider than
    vertices may have moved, a border that runs there tells itself: one side is inside, the other is not.
    """
    owners = _owners_by_edge(linework)
    cover: list[Cover] = [{} for _ in range(len(faces))]
    groups, spans = [], []
    seen = np.zeros(len(faces), dtype=bool)
    width = 2.0 * shapely.area(faces.polygon) / shapely.length(faces.polygon)
    for root in np.argsort(-width, kind="stable").tolist():
        if not seen[root]:
            members, span = _count_from(root, faces, owners, width.tolist(), cover, seen)
            groups.append(members)
            spans.append(span)
    holding = _holding(faces.polygon[[members[0] for members in groups]], ground)
    for members, span, on_root in zip(groups, spans, holding, strict=True):
        base = {owner: 1 for owner in on_root if owner not in span}
        for owner, (least, most) in span.items():
            tells_itself = most - least == 1 and width[members[0]] <= _FAR * seam
            base[owner] = -least if tells_itself else int(owner in on_root)
        for face in members:
            counts = {owner: cover[face].get(owner, 0) + at for owner, at in base.items()}
            cover[face] = {owner: times for owner, times in counts.items() if times}
    return cover


def _owners_by_edge(linework: Linework) -> list[list[tuple[int, int]]]:
    pairs = list(zip(linework.owner.tolist(), linework.turns.tolist(), strict=True))
    begin = linework.begin.tolist()
    return [pairs[a:b] for a, b in itertools.pairwise(begin)]


def _count_from(
    root: int,
    faces: Faces,
    owners: list[list[tuple[int, int]]],
    width: list[float],
    cover: list[Cover],
    seen: Bools,
) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """Count from one face to all that connect with it; the smallest and largest count of each owner.

    Wide faces come first, so that rounding in the tiniest ones does not get into the counts of others.
    """
    seen[root] = True
    members, span = [], dict[int, tuple[int, int]]()
    waiting: list[tuple[float, int, int, int, int]] = [(-width[root], root, -1, -1, 0)]
    while waiting:
        _, face, source, edge, side = heapq.heappop(waiting)
        if source >= 0:
            if seen[face]:
                continue
            seen[face] = True
            cover[face] = _beyond(cover[source], owners[edge], side)
        members.append(face)
        for edge, side, beyond in faces.around(face):
            far = _beyond(cover[face], owners[edge], side)
            for owner, _ in owners[edge]:
                counts = cover[face].get(owner, 0), far[owner], *span.get(owner, (0, 0))
                span[owner] = min(counts), max(counts)
            if beyond >= 0 and not seen[beyond]:
                heapq.heappush(waiting, (-width[beyond], beyond, face, edge, side))
    return members, span


def _beyond(here: Cover, owners: list[tuple[int, int]], side: int) -> Cover:
    """Count on the other side of an edge."""
    there = dict(here)
    for owner, turns in owners:
        there[owner] = there.get(owner, 0) - side * turns
    return there


def _holding(polygons: Geometries, ground: Geometries) -> list[set[int]]:
    """Say in whose ground a point of each polygon lies."""
    found: list[set[int]] = [set() for _ in range(len(polygons))]
    point, owner = shapely.STRtree(ground).query(shapely.point_on_surface(polygons), predicate="intersects")
    for i, j in zip(point.tolist(), owner.tolist(), strict=True):
        found[i].add(j)
    return found
