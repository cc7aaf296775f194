"""What the areas of plans have in common, on blocks that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from plans_of_blocks import CELL, SOUTH, WEST, drawn, put_cells, put_layer, put_pieces, put_plan, rounded_box

from gisgov.services.comparing import overlaps_of
from gisgov.services.comparing.comparing import compare_with_ground
from gisgov.services.comparing.lineage_rows import lineage_rows
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.plans import create_draft, find_plan

PEOPLE = "123 405"
"""00 to 02 in the north, 10 to 12 in the south."""


@pytest.fixture(scope="module")
def plans(module_database_url: str) -> Iterator[Database]:
    """Plans of the same six blocks; block 12 was cut in two by one of them, in two others by another."""
    database = Database(module_database_url)
    layer = put_layer(database)
    put_cells(database, PEOPLE)
    put_plan(database, "west-east", layer, drawn("AAB AAB"))
    put_plan(database, "north-south", layer, drawn("AAA BB."))
    west, east = WEST + 2 * CELL, WEST + 3 * CELL
    south, north = SOUTH, SOUTH + CELL
    third, half = west + 0.3 * CELL, south + 0.5 * CELL
    put_pieces(database, ["12-1", "12-2"], [rounded_box(west, south, third, north),
               rounded_box(third, south, east, north)], [2, 3], cut_from="12")  # fmt: skip
    put_pieces(database, ["12-3", "12-4"], [rounded_box(west, south, east, half),
               rounded_box(west, half, east, north)], [4, 1], cut_from="12")  # fmt: skip
    uncut = {code: area for code, area in drawn("AAB AAB").items() if code != "12"}
    put_plan(database, "cut-upright", layer, {**uncut, "12-1": "A", "12-2": "B"})
    put_plan(database, "cut-level", layer, {**uncut, "12-3": "C", "12-4": "B"})
    # the same ground as west-east in one polygon each, one of them without what lies in the east
    top = SOUTH + 2 * CELL
    parts = [rounded_box(WEST, SOUTH, west, top), rounded_box(west, south + 0.4 * CELL, east, top)]
    put_pieces(database, ["poly-A", "poly-B"], parts, [70, 8], scope="T")
    put_plan(database, "of-another-base", layer, {"poly-A": "P", "poly-B": "Q"})
    yield database
    database.dispose()


def told(database: Database, former: str, plan: str) -> dict[str, tuple[float, int, int]]:
    """Return the ground in cells, people and blocks that areas have in common, by ``former>area``."""
    with database.begin() as connection:
        found = overlaps_of(connection, find_plan(connection, former), find_plan(connection, plan))
    cell = found.ground_m2.sum() / 6
    pairs = [found.code_of(i) for i in range(len(found))]
    return {
        f"{old or ''}>{new or ''}": (round(ground / cell, 2), people, blocks)
        for (old, new), ground, people, blocks in zip(
            pairs, found.ground_m2.tolist(), found.people.tolist(), found.blocks.tolist(), strict=True
        )
    }


def test_common_blocks_are_common_ground(plans: Database) -> None:
    assert told(plans, "west-east", "north-south") == {
        "A>A": (2, 3, 2),
        "A>B": (2, 4, 2),
        "B>": (1, 5, 1),
        "B>A": (1, 3, 1),
    }
    assert told(plans, "west-east", "west-east") == {"A>A": (4, 7, 4), "B>B": (2, 8, 2)}


def test_pieces_lie_in_their_block(plans: Database) -> None:
    there = {"A>A": (4, 7, 4), "B>A": (0.3, 2, 1), "B>B": (1.7, 6, 2)}
    assert told(plans, "west-east", "cut-upright") == there
    back = {"A>A": (4, 7, 4), "A>B": (0.3, 2, 1), "B>B": (1.7, 6, 2)}
    assert told(plans, "cut-upright", "west-east") == back


def test_a_block_that_two_plans_cut_keeps_the_counts_of_both(plans: Database) -> None:
    """2 and 3 people west and east, 4 and 1 south and north: of the largest corner 3, then what is left."""
    found = told(plans, "cut-upright", "cut-level")
    assert found == {"A>A": (4, 7, 4), "A>B": (0.15, 1, 1), "A>C": (0.15, 1, 1), "B>B": (1.35, 3, 2),
                     "B>C": (0.35, 3, 1)}  # fmt: skip
    assert sum(people for _, people, _ in found.values()) == 15


def test_other_bases_are_laid_over_each_other(plans: Database) -> None:
    """People are those of the plan before, by the ground; what only one has is told."""
    assert told(plans, "west-east", "of-another-base") == {
        "A>P": (4, 7, 0),
        "B>": (0.4, 2, 0),
        "B>Q": (1.6, 6, 0),
    }
    assert told(plans, "of-another-base", "west-east")[">B"] == (0.4, 2, 0)


def test_lineage_is_a_row_for_each_pair(plans: Database) -> None:
    with plans.begin() as connection:
        found = overlaps_of(
            connection, find_plan(connection, "west-east"), find_plan(connection, "north-south")
        )
    rows = [
        (row.former_code, row.code, row.origin, row.ground_share, row.people_share, row.former_people_share)
        for row in lineage_rows(found)
    ]
    assert rows == [
        ("A", "A", "reshaped", pytest.approx(2 / 3), 0.5, pytest.approx(3 / 7)),
        ("A", "B", "split", pytest.approx(1), 1.0, pytest.approx(4 / 7)),
        ("B", None, "gone", 0.0, None, pytest.approx(5 / 8)),
        ("B", "A", "reshaped", pytest.approx(1 / 3), 0.5, pytest.approx(3 / 8)),
    ]
    assert np.array([row.former_ground_share for row in lineage_rows(found)]).sum() == pytest.approx(2)


def test_plans_of_plain_polygons_count_people_where_they_live(
    database: Database, plant: Callable[..., None]
) -> None:
    """Two columns become two rows. Without any place of people, those of the areas go by the ground."""
    columns = {"W": rounded_box(114, 22.5, 114.001, 22.502), "E": rounded_box(114.001, 22.5, 114.002, 22.502)}
    rows = {"N": rounded_box(114, 22.501, 114.002, 22.502), "S": rounded_box(114, 22.5, 114.002, 22.501)}
    plant("grid", columns, plan="columns", valid_from=None)
    plant("grid", {**rows, "X": rounded_box(114.002, 22.5, 114.003, 22.501)}, plan="rows", valid_from=None)
    area = tables.area
    with database.begin() as connection:
        for code, people in (("W", 5), ("X", 9)):
            connection.execute(sa.update(area).where(area.c.code == code).values(population=people))
    found = told(database, "columns", "rows")
    assert {pair: people for pair, (_, people, _) in found.items()} == {
        ">X": 9, "E>N": 0, "E>S": 0, "W>N": 2, "W>S": 3,
    }  # fmt: skip
    with database.begin() as connection:
        # in the middle of the north-west, on the border in the east, beside everything
        for i, (place, people) in enumerate(
            (("114.0005 22.5015", 7), ("114.0015 22.501", 2), ("115 22.5", 1))
        ):
            values = {"external_id": str(i), "source": "t", "geom": f"SRID=4326;POINT({place})"}
            given = {**values, "population": people, "crs": "wgs84"}
            connection.execute(sa.insert(tables.building).values(given))
    found = told(database, "columns", "rows")
    assert {pair: people for pair, (_, people, _) in found.items()} == {
        ">X": 0, "E>N": 2, "E>S": 0, "W>N": 7, "W>S": 0,
    }  # fmt: skip


def test_blocks_are_put_into_polygons_from_either_side(plans: Database) -> None:
    """A polygon over the two western columns, and one over the north of the third, which has no blocks."""
    polygons = {"P": (WEST, SOUTH, WEST + 2 * CELL, SOUTH + 2 * CELL)}
    polygons["Q"] = (WEST + 2 * CELL, SOUTH + CELL, WEST + 3 * CELL, SOUTH + 2 * CELL)
    with plans.begin() as connection:
        layer = find_layer(connection, "grid").id
        plan_id = create_draft(connection, name="polygons", layer_id=layer, working_crs="EPSG:4547")
        for code, box in polygons.items():
            shape = shapely.multipolygons([rounded_box(*box)])
            values = {"plan_id": plan_id, "code": code, "name": code, "geom": f"SRID=4326;{shape.wkt}"}
            connection.execute(sa.insert(tables.area).values(**values, area_m2=1.0, population=1000))
    there = {"A>P": (4, 7, 0), "B>": (1, 5, 0), "B>Q": (1, 3, 0)}
    assert told(plans, "west-east", "polygons") == there
    back = {">B": (1, 5, 0), "P>A": (4, 7, 0), "Q>B": (1, 3, 0)}
    assert told(plans, "polygons", "west-east") == back


def test_ground_that_only_one_plan_has_is_shown(plans: Database) -> None:
    corner = rounded_box(WEST + 2 * CELL, SOUTH, WEST + 3 * CELL, SOUTH + CELL)
    for names, move in (
        (("west-east", "north-south"), ("B", None)),
        (("north-south", "west-east"), (None, "B")),
    ):
        found = compare_with_ground(plans, *names)
        moves = [(one.from_code, one.to_code) for one in found.report.changes]
        assert found.grounds[moves.index(move)].equals(corner)
