"""Who lies on each face of the linework: counted across edges, where points would be too coarse."""

from __future__ import annotations

import itertools
from typing import TypeAlias

import numpy as np
import shapely

from gisgov.geometry.repair.faces import Faces
from gisgov.geometry.repair.linework import Linework
from gisgov.types import Geometries

Cover: TypeAlias = dict[int, int]
"""Owner → how often it lies on a face: once, in a sound area; others are left out."""


def covers_of(faces: Faces, linework: Linework, ground: Geometries) -> list[Cover]:
    """Say of every face who lies on it.

    Parameters
    ----------
    faces : Faces
        Of the linework.
    linework : Linework
        The edges.
    ground : numpy.ndarray of shapely.Geometry, shape (owners,)
        Polygons of all owners, as they were before vertices moved.

    Returns
    -------
    list of dict, length of faces
        Where borders were moved across themselves an area may lie twice on a face, or −1 times.

    Notes
    -----
    Crossing an edge changes the count of those whose border it is, so within connected faces only one of
    them must be known. A border that runs there tells itself (one side is inside, the other is not); owners
    without a border there lie on all of the faces or on none, which a point in the widest face decides.
    """
    owners = _owners_by_edge(linework)
    cover: list[Cover] = [{} for _ in range(len(faces))]
    groups, spans = [], []
    seen = np.zeros(len(faces), dtype=bool)
    for root in _widest_first(faces.polygon):
        if not seen[root]:
            members, span = _count_from(root, faces, owners, cover, seen)
            groups.append(members)
            spans.append(span)
    holding = _holding(faces.polygon[[members[0] for members in groups]], ground)
    for members, span, on_root in zip(groups, spans, holding, strict=True):
        base = {owner: 1 for owner in on_root if owner not in span}
        for owner, (least, most) in span.items():
            base[owner] = -least if most - least == 1 else int(owner in on_root)
        for face in members:
            counts = {owner: cover[face].get(owner, 0) + at for owner, at in base.items()}
            cover[face] = {owner: times for owner, times in counts.items() if times}
    return cover


def _owners_by_edge(linework: Linework) -> list[list[tuple[int, int]]]:
    pairs = list(zip(linework.owner.tolist(), linework.turns.tolist(), strict=True))
    begin = linework.begin.tolist()
    return [pairs[a:b] for a, b in itertools.pairwise(begin)]


def _widest_first(polygons: Geometries) -> list[int]:
    order: list[int] = np.argsort(-shapely.area(polygons) / shapely.length(polygons), kind="stable").tolist()
    return order


def _count_from(
    root: int,
    faces: Faces,
    owners: list[list[tuple[int, int]]],
    cover: list[Cover],
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """Count from one face to all that connect with it; the smallest and largest count of each owner."""
    seen[root] = True
    members, span = [root], dict[int, tuple[int, int]]()
    for face in members:
        here = cover[face]
        for edge, side, beyond in faces.around(face):
            for owner, turns in owners[edge]:
                near = here.get(owner, 0)
                far = near - side * turns
                least, most = span.get(owner, (near, near))
                span[owner] = (min(least, far), max(most, far))
            if beyond >= 0 and not seen[beyond]:
                seen[beyond] = True
                there = dict(here)
                for owner, turns in owners[edge]:
                    there[owner] = there.get(owner, 0) - side * turns
                cover[beyond] = there
                members.append(beyond)
    for owner, (least, most) in span.items():
        span[owner] = (min(least, 0), max(most, 0))
    return members, span


def _holding(polygons: Geometries, ground: Geometries) -> list[set[int]]:
    """Say in whose ground a point of each polygon lies."""
    found: list[set[int]] = [set() for _ in range(len(polygons))]
    point, owner = shapely.STRtree(ground).query(shapely.point_on_surface(polygons), predicate="intersects")
    for i, j in zip(point.tolist(), owner.tolist(), strict=True):
        found[i].add(j)
    return found
