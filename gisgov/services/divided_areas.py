"""Areas made of blocks: their ground, codes, names and sums."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import CoordinateSystem, from_wgs84_geometries
from gisgov.geometry.dissolve import dissolve
from gisgov.geometry.measures import areas_m2
from gisgov.governance.codes import number_areas, parse_scheme
from gisgov.store.areas import AreaTable, Ground
from gisgov.store.blocks import BlockTable
from gisgov.store.layers import StoredLayer, all_schemes
from gisgov.types import Geometries, Ints, Texts


def made_of_blocks(
    connection: sa.Connection,
    blocks: BlockTable,
    label: Ints,
    parent: Ints,
    hosts: Ground,
    layer: StoredLayer,
    working: CoordinateSystem,
) -> AreaTable:
    """Make areas of blocks and number them inside their parents.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    blocks : BlockTable
        The ``n`` blocks.
    label : numpy.ndarray of int, shape (n,)
        Area of each block, 0 … k - 1, none left out.
    parent : numpy.ndarray of int, shape (n,)
        Number of the area above, in ``hosts``, that holds each block; one for all blocks of an area.
    hosts : Ground
        The areas above.
    layer : StoredLayer
        Its code scheme numbers the areas; without one, codes are the parent's with a number.
    working : CoordinateSystem
        Plane to measure in.

    Returns
    -------
    AreaTable
        ``k`` areas in the order of the labels.

    Raises
    ------
    InputError
        The blocks of an area overlap, or the codes of the areas above do not fit the scheme.
    """
    geometries = dissolve(blocks.geometries, label)
    count = len(geometries)
    above = np.zeros(count, dtype=np.int64)
    above[label] = parent
    codes = _codes(
        connection,
        layer,
        hosts.codes[above],
        shapely.point_on_surface(from_wgs84_geometries(geometries, working)),
    )
    names = np.empty(count, dtype=object)
    order = np.argsort(codes.astype(str), kind="stable")
    seen: dict[int, int] = {}
    for i in order.tolist():
        seen[above[i]] = seen.get(above[i], 0) + 1
        names[i] = f"{hosts.names[above[i]]} {seen[above[i]]:02d}"

    def total(values: Ints) -> Texts:
        sums = np.empty(count, dtype=object)
        sums[:] = np.bincount(label, weights=values, minlength=count).astype(np.int64).tolist()
        return sums

    return AreaTable(
        codes=codes,
        names=names,
        parent_codes=[(hosts.codes[i],) for i in above],
        geometries=geometries,
        area_m2=areas_m2(geometries, working),
        population=total(blocks.population),
        households=total(blocks.households),
        attributes=[{}] * count,
    )


def _codes(connection: sa.Connection, layer: StoredLayer, parents: Texts, places: Geometries) -> Texts:
    x, y = shapely.get_x(places), shapely.get_y(places)
    if layer.code_scheme is not None:
        scheme = parse_scheme(all_schemes(connection)[layer.code_scheme], layer.code_scheme)
        return number_areas(scheme, parents, x, y)
    codes = np.empty(len(parents), dtype=object)
    seen: dict[str, int] = {}
    for i in np.lexsort((x, -y)).tolist():
        seen[parents[i]] = seen.get(parents[i], 0) + 1
        codes[i] = f"{parents[i]}-{seen[parents[i]]:03d}"
    return codes
