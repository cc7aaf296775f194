"""The fields of the files that plans are exchanged in, named within the ten letters of a Shapefile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gisgov.types import Json

CODE: Final = "code"
NAME: Final = "name"
PARENTS: Final = "parents"
POPULATION: Final = "population"
HOUSEHOLDS: Final = "households"
GROUND: Final = "area_m2"
ATTRIBUTES: Final = "attributes"

FIELDS: Final = (CODE, NAME, PARENTS, POPULATION, HOUSEHOLDS, GROUND, ATTRIBUTES)
"""In their order; the ground is for people and is measured anew on reading."""

JOINT: Final = ";"
"""Between the codes of several areas above."""

AREAS: Final = "areas"
"""Layer of the areas, where the format names layers."""

ASSIGNMENTS: Final = "assignments"
"""Table of a GeoPackage that says which block belongs to which area; columns ``block`` and ``area``."""

BLOCK: Final = "block"
AREA: Final = "area"


def is_exchanged(fields: Sequence[str]) -> bool:
    """Return whether a layer of these fields is one that a plan was written to.

    Examples
    --------
    >>> is_exchanged(["code", "Name", "parents", "population", "households", "area_m2", "attributes"])
    True
    >>> is_exchanged(["code", "name"])
    False
    """
    return set(FIELDS) <= {field.casefold() for field in fields}


@dataclass(frozen=True, slots=True)
class NotHeld:
    """What a format could not hold, and was left out or cut.

    Attributes
    ----------
    field : str
        What of the plan.
    count : int
        How many areas have it.
    codes : tuple of str
        The first of them.
    sentence : str
        What became of it.
    """

    field: str
    count: int
    codes: tuple[str, ...]
    sentence: str


def attributes_text(attributes: Json) -> str | None:
    """Return attributes as one text; None where there are none."""
    return json.dumps(attributes, ensure_ascii=False) if attributes else None
