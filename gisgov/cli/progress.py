"""Progress of long steps, on stderr: a bar in a terminal, elsewhere a line per step that takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TextIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from gisgov import types
from gisgov.types import Item

_LONG_S = 2.0
_NOTICES = "gisgov.notices"


def progress(stream: TextIO | None = None) -> types.Progress:
    """Return how this run shows progress.

    Parameters
    ----------
    stream : file, optional
        Where to; stderr by default. A terminal gets bars, anything else lines.
    """
    stream = sys.stderr if stream is None else stream
    return _Bars(stream) if stream.isatty() else _Lines(stream)


def notice(line: str) -> None:
    """Tell in one line on stderr what happens; see `notices_to`."""
    context = click.get_current_context(silent=True)
    tell: Callable[[str], object] | None = None if context is None else context.meta.get(_NOTICES)
    if tell is None:
        click.echo(line, err=True)
    else:
        tell(line)


def notices_to(tell: Callable[[str], object]) -> None:
    """Hand the notices of the command that runs to something else than stderr."""
    click.get_current_context().meta[_NOTICES] = tell


class _Bars:
    """Bars; steps inside steps share one display and go away when they are done."""

    def __init__(self, stream: TextIO) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._display = Progress(*columns, console=Console(file=stream), transient=True)
        self._open = 0

    def __call__(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
        if self._open == 0:
            self._display.start()
        self._open += 1
        task = self._display.add_task(label, total=_length(items, total))
        try:
            for item in items:
                yield item
                self._display.advance(task)
        finally:
            self._display.remove_task(task)
            self._open -= 1
            if self._open == 0:
                self._display.stop()


class _Lines:
    """A line when a step has taken some seconds, and one when it is done; nothing about short ones."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
        total = _length(items, total)
        of = f" of {total:,}" if total is not None else ""
        begin, told, done = time.monotonic(), False, 0
        for item in items:
            yield item
            done += 1
            if not told and time.monotonic() - begin > _LONG_S:
                told = True
                self._say(f"{label}: {done:,}{of} …")
        seconds = time.monotonic() - begin
        if told or seconds > _LONG_S:
            self._say(f"{label}: {done:,} in {seconds:.1f} s")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


def _length(items: Iterable[object], total: int | None) -> int | None:
    return len(items) if total is None and isinstance(items, Sized) else total
