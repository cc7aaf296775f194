"""The days that are answered out of memory, made ready beside the requests."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from api.hot_queries import Rest
from gisgov.services.days import local_day
from gisgov.services.ready_answers import DayPosts, Question, ReadyDay

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from gisgov.services.indexes import DayIndexes, LiveIndexes
    from gisgov.store.database import Database

_MOST = 8
_EVERY_S = 0.1
_PATIENCE_S = 30.0
"""How long to look for today before anybody asks; where the database is not there yet, whoever asks does."""
_MOST_QUESTIONS = 1_000
_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.hot")


@dataclass(frozen=True, slots=True)
class _Kept:
    ready: ReadyDay
    staff_seen: int
    questions: dict[Rest, Question | None] = field(default_factory=dict)


class Today:
    """Which day it is, without a look at the calendar each time.

    Parameters
    ----------
    timezone : zoneinfo.ZoneInfo
        In which it begins and ends.
    """

    def __init__(self, timezone: ZoneInfo) -> None:
        self._timezone = timezone
        self._known = (0.0, 0.0, date.min)  # from when to when it is which day

    def day(self) -> date:
        """Return the day that it is now."""
        begin, end, day = self._known
        if begin <= time.time() < end:
            return day
        day = local_day(None, self._timezone)
        begin, end = (
            datetime.combine(one, datetime.min.time(), self._timezone).timestamp()
            for one in (day, day + timedelta(days=1))
        )
        self._known = begin, end, day
        return day


class ReadyDays:
    """The answers of the days that were asked for, each for as long as neither plans nor staff change.

    Parameters
    ----------
    database : Database
        Where posts are read.
    indexes : LiveIndexes
        The areas in force.
    timezone : zoneinfo.ZoneInfo
        In which today begins.
    """

    def __init__(self, database: Database, indexes: LiveIndexes, timezone: ZoneInfo) -> None:
        self._database = database
        self._indexes = indexes
        self._today = Today(timezone)
        self._kept: dict[date, _Kept] = {}
        self._preparing = threading.Lock()

    def question(self, rest: Rest) -> Question | None:
        """Return what answers a query but for its coordinate.

        None where its day is not at hand, what is known of it not certain, or its layer unknown. A day whose
        staff changed is prepared anew beside.
        """
        kept = self._certain(rest.day)
        if kept is None:
            return None
        question = kept.questions.get(rest)
        if question is None and rest not in kept.questions:
            if len(kept.questions) >= _MOST_QUESTIONS:
                kept.questions.clear()
            question = kept.questions[rest] = kept.ready.question(rest.placing, rest.layer)
        return question

    def make_ready(self) -> None:
        """Prepare today beside as soon as its areas are there, before anybody asks."""
        threading.Thread(target=self._prepare_first, daemon=True).start()

    def _prepare_first(self) -> None:
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until and not self._kept:
            self._certain(None)
            time.sleep(_EVERY_S)

    def _certain(self, day: date | None) -> _Kept | None:
        indexes = self._indexes.at_hand(self._today.day() if day is None else day)
        seen = self._indexes.changed("staff")
        if indexes is None or seen is None:
            return None
        kept = self._kept.get(indexes.day)
        if kept is not None and kept.staff_seen == seen and kept.ready.indexes is indexes:
            return kept
        if self._preparing.acquire(blocking=False):
            threading.Thread(target=self._prepare, args=(indexes, seen), daemon=True).start()
        return None

    def _prepare(self, indexes: DayIndexes, seen: int) -> None:
        """Read the posts of a day; areas that were read are answered while others are not yet."""
        try:
            keys = [(layer.layer.id, str(code)) for layer in indexes.layers.values() for code in layer.codes]
            posts = DayPosts(indexes.day, keys)
            ready = ReadyDay(indexes, posts)
            ready.make_ready()  # here, where nobody waits: the first answer would hold up all others
            if len(self._kept) >= _MOST:
                self._kept.pop(min(self._kept))
            kept = self._kept[indexes.day] = _Kept(ready, seen)
            while not posts.is_whole and kept.staff_seen == self._indexes.changed("staff"):
                posts.read_some(self._database)
        except Exception:
            self._kept.pop(indexes.day, None)
            _log.exception("posts could not be read", day=indexes.day.isoformat())
        finally:
            self._preparing.release()
