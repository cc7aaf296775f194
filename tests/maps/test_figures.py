import csv
import io
import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest

from maps import grids, rating_changes, risk
from maps.document import Document
from maps.figures import figures_file


@pytest.fixture(scope="module")
def document(district: SimpleNamespace) -> Document:
    return risk.document(district.buildings, district.grids, facts=district.facts)


def test_a_table_holds_the_areas_as_the_map_lists_them(document: Document, district: SimpleNamespace) -> None:
    text = figures_file(document, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(district.grids)
    assert list(rows[0])[:2] == ["编码", "名称"]
    warning = [int(row["警示"]) for row in rows]
    assert warning == sorted(warning, reverse=True)
    assert sum(warning) == (district.buildings["risk_class"] == "warning").sum()
    shares = {row["编码"]: row["警示占比"] for row in rows}
    first = rows[0]
    assert float(shares[first["编码"]]) == pytest.approx(int(first["警示"]) / int(first["楼栋"]), abs=5e-5)
    assert not {"", "label", "step"} & set(rows[0])


def test_a_workbook_holds_legend_and_notes_too(document: Document, district: SimpleNamespace) -> None:
    content = figures_file(document, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["网格", "图例", "说明"]
    codes = [row[0] for row in book["网格"].values][1:]
    assert sorted(codes) == sorted(district.grids["code"])
    legend = {row[1]: row[2] for row in book["图例"].values if row[1]}
    assert legend["合计"] == f"{len(district.buildings):,}"
    assert any(str(name).startswith("分级方法：") for name in legend)
    about = [row[0] for row in book["说明"].values]
    assert about[0] == "楼栋风险分布图"
    assert "评级规则 2026-01（示例）" in about[1]
    assert "坐标：WGS 84（EPSG:4326）" in about


def test_json_says_the_same(document: Document) -> None:
    told = json.loads(figures_file(document, "json"))
    assert (told["kind"], told["title"], told["headline"]) == ("risk", document.title, document.headline)
    assert [part["title"] for part in told["legend"]] == [section.title for section in document.sections]
    assert told["legend"][0]["rows"][0] == {
        "name": document.sections[0].keys[0].name,
        "figures": list(document.sections[0].keys[0].figures),
    }
    assert told["notes"] == list(document.notes)
    areas = told["tables"]["grids"]
    assert all(isinstance(row["buildings"], int) for row in areas)
    assert {row["share"] is None for row in areas if not row["buildings"]} <= {True}


def test_several_layers_are_several_sheets(district: SimpleNamespace) -> None:
    buildings = district.buildings.assign(former_class="safe")
    drawn = rating_changes.document(buildings, district.grids, first=date(2026, 1, 1), last=date(2026, 2, 1))
    book = openpyxl.load_workbook(io.BytesIO(figures_file(drawn, "xlsx")))
    assert book.sheetnames == ["网格", "变为警示", "图例", "说明"]
    became = list(book["变为警示"].values)
    assert len(became) - 1 == (buildings["risk_class"] == "warning").sum()
    assert set(np.array(became)[1:, became[0].index("原等级")]) == {"放心"}


def test_a_map_of_areas_alone_has_figures(district: SimpleNamespace) -> None:
    told = json.loads(figures_file(grids.document(district.grids), "json"))
    assert [row["code"] for row in told["tables"]["grids"]] == sorted(district.grids["code"])
