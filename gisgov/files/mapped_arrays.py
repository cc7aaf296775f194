"""Arrays in one file that processes map into their memory: however many they are, one copy is held.

The file begins with a mark, a checksum of all that follows it, and a head that says what is where; arrays lie
at multiples of 64 octets. A file that was cut short, changed or written by somebody else is told by its
checksum, which takes some milliseconds for a hundred megabytes.
"""

from __future__ import annotations

import json
import mmap
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from gisgov.types import Json

_MARK: Final = b"gisgovA1"
_BEGIN: Final = 24  # after the mark, the checksum and the length of the head, 8 octets each
_ALIGNED: Final = 64
_KINDS: Final = "biuf"


@dataclass(frozen=True, slots=True, eq=False)
class MappedArrays:
    """What a file holds; the arrays are read-only and live in it.

    Attributes
    ----------
    about : dict
        What was written beside the arrays.
    arrays : mapping of str to numpy.ndarray
        By name.
    """

    about: Json
    arrays: Mapping[str, npt.NDArray[Any]]


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]], about: Json) -> None:
    """Write arrays; whoever reads sees the former file or this one, never a part.

    Parameters
    ----------
    path : pathlib.Path
        The file, in a folder that is there.
    arrays : mapping of str to numpy.ndarray
        Of numbers or truth values, any shape.
    about : dict
        Kept beside them, as JSON.

    Raises
    ------
    TypeError
        An array holds something else.
    OSError
        It cannot be written.
    """
    unfinished = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            _write(file, {name: np.ascontiguousarray(array) for name, array in arrays.items()}, about)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def map_arrays(path: Path) -> MappedArrays | None:
    """Map the arrays in a file; None where there is none, or it is not whole.

    Parameters
    ----------
    path : pathlib.Path
        As `write_arrays` wrote it. It may be replaced or removed while it is mapped.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < _BEGIN:
                return None
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        return None
    checksum, length = np.frombuffer(mapped, dtype="<u8", count=2, offset=len(_MARK)).tolist()
    if mapped[: len(_MARK)] != _MARK or _checksum(memoryview(mapped)[16:]) != checksum:
        return None
    head = json.loads(mapped[_BEGIN : _BEGIN + length])
    return MappedArrays(head["about"], {one["name"]: _array(mapped, one) for one in head["arrays"]})


def _write(file: BinaryIO, arrays: Mapping[str, npt.NDArray[Any]], about: Json) -> None:
    rows: list[Json] = []
    for name, array in arrays.items():
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"The array {name} holds {array.dtype}, which cannot be mapped.")
        rows.append({"name": name, "type": array.dtype.str, "shape": array.shape, "at": 0})
    head = b""
    for _ in range(2):  # where the arrays begin depends on the length of the head: room is kept for it
        room = _aligned(_BEGIN + len(head) + 20 * len(rows))
        for row, begin in zip(rows, _begins(arrays, room), strict=True):
            row["at"] = begin
        head = json.dumps({"about": about, "arrays": rows}, ensure_ascii=False).encode()
    checksum = 0
    file.write(_MARK + bytes(8))
    for begin, octets in _pieces(head, arrays, [row["at"] for row in rows]):
        gap = bytes(begin - file.tell())
        checksum = _checksum(octets, _checksum(gap, checksum))
        file.write(gap)
        file.write(octets)
    file.seek(len(_MARK))
    file.write(checksum.to_bytes(8, "little"))


def _pieces(
    head: bytes, arrays: Mapping[str, npt.NDArray[Any]], begins: list[int]
) -> Iterator[tuple[int, bytes | memoryview]]:
    yield 16, len(head).to_bytes(8, "little")
    yield _BEGIN, head
    for array, begin in zip(arrays.values(), begins, strict=True):
        yield begin, array.reshape(-1).view(np.uint8).data


def _begins(arrays: Mapping[str, npt.NDArray[Any]], begin: int) -> Iterator[int]:
    for array in arrays.values():
        yield begin
        begin = _aligned(begin + array.nbytes)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


def _array(mapped: mmap.mmap, row: Json) -> npt.NDArray[Any]:
    shape = tuple(row["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    if not count:
        return np.empty(shape, dtype=row["type"])
    return np.frombuffer(mapped, dtype=row["type"], count=count, offset=row["at"]).reshape(shape)


def _checksum(octets: bytes | memoryview, begin: int = 0) -> int:
    return int(isal_zlib.crc32(octets, begin))
