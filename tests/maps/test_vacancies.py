from types import SimpleNamespace

import pandas as pd
import pytest
from grid_legends import grids, legend

from gisgov.governance.titles import Language
from maps import vacancies
from maps.printing import draw_print

ROLES = ("网格长", "专职网格员")
# A lacks one of each, B nobody, C four; D has no row, so no formula
POSTS = pd.DataFrame(
    [("A", 3, 1, 2, 1 / 3, 1, 1, 2, 1), ("B", 3, 3, 0, 1.0, 1, 0, 2, 0), ("C", 6, 2, 4, 1 / 3, 1, 0, 5, 4)],
    columns=[
        "code",
        "needed",
        "filled",
        "missing",
        "filled_share",
        "needed_0",
        "missing_0",
        "needed_1",
        "missing_1",
    ],
)


def test_legends_count_areas_by_posts_that_they_lack() -> None:
    document = vacancies.document(
        POSTS, grids("ABCD"), roles=ROLES, formula="1 网格长 + 2 专职网格员", language="en"
    )
    assert [view.id for view in document.views] == ["missing", "filled", "role-0", "role-1"]
    assert legend(document, "missing") == {
        "4 or more": "1", "3": "0", "2": "1", "1": "0", "0": "1", "no staffing formula": "1",
    }  # fmt: skip
    assert legend(document, "role-0") == {
        "4 or more": "0", "3": "0", "2": "0", "1": "1", "0": "2", "no staffing formula": "1",
    }  # fmt: skip
    filled = legend(document, "filled")
    assert (filled["100%"], filled["under 50%"], filled["no staffing formula"]) == ("1", "2", "1")
    assert {key.name: key.figures for key in document.sections[0].keys} == {
        "Posts needed": ("12",),
        "Filled": ("6", "50.0%"),
        "Vacant": ("6 / 12",),
        "Vacant: 网格长": ("1 / 3",),
        "Vacant: 专职网格员": ("5 / 9",),
    }
    assert "Every grid should have: 1 网格长 + 2 专职网格员" in document.notes


def test_a_formula_that_asks_for_nobody_and_a_layer_without_one_are_told_apart() -> None:
    free = pd.DataFrame(
        {"code": ["A"], "needed": [0], "filled": [0], "missing": [0], "filled_share": [float("nan")]}
    )
    document = vacancies.document(free, grids("A"), roles=(), formula="N≥0 志愿者", language="en")
    assert legend(document, "filled")["nobody needed"] == "1"
    nothing = vacancies.document(POSTS[:0], grids("AB"), roles=(), formula=None, language="zh")
    assert legend(nothing, "missing")["无配备标准"] == "2"
    assert "该网层没有配备标准，无法计算空缺" in nothing.notes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_and_a_sheet_come_of_it(district: SimpleNamespace, language: Language) -> None:
    posts = pd.DataFrame(
        {"code": district.grids["code"], "needed": 2, "filled": 1, "missing": 1, "filled_share": 0.5}
    )
    document = vacancies.document(posts, district.grids, roles=(), formula="2 网格员", language=language)  # type: ignore[arg-type]
    assert document.data()["views"][0]["id"] == "missing"
    assert draw_print(document, paper="a4", view="filled")[:8] == b"\x89PNG\r\n\x1a\n"
