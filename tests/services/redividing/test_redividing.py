"""Ground divided anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from lattices import DAY, EAST, SCOPE, SIDE, WEST, ZONE
from pydantic import TypeAdapter

from gisgov.errors import InputError, NotFoundError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.lineage import AreaOrigin
from gisgov.services.blocks import store_blocks
from gisgov.services.checking import check_plan
from gisgov.services.publishing import publish_plan
from gisgov.services.redividing import HowMany, Kept, RedivisionReport, Sought
from gisgov.store.block_edges import put_block_edges
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

Run = Callable[..., RedivisionReport]
Look = Callable[[str], Any]

pytestmark = pytest.mark.usefixtures("ground")


def test_a_division_is_a_draft_without_gap_or_overlap(database: Database, run: Run, stored: Look) -> None:
    told = run(author="规划科")
    assert (told.blocks, told.areas, told.counted_by) == (200, 19, "rule")
    assert [(one.code, one.name, one.blocks) for one in told.parents] == [
        (WEST, "西社区", 100),
        (EAST, "东社区", 100),
    ]
    assert sum(one.areas for one in told.parents) == 19
    assert told.load == pytest.approx(sum(one.load for one in told.parents))
    assert (told.population, told.households, told.areas_untouched) == (100_000, 50_000, 0)
    (only,) = told.alternatives
    assert (only.plan, only.figures.areas, only.figures.several_parts) == ("p", 19, 0)
    # 100 equal blocks among 9 or 10 areas: 10 each, or 11 and 12
    assert only.figures.within_limit == 1.0
    assert {one.origin for one in only.areas} == {AreaOrigin.NEW}
    found = stored("p")
    assert (found.plan.status, found.plan.scope_code, found.plan.author) == ("draft", SCOPE, "规划科")
    assert found.plan.source["kind"] == "redivision"
    assert found.areas.names[0] == "西社区 01"
    for code, (parent,) in zip(found.areas.codes, found.areas.parent_codes, strict=True):
        assert code.startswith(parent)
    assert sum(found.areas.population) == 100_000
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, SCOPE)
    for code, shape in zip(found.areas.codes, found.areas.geometries, strict=True):
        mine = [found.assigned[block] == code for block in blocks.codes]
        assert shapely.equals(shape, shapely.union_all(blocks.geometries[mine]))
    assert check_plan(database, "p", at=DAY).clean
    publish_plan(database, "p", valid_from=DAY, timezone=ZONE)
    TypeAdapter(RedivisionReport).dump_json(told, warnings="error")


def test_codes_run_from_west_to_east_in_rows_from_the_north(run: Run, stored: Look) -> None:
    run(how_many=HowMany(total=8))
    areas = stored("p").areas
    west = [code for code in areas.codes if code.startswith(WEST)]
    assert west == [f"{WEST}{number:03d}" for number in range(1, 5)]
    centre = dict(zip(areas.codes, shapely.centroid(areas.geometries), strict=True))
    assert centre[west[0]].y > centre[west[-1]].y


def test_the_same_seed_gives_the_same_areas_with_any_number_of_threads(run: Run, stored: Look) -> None:
    run("a", seed=3, threads=1)
    run("b", seed=3, threads=2)
    assert stored("a").assigned == stored("b").assigned


def test_alternatives_are_stored_as_asked(run: Run, stored: Look) -> None:
    told = run("p", alternatives=3)
    assert [one.plan for one in told.alternatives] == ["p-1", "p-2", "p-3"]
    assert stored("p-1").assigned != stored("p-2").assigned
    told = run("p", alternatives=3, keep=2)
    assert [one.plan for one in told.alternatives] == [None, "p", None]
    assert stored("p").assigned == stored("p-2").assigned
    told = run("x", keep="none")
    assert told.alternatives[0].plan is None
    with pytest.raises(NotFoundError):
        stored("x")


def test_a_layer_that_spans_its_parents_is_divided_as_a_whole(
    database: Database, run: Run, stored: Look
) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE layer SET nesting = 'spanning', code_scheme = NULL WHERE name = 'subgrid'")
        )
    told = run(how_many=HowMany(total=3))
    assert [(one.code, one.areas) for one in told.parents] == [(SCOPE, 3)]
    areas = stored("p").areas
    assert (WEST, EAST) in areas.parent_codes
    assert all("-" in code for code in areas.codes)
    more = run("m", source="p", how_many=HowMany(one_more=SCOPE))
    assert (more.areas, more.counted_by) == (4, "one-more")
    # of all ground of the layer there is neither code nor name
    whole = run("w", scope="", sought=Sought(band=0.01, limit=0.02))
    assert whole.two_balances is not None
    assert (whole.two_balances.parent, whole.two_balances.sentence_zh[:5]) == ("", "整个范围的")
    with pytest.raises(InputError, match="no parent is divided alone"):
        run("q", kept=Kept(parents=(WEST,)))


def test_a_layer_without_one_above_is_divided_as_a_whole(database: Database, run: Run, stored: Look) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET code_scheme = NULL WHERE name = 'district'"))
    told = run(layer="district", how_many=HowMany(total=3, weights=("population=1:5000",)))
    assert [(one.code, one.areas) for one in told.parents] == [(SCOPE, 3)]
    areas = stored("p").areas
    # the largest part of the district in force goes on under its code
    assert areas.codes.tolist() == [SCOPE, f"{SCOPE}-001", f"{SCOPE}-002"]
    assert sorted(one.origin for one in told.alternatives[0].areas) == ["reshaped", "split", "split"]
    assert areas.parent_codes == [(), (), ()]


def test_spanning_areas_take_the_series_of_several_parents(
    database: Database, run: Run, stored: Look
) -> None:
    from fixtures.shipped import code_schemes
    from gisgov.governance.codes import format_scheme

    scheme = next(one for one in code_schemes() if one.name == "grid-20")
    with database.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO code_scheme (name, definition) VALUES (:name, :definition)").bindparams(
                sa.bindparam("definition", type_=sa.JSON)
            ),
            {"name": scheme.name, "definition": format_scheme(scheme)},
        )
        connection.execute(
            sa.text("UPDATE layer SET nesting = 'spanning', code_scheme = 'grid-20' WHERE name = 'subgrid'")
        )
    run(how_many=HowMany(total=3), code_digits={"object": "010203"})
    areas = stored("p").areas
    for code, parents in zip(areas.codes, areas.parent_codes, strict=True):
        if len(parents) > 1:
            assert code.startswith("010203449901001601")
        else:
            assert code.startswith("010203" + parents[0])
    # the plan's own codes say what the object is
    run("q", source="p", how_many=HowMany(total=5))
    assert all(code.startswith("010203") for code in stored("q").areas.codes)


def test_a_part_of_the_blocks_is_a_scope_too(run: Run, stored: Look) -> None:
    told = run(scope=WEST)
    assert (told.blocks, told.scope_code, told.areas) == (100, WEST, 10)
    assert stored("p").plan.scope_code == WEST
    told = run("q", scope=WEST, blocks_of=SCOPE)
    assert (told.blocks, [one.code for one in told.parents]) == (100, [WEST])
    assert stored("q").assigned == stored("p").assigned
    # of ground that is no area in force nothing is known but its blocks
    assert run("r", scope="ground", blocks_of=SCOPE).blocks == 200
    again = run("s", source="p", blocks_of=SCOPE)
    assert (again.blocks, again.alternatives[0].figures.moved_population) == (100, 0)


def test_borders_run_along_streets(database: Database, run: Run) -> None:
    """An arterial crosses West between its fifth and sixth column, and another where East begins."""
    lines = [
        shapely.LineString([(x, round(22.5 + j * SIDE, 7)) for j in range(11)])
        for x in (round(114 + 5 * SIDE, 7), round(114 + 10 * SIDE, 7))
    ]
    with database.begin() as connection:
        put_block_edges(
            connection,
            SCOPE,
            np.array(lines, dtype=object),
            np.array([EdgeClass.ARTERIAL, EdgeClass.ARTERIAL]),
        )
    told = run(how_many=HowMany(counts={WEST: 2}), kept=Kept(parents=(WEST,)), keep="none")
    (only,) = told.alternatives
    assert (only.figures.along_streets, only.areas[0].along_streets) == (1.0, 1.0)
    assert [one.blocks for one in only.areas] == [50, 50]
    # the edges are found though the blocks of a part of their scope are asked for
    part = run(scope=WEST, how_many=HowMany(total=2), keep="none")
    assert part.alternatives[0].figures.along_streets == 1.0


def test_few_blocks_make_every_obstacle_a_sentence(run: Run) -> None:
    told = run(how_many=HowMany(counts={WEST: 37, EAST: 3}))
    rounding = {one.parent: one for one in told.alternatives[0].obstacles if one.kind == "nesting-rounding"}
    assert rounding[EAST].needed == 20
    assert "东社区" in rounding[EAST].sentence_zh
    assert "20 areas come nearest" in rounding[EAST].sentence_en
    # 100 blocks of one size do not make 37 areas of one size: 2 or 3 each, of 2.7 on average
    outside = [one for one in told.alternatives[0].obstacles if one.kind == "outside-limit"]
    assert {one.parent for one in outside} == {WEST}
    assert all(one.area in one.sentence_zh for one in outside if one.area)


def test_people_and_ground_at_once_have_a_bound(run: Run) -> None:
    told = run(how_many=HowMany(total=10))
    # 50,000 people are 10 targets, 4.57 km² are 9.1: (10 - 9.1) / (10 + 9.1)
    assert told.parents[0].two_balances_deviation == pytest.approx(0.045, abs=0.002)
    alone = run("q", how_many=HowMany(total=10, weights=("area_km2=0",)))
    assert (alone.parents[0].two_balances_deviation, alone.two_balances) == (None, None)
    # with a narrower limit it is too much
    assert told.two_balances is None
    narrow = run("r", how_many=HowMany(total=10), sought=Sought(band=0.01, limit=0.02))
    assert narrow.two_balances is not None
    assert narrow.two_balances.parent in (WEST, EAST)
    assert "5% on average at best, the limit is 2%" in narrow.two_balances.sentence_en
    assert [term.attribute for term in alone.rule] == ["population"]


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"layer": "none"}, NotFoundError, "'none'"),
        ({"layer": None}, InputError, "Neither a layer nor a plan"),
        ({"layer": "community"}, InputError, "Nothing weighs"),
        ({"scope": "440305"}, InputError, "no blocks of scope '440305'"),
        ({"blocks_of": "440305"}, InputError, "no blocks of scope '440305'"),
        ({"at": date(2025, 1, 1)}, InputError, "No area of layer 'community' is in force on 2025-01-01"),
        ({"how_many": HowMany(total=1)}, InputError, "1 areas cannot be given"),
        ({"kept": Kept(parents=("x",))}, InputError, "No parent of these blocks has the code 'x'"),
        ({"kept": Kept(locked=("x",))}, InputError, "no areas to lock"),
        ({"source": "none"}, NotFoundError, "'none'"),
        ({"alternatives": 0}, InputError, "0 alternatives"),
        ({"alternatives": 2, "keep": 3}, InputError, "no alternative 3 of 2"),
        ({"sought": Sought(band=0.2, limit=0.1)}, InputError, "band of 0.2"),
    ],
)
def test_what_cannot_be_divided_is_said(run: Run, asked: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        run(**asked)


def test_a_block_outside_the_layer_above_is_named(
    database: Database, ground: geopandas.GeoDataFrame, run: Run
) -> None:
    far = ground.iloc[:1].copy()
    far["code"] = "9999"
    far.geometry = far.geometry.translate(1, 0)
    store_blocks(database, far, scope_code=SCOPE)
    with pytest.raises(
        InputError, match=r"Block 9999 at \(115\.\d+, 22\.\d+\) lies in no area .* 1 of 201 blocks"
    ):
        run()


def test_ground_with_one_division_has_one_alternative(run: Run) -> None:
    asked = {"kept": Kept(parents=(WEST,)), "how_many": HowMany(counts={WEST: 1})}
    told = run(alternatives=4, **asked)
    assert [one.plan for one in told.alternatives] == ["p-1"]
    with pytest.raises(InputError, match="allows 1 different divisions only"):
        run("q", alternatives=4, keep=3, **asked)


def test_areas_are_ordered_by_code_and_add_up(run: Run) -> None:
    (only,) = run().alternatives
    codes = [one.code for one in only.areas]
    assert codes == sorted(codes)
    assert sum(one.blocks for one in only.areas) == 200
    assert sum(one.load for one in only.areas) == pytest.approx(19.1, abs=0.1)
    assert np.isclose(sum(one.area_km2 for one in only.areas), 200 * 0.0456, rtol=0.01)
