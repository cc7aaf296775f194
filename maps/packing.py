"""Layers packed for a page: small to carry, quick to open.

A packed layer is a header (plain JSON) and one text of base64. The text holds, deflated (zlib), streams of
bytes one after the other; the header gives the length of each. Whole numbers are written in as few bytes as
they need, seven bits to a byte, lowest first, the eighth bit telling that more follow (as in protocol
buffers and many tile formats); signed ones are folded first (0, −1, 1, −2 … → 0, 1, 2, 3 …). The streams are

1. points: steps of longitude and of latitude from one feature to the next, in units of ``step`` degrees;
   polygons: rings of each feature, vertices of each ring (the closing one left out), then the steps from one
   ring's first vertex to the next ring's, then the steps from vertex to vertex inside the rings (of a ring
   of four, most houses, the last step is written as what it misses of closing a parallelogram: next to
   nothing); lines are as rings of which no vertex is left out;
2. for each column its values, 0 standing for a missing one: ``code`` the place in ``values``, counted from 1;
   ``number`` the value less ``least`` in units of 10**-digits, and 1 more; ``text`` 1 for the next text of a
   list that follows as a stream of its own (UTF-8, parted by NUL), or the place of an earlier text in it,
   counted from 2.

Features are put along a Morton curve, so that neighbours in space are neighbours in the file: steps are
short, and alike words lie within reach of the compressor. web/maps/packed.js reads it.
"""

from __future__ import annotations

import base64
import zlib
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.types import Floats, Geometries, Ints, Json, Texts
from maps.layers import Column, Layer, rings_of

Unsigned = npt.NDArray[np.uint64]


def varints(values: npt.ArrayLike) -> bytes:
    """Write whole numbers from 0 to 2**56 − 1, seven bits to a byte.

    Examples
    --------
    >>> varints([1, 300]).hex()
    '01ac02'
    """
    numbers = np.asarray(values, dtype=np.uint64).reshape(-1)
    if not len(numbers):
        return b""
    shifts = np.arange(0, 56, 7, dtype=np.uint64)
    groups = (numbers[:, None] >> shifts) & np.uint64(127)
    lengths = 1 + (numbers[:, None] >> shifts[1:] > 0).sum(axis=1)
    place = np.arange(len(shifts))
    groups |= np.where(place < lengths[:, None] - 1, np.uint64(128), np.uint64(0))
    written: bytes = groups[place < lengths[:, None]].astype(np.uint8).tobytes()
    return written


def folded(values: npt.ArrayLike) -> Unsigned:
    """Fold signed whole numbers to unsigned ones, the small staying small.

    Examples
    --------
    >>> folded([0, -1, 1, -2]).tolist()
    [0, 1, 2, 3]
    """
    numbers = np.asarray(values, dtype=np.int64)
    return ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)


def morton_order(x: Floats, y: Floats) -> Ints:
    """Order of places along a Morton (Z-order) curve over their bounding box.

    Parameters
    ----------
    x, y : (n,) array of float
        Finite coordinates in any one plane.

    Returns
    -------
    (n,) array of int
        Indices; places of one cell of the 65536 × 65536 raster keep their order.

    Examples
    --------
    >>> morton_order(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])).tolist()
    [0, 3, 2, 1]
    """
    key = np.zeros(len(x), dtype=np.uint64)
    for axis, values in enumerate((x, y)):
        if not len(values):
            break
        low, high = float(values.min()), float(values.max())
        cells = np.rint((values - low) / ((high - low) or 1.0) * 65535).astype(np.uint64)
        for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
        key |= cells << np.uint64(axis)
    return np.argsort(key, kind="stable").astype(np.int64)


def pack(layer: Layer) -> Json:
    """Pack a layer for a page.

    Returns
    -------
    dict
        The header with the packed text under ``bytes``, ready for JSON.

    Raises
    ------
    InputError
        Geometries of several or of other kinds, missing or empty.

    Examples
    --------
    >>> import shapely
    >>> packed = pack(Layer("spots", np.array([shapely.Point(114.3, 30.5)], dtype=object), ()))
    >>> packed["geometry"], packed["count"], packed["streams"]
    ('point', 1, [1, 1])
    """
    kind = _kind(layer.shapes)
    order = np.arange(len(layer.shapes), dtype=np.int64)
    if not layer.keep_order and len(order):
        middle = shapely.centroid(layer.shapes)
        order = morton_order(shapely.get_x(middle), shapely.get_y(middle))
    shapes = layer.shapes[order]
    coordinates = shapely.get_coordinates(shapes)
    origin = np.floor(coordinates.min(axis=0) / layer.step) * layer.step if len(coordinates) else np.zeros(2)
    streams = _SHAPES[kind](shapes, origin, layer.step)
    headers: list[Json] = []
    for column in layer.columns:
        header, parts = _column(column, order)
        headers.append(header)
        streams.extend(parts)
    return {
        "id": layer.id,
        "geometry": kind,
        "count": len(shapes),
        "origin": [round(float(value), 9) for value in origin],
        "step": layer.step,
        "card": layer.card,
        "streams": [len(stream) for stream in streams],
        "columns": headers,
        "bytes": base64.b64encode(zlib.compress(b"".join(streams), 9)).decode("ascii"),
    }


