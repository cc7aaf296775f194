"""Areas against their parents: a certificate for each parent, an overlay for those where it fails."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.coverage.certificate import Sums, sums_of
from gisgov.geometry.coverage.defects import DefectKind
from gisgov.geometry.coverage.rings import Areas, shapes_of
from gisgov.geometry.coverage.rows import Measures, Rows
from gisgov.geometry.overlay import leaving, repaired
from gisgov.geometry.pieces import fine_grid
from gisgov.geometry.validity import find_invalid
from gisgov.types import Bools, Geometries, Ints


def find_crossings(
    areas: Areas, each: Sums, parents: Geometries, parent_of: Ints, measures: Measures, rows: Rows
) -> None:
    """Take down ground of areas outside their parents.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        Valid ones or None.
    each : Sums
        Of the areas.
    parents : numpy.ndarray of shapely.Geometry, shape (m,)
        Areas of the parent layer.
    parent_of : numpy.ndarray of int, shape (n,)
        Number of each area's parent; −1 is not judged.
    measures : Measures
        How ground is measured.
    rows : Rows
        Added to.
    """
    children = np.flatnonzero(parent_of >= 0)
    children = children[~_are_tiled(each, parents, parent_of)[parent_of[children]]]
    if not children.size:
        return
    hosts = repaired(parents, find_invalid(parents))[parent_of[children]]
    ground = shapes_of(areas, children)
    shapely.prepare(hosts)
    pieces = leaving(ground, hosts, fine_grid(ground, hosts))
    thin = measures.is_thin(pieces.polygon, measures.tolerances.vertex_tolerance_m)
    rows.below["vertex_tolerance_m"] += int(np.count_nonzero(thin))
    for i in np.flatnonzero(~thin):
        rows.add(DefectKind.CROSSES_PARENT, pieces.polygon[i], (int(children[pieces.areas[i][0]]),))


def _are_tiled(each: Sums, parents: Geometries, parent_of: Ints) -> Bools:
    """Say which parents are certified: covered by their children exactly once."""
    whole = sums_of(np.asarray(parents, dtype=object))
    judged = parent_of >= 0
    total = np.zeros_like(whole.sums)
    np.add.at(total, parent_of[judged], each.sums[judged])
    tiled: Bools = (total == whole.sums).all(axis=1) & whole.is_sound
    tiled[parent_of[judged & ~each.is_sound]] = False
    return tiled
