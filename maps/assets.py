"""The built script and style that a page inlines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gisgov.errors import AssetsMissing

_FILES = {
    "leaflet_js": "leaflet/leaflet.js",
    "leaflet_css": "leaflet/leaflet.css",
    "leaflet_licence": "leaflet/LICENSE",
    "map_js": "maps/map.js",
    "map_css": "maps/map.css",
}


@dataclass(frozen=True, slots=True)
class WebAssets:
    """Texts of the built files; a page takes them as they are.

    Attributes
    ----------
    leaflet_js, leaflet_css, leaflet_licence : str
        Leaflet as published, and the licence that must travel with it.
    map_js, map_css : str
        gisgov's own script and style of exported maps.
    """

    leaflet_js: str
    leaflet_css: str
    leaflet_licence: str
    map_js: str
    map_css: str

    @classmethod
    def read(cls, folder: Path) -> WebAssets:
        """Read the assets from the folder that ``make web`` built (see `gisgov.paths.web_assets`).

        Raises
        ------
        AssetsMissing
            The folder or a file in it does not exist.
        """
        texts: dict[str, str] = {}
        for name, place in _FILES.items():
            try:
                texts[name] = (folder / place).read_text(encoding="utf-8")
            except OSError as error:
                raise AssetsMissing(
                    f"The built web asset {place} is not in {folder}.", hint="Run `make web`."
                ) from error
        return cls(**texts)
