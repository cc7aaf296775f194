"""What the tests of people on blocks share: numbers, kinds of helpers, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gisgov.services.block_population.reports import BlockPopulation
from gisgov.services.block_population.requests import CountFile
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

POLICY = """
name: ours
source: Ours.
floor_m2_per_person: 40
people_per_household: 2.5
metres_per_floor: 3
floors_where_unknown: 1
least_footprint_m2: 25
height_columns: [height]
dwelling: {unlisted: 0, unknown: 1, weights: [{weight: 1, words: [flats]}]}
land_use: {unlisted: 0.5, unknown: 1, weights: [{weight: 1, words: [homes]}, {weight: 0, words: [water]}]}
"""
Save = Callable[..., Path]
Place = Callable[..., BlockPopulation]


def people(database: Database) -> dict[str, tuple[int, int]]:
    with database.begin() as connection:
        found = blocks_of_scope(connection, "7")
    return {
        code: (int(of), int(households))
        for code, of, households in zip(found.codes, found.population, found.households, strict=True)
    }


def tracts(path: Path, **fields: Any) -> CountFile:
    return CountFile(path, **{"population_field": "pop", **fields})
