"""Which layer a map or a count by area is about, when nobody says."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.locating import layers_at


def layer_to_draw(connection: sa.Connection, name: str | None, day: date) -> StoredLayer:
    """Return the layer of that name, or the lowest partition with a plan in force on the day.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    there = layers_at(connection, day)
    if name is None:
        lowest = [layer.name for layer in there if layer.in_force and layer.kind == "partition"]
        if not lowest:
            raise NotFoundError(
                f"No plan of any partition layer is in force on {day}.", hint="Publish one first."
            )
        return find_layer(connection, lowest[-1])
    found = find_layer(connection, name)
    if not any(layer.in_force for layer in there if layer.name == name):
        raise NotFoundError(f"No plan of layer {name!r} is in force on {day}.", field="layer")
    return found
