"""Whether the files of a Shapefile are all there, and whole."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from gisgov.errors import FileError

_HEADER_BYTES = 100


def refuse_damaged_shapefile(path: Path, shp: Path) -> Path:
    """Refuse a Shapefile that lacks one of its files or the end of one, which GDAL may read in silence.

    Parameters
    ----------
    path : pathlib.Path
        The file that was named: the ``.shp``, or the zip it was unpacked from.
    shp : pathlib.Path
        The ``.shp``.

    Returns
    -------
    pathlib.Path
        The ``.dbf``.

    Raises
    ------
    FileError
        The ``.shx`` or ``.dbf`` is absent, or the header of one of the three counts more bytes than it
        has.
    """
    _refuse_truncated(path, shp, shp, shapefile_bytes)
    _refuse_truncated(
        path, shp, _beside(path, shp, ".shx", ", which says where each shape begins"), shapefile_bytes
    )
    dbf = _beside(path, shp, ".dbf", " with its attributes")
    _refuse_truncated(path, shp, dbf, _dbf_bytes)
    return dbf


def shapefile_bytes(head: bytes) -> int:
    """Return how many bytes a ``.shp`` or ``.shx`` has by its header, which alone takes a hundred."""
    (words,) = struct.unpack(">i", head[24:28].ljust(4, b"\x00"))
    return max(2 * int(words), _HEADER_BYTES)


def _dbf_bytes(head: bytes) -> int:
    if len(head) < 32:
        return 32
    rows, header_length, row_length = struct.unpack("<IHH", head[4:12])
    return int(header_length + rows * row_length)


def _beside(path: Path, shp: Path, suffix: str, holding: str) -> Path:
    for part in (shp.with_suffix(suffix), shp.with_suffix(suffix.upper())):
        if part.is_file():
            return part
    raise FileError(
        f"{path.name} lacks the {suffix}{holding}.",
        hint="A Shapefile is several files: put it beside the .shp or into the .zip, or export it anew.",
    )


def _refuse_truncated(path: Path, shp: Path, part: Path, expected: Callable[[bytes], int]) -> None:
    with part.open("rb") as file:
        wanted = expected(file.read(_HEADER_BYTES))
    size = part.stat().st_size
    if size < wanted:
        name = part.name if path == shp else f"The {part.suffix} in {path.name}"
        raise FileError(
            f"{name} is truncated: {size:,} of {wanted:,} bytes are there.", hint="Copy or export it anew."
        )
