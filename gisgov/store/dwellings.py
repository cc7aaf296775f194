"""Buildings as people live in them: outline, floors, use, known residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.tables import building
from gisgov.types import BBox, Geometries, Json, Texts


@dataclass(frozen=True, slots=True, eq=False)
class DwellingTable:
    """Buildings as parallel columns of one length.

    Attributes
    ----------
    ids : numpy.ndarray of str
        Their source and the id that they have there.
    geometries : numpy.ndarray of shapely.Geometry
        Point or outline, EPSG:4326.
    floors, population, households : numpy.ndarray of int or None
        Counts, as far as they are known.
    use : numpy.ndarray of str or None
        What they are used for.
    facts : sequence of dict
        Whatever else is known of each.
    """

    ids: Texts
    geometries: Geometries
    floors: Texts
    population: Texts
    households: Texts
    use: Texts
    facts: Sequence[Json]


def dwellings_in_box(connection: sa.Connection, bbox: BBox) -> DwellingTable:
    """Return the buildings in a box ``(west, south, east, north)`` of EPSG:4326, as they came in."""
    columns = building.c
    rows = connection.execute(
        sa.select(
            columns.source,
            columns.external_id,
            func.ST_AsBinary(columns.geom).label("wkb"),
            columns.floors,
            columns.population,
            columns.households,
            columns.use,
            columns.facts,
        )
        .where(columns.geom.op("&&")(func.ST_MakeEnvelope(*bbox, 4326)))
        .order_by(columns.id)
    ).all()
    return DwellingTable(
        ids=_column([f"{row.source} {row.external_id}" for row in rows]),
        geometries=np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object),
        floors=_column([row.floors for row in rows]),
        population=_column([row.population for row in rows]),
        households=_column([row.households for row in rows]),
        use=_column([row.use for row in rows]),
        facts=[row.facts for row in rows],
    )


def _column(values: Sequence[object]) -> Texts:
    column: Texts = np.empty(len(values), dtype=object)
    column[:] = values
    return column
