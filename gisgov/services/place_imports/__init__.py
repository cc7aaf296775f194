"""Devices, routing exceptions, service points and care counts brought in from files."""

from __future__ import annotations

from gisgov.services.place_imports.importing import import_places
from gisgov.services.place_imports.reports import PlacesImport, PlacesImportReport

__all__ = ["PlacesImport", "PlacesImportReport", "import_places"]
