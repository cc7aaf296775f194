"""The indexes of a day, read from the database and the folder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.services.indexes.folder import IndexFolder
from gisgov.services.indexes.records import DayIndexes, IndexedPlan, LayerIndex
from gisgov.store.changes import Version, newest_of_subjects
from gisgov.store.database import Database
from gisgov.store.indexed_plans import IndexedAreas, PlanAt, begin_snapshot, indexed_areas, plans_at
from gisgov.store.locating import LayerAt, layers_at


def load_day(
    database: Database, folder: IndexFolder, day: date, *, layers: Collection[str] | None = None
) -> DayIndexes:
    """Return the indexes of a day as the database has it now.

    Parameters
    ----------
    database : Database
        Where the plans are; read by the service itself.
    folder : IndexFolder
        Where the files of the indexes are, or are put.
    day : datetime.date
        The plans in force on it are taken.
    layers : collection of str, optional
        Only the layers of these names; names that no layer has are passed over.

    Raises
    ------
    DatabaseUnavailable
        The database does not answer.
    """
    with database.own.begin() as connection:
        begin_snapshot(connection)
        now, newest = newest_of_subjects(connection, None)
        version = Version(now.epoch, newest.get("plan", 0))
        return read_day(connection, folder, day, version, layers=layers)


def read_day(
    connection: sa.Connection,
    folder: IndexFolder,
    day: date,
    version: Version,
    *,
    layers: Collection[str] | None = None,
) -> DayIndexes:
    """Return the indexes of a day as a transaction sees it (`load_day` says the rest)."""
    plans = plans_at(connection, day)
    read = {}
    for layer in layers_at(connection, day):
        if layers is None or layer.name in layers:
            own = [plan for plan in plans if plan.layer_id == layer.id]
            read[layer.name] = _layer(connection, folder, version.epoch, layer, own)
    return DayIndexes(day, version, read)


def _layer(
    connection: sa.Connection, folder: IndexFolder, epoch: str, layer: LayerAt, plans: list[PlanAt]
) -> LayerIndex:
    ids = [one.id for one in plans]

    def read() -> IndexedAreas:
        return indexed_areas(connection, ids)

    held = folder.areas_of(epoch, layer.id, plans, read)
    order = np.argsort(ids)
    plan_of = order[np.searchsorted(ids, held.plan_ids, sorter=order)].astype(np.int32)
    return LayerIndex(
        layer,
        tuple(_indexed(one) for one in plans),
        plan_of,
        held.codes,
        held.names,
        held.parent_codes,
        held.index,
    )


def _indexed(plan: PlanAt) -> IndexedPlan:
    return IndexedPlan(**{one.name: getattr(plan, one.name) for one in fields(IndexedPlan)})
