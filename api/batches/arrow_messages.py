"""Messages of an Arrow stream, cut out of a body that comes piece by piece.

pyarrow reads streams by waiting for more of them, which would hold a thread for every slow client. Where a
message ends is told by its head (format/Message.fbs of Apache Arrow), so few fields of it are read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gisgov.errors import InputError

CONTINUES: Final = b"\xff\xff\xff\xff"
END: Final = CONTINUES + bytes(4)
"""What ends a stream."""

SCHEMA, DICTIONARY, BATCH = 1, 2, 3
_MOST_BYTES: Final = 32 << 20
_BROKEN: Final = "The body is no Arrow stream."
_FILE_MARK: Final = b"ARROW1"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what it is, all of its bytes, and for a batch its rows and whether it is compressed."""

    kind: int
    data: bytes
    rows: int = 0
    is_compressed: bool = False


class Messages:
    """Cuts an Arrow stream into its messages."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._need = 8
        self.has_ended = False

    def feed(self, chunk: bytes) -> Iterator[Message]:
        """Yield the messages that are whole now.

        Raises
        ------
        InputError
            It is no stream, or a message is too large to be held.
        """
        if self.has_ended:
            return  # whatever follows the end of a stream is none of it
        self._held += chunk
        while len(self._held) >= self._need:
            begin = bytes(self._held[:8])
            if begin == END:
                self.has_ended = True
                return
            head_bytes = _head_bytes(begin)
            self._need = 8 + head_bytes
            if len(self._held) < self._need:
                return
            head = bytes(self._held[8 : self._need])
            kind, body_bytes, rows, is_compressed = _read_head(head)
            self._need += body_bytes
            if self._need > _MOST_BYTES:
                raise InputError(
                    f"A message of the Arrow stream has {self._need:,} bytes; it may have {_MOST_BYTES:,}.",
                    hint="Send smaller record batches.",
                )
            if len(self._held) < self._need:
                return
            yield Message(kind, bytes(self._held[: self._need]), rows, is_compressed)
            del self._held[: self._need]
            self._need = 8

    def finish(self) -> None:
        """Make sure that the body ends where a message does.

        Raises
        ------
        InputError
            It breaks off.
        """
        if self._held and not self.has_ended:
            raise InputError("The Arrow stream breaks off within a message.", hint="Send it anew.")


def _head_bytes(begin: bytes) -> int:
    if begin.startswith(_FILE_MARK):
        raise InputError(
            "The body is an Arrow file, not a stream.", hint="Write it by pyarrow.ipc.new_stream."
        )
    (count,) = struct.unpack_from("<i", begin, 4)
    if begin[:4] != CONTINUES or not 0 < count <= _MOST_BYTES:
        raise InputError(_BROKEN)
    return int(count)


def _read_head(head: bytes) -> tuple[int, int, int, bool]:
    """Return the kind of a message, the bytes of its body, and of a batch its rows and compression."""
    try:
        (root,) = struct.unpack_from("<I", head, 0)
        kind_at, body_at = _field(head, root, 1), _field(head, root, 3)
        kind = head[kind_at] if kind_at else 0
        (body,) = struct.unpack_from("<q", head, body_at) if body_at else (0,)
        rows, is_compressed = 0, False
        header_at = _field(head, root, 2)
        if kind == BATCH and header_at:
            batch = header_at + struct.unpack_from("<I", head, header_at)[0]
            rows_at = _field(head, batch, 0)
            rows = struct.unpack_from("<q", head, rows_at)[0] if rows_at else 0
            is_compressed = bool(_field(head, batch, 3))
    except (struct.error, IndexError) as error:
        raise InputError(_BROKEN) from error
    if body < 0 or rows < 0:
        raise InputError(_BROKEN)
    return kind, body, rows, is_compressed


def _field(head: bytes, table: int, number: int) -> int:
    """Return where a field of a flatbuffer's table lies; 0 where it is left out."""
    (back,) = struct.unpack_from("<i", head, table)
    entries = table - back
    if entries < 0:
        raise IndexError(entries)
    (entries_bytes,) = struct.unpack_from("<H", head, entries)
    place = 4 + 2 * number
    if place + 2 > entries_bytes:
        return 0
    (offset,) = struct.unpack_from("<H", head, entries + place)
    return table + offset if offset else 0
