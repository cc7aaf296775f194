"""Where gisgov's own files lie: in a checkout, or bundled in the installed package."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def is_bundled() -> bool:
    """Whether this is the installed package (True) or a checkout (False)."""
    return (_PACKAGE / "_bundled").is_dir()


def root() -> Path:
    """Return the folder that holds ``api``, ``maps``, ``alembic`` and ``fixtures``."""
    return _PACKAGE / "_bundled" if is_bundled() else _PACKAGE.parent


def add_rooms() -> None:
    """Make ``api``, ``maps`` and ``fixtures`` importable when gisgov runs from its package."""
    place = str(root())
    if place not in sys.path:
        sys.path.append(place)


def web_assets() -> Path:
    """Return the folder of the built web assets (it may not exist yet: ``make web``)."""
    return root() / "maps" / "static"
