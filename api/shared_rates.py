"""How often somebody may ask all processes of a service together: counted in a file that they share.

Taking turns for every request would cost more than many an answer. Each process takes from the common
allowance of somebody a few requests at once, which it counts down by itself, and gives back what is left.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import mmap
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK_S: Final = 0.5
"""How long what was taken may be used, and how exactly moments are told apart."""

_TICKS: Final = 122
"""For how many ticks what was taken counts: a minute, and the time in which it is used."""

_KEY, _LATEST, _TOTAL, _FIRST = 0, 1, 2, 3
"""Places in a row of the file: whose it is, the tick that it is counted up to, the sum, the ticks' own."""

_WORDS: Final = 128
_TOGETHER: Final = 8
"""Rows that one may have; where others have them all, the row that was used longest ago is taken over."""

_ROWS: Final = 4096
_BYTES: Final = 8 * _WORDS * _ROWS

_SHARE: Final = 64
_MOST_AT_ONCE: Final = 256
_TRIES: Final = 200


@dataclass(slots=True)
class _Taken:
    """What one process took for somebody: how much, when, and how much of it is left."""

    size: int
    left: int
    tick: int
    until: float


class SharedWindow:
    """A `MovingWindow` of all processes that have the same file.

    Together they allow no more than ``most`` in any minute. They may refuse one in 64 of them too early,
    while another process still holds what it took; and a moment counts for half a second to a second more
    than a minute. After the machine was started anew, or where the file was removed, counting begins anew.

    Parameters
    ----------
    most : int
        How often one may ask within a minute.
    path : pathlib.Path
        The file: of 4 MB at most, made if need be.
    workers : int
        How many processes share it.

    Raises
    ------
    OSError
        It cannot be made or opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     here, there = (SharedWindow(3, Path(folder) / "asked", 2) for _ in range(2))
    ...     here.count("a"), there.count("a"), here.count("a"), there.count("a") > 59
    (0.0, 0.0, 0.0, True)
    """

    def __init__(self, most: int, path: Path, workers: int) -> None:
        self.most = most
        self._path = path
        self._at_once = min(_MOST_AT_ONCE, max(1, most // (_SHARE * workers)))
        self._taken: dict[str, _Taken] = {}
        self._lock = threading.Lock()
        self._tidied = time.monotonic()
        self._file = -1
        self._open()

    def count(self, whose: str) -> float:
        """Count that somebody asks; return 0, or how many seconds are left until they may ask again."""
        now = time.monotonic()
        with self._lock:
            taken = self._taken.get(whose)
            if taken is not None and taken.left > 0 and now < taken.until:
                taken.left -= 1
                return 0.0
            return self._take(whose, taken, now)

    def take_back(self, whose: str) -> None:
        """Forget that somebody asked just now: what they asked is counted again where it is answered."""
        with self._lock:
            taken = self._taken.get(whose)
            if taken is not None:
                taken.left += 1

    def _take(self, whose: str, before: _Taken | None, now: float) -> float:
        """Take some of the common allowance and use one, after giving back what is left of the last."""
        if before is None:
            self._tidy(now)
        # whoever asks often takes more at once, whoever asks seldom holds back nothing
        is_used_up = before is not None and before.left == 0 and now < before.until
        wanted = min(self._at_once, 2 * before.size) if before is not None and is_used_up else 1
        tick = int(now / _TICK_S)
        with self._alone():
            row = self._row(whose, tick)
            self._follow(row, tick)
            if before is not None and before.left > 0 and tick - before.tick < _TICKS:
                self._add(row, before.tick, -before.left)
            got = min(wanted, self.most - self._words[row + _TOTAL])
            if got <= 0:
                self._taken.pop(whose, None)
                return max(_TICK_S, (self._oldest(row, tick) + _TICKS) * _TICK_S - now)
            self._add(row, tick, got)
        self._taken[whose] = _Taken(got, got - 1, tick, (tick + 1) * _TICK_S)
        return 0.0

    def _row(self, whose: str, tick: int) -> int:
        """Return where somebody's row begins, a new one if need be."""
        key = int.from_bytes(hashlib.blake2b(whose.encode(), digest_size=8).digest(), "little", signed=True)
        key = key or 1
        first = key % (_ROWS // _TOGETHER) * _TOGETHER
        rows = [number * _WORDS for number in range(first, first + _TOGETHER)]
        for row in rows:
            if self._words[row + _KEY] == key:
                return row
        oldest = min(rows, key=lambda row: self._words[row + _LATEST])
        self._clear(oldest, tick)
        self._words[oldest + _KEY] = key
        return oldest

    def _follow(self, row: int, tick: int) -> None:
        """Let go what counts no longer."""
        words = self._words
        passed = tick - words[row + _LATEST]
        if not -1 <= passed < _TICKS:  # long ago; or ahead of now: of before the machine was started anew
            self._clear(row, tick)
            return
        for one in range(tick - passed + 1, tick + 1):
            place = row + _FIRST + one % _TICKS
            words[row + _TOTAL] -= words[place]
            words[place] = 0
        words[row + _LATEST] = max(tick, words[row + _LATEST])

    def _clear(self, row: int, tick: int) -> None:
        for place in range(row + _TOTAL, row + _WORDS):
            self._words[place] = 0
        self._words[row + _LATEST] = tick

    def _add(self, row: int, tick: int, many: int) -> None:
        place = row + _FIRST + tick % _TICKS
        many = max(many, -self._words[place])
        self._words[place] += many
        self._words[row + _TOTAL] += many

    def _oldest(self, row: int, tick: int) -> int:
        """Return the first tick that something was taken in."""
        ticks = range(tick - _TICKS + 1, tick + 1)
        return next((one for one in ticks if self._words[row + _FIRST + one % _TICKS]), tick)

    def _tidy(self, now: float) -> None:
        """Forget those who did not ask for a minute: once a minute, when somebody new comes."""
        minute = _TICKS * _TICK_S
        if self._tidied <= now - minute:
            self._tidied = now
            self._taken = {who: one for who, one in self._taken.items() if one.until > now - minute}

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the file against other processes; go on without it where one stands still that holds it."""
        if os.fstat(self._file).st_nlink == 0:  # somebody removed it, and new processes have another
            self._open()
        is_mine = False
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.sched_yield()
            else:
                is_mine = True
                break
        try:
            yield
        finally:
            if is_mine:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(file, _BYTES)  # nothing where it is so long already
            words = memoryview(mmap.mmap(file, _BYTES)).cast("q")
        except OSError:
            os.close(file)
            raise
        if self._file >= 0:
            os.close(self._file)
        self._file, self._words = file, words
