"""What an import of devices, exceptions, service points or care counts is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from gisgov.services.importing.row_imports import RowsImport, RowsImportReport


@dataclass(frozen=True, slots=True)
class PlacesImport(RowsImport):
    """An import of devices, exceptions, service points or care counts.

    The file is CSV, Excel, Parquet, GeoJSON, GeoPackage or another vector file.

    Attributes
    ----------
    crs : str or None
        What its coordinates are in; None takes what the file states, which tables do not. Care counts have
        no coordinates.
    lon_field, lat_field : str or None
        Columns of the coordinates; by default the geometry, or columns of usual names.
    timezone : zoneinfo.ZoneInfo
        Of moments that carry no offset.
    """

    crs: str | None = None
    lon_field: str | None = None
    lat_field: str | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class PlacesImportReport(RowsImportReport):
    """What an import of devices, exceptions, service points, care counts or hazards did.

    Attributes
    ----------
    kind : str
        ``devices``, ``exceptions``, ``service-points``, ``care`` or ``hazards``.
    crs : str or None
        What its coordinates were read in; None for rows without.
    """

    kind: str
    crs: str | None
