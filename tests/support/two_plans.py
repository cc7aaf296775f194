"""Two plans after each other that can be counted by hand: four blocks in a row, of which C takes B's."""

from __future__ import annotations

from datetime import date

from plans_of_blocks import drawn, put_cells, put_layer, put_plan

from gisgov.store.database import Database

MARCH = date(2026, 3, 1)


def put_two_plans(database: Database) -> None:
    """Store the plans ``winter`` (A, A, B, B) and, from March on, ``spring`` (A, A, A, C)."""
    layer = put_layer(database)
    put_cells(database, "1234")
    put_plan(database, "winter", layer, drawn("AABB"), since=date(2026, 1, 1), until=MARCH)
    put_plan(database, "spring", layer, drawn("AAAC"), since=MARCH)
