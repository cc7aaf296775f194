"""Names of blocks by their own ground."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.types import Floats, Geometries, Ints, Texts

_LETTERS: Final = np.array(list("0123456789bcdefghjkmnpqrstuvwxyz"), dtype=object)
_LENGTH: Final = 10  # letters: cells of 1.2 m by 0.6 m
_BITS: Final = 5 * _LENGTH // 2  # of each coordinate


def keys_of(blocks: Geometries, area_m2: Floats) -> Texts:
    """Name blocks by where they are.

    Parameters
    ----------
    blocks : numpy.ndarray of shapely.Polygon, shape (n,)
        In WGS84 degrees.
    area_m2 : numpy.ndarray of float, shape (n,)
        Of several with one centre the largest has the plain name.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        The geohash of the centre of gravity, which new vertices on straight borders do not move; of blocks
        around each other the further ones have ``-2``, ``-3`` … at the end.

    Examples
    --------
    >>> ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    >>> keys_of(np.array([shapely.box(1, 1, 3, 3), ring]), np.array([4.0, 12.0])).tolist()
    ['s037ms06g7-2', 's037ms06g7']
    """
    names = geohashes(shapely.get_coordinates(shapely.centroid(blocks)))
    _, number = np.unique(names.astype(str), return_inverse=True)
    order = np.lexsort((-area_m2, number))
    begins = np.searchsorted(number[order], number[order])
    turn = np.arange(len(order)) - begins
    for place in np.flatnonzero(turn).tolist():
        names[order[place]] += f"-{turn[place] + 1}"
    return names


def geohashes(at: Floats) -> Texts:
    """Write places as geohashes.

    Parameters
    ----------
    at : numpy.ndarray of float, shape (n, 2)
        Longitude and latitude.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        Ten letters each: cells of 1.2 m by 0.6 m.

    Examples
    --------
    >>> geohashes(np.array([[-5.6, 42.6]])).tolist()
    ['ezs42e44yx']
    """
    share = np.clip((at + np.array((180.0, 90.0))) / (360.0, 180.0), 0.0, 1.0)
    cell = np.minimum((share * 2**_BITS).astype(np.int64), 2**_BITS - 1)
    mixed: Ints = np.zeros(len(at), dtype=np.int64)
    for bit in range(_BITS):
        mixed |= ((cell[:, 0] >> bit) & 1) << (2 * bit + 1)
        mixed |= ((cell[:, 1] >> bit) & 1) << (2 * bit)
    letters = [_LETTERS[(mixed >> 5 * place) & 31] for place in reversed(range(_LENGTH))]
    names: Texts = np.sum(letters, axis=0) if len(at) else np.zeros(0, dtype=object)
    return names
