"""The map files of a folder: pages and prints that `gisgov map` and the demo wrote."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, Field

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}
"""Endings that are served, and their media types; whatever else lies in the folder is not shown."""

_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HEAD_BYTES = 16_384


class MapFile(BaseModel):
    """A map that was drawn."""

    name: str = Field(examples=["risk.html"])
    title: str = Field(description="The page's own title, or the name of the file.")
    href: str = Field(examples=["/maps/risk.html"])
    size_bytes: int


def map_files(folder: Path) -> list[MapFile]:
    """Return the maps of a folder by name; none where it does not exist."""
    if not folder.is_dir():
        return []
    files = sorted(file for file in folder.iterdir() if file.suffix in KINDS and file.is_file())
    return [
        MapFile(
            name=file.name,
            title=_title(file),
            href=f"/maps/{quote(file.name)}",
            size_bytes=file.stat().st_size,
        )
        for file in files
    ]


def find_map(folder: Path, name: str) -> Path | None:
    """Return the file of a map by its name, ``None`` where there is no such map."""
    file = folder / name
    is_map = file.suffix in KINDS and Path(name).name == name and not name.startswith(".")
    return file if is_map and file.is_file() else None


def _title(file: Path) -> str:
    if file.suffix != ".html":
        return file.name
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    found = _TITLE.search(head)
    title = " ".join(html.unescape(found.group(1)).split()) if found else ""
    return title or file.name
