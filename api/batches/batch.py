"""One batch: pieces of a body in, pieces of its answer out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from api.batches.heading import Heading
from api.batches.media import Media
from api.batches.points import Answered, Points, Reader, Writer
from api.batches.reading_array import ArrayReader
from api.batches.reading_arrow import ArrowReader
from api.batches.reading_csv import CsvReader
from api.batches.reading_lines import LineReader
from api.batches.reading_raw import RawReader
from api.batches.writing_arrow import ArrowWriter
from api.batches.writing_csv import CsvWriter
from api.batches.writing_json import DocumentWriter, LineWriter
from api.batches.writing_raw import RawWriter
from api.problems import TOO_LARGE, Refusal, kind_of
from gisgov.errors import GisgovError
from gisgov.services.assigning import STATUS_WORDS, Assigner
from gisgov.types import Json

Stop = GisgovError | Refusal
"""Why a batch ends before its points do."""

_STEP: Final = 65_536
_WITH_DETAILS: Final = 2_048
"""Points of a step: between two of them it is seen whether anybody still waits for the answers."""

_WRITERS: Final[dict[Media, Callable[[Heading], Writer]]] = {
    Media.JSON: DocumentWriter,
    Media.NDJSON: LineWriter,
    Media.CSV: CsvWriter,
    Media.ARROW: ArrowWriter,
    Media.RAW: RawWriter,
}


def reader_of(media: Media, charset: str) -> Reader:
    """Return a reader of a format."""
    if media is Media.CSV:
        return CsvReader(charset)
    readers: dict[Media, Callable[[], Reader]] = {
        Media.JSON: ArrayReader,
        Media.NDJSON: LineReader,
        Media.ARROW: ArrowReader,
        Media.RAW: RawReader,
    }
    return readers[media]()


def writer_of(media: Media, heading: Heading) -> Writer:
    """Return a writer of a format."""
    return _WRITERS[media](heading)


class Batch:
    """The points of one request and their answers; one thread at a time.

    Parameters
    ----------
    assigner : Assigner
        Knows the owners.
    reader, writer : Reader, Writer
        Of the formats of the request and of the answer.
    most_points : int
        So many are answered; more stop the batch.
    details : bool
        Whether more than code and status is told.
    """

    def __init__(
        self, assigner: Assigner, reader: Reader, writer: Writer, *, most_points: int, details: bool
    ) -> None:
        self._assigner = assigner
        self._reader = reader
        self._writer = writer
        self._most_points = most_points
        self._details = details
        self._has_begun = False
        self.count = 0
        self.counts = dict.fromkeys(STATUS_WORDS, 0)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take a piece of the body and yield the answers that it makes possible, step by step.

        Raises
        ------
        GisgovError, Refusal
            Why the batch stops.
        """
        yield from self._answers(self._reader.feed(chunk))

    def finish(self) -> Iterator[bytes]:
        """Take the end of the body and yield the last answers; see `feed`."""
        yield from self._answers(self._reader.finish())
        yield self._begin() + self._writer.end(self.counts)

    def stopped(self, stop: Stop) -> bytes:
        """Return the end of an answer that is not whole."""
        return self._begin() + self._writer.stop(self.count, self.counts, problem_of(stop))

    def _begin(self) -> bytes:
        if self._has_begun:
            return b""
        self._has_begun = True
        return self._writer.begin(has_ids=self._reader.has_ids)

    def _answers(self, read: Iterator[Points]) -> Iterator[bytes]:
        step = _WITH_DETAILS if self._details else _STEP
        for points in read:
            for begin in range(0, len(points), step):
                part = points.part(begin, begin + step) if len(points) > step else points
                left = self._most_points - self.count
                if left:
                    yield self._answer(part.part(0, left) if len(part) > left else part)
                if len(part) > left:
                    raise too_many(self._most_points)

    def _answer(self, points: Points) -> bytes:
        answered = self._answered(points)
        written = self._begin() + self._writer.write(answered)
        self.count += len(answered)
        for word, number in answered.assigned.counts().items():
            self.counts[word] += number
        return written

    def _answered(self, points: Points) -> Answered:
        assigned = self._assigner.assign(points.x, points.y)
        reasons = self._assigner.reasons(points.x, points.y, assigned)
        for place, fault in points.faults.items():
            assigned.owner[place] = -1
            assigned.status[place] = fault.status
            reasons[place] = fault.reason
        details = self._assigner.details(points.x, points.y) if self._details else None
        return Answered(self.count, points.ids, assigned, reasons, details)


def too_many(most: int) -> Refusal:
    """Return the refusal of a batch of too many points."""
    return Refusal(
        TOO_LARGE,
        f"A batch has {most:,} points at most; this one has more.",
        hint="Send the rest in another request; GISGOV_BATCH_MOST_POINTS allows more.",
    )


def problem_of(stop: Stop) -> Json:
    """Return what stopped a batch as the members of a problem."""
    kind = stop.kind if isinstance(stop, Refusal) else kind_of(stop)
    detail = stop.detail if isinstance(stop, Refusal) else stop.message
    problem: Json = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail}
    return problem if stop.hint is None else {**problem, "hint": stop.hint}
