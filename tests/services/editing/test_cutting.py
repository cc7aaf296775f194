"""An area split by a line, a border moved to one: what is cut, who goes where, what stays exact."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from editing_drafts import TODAY, Edit
from plans_of_blocks import CELL, SOUTH, WEST

from gisgov.errors import ConflictError, InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.checking import check_stored
from gisgov.services.editing.cut_ground import share_attributes
from gisgov.services.editing.operations import Assign, Line, Lock, MoveBorder, Redo, Split, Undo
from gisgov.services.plans import delete_draft
from gisgov.store.block_edges import block_edges_of_scope, put_block_edges
from gisgov.store.block_sets import replace_blocks
from gisgov.store.blocks import assignments_of_plan, blocks_of_plan, blocks_of_scope, put_blocks
from gisgov.store.database import Database
from gisgov.store.people import people_within
from gisgov.store.pieces import put_pieces
from gisgov.store.plans import find_plan
from gisgov.store.tables import area, block, building

pytestmark = pytest.mark.usefixtures("draft")

WAVE = ((2, 4), (1.5, 3.5), (1.5, 2.5), (2, 2))
"""A new border of A and B, half a cell into A."""


def at(*cells: tuple[float, float]) -> Line:
    """Places in cells of the picture, from its south-west corner."""
    return tuple((WEST + x * CELL, SOUTH + y * CELL) for x, y in cells)


def require_sound(database: Database, people: int = 40) -> None:
    """Require a draft without faults, with everybody in it, of areas that are their blocks."""
    with database.begin() as connection:
        plan = find_plan(connection, "draft")
        report = check_stored(connection, plan, day=TODAY)
        blocks = blocks_of_plan(connection, plan.id)
        sums = connection.execute(
            sa.select(sa.func.sum(area.c.population), sa.func.sum(area.c.area_m2)).where(
                area.c.plan_id == plan.id
            )
        ).one()
    assert [str(one.kind) for one in report.defects] == []
    assert int(blocks.population.sum()) == sums[0] == people
    assert float(blocks.area_m2.sum()) == pytest.approx(sums[1], rel=1e-9)
    assert shapely.coverage_is_valid(blocks.geometries)


def area_of(database: Database) -> dict[str, str]:
    with database.begin() as connection:
        return assignments_of_plan(connection, find_plan(connection, "draft").id)


def test_a_line_splits_an_area_through_its_blocks(database: Database, edit: Edit) -> None:
    told = edit(Split("A", line=at((0.25, 5), (0.25, 1))))
    kept, new = (next(one for one in told.areas if one.code == code) for code in ("A", "001"))
    # the blocks 00 and 10, of 1 and 3 people, lose a quarter each
    assert (kept.blocks, kept.population, new.blocks, new.population) == (4, 9, 2, 1)
    assert new.area_km2 * 7 == pytest.approx(kept.area_km2, rel=1e-4)
    assert (told.cut_blocks, told.moved_blocks, told.moved_population) == (2, 2, 1)
    assert area_of(database)["00-1"] != area_of(database)["00-2"]
    require_sound(database)
    edit(Undo())
    assert "00" in area_of(database)
    require_sound(database)
    edit(Redo())
    require_sound(database)
    # pieces are cut again, and called after the block
    edit(Split("001", line=at((0, 3.5), (1, 3.5))))
    assert {"00-3", "00-4"} <= set(area_of(database))
    require_sound(database)


def test_a_line_along_borders_of_blocks_cuts_none(database: Database, edit: Edit) -> None:
    told = edit(Split("A", line=at((0, 3), (2, 3))))
    assert (told.cut_blocks, told.moved_blocks) == (0, 2)
    assert [(one.code, one.blocks, one.population) for one in told.areas] == [("001", 2, 3), ("A", 2, 7)]
    assert len(area_of(database)) == 16


def test_parts_that_a_line_does_not_divide_stay(database: Database, edit: Edit) -> None:
    edit(Assign(("33",), "A"))
    told = edit(Split("A", line=at((1, 2), (1, 3), (0, 3))))
    assert [(one.code, one.blocks) for one in told.areas] == [("001", 1), ("A", 4)]
    assert area_of(database)["33"] == "A"


def test_a_closed_line_cuts_out_what_it_encloses(database: Database, edit: Edit) -> None:
    told = edit(Split("A", line=at((0.5, 2.5), (1.5, 2.5), (1.5, 3.5), (0.5, 3.5), (0.5, 2.5))))
    assert (told.cut_blocks, told.moved_blocks) == (4, 4)
    kept, new = (next(one for one in told.areas if one.code == code) for code in ("A", "001"))
    assert new.area_km2 * 3 == pytest.approx(kept.area_km2, rel=1e-4)
    require_sound(database)


def test_a_border_moves_to_a_line(database: Database, edit: Edit) -> None:
    told = edit(MoveBorder(("A", "B"), at(*WAVE)))
    a, b = (next(one for one in told.areas if one.code == code) for code in "AB")
    assert (a.population, b.population, a.parts, b.parts) == (8, 12, 1, 1)
    assert (told.cut_blocks, told.moved_blocks, told.moved_population) == (2, 2, 2)
    require_sound(database)
    # back, by a line that takes whole pieces
    edit(MoveBorder(("B", "A"), at((2, 4), (2, 2))))
    assert {code for code, one in area_of(database).items() if one == "B"} == {"02", "03", "12", "13"}
    require_sound(database)


def test_a_border_that_crosses_the_present_one_gives_and_takes(database: Database, edit: Edit) -> None:
    told = edit(MoveBorder(("A", "B"), at((2, 4), (1, 3.5), (3, 2.5), (2, 2))))
    a, b = (next(one for one in told.areas if one.code == code) for code in "AB")
    assert a.area_km2 == pytest.approx(b.area_km2, rel=1e-4)
    assert (a.parts, b.parts) == (1, 1)
    require_sound(database)


def test_a_line_that_returns_to_where_it_began_takes_what_it_encloses(database: Database, edit: Edit) -> None:
    told = edit(MoveBorder(("A", "B"), at((2, 3), (1.5, 3.4), (1.5, 2.6), (2, 3))))
    assert told.cut_blocks == 2
    b = next(one for one in told.areas if one.code == "B")
    assert b.area_km2 == pytest.approx(4.2 * 0.0114, rel=0.01)
    assert b.parts == 2


def test_of_a_ring_the_smaller_ground_moves(database: Database, edit: Edit) -> None:
    edit(Assign(("00", "01", "02", "03", "10", "13", "20", "21", "22", "23"), "C"))
    edit(Assign(("11", "12"), "B"))
    told = edit(MoveBorder(("B", "C"), at((1, 2.5), (3, 2.5))))
    assert next(one for one in told.areas if one.code == "B").population == 4
    require_sound(database)


REFUSED = [
    (Split("A", line=at((0.5, 3.5), (5, 3.5))), r"ends at \(114.0005000, 22.5035000\), inside area A"),
    (Split("A", line=at((2, 4), (2, 2))), "does not divide area A"),
    (Split("A", line=at((1, 1))), "two places"),
    (MoveBorder(("A", "A"), at(*WAVE)), "no border with itself"),
    (MoveBorder(("A", "D"), at(*WAVE)), "no border in common"),
    (MoveBorder(("A", "B"), at((2, 3.5), (1.5, 2.5))), r"ends at \(114.0015000, 22.5025000\), inside areas"),
    (MoveBorder(("A", "B"), at((2, 4), (1.5, 1.5), (2, 2))), r"leaves areas A and B between \(114.0016"),
    (MoveBorder(("A", "B"), at((0, 3.5), (2, 3.5))), r"begins at \(114.0000000, 22.5035000\), which is not"),
    (MoveBorder(("A", "B"), at((2, 3.5), (0, 3.5))), r"ends at \(114.0000000, 22.5035000\), which is not"),
    (MoveBorder(("A", "B"), at((2, 3), (1.5, 3), (2, 3))), "No ground lies between"),
    (MoveBorder(("A", "B"), at((2, 4), (2, 3))), "runs along the present border"),
    (MoveBorder(("A", "B"), at((2, 4), (0, 4), (0, 2), (2, 2))), "Nothing would be left of area A"),
]


def test_what_no_line_can_do_says_where_and_why(database: Database, edit: Edit) -> None:
    for operation, words in REFUSED:
        with pytest.raises(InputError, match=words):
            edit(operation)
    with database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(block.c.cut_from.is_not(None))) == 0
    edit(Assign(("20", "30"), "A"))
    edit(Assign(("11", "21"), "C"))
    edit(Assign(("01", "12", "22", "32", "31"), "B"))
    with pytest.raises(InputError, match="two stretches of the border"):
        edit(MoveBorder(("A", "B"), at((1, 3.5), (0.5, 2), (1, 0.5))))


def test_people_go_where_their_buildings_are(database: Database, edit: Edit) -> None:
    # in block 00 nearly all people live in the north-west, and all of whom households are known in the south
    stand = [(0.1, 3.9, 30, None), (0.5, 3.5, 5, 0), (0.9, 3.1, 1, 2)]
    rows = [
        {
            "external_id": str(i),
            "source": "survey",
            "geom": f"SRID=4326;POINT({WEST + x * CELL} {SOUTH + y * CELL})",
            "crs": "wgs84",
            "population": people,
            "households": homes,
        }
        for i, (x, y, people, homes) in enumerate(stand)
    ]
    with database.begin() as connection:
        connection.execute(sa.insert(building), rows)
        counts = {"population": 72, "households": 30, "attributes": {"shops": 4, "care": 1.0, "name": "x"}}
        connection.execute(sa.update(block).where(block.c.code == "00").values(counts))
    edit(Split("A", line=at((0, 3.25), (2, 3.25))))
    with database.begin() as connection:
        query = sa.select(block.c.population, block.c.households, block.c.attributes, block.c.land_use)
        found = connection.execute(query.where(block.c.code.in_(("00-1", "00-2")))).all()
    assert sorted((row.population, row.households) for row in found) == [(2, 30), (70, 0)]
    # no load of the layer goes by them, so they are as they were
    assert [row.attributes["shops"] for row in found] == [4, 4]


def test_what_lies_along_borders_is_found_beside_a_cut(database: Database, edit: Edit) -> None:
    lines = shapely.linestrings(np.round([at((0, 2), (1, 2), (2, 2)), at((2, 2), (2, 3), (2, 4))], 7))
    classes = np.array([EdgeClass.ARTERIAL, EdgeClass.WATER])
    with database.begin() as connection:
        put_block_edges(connection, "", lines, classes, np.array(["文一路", None], dtype=object))
    for _ in range(2):  # cut again in the same place, nothing comes in twice
        told = edit(Split("A", line=at((0.25, 4), (0.25, 2))))
        c, new = (next(one for one in told.areas if one.code == code) for code in ("C", "001"))
        # a cell is 103 m wide and 111 m high
        assert c.along_streets == pytest.approx(206 / (206 + 222), rel=0.01)
        assert new.along_streets == pytest.approx(26 / (26 + 222), rel=0.02)
        with database.begin() as connection:
            assert len(block_edges_of_scope(connection, "")[0]) == 3
        edit(Undo())


def test_a_locked_neighbour_gets_the_vertex_and_stays(database: Database, edit: Edit) -> None:
    edit(Lock(("C", "B")))
    edit(Split("A", line=at((0.25, 4), (0.25, 2))))
    assert area_of(database)["20-1"] == "C"
    with pytest.raises(ConflictError, match="B is locked"):
        edit(MoveBorder(("A", "B"), at(*WAVE)))
    require_sound(database)


def test_blocks_that_drafts_cut_are_not_replaced(database: Database, edit: Edit) -> None:
    edit(Split("A", line=at((0.25, 4), (0.25, 2))))
    with database.begin() as connection:
        base = blocks_of_scope(connection, "", exactly=True)
        assert people_within(connection, (WEST, SOUTH, WEST + 1, SOUTH + 1))[2].sum() == 40
    assert len(base) == 16
    assert "00" in base.codes
    rest = base.chosen(np.flatnonzero(base.codes != "00"))
    with database.begin() as connection, pytest.raises(ConflictError, match=r"1 blocks of which plan draft"):
        replace_blocks(connection, "", rest)
    with database.begin() as connection:
        piece = blocks_of_plan(connection, find_plan(connection, "draft").id).chosen(np.array([0]))
    assert piece.codes[0] == "00-1"
    for write in (put_blocks, replace_blocks):
        with database.begin() as connection, pytest.raises(ConflictError, match="'00-1' is"):
            write(connection, "", base.joined(piece))
    # what a draft left that is no more goes with its block
    delete_draft(database, "draft")
    with database.begin() as connection:
        assert replace_blocks(connection, "", rest).deleted == 1
        assert not connection.scalars(sa.select(block.c.code).where(block.c.code.startswith("00"))).all()


def test_two_who_cut_a_block_at_once_number_its_pieces_one_after_the_other(database: Database) -> None:
    with database.begin() as connection:
        whole = blocks_of_scope(connection, "").chosen(np.array([0]))
    wait = threading.Event()

    def cut() -> list[int]:
        with database.begin() as connection:
            wait.set()
            return put_pieces(connection, whole.ids.tolist(), whole)

    with ThreadPoolExecutor(1) as other:
        with database.begin() as connection:
            first = put_pieces(connection, whole.ids.tolist(), whole)
            later = other.submit(cut)
            wait.wait()
            assert not later.done()
        second = later.result()
    with database.begin() as connection:
        query = sa.select(block.c.code).where(block.c.id.in_([*first, *second])).order_by(block.c.id)
        assert connection.scalars(query).all() == ["00-1", "00-2"]


@pytest.mark.parametrize(
    ("value", "parts"),
    [(5, [1, 4]), (2.0, [0.5, 1.5]), (0, [0, 0]), (True, [True, True]), ("many", ["many", "many"])],
)
def test_what_loads_areas_is_shared_by_ground(value: object, parts: list[object]) -> None:
    found = share_attributes(
        [{}, {"shops": value}], np.array([1, 1]), np.array([100.0, 300.0]), {"shops", "x"}
    )
    assert [one["shops"] for one in found] == parts
