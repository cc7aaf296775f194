"""Which block is in which area goes out as a table, and comes back as one operation that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import pytest
import shapely
from openpyxl import load_workbook

from gisgov.errors import DraftChanged, FileError, InputError, RowsRefused
from gisgov.geometry.dissolve import dissolve
from gisgov.services.blocks import store_blocks
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Undo
from gisgov.services.exchange.assignments_in import (
    AssignmentsImport,
    AssignmentsImportReport,
    import_assignments,
)
from gisgov.services.exchange.assignments_out import export_assignments
from gisgov.store.blocks import all_assignments_of_plan, blocks_of_scope, put_assignments
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

DAY, ZONE = date(2026, 3, 1), ZoneInfo("Asia/Shanghai")
CODES = [f"00{i}" for i in range(6)]


@pytest.fixture
def draft(database: Database, plant: Callable[..., None]) -> Database:
    """A draft ``d`` of six blocks in a row: 000 to 002 in area 01, the others in 2."""
    cells = [shapely.box(120 + i / 1000, 30, 120 + (i + 1) / 1000, 30.001) for i in range(6)]
    frame = geopandas.GeoDataFrame({"code": CODES, "population": 5}, geometry=cells, crs=4326)
    store_blocks(database, frame, scope_code="")
    areas = ["01"] * 3 + ["2"] * 3
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "")
    drawn = dissolve(blocks.geometries, areas)
    plant("grid", dict(zip(["01", "2"], drawn, strict=True)), plan="d", valid_from=None)
    with database.begin() as connection:
        put_assignments(connection, find_plan(connection, "d").id, blocks.ids.tolist(), areas)
    return database


def assigned(database: Database) -> dict[str, str | None]:
    with database.begin() as connection:
        return all_assignments_of_plan(connection, find_plan(connection, "d").id)


def taken(database: Database, path: Path, **asked: Any) -> AssignmentsImportReport:
    request = AssignmentsImport(path, "d", rejects_path=path.parent, **asked)
    return import_assignments(database, request, today=DAY, timezone=ZONE)


def test_tables_keep_every_zero(draft: Database, tmp_path: Path) -> None:
    before = assigned(draft)
    for name, has_header in (("a.csv", True), ("b.csv", False), ("c.xlsx", True)):
        done = export_assignments(draft, "d", tmp_path / name, has_header=has_header)
        assert (done.blocks, done.unassigned) == (6, 0)
        told = taken(draft, tmp_path / name)
        assert (told.rows_read, told.named, told.moved, told.has_header) == (6, 6, 0, has_header)
        assert told.edit is None
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfblock,area\r\n000,01\r\n")
    assert (tmp_path / "b.csv").read_text("utf-8-sig").startswith("000,01\n")
    assert load_workbook(tmp_path / "c.xlsx").active["B2"].value == "01"
    assert assigned(draft) == before
    with pytest.raises(InputError, match="workbook has a header"):
        export_assignments(draft, "d", tmp_path / "d.xlsx", has_header=False)


def test_one_operation_makes_areas_and_is_undone(draft: Database, tmp_path: Path) -> None:
    before = assigned(draft)
    path = tmp_path / "给.csv"
    path.write_bytes("单元编码;网格编码\n000;新\n003;01\n004;\n001;01\n".encode("gb18030"))
    with pytest.raises(DraftChanged):
        taken(draft, path, seen=7)
    tried = taken(draft, path, dry_run=True)
    assert (tried.moved, tried.edit, assigned(draft)) == (3, None, before)
    told = taken(draft, path, seen=0)
    assert (told.named, told.moved, told.unnamed, told.new_areas, told.rejected) == (4, 3, 2, ("新",), 0)
    assert [(one.row, one.kind) for one in told.notes] == [(1, "new-area")]
    assert told.edit is not None
    assert (told.edit.revision, told.edit.operation, told.edit.moved_blocks) == (1, "import-assignments", 3)
    after = {"000": "新", "001": "01", "002": "01", "003": "01", "004": None, "005": "2"}
    assert assigned(draft) == after
    gone = export_assignments(draft, "d", tmp_path / "out.csv")
    assert gone.unassigned == 1
    edit_draft(draft, "d", Undo(), seen=1, today=DAY, timezone=ZONE)
    assert assigned(draft) == before
    rest = taken(draft, path, others="unassigned")
    assert rest.moved == 5
    assert assigned(draft) == {**after, "002": None, "005": None}


def test_faults_are_told_row_by_row(draft: Database, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("BlockKey,note,district\n001,,2\n999,,2\n002,x,2\n,,2\n002,,01\n000,,2,more\n")
    told = taken(draft, path)
    assert [(one.row, one.code, one.kind) for one in told.problems] == [
        (2, "999", "unknown-block"),
        (3, "002", "duplicate-code"),
        (4, None, "missing-code"),
        (5, "002", "duplicate-code"),
        (6, None, "ragged-row"),
    ]
    assert told.problems[1].message == "names block '002', which row 5 names too"
    assert (told.rejected, told.moved, assigned(draft)["001"]) == (5, 1, "2")
    assert told.rejects_path is not None
    assert "gisgov_problem" in Path(told.rejects_path).read_text("utf-8-sig").splitlines()[0]
    with pytest.raises(RowsRefused, match="5 of the 6 rows"):
        taken(draft, path, strict=True)
    path.write_text("999,2\n")
    with pytest.raises(RowsRefused, match="row 1 \\(999\\): names block '999', which the draft is not"):
        taken(draft, path)
    path.write_text("999\n")
    with pytest.raises(FileError, match="one column"):
        taken(draft, path)
    path.write_text("block,area\n")
    with pytest.raises(FileError, match="no rows below"):
        taken(draft, path)
    path.write_text("001,2\n")
    with pytest.raises(InputError, match="no header"):
        taken(draft, path, block_field="x")


def test_an_area_may_not_take_a_code_that_was_other_ground(
    draft: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", {"old": shapely.box(121, 30, 121.1, 30.1)})
    path = tmp_path / "o.csv"
    path.write_text("block,area\n001,old\n002,2\n")
    told = taken(draft, path)
    assert [(one.row, one.kind) for one in told.problems] == [(1, "unknown-area")]
    assert (assigned(draft)["001"], assigned(draft)["002"], told.new_areas) == ("01", "2", ())
