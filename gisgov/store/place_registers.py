"""Devices, routing exceptions, service points and care counts: what is known, and what is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from geoalchemy2 import WKBElement

from gisgov.store.statements import statement
from gisgov.store.tables import building, care_count, device, routing_exception, service_point

Record: TypeAlias = dict[str, Any]
"""Values of a row by column; a geometry is hexadecimal EWKB of EPSG:4326."""

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A table that files are brought into.

    Attributes
    ----------
    table : sqlalchemy.Table
        The table.
    key : tuple of str
        Columns by which a row of a file is found again.
    """

    table: sa.Table
    key: tuple[str, ...]

    def key_of(self, record: Mapping[str, Any]) -> Key:
        """Return the key of a record."""
        return tuple(record[name] for name in self.key)


DEVICES: Final = Register(device, ("id",))
EXCEPTIONS: Final = Register(routing_exception, ("source", "title"))
SERVICE_POINTS: Final = Register(service_point, ("code",))
CARE: Final = Register(care_count, ("building_id", "category"))


def known_records(
    connection: sa.Connection, register: Register, *, is_held: bool = False
) -> dict[Key, Record]:
    """Return all rows of a register by key; held ones are locked in that order until the transaction ends."""
    query = sa.select(register.table)
    if is_held:
        query = query.order_by(*(register.table.c[name] for name in register.key))
        query = query.with_for_update(key_share=True)  # what names them, as events do, goes in meanwhile
    rows = connection.execute(query).mappings()
    found = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return {register.key_of(record): record for record in found}


def insert_records(connection: sa.Connection, register: Register, records: Sequence[Record]) -> None:
    """Write new rows, all with the same columns; inside `gisgov.store.acting.as_owner`."""
    if records:
        words = statement("enter_records", table=register.table.name, columns=", ".join(records[0]))
        connection.execute(words, {"records": _document(records)})


def update_records(connection: sa.Connection, register: Register, records: Sequence[Record]) -> None:
    """Change known rows, found by their keys; inside `gisgov.store.acting.as_owner`."""
    if not records:
        return
    table = register.table.name
    values = ", ".join(f"{name} = given.{name}" for name in records[0] if name not in register.key)
    found = " AND ".join(f"{table}.{name} = given.{name}" for name in register.key)
    words = statement("change_records", table=table, values=values, found=found)
    connection.execute(words, {"records": _document(records)})


def _document(records: Sequence[Record]) -> str:
    return json.dumps(records, default=str)  # days and moments


def ids_of_buildings(connection: sa.Connection, external_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return ids of buildings by their id outside, then by source."""
    query = sa.select(building.c.external_id, building.c.source, building.c.id)
    asked = sa.literal(sorted(set(external_ids)), sa.ARRAY(sa.Text))
    found: dict[str, dict[str, int]] = {}
    for external_id, source, building_id in connection.execute(
        query.where(building.c.external_id == sa.any_(asked))
    ):
        found.setdefault(external_id, {})[source] = building_id
    return found


def _plain(value: object) -> object:
    return str(value.desc).lower() if isinstance(value, WKBElement) else value
