"""The areas that points of a file are given to."""

from __future__ import annotations

from datetime import date

from gisgov.errors import NotFoundError
from gisgov.services.indexes import IndexFolder, LayerIndex, load_day
from gisgov.store.database import Database
from gisgov.store.layers import find_layer


def layer_in_force(database: Database, folder: IndexFolder, name: str, day: date) -> LayerIndex:
    """Return the areas of a layer that are in force on a day.

    Parameters
    ----------
    database : Database
        Where the plans are.
    folder : IndexFolder
        Where their indexes are kept.
    name : str
        The layer.
    day : datetime.date
        The day.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force on the day.
    """
    found = load_day(database, folder, day, layers=[name]).layers.get(name)
    if found is None:
        with database.begin() as connection:
            find_layer(connection, name)  # says which there are
    if found is None or not found.plans:
        raise NotFoundError(
            f"No plan of layer {name} is in force on {day}.",
            hint="Say another day with --at; `gisgov plan list` has the plans.",
            field="layer",
        )
    return found
