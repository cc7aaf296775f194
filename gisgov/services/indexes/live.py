"""The indexes of a service: kept as the database has them, or not given out."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from gisgov.errors import DatabaseUnavailable
from gisgov.services.days import local_day
from gisgov.services.indexes.folder import IndexFolder
from gisgov.services.indexes.heard import HeardVersions
from gisgov.services.indexes.loading import read_day
from gisgov.services.indexes.records import DayIndexes
from gisgov.store.changes import Subject, Version, newest_of_subjects
from gisgov.store.database import Database
from gisgov.store.indexed_plans import begin_snapshot
from gisgov.store.listening import Listener, listening

BEAT_S: Final = 1.0
"""How often the database is asked for its version, beside what it tells by itself."""

_GAP_S: Final = 0.02
"""How long after the database was asked it is asked again at the earliest: many changes come together."""

LEASE_S: Final = 3.0
"""How long what is held is given out after the database was last asked: so far it can be behind at most."""

_AGAIN_S: Final = (0.1, 0.3, 1.0, 2.0)
"""How long to wait before the database is tried again, the last one for ever."""

_PATIENCE_S: Final = 2.0
"""How long a thread may take to end; one that a database keeps waiting ends with the process."""

_AFTER_FAULT_S: Final = 30.0
"""How long to wait after another error: what was to be read may be large."""

_DAY: Final = timedelta(days=1)
_MOST_OTHER_DAYS: Final = 4
_PREPARE_EVERY_S: Final = 30.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.indexes")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is held: as of which version, and which one of its plans; replaced as a whole, never changed."""

    heard: HeardVersions
    seen: Version
    plans: Version
    days: Mapping[date, DayIndexes]

    @property
    def is_newest(self) -> bool:
        """Whether no process of this machine has heard of newer plans."""
        return self.heard.of("plan") == self.plans.number


