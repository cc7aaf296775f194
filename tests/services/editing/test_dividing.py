"""Areas split, a selection divided anew, blocks filled: what moves, which codes go on, what is refused."""

from __future__ import annotations

import re

import pytest

from gisgov.errors import ConflictError, InputError
from gisgov.services.editing.operations import Assign, Fill, Lock, Redivide, Split
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.plans import find_plan

pytestmark = pytest.mark.usefixtures("draft")

REFUSED = [
    (Split("A"), "parts", "Say how the area is split"),
    (Split("A", parts=2, blocks=("00",)), "blocks", "Say how the area is split"),
    (Split("A", parts=5), "parts", "Area A has 4 blocks, which cannot make 5 parts."),
    (Split("A", blocks=("00", "02")), "blocks", "Block 02 is in area B, not in A."),
    (Split("A", blocks=("00", "01", "10", "11")), "blocks", "nothing would be left of it"),
    (Redivide(), "areas", "Say which areas are divided anew"),
    (Redivide(areas=("A",), parents=("P",)), "areas", "Say which areas are divided anew"),
    (Redivide(areas=("A", "B"), count=9), "count", "8 blocks cannot make 9 areas."),
    (Fill(("00",)), "blocks", "Block 00 is in area A."),
]


def picture(database, plan="draft", *, columns=4):
    """Draw a draft: a letter per block, ``.`` for none."""
    with database.begin() as connection:
        found = assignments_of_plan(connection, find_plan(connection, plan).id)
    marks = "".join((found[code] or ".")[-1] for code in sorted(found))
    return " ".join(marks[i : i + columns] for i in range(0, len(marks), columns))


def test_blocks_are_taken_out_as_a_new_area(database, edit):
    told = edit(Split("A", blocks=("00", "01")))
    assert picture(database) == "11BB AABB CCDD CCDD"
    assert [(one.code, one.blocks) for one in told.areas] == [("001", 2), ("A", 2)]
    assert (told.moved_blocks, told.ended) == (2, ())


def test_parts_are_balanced_and_the_largest_goes_on(database, edit):
    told = edit(Split("A", parts=2))
    # the blocks of A have 1 and 2 above 3 and 4 people
    assert sorted(one.population for one in told.areas) == [4, 6]
    assert [one.parts for one in told.areas] == [1, 1]
    assert [one.code for one in told.areas] == ["001", "A"]
    assert edit(Split("B", parts=4)).moved_blocks == 3


def test_what_cannot_be_done_says_why(edit):
    for operation, field, words in REFUSED:
        with pytest.raises(InputError, match=re.escape(words)) as refused:
            edit(operation)
        assert refused.value.field == field


def test_a_selection_is_divided_anew_and_locked_areas_stay(database, edit):
    edit(Assign(("01", "10", "11"), "B"))
    edit(Lock(("D",)))
    told = edit(Redivide(areas=("A", "B", "D")))
    assert picture(database)[10:] == "CCDD CCDD"
    assert [one.code for one in told.areas] == ["A", "B"]
    assert sorted(one.population for one in told.areas) == [10, 10]
    assert [one.parts for one in told.areas] == [1, 1]
    # of the four that there shall be, D is one
    told = edit(Redivide(areas=("A", "B", "D"), count=4, seed=3))
    assert [one.code for one in told.areas] == ["001", "A", "B"]
    assert "D" not in {one.code for one in told.areas}
    told = edit(Redivide(areas=("001", "A", "B"), count=1))
    assert len(told.ended) == 2
    edit(Lock(("C",)))
    with pytest.raises(InputError, match="locked"):
        edit(Redivide(areas=("C", "D")))


def test_what_no_area_has_is_filled_from_around(database, edit):
    edit(Assign(("00", "01", "22", "33"), None))
    told = edit(Fill(("33",)))
    assert told.moved_blocks == 1
    edit(Lock(("C",)))
    edit(Fill())
    assert picture(database) == "AABB AABB CCDD CCDD"
    with pytest.raises(ConflictError, match="there is none to fill"):
        edit(Fill())


def test_blocks_between_locked_areas_and_islands_stay(database, edit):
    edit(Assign(("00",), None))
    edit(Lock(("A",)))
    with pytest.raises(ConflictError, match="The areas around these blocks are locked: A") as refused:
        edit(Fill())
    assert "Unlock" in (refused.value.hint or "")
    edit(Assign(("33", "32", "23"), None))
    with pytest.raises(ConflictError, match="None of these blocks touches an area"):
        edit(Fill(("33",)))
