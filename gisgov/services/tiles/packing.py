"""Tiles as they are sent."""

from __future__ import annotations

from typing import Final

from isal import isal_zlib

_LEVEL: Final = 1
_GZIP: Final = 31  # zlib's word for a stream with the header of gzip


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
