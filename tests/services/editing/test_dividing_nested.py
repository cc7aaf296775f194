"""Areas of a layer that is nested are filled and divided inside the areas above."""

from __future__ import annotations

import pytest
import shapely
import sqlalchemy as sa
from plans_of_blocks import cell_box, drawn, put_cells, put_layer, put_plan

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.services.editing.operations import Assign, Fill, Lock, Redivide, Unlock
from gisgov.store import tables
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.plans import find_plan


@pytest.fixture
def draft(database, plant):
    """Two parents of two columns each, West and East; an area X across both, and Y in East alone."""
    sides = {
        code: shapely.union_all([cell_box(i, j, 4) for i in range(4) for j in columns], grid_size=1e-7)
        for code, columns in (("W", (0, 1)), ("E", (2, 3)))
    }
    plant("community", sides)
    layer_id = put_layer(database)
    with database.begin() as connection:
        above = connection.scalar(sa.select(tables.layer.c.id).where(tables.layer.c.name == "community"))
        own = sa.update(tables.layer).where(tables.layer.c.id == layer_id)
        targets = {"population": 4, "area_km2": 0.05}
        connection.execute(own.values(parent_id=above, nesting="nested", targets=targets))
    put_cells(database, "1111 1111 1111 1111", scope="")
    put_plan(database, "draft", layer_id, drawn("XX.Y XXXY XXYY .XYY"))
    return "draft"


def test_parents_are_not_crossed(database, draft, edit):
    def picture():
        with database.begin() as connection:
            found = assignments_of_plan(connection, find_plan(connection, draft).id)
        marks = "".join(found[code] or "." for code in sorted(found))
        return " ".join(marks[i : i + 4] for i in range(0, 16, 4))

    edit(Fill())
    assert picture() == "XXYY XXXY XXYY XXYY"
    with pytest.raises(InputError, match="Area X has block 12 in E, where none of these areas belongs"):
        edit(Redivide(areas=("X",)))
    with pytest.raises(NotFoundError, match="lies in 'N'"):
        edit(Redivide(parents=("N",)))
    edit(Assign(("13", "03"), None))
    told = edit(Redivide(parents=("E",)))
    assert picture() == "XXYY XXYY XXYY XXYY"
    assert [one.parent_codes for one in told.areas] == [("W",), ("E",)]
    told = edit(Redivide(parents=("E", "W"), count=4))
    assert all(len(one.parent_codes) == 1 and one.blocks == 4 for one in told.areas)
    edit(Assign(("00",), None))
    edit(Lock(tuple(one.code for one in told.areas if one.parent_codes == ("W",))))
    with pytest.raises(ConflictError, match="locked"):
        edit(Fill())
    edit(Unlock(tuple(one.code for one in told.areas if one.parent_codes == ("W",))))
    edit(Assign(tuple(f"{i}{j}" for i in range(4) for j in range(2)), None))
    with pytest.raises(ConflictError, match="lie in other areas of the layer above"):
        edit(Fill())
