"""Coordinates of a batch of rows: from numbers, from texts, or from points as WKB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.streams.source import Place
from gisgov.files.tables import numbers_of
from gisgov.types import Bools, Floats, Texts

_WKB_POINT_BYTES: Final = 21
_WKB_POINT: Final = np.frombuffer(b"\x01\x01\x00\x00\x00", dtype=np.uint8)  # little-endian, no heights
_MOST_TOLD: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Coordinates of some rows.

    Attributes
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        As the file has them; NaN where there is none.
    unreadable : numpy.ndarray of bool, shape (n,)
        Whether something stands there that is no coordinate.
    faults : dict of int to str
        What stands there, in words, for the first few of those rows.
    """

    x: Floats
    y: Floats
    unreadable: Bools
    faults: dict[int, str] = field(default_factory=dict)


def coordinates_of(batch: pa.RecordBatch, place: Place) -> Coordinates:
    """Read the coordinates of a batch.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        Rows of a file.
    place : Place
        Where their coordinates stand.

    Raises
    ------
    InputError
        A column named for a coordinate holds something else than numbers or texts.

    Examples
    --------
    >>> batch = pa.record_batch({"lon": ["120.1", "east"], "lat": ["30.2", "30.3"]})
    >>> read = coordinates_of(batch, Place("lon", "lat"))
    >>> read.x.tolist(), read.unreadable.tolist(), read.faults
    ([120.1, nan], [False, True], {1: "'east' in 'lon' is no number"})
    """
    if place.geometry is not None:
        return _of_geometry(batch.column(place.geometry))
    x, x_faults = _of_column(batch, place.lon or "")
    y, y_faults = _of_column(batch, place.lat or "")
    unreadable = np.zeros(batch.num_rows, dtype=np.bool_)
    faults = {**y_faults, **x_faults}
    unreadable[[*faults]] = True
    return Coordinates(x, y, unreadable, {row: faults[row] for row in sorted(faults)[:_MOST_TOLD]})


def _of_column(batch: pa.RecordBatch, name: str) -> tuple[Floats, dict[int, str]]:
    column = batch.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _of_texts(column, name)
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        if pa.types.is_null(kind):
            return np.full(len(column), np.nan), {}
        raise InputError(f"Column {name!r} holds {kind}, not coordinates.", field=name)
    return _plain(pc.cast(column, pa.float64(), safe=False)), {}


def _of_texts(column: pa.Array, name: str) -> tuple[Floats, dict[int, str]]:
    try:
        return _plain(pc.cast(pc.utf8_trim_whitespace(column), pa.float64())), {}
    except pa.ArrowInvalid:
        pass  # some cell is no plain number: one by one then
    numbers, texts = numbers_of(texts_of(column, field=name))
    bad = np.flatnonzero(np.isnan(numbers) & np.array([text is not None for text in texts], dtype=np.bool_))
    return numbers, {int(row): f"{texts[row]!r} in {name!r} is no number" for row in bad}


def _plain(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _of_geometry(column: pa.Array) -> Coordinates:
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_struct(column.type):
        x, y = _plain(pc.struct_field(column, "x")), _plain(pc.struct_field(column, "y"))
        return Coordinates(x, y, np.zeros(len(x), dtype=np.bool_))
    return _of_plain_points(column) or _of_wkb(column.to_numpy(zero_copy_only=False))


def _of_plain_points(column: pa.Array) -> Coordinates | None:
    """Read points that lie one behind the other in memory, all of one kind; None where they do not."""
    if column.null_count or not pa.types.is_binary(column.type) or not len(column):
        return None
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[column.offset :][: len(column) + 1]
    if not (np.diff(offsets) == _WKB_POINT_BYTES).all():
        return None
    content: npt.NDArray[np.uint8] = np.frombuffer(column.buffers()[2], dtype=np.uint8)
    points = content[offsets[0] : offsets[-1]].reshape(-1, _WKB_POINT_BYTES)
    if not (points[:, :5] == _WKB_POINT).all():
        return None
    xy = np.ascontiguousarray(points[:, 5:]).view("<f8").astype(np.float64, copy=False)
    return Coordinates(xy[:, 0].copy(), xy[:, 1].copy(), np.zeros(len(xy), dtype=np.bool_))


def _of_wkb(wkb: Texts) -> Coordinates:
    geometries = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    kinds = shapely.get_type_id(geometries)
    single = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(geometries) == 1)
    geometries[single] = shapely.get_geometry(geometries[single], 0)
    absent = np.array([one is None for one in wkb], dtype=np.bool_) | shapely.is_empty(geometries)
    unreadable = ~absent & (kinds != shapely.GeometryType.POINT) & ~single
    placed = geometries.copy()
    placed[absent] = None  # an empty point would make GEOS stop
    x, y = shapely.get_x(placed), shapely.get_y(placed)  # NaN for all but points
    faults = {
        int(row): f"the geometry is {_kind(geometries[row])}, not a point"
        for row in np.flatnonzero(unreadable)[:_MOST_TOLD]
    }
    return Coordinates(x, y, unreadable, faults)


def _kind(geometry: object) -> str:
    return "broken" if geometry is None else f"a {getattr(geometry, 'geom_type', '')}"