class LiveIndexes:
    """The indexes of the days that are asked for, each the one that the database stands for now.

    A thread listens for changes and asks the database for its version every second. What is held is given
    out only while that is certain: the last answer of the database is younger than `LEASE_S`, and no process
    of this machine has heard of a newer version of the plans.

    Parameters
    ----------
    database : Database
        Where the plans are.
    folder : IndexFolder
        Where the files are that processes share.
    timezone : zoneinfo.ZoneInfo
        Where the day begins at midnight.
    """

    def __init__(self, database: Database, folder: IndexFolder, timezone: ZoneInfo) -> None:
        self._database = database
        self._folder = folder
        self._timezone = timezone
        self._known: _Known | None = None
        self._heard: HeardVersions | None = None
        self._epoch = ""
        self._certain_until = 0.0
        self._changing = threading.Lock()
        self._asking = threading.Lock()
        self._wake_end, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._is_closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._preparing: threading.Thread | None = None
        self._prepared_s = 0.0
        self._told: tuple[Callable[[Version], None], ...] = ()

    # --- asking

    @property
    def is_certain(self) -> bool:
        """Whether all that changed in the database is known of."""
        return clock() < self._certain_until

    def today(self) -> DayIndexes | None:
        """Return the indexes of today; None where they are not certain to be those of the database now."""
        return self.at_hand(local_day(None, self._timezone))

    def at_hand(self, day: date) -> DayIndexes | None:
        """Return the indexes of a day without waiting; None where they are not held, or not certain."""
        known = self._known
        if known is None or clock() >= self._certain_until:
            return None
        if not known.is_newest:
            self._wake()
            return None
        return known.days.get(day)

    def on(self, day: date) -> DayIndexes:
        """Return the indexes of a day, read from the database where they are not at hand; some are kept.

        Raises
        ------
        DatabaseUnavailable
            The database does not answer.
        """
        found = self.at_hand(day)
        if found is not None:
            return found
        with self._asking:  # one at a time: what waits for a file that is being made holds a connection
            found = self.at_hand(day)
            if found is not None:
                return found
            known = self._read([day])
            self._take(known)
            return known.days[day]

    def changed(self, subject: Subject) -> int | None:
        """Return the number of the newest version that changed a subject; None where that is not certain.

        Whoever keeps what was made of staff posts, keys and the like drops it when the number is another one.
        """
        heard = self._heard
        return heard.of(subject) if heard is not None and clock() < self._certain_until else None

    def settle(self) -> None:
        """Let all processes of this machine know of what was committed so far.

        Whoever changes something calls this before it says so: no answer after that is of the time before.

        Raises
        ------
        DatabaseUnavailable
            The database does not answer.
        """
        known = self._known
        with self._database.own.begin() as connection:
            begin_snapshot(connection)
            now, newest = newest_of_subjects(connection, None if known is None else known.seen)
        self._heard_of(now.epoch).raise_to(newest)

    # --- following

    def tell(self, told: Callable[[Version], None]) -> None:
        """Tell somebody of the version of the database whenever it was asked for, at once after a change.

        Parameters
        ----------
        told : callable
            Called in the thread that listens; it must not wait, nor fail.
        """
        self._told = (*self._told, told)

    def start(self) -> None:
        """Begin to listen; until the indexes of today are there, none are given out."""
        self._thread = threading.Thread(target=self._run, name="gisgov-indexes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End listening; nothing is given out any more."""
        self._is_closing.set()
        self._wake()
        for thread in (self._thread, self._preparing):
            if thread is not None:
                thread.join(_PATIENCE_S)
        self._certain_until = 0.0
        with self._changing:
            self._known = None
            is_over = self._thread is None or not self._thread.is_alive()
            if is_over and self._waker >= 0:
                os.close(self._wake_end)
                os.close(self._waker)
                self._wake_end = self._waker = -1

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # it is woken already, or gone
            os.write(self._waker, b"!")

    def _run(self) -> None:
        failures = 0
        while not self._is_closing.is_set():
            try:
                with listening(self._database) as listener:
                    while not self._is_closing.is_set():
                        asked = clock()
                        self._beat(listener, asked)
                        failures = 0
                        self._is_closing.wait(max(0.0, asked + _GAP_S - clock()))
                        listener.wait(max(0.0, asked + BEAT_S - clock()), self._wake_end)
                        with contextlib.suppress(BlockingIOError):
                            os.read(self._wake_end, 4096)
            except DatabaseUnavailable as error:
                self._certain_until = 0.0
                if not failures:
                    _log.warning("indexes wait for the database", reason=error.message)
                self._is_closing.wait(_AGAIN_S[min(failures, len(_AGAIN_S) - 1)])
                failures += 1
            except Exception:  # whatever it is: the database answers meanwhile
                self._certain_until = 0.0
                _log.exception("indexes could not be read")
                self._is_closing.wait(_AFTER_FAULT_S)

    def _beat(self, listener: Listener, asked: float) -> None:
        """Ask the database for its version; follow it, and give out what is held for a while longer."""
        now = listener.version()
        for told in self._told:
            told(now)
        self._heard_of(now.epoch).follow_file()
        known, today = self._known, local_day(None, self._timezone)
        if known is None or known.seen != now or not known.is_newest or today not in known.days:
            self._take(self._read([today]))
        if not self._is_closing.is_set():
            self._certain_until = asked + LEASE_S
        self._prepare(today + _DAY)

    def _read(self, days: Sequence[date]) -> _Known:
        """Read the indexes of days as of one moment; the processes of the machine hear of its version."""
        while True:
            known, heard = self._known, self._heard
            told = {} if heard is None else heard.all()  # before the moment: it has them all
            with self._database.own.begin() as connection:
                begin_snapshot(connection)
                now, newest = newest_of_subjects(connection, None if known is None else known.seen)
                if heard is None or heard is not self._heard_of(now.epoch):
                    continue  # the first time, or another database
                if max(told.values()) > now.number:  # of a database that was set back
                    heard.reset(newest)
                    told = dict(newest)
                heard.raise_to(newest)  # from here on no process answers by what was before
                plans = Version(now.epoch, max(told.get("plan", 0), newest.get("plan", 0)))
                kept = known.days if known is not None and known.plans == plans else {}
                missing = [day for day in days if day not in kept]
                read = {day: read_day(connection, self._folder, day, plans) for day in missing}
                return _Known(heard, now, plans, {**kept, **read})

    def _heard_of(self, epoch: str) -> HeardVersions:
        with self._changing:
            if self._heard is None or self._epoch != epoch:
                self._known, self._epoch = None, epoch
                if self._heard is not None:
                    self._heard.close()
                self._heard = HeardVersions(self._folder.path / f"heard-{epoch}")
            return self._heard

    def _take(self, news: _Known) -> None:
        """Hold what was read, in one step, unless somebody holds something newer by now."""
        with self._changing:
            known = self._known
            if self._is_closing.is_set() or not (news.is_newest or known is None):
                return
            before = {} if known is None or known.plans != news.plans else known.days
            days = {**before, **news.days}
            today = local_day(None, self._timezone)
            others = [day for day in days if day not in (today, today + _DAY)]
            for day in others[:-_MOST_OTHER_DAYS]:
                del days[day]
            self._known = _Known(news.heard, news.seen, news.plans, days)

    def _prepare(self, day: date) -> None:
        """Read the indexes of tomorrow beside, so that they are at hand at midnight."""
        known = self._known
        if known is None or day in known.days or time.monotonic() < self._prepared_s:
            return
        if self._preparing is None or not self._preparing.is_alive():
            self._prepared_s = time.monotonic() + _PREPARE_EVERY_S
            self._preparing = threading.Thread(target=self._prepare_now, args=(day,), daemon=True)
            self._preparing.start()

    def _prepare_now(self, day: date) -> None:
        try:
            self.on(day)
        except Exception as error:  # tomorrow it will be told of
            _log.warning("indexes of tomorrow could not be read", reason=repr(error))


def clock() -> float:
    """Return seconds that go on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
