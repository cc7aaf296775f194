"""Maps as files: where they may go, and written so that nobody ever sees half of one."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gisgov.errors import FileError, InputError
from gisgov.paths import web_assets

if TYPE_CHECKING:
    from maps.document import Document

_ENDINGS = (".html", ".png", ".pdf", ".xlsx", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class MapDrawn:
    """A map that was written.

    Attributes
    ----------
    kind : str
        ``grids``, ``risk``, ``risk-change``, ``risk-hotspots``, ``events``, ``service``, ``devices``,
        ``vacancies``, ``defects`` or ``comparison``.
    file : str
        Where it was written.
    size_bytes : int
        Size of the file.
    title : str
        Its heading.
    layer : str
        Layer whose areas it shows.
    plans : tuple of str
        Their plans.
    at : datetime.date
        The day asked about.
    views : tuple of str
        The ways to look at it: on a page all of them, a page each in a PDF, one in a PNG.
    drawn : dict
        How many features of each layer of the map are drawn.
    """

    kind: str
    file: str
    size_bytes: int
    title: str
    layer: str
    plans: tuple[str, ...]
    at: date
    views: tuple[str, ...]
    drawn: dict[str, int]


def refuse_out(out: Path) -> None:
    """Refuse where no map can be written; asked before anything is drawn.

    Raises
    ------
    InputError
        It ends with no format of maps.
    FileError
        There is no such folder.
    """
    if out.suffix.lower() not in _ENDINGS:
        raise InputError(
            f"A map cannot be written as {out.name!r}.",
            hint="End it with .html, .png or .pdf; for its figures with .xlsx, .csv or .json.",
            field="out",
        )
    if not out.parent.is_dir():
        raise FileError(
            f"{out} cannot be written: there is no folder {out.parent}.",
            hint="Make it, or name another one in --out.",
            field="out",
        )


def write_map(
    document: Document,
    out: Path,
    *,
    paper: Literal["a3", "a4"],
    portrait: bool = False,
    view: str | None = None,
) -> int:
    """Write a map as its name says, and return its size in bytes.

    Raises
    ------
    FileError
        It cannot be written; what was there stays.
    NotFoundError
        The map has no such view.
    """
    content = _render(document, out, paper, view, portrait=portrait)
    unfinished = out.with_name(f".{out.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError as error:
        raise FileError(f"{out} cannot be written: {error.strerror}.", field="out") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    return len(content)


def _render(
    document: Document, out: Path, paper: Literal["a3", "a4"], view: str | None, *, portrait: bool
) -> bytes:
    ending = out.suffix.lower()
    if ending == ".html":
        from maps.assets import WebAssets
        from maps.page import compose

        return compose(document, WebAssets.read(web_assets())).encode()
    if ending in (".xlsx", ".csv", ".json"):
        from maps.figures import figures_file

        return figures_file(document, ending[1:])
    from maps.printing import draw_print

    kind: Literal["png", "pdf"] = "png" if ending == ".png" else "pdf"
    return draw_print(document, format=kind, paper=paper, portrait=portrait, view=view)


def describe(drawn: MapDrawn) -> str:
    """Return the report as text for people."""
    features = ", ".join(f"{count:,} {name}" for name, count in drawn.drawn.items())
    return f"{drawn.file}: {drawn.title} ({features}), {drawn.size_bytes / 1e6:.2f} MB"
