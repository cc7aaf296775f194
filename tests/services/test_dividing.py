"""Dividing blocks into the areas of a layer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from pydantic import TypeAdapter

from fixtures import shipped
from gisgov.errors import InputError, NameTaken, NotFoundError
from gisgov.services.blocks import Division, divide, store_blocks
from gisgov.services.checking import check_plan
from gisgov.services.loading import load_profile
from gisgov.services.publishing import publish_plan
from gisgov.store.areas import areas_of_plan
from gisgov.store.blocks import assignments_of_plan, blocks_of_scope
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

DAY = date(2026, 3, 1)
SIDE = 0.002
"""Cells of about 220 m."""


def blocks(columns: int, rows: int, population: int = 500) -> geopandas.GeoDataFrame:
    """A lattice of square blocks, numbered from the south-west corner row by row."""
    edges_x, edges_y = (
        np.round(at + np.arange(n + 1) * SIDE, 7) for at, n in ((114.0, columns), (22.5, rows))
    )
    cells = [
        shapely.box(edges_x[i], edges_y[j], edges_x[i + 1], edges_y[j + 1])
        for j in range(rows)
        for i in range(columns)
    ]
    codes = [f"{number:04d}" for number in range(len(cells))]
    people = np.full(len(cells), population)
    return geopandas.GeoDataFrame(
        {"code": codes, "population": people, "households": people // 2}, geometry=cells, crs=4326
    )


def union(frame: geopandas.GeoDataFrame, west: float, east: float) -> shapely.Geometry:
    """Blocks whose centres lie between two columns, their corners kept."""
    x = shapely.get_x(shapely.centroid(frame.geometry.to_numpy()))
    return shapely.coverage_union_all(
        frame.geometry.to_numpy()[(x > 114 + west * SIDE) & (x < 114 + east * SIDE)]
    )


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> geopandas.GeoDataFrame:
    """Two communities of 10 × 10 blocks side by side, in force, with the blocks of both."""
    load_profile(database, shipped.profile("sub-grids"))
    frame = blocks(20, 10)
    plant("district", {"449901": union(frame, 0, 20)})
    plant("street", {"449901001": union(frame, 0, 20)}, parents={"449901001": ["449901"]})
    communities = {"449901001001": union(frame, 0, 10), "449901001002": union(frame, 10, 20)}
    plant(
        "community",
        communities,
        names={"449901001001": "西社区", "449901001002": "东社区"},
        parents={code: ["449901001"] for code in communities},
    )
    store_blocks(database, frame, scope_code="449901")
    return frame


@pytest.fixture
def run(database: Database) -> Callable[..., Division]:
    """Divide in the test's database."""

    def ran(plan: str = "p", **options: Any) -> Division:
        given = {"layer": "subgrid", "at": DAY, "scope_code": "449901", **options}
        return divide(database, plan, **given)

    return ran


@pytest.mark.usefixtures("ground")
def test_a_division_is_a_draft_without_gap_or_overlap(
    database: Database, run: Callable[..., Division]
) -> None:
    done = run(author="规划科")
    # 200 blocks: 100,000 people are 20 targets, 9.1 km² are 18.2; half of each is 19
    assert (done.blocks, done.areas) == (200, 19)
    assert [(one.code, one.name, one.blocks) for one in done.parents] == [
        ("449901001001", "西社区", 100),
        ("449901001002", "东社区", 100),
    ]
    assert sum(one.areas for one in done.parents) == 19
    assert done.mean_load == pytest.approx(sum(one.load for one in done.parents) / 19)
    assert (done.population, done.households, done.areas_in_several_parts) == (100_000, 50_000, 0)
    assert done.share_within_20_percent > 0.8
    with database.begin() as connection:
        plan = find_plan(connection, "p")
        table = areas_of_plan(connection, plan.id)
        assigned = assignments_of_plan(connection, plan.id)
        stored = blocks_of_scope(connection, "449901")
    assert (plan.status, plan.scope_code, plan.author) == ("draft", "449901", "规划科")
    assert table.names[0] == "西社区 01"
    assert all(
        code.startswith(parent) for code, (parent,) in zip(table.codes, table.parent_codes, strict=True)
    )
    assert sum(table.population) == 100_000
    # each area is exactly the ground of the blocks that are assigned to it
    for code, shape in zip(table.codes, table.geometries, strict=True):
        mine = [assigned[block] == code for block in stored.codes]
        assert shapely.equals(shape, shapely.union_all(stored.geometries[mine]))
    assert check_plan(database, "p", at=DAY).clean
    publish_plan(database, "p", valid_from=DAY, timezone=ZoneInfo("Asia/Shanghai"))
    TypeAdapter(Division).dump_json(done, warnings="error")


@pytest.mark.usefixtures("ground")
def test_codes_run_from_west_to_east_in_rows_from_the_north(
    database: Database, run: Callable[..., Division]
) -> None:
    run(total=8)
    with database.begin() as connection:
        table = areas_of_plan(connection, find_plan(connection, "p").id)
    west = [code for code in table.codes if code.startswith("449901001001")]
    assert west == [f"449901001001{number:03d}" for number in range(1, 5)]
    centre = dict(zip(table.codes, shapely.centroid(table.geometries), strict=True))
    assert centre[west[0]].y > centre[west[-1]].y


@pytest.mark.usefixtures("ground")
def test_the_same_seed_gives_the_same_division(database: Database, run: Callable[..., Division]) -> None:
    run("a", seed=3)
    run("b", seed=3)
    with database.begin() as connection:
        a, b = (assignments_of_plan(connection, find_plan(connection, name).id) for name in ("a", "b"))
    assert a == b


@pytest.mark.usefixtures("ground")
def test_a_layer_without_scheme_is_numbered_plainly(database: Database, run: Callable[..., Division]) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET code_scheme = NULL WHERE name = 'subgrid'"))
    run(total=4)
    with database.begin() as connection:
        table = areas_of_plan(connection, find_plan(connection, "p").id)
    assert table.codes.tolist() == [
        "449901001001-001",
        "449901001001-002",
        "449901001002-001",
        "449901001002-002",
    ]


@pytest.mark.usefixtures("ground")
def test_what_cannot_be_divided_is_said(database: Database, run: Callable[..., Division]) -> None:
    with pytest.raises(NotFoundError, match="'none'"):
        run(layer="none")
    with pytest.raises(InputError, match="'district' is not nested"):
        run(layer="district")
    with pytest.raises(InputError, match="'community' has no targets"):
        run(layer="community")
    with pytest.raises(InputError, match="no blocks of scope '440305'"):
        run(scope_code="440305")
    with pytest.raises(InputError, match="No area of layer 'community' is in force on 2025-01-01"):
        run(at=date(2025, 1, 1))
    with pytest.raises(InputError, match="1 areas cannot be given"):
        run(total=1)
    run()
    with pytest.raises(NameTaken, match="exists"):
        run()


def test_a_block_outside_the_layer_above_is_named(
    database: Database, ground: geopandas.GeoDataFrame, run: Callable[..., Division]
) -> None:
    far = ground.iloc[:1].copy()
    far["code"] = "9999"
    far.geometry = far.geometry.translate(1, 0)
    store_blocks(database, far, scope_code="449901")
    with pytest.raises(
        InputError, match=r"Block 9999 at \(115\.\d+, 22\.\d+\) lies in no area .* 1 of 201 blocks"
    ):
        run()
