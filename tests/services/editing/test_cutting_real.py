"""Lines across the grids of a real district: whatever is cut, it stays covered once, with all its people."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE
from plans_of_blocks import put_layer

from gisgov.errors import InputError
from gisgov.geometry.crs import WGS84, parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.storing import to_storage
from gisgov.services.checking import check_stored
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import MoveBorder, Operation, Split
from gisgov.store import tables
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.blocks import blocks_of_plan
from gisgov.store.database import Database
from gisgov.store.drafts import grounds_by_code
from gisgov.store.plans import find_plan
from gisgov.types import Geometries, Texts

OPERATIONS = int(os.environ.get("CUTTING_OPERATIONS", "12"))
FAR = 0.03
"""Degrees from the middle of an area to beyond any."""


def put_grids(database: Database, path: Path) -> int:
    """Store the grids of a street as a draft of plain polygons; return how many people live in them."""
    frame = geopandas.read_file(path, layer="grid")
    frame = frame[frame.zhenjie == "古荡街道"]
    grounds = to_storage(frame.make_valid().to_numpy(), WGS84)
    layer_id = put_layer(database)
    people = np.empty(len(grounds), dtype=object)
    people[:] = range(1, len(grounds) + 1)
    codes = np.array([f"{i:03d}" for i in range(len(grounds))], dtype=object)
    with database.begin() as connection:
        values = {"name": "draft", "layer_id": layer_id, "working_crs": "EPSG:4549"}
        plan_id = connection.scalar(sa.insert(tables.plan).values(values).returning(tables.plan.c.id))
        assert plan_id is not None
        put_areas(
            connection,
            plan_id,
            AreaTable(
                codes=codes,
                names=codes,
                parent_codes=[()] * len(codes),
                geometries=grounds,
                area_m2=areas_m2(grounds, parse_crs("EPSG:4549")),
                population=people,
                households=people,
                attributes=[{}] * len(codes),
            ),
        )
    return int(people.sum())


def any_operation(rng: np.random.Generator, codes: Texts, grounds: Geometries) -> Operation:
    """Split an area by a line across it, or bend its border with a neighbour."""
    i = int(rng.integers(len(codes)))
    x, y = shapely.point_on_surface(grounds[i]).coords[0]
    if rng.random() < 0.5:
        turn = rng.uniform(0, np.pi)
        across, up = FAR * np.cos(turn), FAR * np.sin(turn)
        line = ((x - across, y - up), (x, y), (x + across, y + up))
        return Split(str(codes[i]), line=line)
    common = shapely.length(shapely.intersection(grounds, grounds[i]))
    common[i] = 0.0
    j = int(np.argmax(common))
    border = shapely.line_merge(shapely.intersection(grounds[i], grounds[j]))
    longest = max(shapely.get_parts(border), key=shapely.length)
    (ax, ay), (bx, by) = (longest.interpolate(one, normalized=True).coords[0] for one in (0.2, 0.9))
    way = rng.uniform(0.1, 0.4)
    middle = ((ax + bx) / 2 * (1 - way) + x * way, (ay + by) / 2 * (1 - way) + y * way)
    return MoveBorder((str(codes[i]), str(codes[j])), ((ax, ay), middle, (bx, by)))


@pytest.mark.realdata
def test_any_lines_across_real_grids(database: Database, realdata: Path) -> None:
    people = put_grids(database, realdata / "cn_hangzhou_xihu.gpkg")
    rng, cut = np.random.default_rng(7), 0
    for _ in range(OPERATIONS):
        with database.begin() as connection:
            plan = find_plan(connection, "draft")
            codes, grounds = grounds_by_code(connection, plan.id)
        operation = any_operation(rng, codes, grounds)
        try:
            cut += edit_draft(database, "draft", operation, seen=None, today=TODAY, timezone=ZONE).cut_blocks
        except InputError as error:
            # the middle of a bent border may lie in a third area, and the same bend come twice
            if "leaves areas" not in error.message and "moves nothing" not in error.message:
                raise
    assert cut >= OPERATIONS // 2
    with database.begin() as connection:
        plan = find_plan(connection, "draft")
        report = check_stored(connection, plan, day=TODAY)
        blocks = blocks_of_plan(connection, plan.id)
    assert {str(one.kind) for one in report.defects} <= {"several-parts"}
    assert shapely.coverage_is_valid(blocks.geometries)
    assert blocks.population.sum() == people
