"""What the views of the schema ``ogc`` hold: layers, plans of a time, and areas through tipg."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from cql2 import Expr
from sqlalchemy.exc import DBAPIError

from gisgov.errors import InputError, NotFoundError
from gisgov.store.acting import SET
from gisgov.store.features.collections import LayerCollection
from gisgov.store.features.extents import extents_of_layers
from gisgov.store.privileges import FEATURES
from gisgov.types import BBox, Json

_Answer = TypeVar("_Answer")

_SNAPSHOT = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

_LAYERS = sa.text("SELECT id, name, title_zh, title_en FROM ogc.layer ORDER BY position, name")

# When was anything of each layer in force, and in which systems was it measured?
_TIMES = sa.text("""
SELECT
    layer_id,
    min(valid_from) AS begins,
    CASE WHEN bool_and(valid_to IS NOT NULL) THEN max(valid_to) END AS ends,
    array_agg(DISTINCT working_crs) AS working
FROM ogc.plan
GROUP BY layer_id""")

# Which plans of a layer were in force on some day from one day to another?
_PLANS = sa.text("""
SELECT id
FROM ogc.plan
WHERE layer_id = :layer
    AND daterange(valid_from, valid_to) && daterange(CAST(:first AS DATE), CAST(:last AS DATE), '[]')
ORDER BY id""")


@dataclass(frozen=True, slots=True)
class FeatureLayer:
    """A layer whose areas are served as features.

    Attributes
    ----------
    id : int
        Of the row.
    name, title_zh, title_en : str
        What it is called.
    begins, ends : datetime.date or None
        First day on which any plan of it is in force, and the first day on which none is any more; both are
        None where no plan was published, the second one while plans are in force until further notice.
    working : tuple of str
        Systems that its plans are measured in.
    extent : tuple of float or None
        West, south, east, north of its areas; None where it was not asked for or there are none.
    """

    id: int
    name: str
    title_zh: str
    title_en: str
    begins: date | None = None
    ends: date | None = None
    working: tuple[str, ...] = ()
    extent: BBox | None = None


def only_read(connection: sa.Connection, *, limit_s: float, timezone: str) -> None:
    """Let a transaction that has just begun see what is published and nothing else, at one moment.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service's own, in which nothing was asked yet.
    limit_s : float
        Longest time of a statement, in seconds.
    timezone : str
        Where the days of timestamps are counted.
    """
    connection.execute(_SNAPSHOT)
    settings = {"statement_timeout": str(round(limit_s * 1000)), "TimeZone": timezone, "role": FEATURES}
    connection.execute(SET, {"names": [*settings], "given": [*settings.values()]})


def layers_of_features(connection: sa.Connection, *, epoch: str | None = None) -> tuple[FeatureLayer, ...]:
    """Return all layers in their order, with what is known of the time and place of their areas.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        See `only_read`.
    epoch : str, optional
        Of the database, for the place; see `extents_of_layers`.
    """
    rows = {row.id: dict(row._mapping) for row in connection.execute(_LAYERS)}
    for layer_id, begins, ends, working in connection.execute(_TIMES):
        rows[layer_id] |= {"begins": begins, "ends": ends, "working": tuple(working)}
    if epoch is not None:
        for layer_id, box in extents_of_layers(connection, epoch).items():
            rows[layer_id]["extent"] = box
    return tuple(FeatureLayer(**row) for row in rows.values())


def layer_of_features(connection: sa.Connection, name: str, *, epoch: str | None = None) -> FeatureLayer:
    """Return one layer; see `layers_of_features`.

    Raises
    ------
    NotFoundError
        There is none of that name.
    """
    layers = layers_of_features(connection, epoch=epoch)
    for layer in layers:
        if layer.name == name:
            return layer
    known = ", ".join(layer.name for layer in layers)
    raise NotFoundError(
        f"There is no collection {name!r}.", hint=f"There are {known}." if known else None, field="collection"
    )


def plans_in_force(
    connection: sa.Connection, layer: FeatureLayer, first: date | None, last: date | None
) -> tuple[int, ...]:
    """Return the ids of the plans in force on some day from ``first`` to ``last``; None is no bound."""
    asked = {"layer": layer.id, "first": first, "last": last}
    return tuple(connection.scalars(_PLANS, asked))


@dataclass(frozen=True, slots=True)
class ItemRows:
    """A page of features: how many there are in all, and each with its geometry as the text of GeoJSON."""

    matched: int
    items: tuple[Json, ...]
    next: int | None


def rows_of_items(
    connection: sa.Connection,
    collection: LayerCollection,
    *,
    condition: Any = None,
    equals: Sequence[tuple[str, str]] = (),
    ids: Sequence[str] = (),
    limit: int,
    offset: int = 0,
) -> ItemRows:
    """Return a page of the areas of a collection, by their ids.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        See `only_read`.
    collection : LayerCollection
        Which areas.
    condition : dict or bool, optional
        CQL2 in its JSON form, of `gisgov.store.features.cql_text.read_cql` and none other.
    equals : sequence of tuple of str
        Properties and the texts that they are to be.
    ids : sequence of str
        Ids of the only areas asked for; none asks for all.
    limit, offset : int
        How many, after how many.

    Raises
    ------
    InputError
        The database cannot make sense of the condition.
    """
    reading = collection.features(
        _Rows(connection),
        ids_filter=list(ids) or None,
        properties_filter=list(equals),
        cql_filter=None if condition is None else Expr(condition),
        limit=limit,
        offset=offset,
    )
    try:
        page = _finished(reading)
    except DBAPIError as error:
        raise _understood(error) from error
    return ItemRows(page["matched"] or 0, tuple(map(dict, page["items"])), page["next"])


def _understood(error: DBAPIError) -> Exception:
    """Blame a filter for what the database could not make of it; other errors are left as they are."""
    origin: Any = error.orig
    state = origin.sqlstate or ""
    if state[:2] in ("22", "54") or state in ("42883", "42804", "42725", "XX000"):
        said = origin.diag.message_primary
        return InputError(f"The filter cannot be answered: {said}.", field="filter")
    return error


class _Rows:
    """A connection as tipg asks it; what it answers is there at once."""

    def __init__(self, connection: sa.Connection) -> None:
        # what stands in the statement is all of it: no sign in it is a parameter
        self._connection = connection.execution_options(no_parameters=True)

    async def fetch(self, sql: str, *params: object) -> Sequence[Any]:
        """Return the rows of a statement."""
        assert not params  # noqa: S101 - tipg binds none for views
        return self._connection.exec_driver_sql(sql).mappings().all()

    async def fetchval(self, sql: str, *params: object) -> Any:
        """Return the one value of a statement."""
        (row,) = await self.fetch(sql, *params)
        return next(iter(row.values()))


def _finished(reading: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Return the answer of a coroutine that waits for nothing."""
    try:
        reading.send(None)
    except StopIteration as done:
        answer: _Answer = done.value
        return answer
    raise AssertionError("tipg waited for something")  # pragma: no cover
