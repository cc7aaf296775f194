"""What all tables share: the metadata and the types of columns."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

Code = Text(collation="C")
"""Type of every code: ordered by code point, as Python's ``sorted`` does."""

NO_JSON = text("'{}'::jsonb")
NO_TEXTS = text("'{}'::text[]")


def geometry(kind: str) -> Geometry:
    """Return the type of a column of EPSG:4326 geometry; its index is written out beside the table."""
    return Geometry(kind, srid=4326, spatial_index=False)


def sound(column: str) -> str:
    """Return the SQL of "finite, valid, not empty and within the range of lon/lat"."""
    return (
        f"ST_IsValid({column}) AND NOT ST_IsEmpty({column})"
        f" AND ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
        f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90"
    )
