"""What proposals were made for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from gisgov.errors import ConflictError, InputError
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.cases import choice_of, unlike_codes
from gisgov.services.repairing.files import FileAsked
from gisgov.services.tolerances import ToleranceChoice
from gisgov.testing import areas_from_grid


def test_the_same_content_fits_and_tolerances_come_back(
    save: Callable[..., Path], asked: Callable[..., FileAsked]
) -> None:
    grids, scope = save("grids", "AB"), save("scope", "SS")
    chosen = ToleranceChoice(sliver_width_m=1.0, min_gap_m2=3.5)
    made_for = asked(grids, scope).case(chosen).made_for()
    again = choice_of(made_for, "p.csv")
    assert again == ToleranceChoice(1.0, 0.001, 3.5)
    asked(grids, scope).case(again).refuse_others(made_for, "p.csv")
    # attributes may be edited meanwhile
    save("grids", "AB", mayor=["x", "y"])
    asked(grids, scope).case(again).refuse_others(made_for, "p.csv")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("areas", "its areas are not those that the defects were found in"),
        ("codes", "the areas are called by other codes"),
        ("scope", "the scope is another"),
        ("no scope", r"the scope is another \([0-9a-f]{16} then, none now\)"),
        ("parents", "the parents are others"),
        ("system", r"in another system \(EPSG:4549 then, EPSG:4547 now\)"),
        ("overlay", "one of the two was said to be an --overlay"),
    ],
)
def test_other_content_is_refused_with_words(
    save: Callable[..., Path], asked: Callable[..., FileAsked], change: str, words: str
) -> None:
    grids, scope, other = save("grids", "AB"), save("scope", "SS"), save("other", "SSS")
    question = asked(grids, scope)
    made_for = question.case(None).made_for()
    if change == "areas":
        save("grids", "AB\nAB")
    changed = {
        "areas": question,
        "codes": replace(question, file=GroundFile(grids, code_field="name")),
        "scope": replace(question, scope=GroundFile(other)),
        "no scope": replace(question, scope=None),
        "parents": replace(question, parents=GroundFile(other)),
        "overlay": replace(question, must_cover=False),
        "system": question,
    }[change]
    case = changed.case(None)
    if change == "system":
        made_for["system"] = "EPSG:4549"
    with pytest.raises(ConflictError, match=words) as refused:
        case.refuse_others(made_for, "p.csv")
    assert refused.value.message.startswith("p.csv does not fit grids.gpkg: ")


def test_a_table_that_says_nothing_of_its_tolerances(
    save: Callable[..., Path], asked: Callable[..., FileAsked]
) -> None:
    made_for = asked(save("grids", "AB")).case(None).made_for()
    assert made_for["scope"] == made_for["parents"] == "none"
    for bad in ({}, made_for | {"min_gap_m2": "wide"}):
        with pytest.raises(InputError, match=r"p\.csv does not say which tolerances"):
            choice_of(bad, "p.csv")
    with pytest.raises(ConflictError, match=r"\(not said then, "):
        asked(save("grids", "AB")).case(None).refuse_others({}, "p.csv")


def test_a_system_without_a_short_name_has_a_digest(
    save: Callable[..., Path], asked: Callable[..., FileAsked]
) -> None:
    case = asked(save("grids", "AB")).case(None)
    local = replace(case.question, system=replace(case.question.system, name="PROJCRS[" + "x" * 500))
    made_for = replace(case, asked=replace(case.asked, question=local)).made_for()
    assert len(made_for["system"]) == 16


def test_repeated_codes_name_their_rows(tmp_path: Path, save: Callable[..., Path]) -> None:
    assert unlike_codes(["A", "B", "A"], [1, 2, 3]) == ["A (row 1)", "B", "A (row 3)"]
    _, shapes = areas_from_grid("AB", origin=(500_000, 2_490_000))
    path = save("grids", {"A": shapes[0], "B": shapes[1]}, twice=["x", "x"])
    case = FileAsked(GroundFile(path, code_field="twice")).case(None)
    assert list(case.codes) == ["x (row 1)", "x (row 2)"]
    assert shapely.equals(case.question.areas[0], shapes[0])