def _kind(geometries: Geometries) -> Literal["point", "line", "polygon"]:
    if shapely.is_missing(geometries).any() or shapely.is_empty(geometries).any():
        raise InputError("A feature of the map has no geometry.", hint="Leave such rows out and count them.")
    kinds = set(np.unique(shapely.get_type_id(geometries)).tolist())
    if kinds <= {0}:
        return "point"
    if kinds <= {3, 6}:
        return "polygon"
    if kinds <= {1, 5}:
        return "line"
    raise InputError("A layer of the map mixes points, lines and polygons.", hint="Draw them as two layers.")


def _grid(coordinates: Floats, origin: Floats, step: float) -> Ints:
    return np.rint((coordinates - origin) / step).astype(np.int64)


def _steps(values: Ints) -> bytes:
    return varints(folded(np.diff(values, prepend=np.int64(0))))


def _points(shapes: Geometries, origin: Floats, step: float) -> list[bytes]:
    cells = _grid(shapely.get_coordinates(shapes), origin, step)
    return [_steps(cells[:, 0]), _steps(cells[:, 1])]


def _polygons(shapes: Geometries, origin: Floats, step: float) -> list[bytes]:
    """Exterior rings run one way and holes the other, so that a page may fill by winding number."""
    rings, feature = rings_of(shapes)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    is_closing = np.append(ring[1:] != ring[:-1], True)
    counts = np.bincount(feature, minlength=len(shapes))
    return _paths(_grid(coordinates[~is_closing], origin, step), ring[~is_closing], counts)


def _lines(shapes: Geometries, origin: Floats, step: float) -> list[bytes]:
    parts, feature = shapely.get_parts(shapes, return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    return _paths(_grid(coordinates, origin, step), part, np.bincount(feature, minlength=len(shapes)))


def _paths(cells: Ints, ring: Ints, counts: Ints) -> list[bytes]:
    """Write vertices ring by ring; ``ring`` is that of each vertex, ``counts`` the rings of each feature."""
    is_first = np.insert(ring[1:] != ring[:-1], 0, True)
    vertices = np.bincount(ring)
    deltas = np.diff(cells, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))[~is_first]
    last_of_four = (np.cumsum(vertices - 1) - 1)[vertices == 4]
    deltas[last_of_four] += deltas[last_of_four - 2]
    return [
        varints(counts),
        varints(vertices),
        _steps(cells[is_first, 0]),
        _steps(cells[is_first, 1]),
        varints(folded(deltas[:, 0])),
        varints(folded(deltas[:, 1])),
    ]


_SHAPES = {"point": _points, "line": _lines, "polygon": _polygons}


def _column(column: Column, order: Ints) -> tuple[Json, list[bytes]]:
    header: Json = {"key": column.key, "title": column.title, "kind": column.kind}
    if column.kind == "code":
        codes = np.asarray(column.data, dtype=np.int64)[order]
        return {**header, "values": list(column.values)}, [varints(codes + 1)]
    if column.kind == "text":
        return header, _texts(np.asarray(column.data, dtype=object)[order])
    units = np.asarray(column.data, dtype=np.float64)[order] * 10.0**column.digits
    is_known = np.isfinite(units)
    whole = np.rint(np.where(is_known, units, 0)).astype(np.int64)
    least = int(whole[is_known].min()) if is_known.any() else 0
    header |= {"digits": column.digits, "least": least, "unit": column.unit, "format": column.format}
    return header, [varints(np.where(is_known, whole - least + 1, 0))]


def _texts(texts: Texts) -> list[bytes]:
    """Write texts in the order they first occur: where all differ, as names do, their places cost nothing."""
    places: dict[str, int] = {}
    written = np.zeros(len(texts), dtype=np.int64)
    for i, given in enumerate(texts):
        if given is None or given != given:  # NaN is a missing text too
            continue
        text = str(given).replace("\0", "")
        written[i] = places.get(text, -1) + 2
        places.setdefault(text, len(places))
    return [varints(written), "\0".join(places).encode("utf-8", "replace")]
