"""Gaps, overlaps and ground outside by SQL, as well as PostGIS 3.3 allows, which knows no coverages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg
import shapely

from gisgov.types import Geometries

_TABLES: Final = """
CREATE TEMPORARY TABLE ground (number int PRIMARY KEY, geom geometry(Polygon) NOT NULL);
CREATE TEMPORARY TABLE bounds (geom geometry NOT NULL);
"""

# Pairs by the index, then only those whose interiors meet are intersected.
_OVERLAPS: Final = """
SELECT a.number, b.number, ST_AsBinary(part.geom)
FROM ground AS a
JOIN ground AS b ON a.number < b.number AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, 'T********')
CROSS JOIN LATERAL ST_Dump(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3)) AS part
"""

_GAPS: Final = """
WITH left_over AS (
    SELECT ST_CollectionExtract(ST_Difference(bounds.geom, (SELECT ST_Union(geom) FROM ground)), 3) AS geom
    FROM bounds
)
SELECT ST_AsBinary(part.geom), ARRAY(SELECT number FROM ground WHERE ST_Intersects(ground.geom, part.geom))
FROM left_over CROSS JOIN LATERAL ST_Dump(left_over.geom) AS part
"""

_OUTSIDE: Final = """
SELECT number, ST_AsBinary(part.geom)
FROM bounds
JOIN ground ON NOT ST_Covers(bounds.geom, ground.geom)
CROSS JOIN LATERAL ST_Dump(ST_CollectionExtract(ST_Difference(ground.geom, bounds.geom), 3)) AS part
"""


@dataclass(frozen=True, slots=True, eq=False)
class SqlFindings:
    """What the three questions found: polygons, and the pairs of areas that overlap."""

    grounds: Geometries
    pairs: frozenset[frozenset[int]]


def plant(connection: psycopg.Connection, areas: Geometries, scope: shapely.Geometry) -> None:
    """Put areas and scope (metres, no SRID) into temporary tables with an index."""
    connection.execute(_TABLES)
    with connection.cursor().copy("COPY ground FROM STDIN") as copy:
        for number, geom in enumerate(shapely.to_wkb(areas, hex=True)):
            copy.write_row((number, geom))
    connection.execute("INSERT INTO bounds SELECT ST_GeomFromWKB(%s)", (shapely.to_wkb(scope),))
    connection.execute("CREATE INDEX ON ground USING gist (geom)")
    connection.execute("ANALYZE ground")


def sql_overlay(connection: psycopg.Connection) -> SqlFindings:
    """Ask the three questions and fetch their polygons."""
    with connection.cursor(binary=True) as cursor:
        overlaps = cursor.execute(_OVERLAPS).fetchall()
        gaps = cursor.execute(_GAPS).fetchall()
        outside = cursor.execute(_OUTSIDE).fetchall()
    wkb = [*(row[2] for row in overlaps), *(row[0] for row in gaps), *(row[1] for row in outside)]
    return SqlFindings(shapely.from_wkb(wkb), frozenset(frozenset(row[:2]) for row in overlaps))
