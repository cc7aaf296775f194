"""The annex of a decision: what is written on its pages, and that the figures add up."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure

from gisgov.geometry.sides import border_pieces
from gisgov.governance.annexes import Annex, AnnexArea
from gisgov.governance.bounds import bounds_of
from gisgov.testing import areas_from_grid
from maps.annex import annex_pages, draw_annex, sheets_of


def annex_of(picture: str, parents: dict[str, str], **changes: object) -> Annex:
    """An annex of areas of 0.001° near Hangzhou, with a street between the lowest two."""
    letters, cells = areas_from_grid(picture, cell_m=1)
    grounds = shapely.transform(cells, lambda xy: np.round(xy * 0.001 + (120.0, 30.0), 7))
    order = sorted(range(len(letters)), key=lambda i: (parents.get(letters[i], "\uffff"), letters[i]))
    names, grounds = np.array([f"{letters[i]}网格" for i in order], dtype=object), grounds[order]
    street = shapely.LineString([(120.002, 30.0), (120.002, 30.001), (120.002, 30.002)])
    bounds = bounds_of(border_pieces(grounds, None, np.array([street]), [0]), names, ["文三路"])
    areas = tuple(
        AnnexArea(
            code=f"00{i}",
            name=name,
            parent=parents.get(name[0]),
            bounds=bound,
            population=1000 * i + 1 if i else None,
            households=None,
            posts=i,
            area_km2=0.1 * i + 0.001,
        )
        for i, (name, bound) in enumerate(zip(names, bounds, strict=True))
    )
    facts = {
        "plan": "g-2026", "layer_zh": "网格", "layer_en": "Grid", "status": "published", "scope": "",
        "decision": "西政发〔2026〕3号", "decided_on": date(2026, 1, 5), "valid_from": date(2026, 2, 1),
        "valid_to": None, "printed_on": date(2026, 3, 1), "working_crs": "EPSG:4549",
    }  # fmt: skip
    drawn = {"geometries": grounds, "streets": np.array([street]), "street_names": np.array(["文三路"])}
    return Annex(**{**facts, **drawn, "areas": areas, **changes})


@pytest.fixture(scope="module")
def annex() -> Annex:
    return annex_of("AABB\nAABB\nCCDD\nCCDD", {"A": "东社区", "B": "东社区", "C": "西社区"})


def written(page: Figure) -> list[str]:
    """Every text of a page, map labels and all."""
    return [text.get_text() for axes in page.axes for text in axes.texts]


def test_pages_say_what_was_decided_and_who_is_bounded_by_what(annex: Annex) -> None:
    pages = [written(page) for page in annex_pages(annex)]
    first, east, west, rest, table = pages
    for fact in ("网格划分方案附件", "西政发〔2026〕3号", "2026年1月5日", "2026年2月1日", "长期", "g-2026"):
        assert fact in first
    assert {"东社区", "西社区", "图 4", "北", "第 1 页，共 5 页"} <= set(first)
    assert east[0] == "东社区"
    assert {"1", "2", "A网格", "B网格"} <= set(east)
    assert "文三路" in west
    assert rest[0] == "未归属"
    assert "".join(table).count("东至") == 4
    assert "东至文三路，南至范围界" in "".join(table)
    # figures: unknown people are a dash, and sums are sums of what is printed
    assert {"—", "1,001", "2,001", "3,001", "6,003", "小计（2）", "合计 (4)", "0.604"} <= set(table)
    assert sum(float(text) for text in ("0.001", "0.101", "0.201", "0.301")) == pytest.approx(0.604)
    assert {"0.001", "0.101", "0.201", "0.301"} <= set(table)


def test_an_english_annex_of_a_draft_without_areas_above(annex: Annex) -> None:
    one = annex_of("AB\nAB", {}, status="draft", valid_from=None, decision=None)
    drawn = draw_annex(one, language="en", paper="a3")
    assert (drawn.pages, drawn.sheets) == (2, 1)
    assert len(re.findall(rb"/Type /Page\b", drawn.content)) == 2
    first, table = (written(page) for page in annex_pages(one, language="en"))
    assert "draft, not published · Maps and table of bounds" in first
    assert {"1", "2", "Annex: Grid division", "page 1 of 2"} <= set(first)
    assert any(text.startswith("east to B网格; south to the limit") for text in table)
    assert draw_annex(one, language="en", paper="a3").content == drawn.content


def test_a_full_sheet_is_halved() -> None:
    row = "".join(chr(0x4E00 + i) for i in range(75))
    many = annex_of("\n".join([row, row, row]), {chr(0x4E00): "东"})
    assert [(one.parent, len(one.places), one.part, one.parts) for one in sheets_of(many)] == [
        ("东", 1, None, 1),
        (None, 37, 1, 2),
        (None, 37, 2, 2),
    ]
    pages = [written(page) for page in annex_pages(many)]
    first, left = pages[0], pages[2]
    assert {"图 2", "图 3", "图 4"} & set(first)
    assert left[0] == "未归属 (1/2)"
    assert [page[0] for page in pages].count("四至一览表") > 2
