"""Tiles as they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from isal import isal_zlib

_LEVEL: Final = 1
_GZIP: Final = 31  # zlib's word for a stream with the header of gzip


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """A tile.

    Attributes
    ----------
    version : str
        Of the tiles that whoever asked sees.
    data : bytes or None
        The tile, empty where nothing is; None: it is the version that they have.
    is_gzip : bool
        Whether it is compressed.
    """

    version: str
    data: bytes | None
    is_gzip: bool = False


def packed(data: bytes, is_gzip: bool) -> bytes:
    """Return a tile compressed by gzip if that is asked for; an empty one stays empty.

    Examples
    --------
    >>> import gzip
    >>> gzip.decompress(packed(b"tile", True)), packed(b"", True)
    (b'tile', b'')
    """
    if not is_gzip or not data:
        return data
    return isal_zlib.compress(data, _LEVEL, _GZIP)
