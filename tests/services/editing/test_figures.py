"""Figures of areas that operations changed, against what a reader counts in the picture."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from editing_drafts import TODAY, ZONE, Edit, publish
from plans_of_blocks import cell_box, drawn, put_cells, put_layer, put_plan

from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.editing.operations import Assign, Merge, Undo
from gisgov.services.editing.showing import show_draft
from gisgov.store import tables
from gisgov.store.block_edges import put_block_edges
from gisgov.store.database import Database
from gisgov.store.layers import find_layer

TARGETS = {
    "area_km2": 0.05,
    "population": 10,
    "weight_area": 0.0,
    "weight_population": 1.0,
    "terms": [{"attribute": "shops", "weight": 1.0, "target": 4}],
}


@pytest.fixture
def nested(database: Database) -> Database:
    """A draft in two communities, West and East, with a street between its rows and targets of 10 people."""
    above, layer_id = put_layer(database, "community"), put_layer(database, "grid")
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "communities", above, drawn("WWEE WWEE WWEE WWEE"))
    publish(database, "communities", date(2025, 1, 1))
    put_plan(database, "draft", layer_id, drawn("AABB AABB CCDD CCDD"))
    boxes = [cell_box(1, column, 4).bounds for column in range(4)]
    lines = np.array([shapely.LineString([(b[0], b[1]), (b[2], b[1])]) for b in boxes], dtype=object)
    with database.begin() as connection:
        put_block_edges(connection, "", lines, np.full(4, EdgeClass.ARTERIAL, dtype=np.int64))
        values = {"parent_id": above, "nesting": "nested", "targets": TARGETS}
        connection.execute(sa.update(tables.layer).where(tables.layer.c.id == layer_id).values(values))
        shops = sa.update(tables.block).where(tables.block.c.code.in_(["00", "01"]))
        connection.execute(shops.values(attributes={"shops": 2}))
    return database


def test_figures_are_those_of_the_picture(nested: Database, edit: Edit) -> None:
    shown = show_draft(nested, "draft", today=TODAY, timezone=ZONE)
    a = shown.areas[0]
    assert (a.parent_codes, a.parts, a.blocks) == (("W",), 1, 4)
    # half its weight are people, 10 of 10, half are shops, 4 of 4
    assert (a.load, a.deviation) == (1.0, 0.0)
    assert [one.load for one in shown.areas[1:]] == [0.5, 0.5, 0.5]
    # its border with C is the street, that with B is none; a cell is 103 m wide and 111 m high
    assert a.along_streets == pytest.approx(103 / (103 + 111), abs=0.005)
    assert shown.problems == ()


def test_problems_are_those_of_the_whole_draft(nested: Database, edit: Edit) -> None:
    crossed = edit(Assign(("02", "12"), "A"))
    a, b = crossed.areas
    assert (a.parent_codes, b.parent_codes) == (("W", "E"), ("E",))
    assert a.load == pytest.approx(0.5 * 14 / 10 + 0.5)
    (parents, limit) = crossed.problems
    assert (parents.kind, parents.refused, parents.codes) == ("crossed-parents", True, ("A",))
    assert (limit.kind, limit.refused, limit.codes) == ("over-limit", False, ("A",))
    assert limit.sentence_en == "1 area carries over 10% more than its target: A."
    apart = edit(Assign(("02", "12"), None))
    # ground in no area counts as another area for the border
    assert apart.areas[0].along_streets == pytest.approx(103 / (103 + 111), abs=0.005)
    assert [one.kind for one in apart.problems] == ["unassigned"]
    # problems tell of areas that this operation left alone, too
    kinds = [one.kind for one in edit(Merge(("C", "D"))).problems]
    assert kinds == ["unassigned", "crossed-parents"]


def test_areas_above_that_were_replaced_are_those_in_force(nested: Database, edit: Edit) -> None:
    assert edit(Assign(("01",), "C")).areas[0].parent_codes == ("W",)
    with nested.begin() as connection:
        above = find_layer(connection, "community").id
        ends = {"status": "retired", "valid_to": date(2026, 2, 1)}
        connection.execute(sa.update(tables.plan).where(tables.plan.c.name == "communities").values(ends))
    put_plan(nested, "renamed", above, drawn("VVEE VVEE VVEE VVEE"), since=date(2026, 2, 1))
    changed = edit(Assign(("02",), "A"))
    assert [one.parent_codes for one in changed.areas] == [("V", "E"), ("E",)]


def test_figures_are_kept_as_if_all_were_measured_anew(nested: Database, edit: Edit) -> None:
    for operation in (Assign(("02", "11"), "D"), Merge(("A", "C")), Assign(("33",), None), Undo()):
        edit(operation)
    kept = show_draft(nested, "draft", today=TODAY, timezone=ZONE).areas
    with nested.begin() as connection:
        connection.execute(sa.delete(tables.area_figure))
    assert show_draft(nested, "draft", today=TODAY, timezone=ZONE).areas == kept
