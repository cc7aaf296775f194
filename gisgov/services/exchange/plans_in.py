"""A plan that was exported, read back: its fields known by their names, its blocks given to its areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.files.attribute_tables import read_rows
from gisgov.files.formats import Format
from gisgov.files.vectors import VectorSource
from gisgov.geometry.dissolve import dissolve
from gisgov.services.exchange import fields
from gisgov.services.importing.area_report import AreaImport
from gisgov.store.areas import areas_of_plan
from gisgov.store.blocks import BlockTable, blocks_of_codes, put_assignments
from gisgov.store.plans import find_plan
from gisgov.types import Geometries


@dataclass(frozen=True, slots=True)
class BlocksGiven:
    """How many blocks of a file were given to their areas, or why none was."""

    blocks: int
    left_because: str | None = None


def exchanged(request: AreaImport, found: Sequence[str]) -> AreaImport:
    """Return a request with the fields of an exported plan, if the file is one and none was named."""
    named = (
        *request.code_field,
        request.name_field,
        request.parent_field,
        request.population_field,
        request.households_field,
    )
    if any(named) or not fields.is_exchanged(found):
        return request
    return replace(
        request,
        code_field=(fields.CODE,),
        name_field=fields.NAME,
        parent_field=fields.PARENTS,
        population_field=fields.POPULATION,
        households_field=fields.HOUSEHOLDS,
        exchanged=True,
    )


def blocks_given(
    connection: sa.Connection, request: AreaImport, source: VectorSource, plan: str
) -> BlocksGiven | None:
    """Give blocks to the areas of a draft as an exported plan says; None where it says nothing.

    All or none: they must be stored here under their codes, and make up the areas exactly.

    Raises
    ------
    FileError
        The table of the file cannot be read.
    """
    if not request.exchanged or source.format is not Format.GEOPACKAGE:
        return None
    rows = read_rows(source.path, fields.ASSIGNMENTS)
    if rows is None:
        return None
    pairs = zip(rows[fields.BLOCK], rows[fields.AREA], strict=True)
    area_of = {str(block): None if pd.isna(area) else str(area) for block, area in pairs}
    blocks = blocks_of_codes(connection, list(area_of))
    if len(blocks) < len(area_of):
        known = set(blocks.codes)
        lacking = next(code for code in area_of if code not in known)
        return BlocksGiven(
            0, f"{len(area_of) - len(blocks):,} blocks are not stored here, the first is {lacking}."
        )
    stored = find_plan(connection, plan)
    areas = areas_of_plan(connection, stored.id)
    differing = _first_differing(blocks, area_of, dict(zip(areas.codes, areas.geometries, strict=True)))
    if differing is not None:
        return BlocksGiven(0, f"Blocks of those codes are here, but do not make up area {differing}.")
    put_assignments(connection, stored.id, blocks.ids.tolist(), [area_of[code] for code in blocks.codes])
    return BlocksGiven(len(blocks))


def _first_differing(
    blocks: BlockTable, area_of: Mapping[str, str | None], grounds: Mapping[str, shapely.Geometry]
) -> str | None:
    """Return the first area that is not the union of its blocks."""
    label = np.array([area_of[code] or "" for code in blocks.codes], dtype=object)
    inside = label != ""
    codes = np.unique(label[inside].astype(str))
    odd = sorted(set(codes.tolist()) - set(grounds))
    if odd:
        return str(odd[0])
    try:
        made = dissolve(blocks.geometries[inside], label[inside].astype(str))
    except InputError:
        return str(codes[0])
    drawn: Geometries = np.array([grounds[code] for code in codes], dtype=object)
    same = shapely.equals(made, drawn)
    return None if same.all() else str(codes[int(np.argmin(same))])
