"""What is compiled once after an installation, before a service listens."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from gisgov.cli.progress import notice

_ROOMS: Final = ("gisgov.tiles", "gisgov.geometry")
"""Where the loops are that tiles are drawn by."""


def prepare_tiles() -> None:
    """Compile what draws tiles, unless this installation did so already on this machine, and tell of it.

    Whoever asks for the first tile would wait longer for that than a request may. What was compiled is kept
    on disk, and a mark beside it, so that other starts are not held up by looking; where neither can be
    written every start compiles.
    """
    mark, now = _mark(), _installation()
    if _read(mark) == now:
        return
    notice("Preparing the map tiles, once after an installation (about 20 s) …")
    from gisgov.services.tiles.warming import warm

    warm()
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(now)
    except OSError:
        return  # nor could the compiler write there


def _mark() -> Path:
    """Return where the mark lies: with what numba keeps, by its rules."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    beside = _folder(_ROOMS[0])
    if given:
        kept = Path(given)
    elif os.access(beside, os.W_OK):
        kept = beside / "__pycache__"
    else:
        kept = Path.home() / ".cache" / "numba"
    return kept / "gisgov-tiles.ready"


def _installation() -> str:
    """Return what tells this installation from another one, and from this one after an update."""
    files = sorted(path for room in _ROOMS for path in _folder(room).rglob("*.py"))
    stats = [(str(path), path.stat()) for path in files]
    told = [
        sys.implementation.cache_tag,
        _processor(),
        version("numba"),
        *((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _processor() -> str:
    """Return what the compiler writes for: what was kept is of no use to another one."""
    lines = (_read(Path("/proc/cpuinfo")) or "").splitlines()
    return next((line for line in lines if line.startswith("model name")), platform.machine())


def _folder(room: str) -> Path:
    spec = find_spec(room)
    assert spec is not None  # noqa: S101 - it is a part of gisgov
    assert spec.submodule_search_locations  # noqa: S101 - and a package
    return Path(spec.submodule_search_locations[0])


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None
