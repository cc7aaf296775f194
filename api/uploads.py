"""Forms with files, read as they come: files go to the disk piece by piece, and never whole into memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.problems import INVALID_REQUEST, TOO_LARGE, TOO_SLOW, UNSUPPORTED_MEDIA, Refusal

_MOST_FIELDS = 60
_MOST_TEXT_BYTES = 8192
_LONGEST_NAME = 120
SILENCE_S = 60.0
"""How long a body may pause; who sends nothing for longer holds a connection for nothing."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form.

    Attributes
    ----------
    stored : str
        Its name in the folder that the form was read into.
    given : str
        Its name as the form tells it, without folders.
    size_bytes : int
        Its size.
    """

    stored: str
    given: str
    size_bytes: int


@dataclass(slots=True)
class Form:
    """What a form held: texts and files by the name of their field, each in the order of the form."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, Upload]] = field(default_factory=list)


async def read_form(
    request: Request,
    folder: Path,
    *,
    files: Collection[str],
    store_as: Callable[[str, str], str],
    most_bytes: int,
) -> Form:
    """Read a multipart form.

    Parameters
    ----------
    request : Request
        Its body is the form.
    folder : pathlib.Path
        Where the files go.
    files : collection of str
        Names of the fields that may hold a file, once each.
    store_as : callable
        Gives the name to store a file under, from the name of its field and the one that it was given; what
        it raises ends the reading.
    most_bytes : int
        Size that the whole body may have.

    Raises
    ------
    Refusal
        The body is too large, no form or cut off, or has too many or too long fields, or does not come.
    """
    _refuse_too_large(int(request.headers.get("Content-Length") or 0), most_bytes)
    _, options = parse_options_header(request.headers.get("Content-Type", "").encode("latin-1"))
    boundary = options.get(b"boundary")
    if not boundary:
        raise Refusal(UNSUPPORTED_MEDIA, "The multipart form states no boundary.")
    reading = _Reading(folder, files, store_as)
    with contextlib.closing(reading):
        try:
            parser = MultipartParser(boundary, reading.callbacks())  # type: ignore[arg-type]
            async for chunk in _limited(request.stream(), most_bytes):
                await run_in_threadpool(parser.write, chunk)
            parser.finalize()
        except (FormParserError, ClientDisconnect) as error:
            raise Refusal(INVALID_REQUEST, "The body is no multipart form.") from error
        if not reading.is_complete:
            raise Refusal(INVALID_REQUEST, "The multipart form breaks off.", hint="Send it anew.")
    return reading.form


async def read_whole(request: Request, *, most_bytes: int) -> bytes:
    """Read a short body.

    Raises
    ------
    Refusal
        It is too large, or does not come.
    """
    _refuse_too_large(int(request.headers.get("Content-Length") or 0), most_bytes)
    body = bytearray()
    async for chunk in _limited(request.stream(), most_bytes):
        body += chunk
    return bytes(body)


async def _limited(stream: AsyncIterator[bytes], most_bytes: int) -> AsyncIterator[bytes]:
    count = 0
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream), SILENCE_S)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise Refusal(
                TOO_SLOW, f"The body came no further for {SILENCE_S:.0f} seconds.", hint="Send it anew."
            ) from error
        count += len(chunk)
        _refuse_too_large(count, most_bytes)
        if chunk:
            yield chunk


def _refuse_too_large(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise Refusal(
            TOO_LARGE,
            f"The body is larger than {most_bytes:,} bytes, which is the most that the service takes.",
            hint="Send less at a time; GISGOV_UPLOAD_MAX_MB allows larger files.",
        )


class _Reading:
    """A form on its way: what the parser calls, part by part."""

    def __init__(self, folder: Path, files: Collection[str], store_as: Callable[[str, str], str]) -> None:
        self.form = Form()
        self.is_complete = False
        self._folder = folder
        self._files = files
        self._store_as = store_as
        self._header = b""
        self._headers: dict[bytes, bytes] = {}
        self._value = b""
        self._count = 0
        self._name = ""
        self._given: str | None = None
        self._stored = ""
        self._text = bytearray()
        self._stream: IO[bytes] | None = None

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def _begin_part(self) -> None:
        self._count += 1
        if self._count > _MOST_FIELDS:
            raise Refusal(INVALID_REQUEST, f"The form has more than {_MOST_FIELDS} fields.")
        self._headers = {}
        self._text = bytearray()
        self._given = None

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._name = _decoded(options.get(b"name", b""))
        given = options.get(b"filename")
        if given is None:
            return
        self._given = _bare(_decoded(given))
        if not self._given:
            return  # a form in a browser in which no file was chosen
        if self._name not in self._files:
            known = ", ".join(self._files)
            raise Refusal(INVALID_REQUEST, f"{self._name} is no file of this form; it takes {known}.")
        if any(name == self._name for name, _ in self.form.files):
            raise Refusal(INVALID_REQUEST, f"The form has {self._name} twice.")
        self._stored = self._store_as(self._name, self._given)
        self._stream = (self._folder / self._stored).open("wb")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._stream is not None:
            self._stream.write(data[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > _MOST_TEXT_BYTES:
            raise Refusal(INVALID_REQUEST, f"{self._name} is longer than {_MOST_TEXT_BYTES:,} bytes.")

    def _part_end(self) -> None:
        if self._stream is not None:
            size = self._stream.tell()
            self._stream.close()
            self._stream = None
            self.form.files.append((self._name, Upload(self._stored, self._given or "", size)))
        elif self._given is None:
            self.form.texts.append((self._name, _decoded(bytes(self._text))))

    def _end(self) -> None:
        self.is_complete = True


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("gb18030", errors="replace")  # old browsers on Chinese systems


def _bare(name: str) -> str:
    r"""Return the last part of a path, with nothing in it that does not belong into a sentence.

    Examples
    --------
    >>> _bare("C:\\划分\\grids 2026.gpkg"), _bare("../../etc/pass\nwd")
    ('grids 2026.gpkg', 'pass wd')
    """
    last = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(letter if letter.isprintable() else " " for letter in last).strip()
    stem, dot, suffix = plain.rpartition(".")
    return plain if len(plain) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}"
