"""Answers on their way to a client, which may read them only when it has sent all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections import deque
from types import TracebackType
from typing import IO, Final

from starlette.concurrency import run_in_threadpool

_HELD_BYTES: Final = 4 << 20
_PIECE_BYTES: Final = 256 << 10


class Outbox:
    """A queue of bytes that holds a few megabytes in memory and what is beyond them in a file.

    Many clients send all they have before they read anything. Holding answers back until they do would stop
    both sides for ever, so nothing is held back. One task puts, one takes.
    """

    def __init__(self, held_bytes: int = _HELD_BYTES) -> None:
        self._most = held_bytes
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._is_writing = False
        self._is_closed = False
        self._changed = asyncio.Event()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()

    async def put(self, piece: bytes) -> None:
        """Add what is to be sent."""
        if not piece:
            return
        is_spilled = self._written > self._read or self._is_writing
        if not is_spilled and (not self._pieces or self._held + len(piece) <= self._most):
            self._pieces.append(piece)
            self._held += len(piece)
        else:
            self._is_writing = True
            await run_in_threadpool(self._write, piece)
            self._is_writing = False
        self._changed.set()

    def close(self) -> None:
        """Say that nothing more comes."""
        self._is_closed = True
        self._changed.set()

    async def take(self) -> bytes | None:
        """Return what comes next, as soon as it is there; None after the last."""
        while True:
            if self._pieces:
                piece = self._pieces.popleft()
                self._held -= len(piece)
                return piece
            if self._written > self._read:
                return await run_in_threadpool(self._next_of_file)
            if self._is_closed:
                return None
            self._changed.clear()
            await self._changed.wait()

    def _write(self, piece: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="gisgov-batch-")  # noqa: SIM115 - closed with this
        if self._written == self._read:
            self._written = self._read = 0
            self._file.truncate(0)
        rest = memoryview(piece)
        at = self._written
        while rest:
            count = os.pwrite(self._file.fileno(), rest, at)
            rest, at = rest[count:], at + count
        self._written = at

    def _next_of_file(self) -> bytes:
        assert self._file is not None  # noqa: S101 - something was written
        count = min(_PIECE_BYTES, self._written - self._read)
        piece = os.pread(self._file.fileno(), count, self._read)
        self._read += len(piece)
        return piece
