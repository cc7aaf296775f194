from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A folder that stands for the built web assets."""
    folder = tmp_path / "assets"
    for name in (
        "leaflet/leaflet.js",
        "leaflet/leaflet.css",
        "leaflet/LICENSE",
        "maps/map.js",
        "maps/map.css",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("/* built */", encoding="utf-8")
    return folder
