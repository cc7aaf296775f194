"""A draft of sixteen blocks in four areas, and operations on it."""

from __future__ import annotations

import pytest
from editing_drafts import TODAY, ZONE, Edit
from plans_of_blocks import drawn, put_cells, put_layer, put_plan

from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Operation
from gisgov.services.editing.reports import EditReport
from gisgov.store.database import Database


@pytest.fixture
def draft(database: Database) -> str:
    """Areas A and B above C and D, each of four blocks with 1 to 4 people."""
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "draft", layer_id, drawn("AABB AABB CCDD CCDD"))
    return "draft"


@pytest.fixture
def edit(database: Database) -> Edit:
    """Do operations on it: ``edit(Assign(("00",), "B"))``."""

    def done(operation: Operation, *, seen: int | None = None, plan: str = "draft") -> EditReport:
        return edit_draft(database, plan, operation, seen=seen, today=TODAY, timezone=ZONE)

    return done
