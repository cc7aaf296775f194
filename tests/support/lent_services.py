"""Applications that tests use one after the other: making the routes takes longer than most requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.app import create_app

if TYPE_CHECKING:
    from api.hot_service import HotService
    from gisgov.config import Settings

_FREE: list[HotService] = []


@contextmanager
def lent(settings: Settings, *, assets: Path | None = None) -> Iterator[HotService]:
    """Lend an application as it is before its start; nobody else has it meanwhile.

    FastAPI makes the routes of an application with its first request, and they are all that it keeps of a
    loan: state and middleware are made anew, and what begins with its start anyway is.
    """
    fresh: HotService = create_app(settings, assets=assets)  # type: ignore[assignment]
    app = _FREE.pop() if _FREE else fresh
    app.state = fresh.state
    app.middleware_stack = None
    app.dependency_overrides.clear()
    app.hot = app.hot_tiles = None
    yield app
    _FREE.append(app)  # unless it ended badly
