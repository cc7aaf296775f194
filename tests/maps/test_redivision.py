import io
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from divisions import alternative, drawn, obstacle, redivision
from PIL import Image

from gisgov.errors import InputError
from maps import palette
from maps import redivision as drawer
from maps.assets import WebAssets
from maps.cells import cell
from maps.document import Document, Section
from maps.facts import MapFacts
from maps.printing import draw_print

ONE, OTHER = "AAABB\nAACCB", "AABBB\nACCCB"
SENTENCE = obstacle("地块 0012 过大。", "Block 0012 is too large.")


def two(**asked: Any) -> Document:
    told = redivision(
        alternative(1, "p-1", SENTENCE, within_band=0.6),
        alternative(2, "p-2", within_band=0.9, mean_deviation=0.0312, within_limit=0.9996),
    )
    return drawer.document(told, [drawn(ONE), drawn(OTHER)], **asked)


def sections(document: Document, view: str) -> dict[str, Section]:
    return {one.title: one for one in document.sections if not one.views or view in one.views}


def test_alternatives_stand_side_by_side_before_each_has_a_map() -> None:
    document = two(language="en")
    assert [view.id for view in document.views] == ["compare", "alternative-1", "alternative-2"]
    compared = document.comparison
    assert compared is not None
    assert (compared.compared, compared.remarks) == (("alternative-1", "alternative-2"), ("p-1", "p-2"))
    figures = {one.title: (one.figures, one.best) for one in compared.measures}
    assert figures["Within ±5%"] == (("60.0%", "90.0%"), (False, True))
    assert figures["Within ±10%"] == (("100.0%", "<100%"), (True, False))
    # what reads the same is equally good: 3.1 % and 3.12 %
    assert figures["Mean deviation"] == (("3.1%", "3.1%"), (False, False))
    assert figures["95% of deviations up to"][0] == ("12.0%", "12.0%")
    assert figures["Obstacles"] == (("1", "0"), (False, True))
    assert not {"Along streets or water", "People who change grid"} & figures.keys()
    assert document.view("compare").draws == ()
    assert [document.listed(view) and document.listed(view).id for view in document.views] == [
        None,
        "areas-1",
        "areas-2",
    ]


def test_one_division_needs_no_comparison() -> None:
    document = drawer.document(redivision(alternative(1)), [drawn(ONE)])
    assert ([view.id for view in document.views], document.comparison) == (["alternative-1"], None)
    assert document.title == "网格重新划分"
    assert sections(document, "alternative-1")["障碍"].lines == ("没有障碍：全部要求均已满足。",)


def test_the_legend_counts_areas_by_their_deviation() -> None:
    deviation = [-0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, np.nan]
    frame = drawn("ABCDEFGH", deviation=deviation)
    document = drawer.document(redivision(alternative(1)), [frame], language="en")
    keys = [
        (key.name, *key.figures) for key in sections(document, "alternative-1")["Deviation of the load"].keys
    ]
    assert keys == [
        ("over +10%", "1"),
        ("+5% to +10%", "1"),  # an area that is off by just the limit keeps to it
        ("+2.5% to +5%", "1"),
        ("within ±2.5%", "1"),
        ("−5% to −2.5%", "1"),
        ("−10% to −5%", "1"),
        ("under −10%", "1"),
        ("no load", "1"),
    ]
    layer = document.layers[0]
    column = layer.column("deviation")
    assert column is not None
    assert [cell(column, i) for i in (0, 3, 6, 7)] == ["−20.0%", "0.0%", "+20.0%", ""]


def test_obstacles_are_sentences_of_the_language() -> None:
    assert sections(two(), "alternative-1")["障碍"].lines == ("地块 0012 过大。",)
    assert sections(two(language="en"), "alternative-1")["Obstacles"].lines == ("Block 0012 is too large.",)
    many = redivision(alternative(1, None, *[SENTENCE] * 45), two_balances=SENTENCE)
    lines = sections(drawer.document(many, [drawn(ONE)], language="en"), "alternative-1")["Obstacles"].lines
    assert (len(lines), lines[-1]) == (41, "5 more")


def test_what_cannot_be_balanced_at_once_is_said_beside_the_comparison() -> None:
    told = redivision(alternative(1), alternative(2), two_balances=SENTENCE)
    document = drawer.document(told, [drawn(ONE), drawn(OTHER)])
    assert sections(document, "compare")["划分对象"].lines == ("地块 0012 过大。",)


def test_the_page_says_what_it_rests_on() -> None:
    facts = MapFacts(place="示例区", measured_in="EPSG:4547", area_zh="子网格", area_en="Sub-grid")
    document = two(facts=facts)
    assert document.title == "示例区子网格重新划分"
    assert document.headline == "上级区域以 2026-03-01 为准 · 基础地块 12 个 · 15,000 人 · 子网格 3 个"
    assert document.notes == (
        "坐标：WGS 84（EPSG:4326）",
        "面积按 EPSG:4547 量算",
        "工作量 = 0.5·人口/5,000 + 0.5·面积 km²/0.5",
        "均衡要求 ±5%，限值 ±10%；计算强度 标准，随机种子 7",
    )


def changed(language: Any = "en") -> Document:
    """The border between A and B moves: two cells change hands."""
    before, after = drawn(ONE), drawn(OTHER, origin="reshaped", sources="A 0.750; B 0.250")
    moved = {"moved_population": 120, "moved_share": 0.008, "moved_blocks": 2, "kept_areas": 1}
    told = redivision(alternative(1, **moved), source="grid-2026", least_moved_population=100)
    above = gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": ["West", None]}, geometry=list(before.geometry[:2]), crs=4326
    )
    return drawer.document(told, [after], parents=above, present=before, language=language)


def test_borders_that_were_are_drawn_where_they_are_left() -> None:
    document = changed()
    assert "from plan grid-2026" in document.headline
    layers = {layer.id: layer for layer in document.layers}
    assert list(layers) == ["parents", "areas-1", "former-1"]
    lines = [draw for draw in document.views[0].draws if draw["as"] == "lines"]
    assert [(draw["layer"], draw["line"], bool(draw["dash"])) for draw in lines] == [
        ("former-1", palette.FORMER_LINE, True)
    ]
    # A|B of the first row at 3, A|C of the second at 2: 2 m of edges, and the step between them stays
    assert sum(shape.length for shape in layers["former-1"].shapes) == pytest.approx(
        2 * 100 / 110852, rel=0.01
    )
    keys = sections(document, "alternative-1")["Deviation of the load"].keys
    assert [(key.name, key.mark) for key in keys[-2:]] == [
        ("Borders of areas above", "line"),
        ("Present borders, where they change", "dash"),
    ]


def test_moved_people_stand_beside_the_least_possible() -> None:
    figures = {key.name: key for key in sections(changed(), "alternative-1")["Figures"].keys}
    moved = figures["People who change grid"]
    assert (moved.figures, moved.under) == (("120 (0.8%)",), "at least 100")
    assert figures["Grids unchanged"].figures == ("1",)


def test_the_list_tells_where_areas_come_from() -> None:
    document = changed()
    listing = document.listing
    assert listing is not None
    assert [heading.key for heading in listing.headings] == [
        *("name", "population", "area", "load", "deviation", "compactness", "origin"),
    ]
    layer = document.listed(document.views[0])
    assert layer is not None
    told = {key: cell(layer.column(key), 0) for key in ("origin", "sources", "main")}  # type: ignore[arg-type]
    assert told == {"origin": "Reshaped", "sources": "A 75%, B 25%", "main": "A 75% …"}


def test_a_column_is_listed_when_any_alternative_knows_it() -> None:
    frames = [drawn(ONE, along_streets=[0.5, 0.25, np.nan], parts=[2, 1, 1], households=9), drawn(OTHER)]
    told = redivision(alternative(1, along_streets=0.4), alternative(2))
    document = drawer.document(told, frames)
    for view in document.views[1:]:
        layer = document.listed(view)
        assert layer is not None
        assert all(layer.column(heading.key) for heading in document.listing.headings)  # type: ignore[union-attr]
    streets = next(one for one in document.comparison.measures if one.title == "沿路沿水的边界")  # type: ignore[union-attr]
    assert streets.figures == ("40.0%", "–")


def test_ground_without_parents_is_named_by_areas_alone() -> None:
    whole = gpd.GeoDataFrame({"code": ["1"], "name": ["All"]}, geometry=list(drawn("A").geometry), crs=4326)
    document = drawer.document(redivision(alternative(1)), [drawn(ONE)], parents=whole)
    assert [layer.id for layer in document.layers] == ["areas-1"]


def test_a_page_is_made_of_small_maps_that_open_large_ones(assets: WebAssets) -> None:
    told = redivision(alternative(1, "p<1>"), alternative(2))
    page = drawer.draw(told, [drawn(ONE), drawn(OTHER)], assets=assets)
    assert page.count('data-opens="alternative-') == 2
    assert page.count('<svg class="small"') == 2
    assert "p&lt;1&gt;" in page
    assert not re.search(r'<(?:path|svg)[^>]* style="', page)
    assert page == drawer.draw(told, [drawn(ONE), drawn(OTHER)], assets=assets)


def test_paper_has_a_sheet_for_the_comparison_and_for_each_alternative() -> None:
    assert draw_print(changed("en"), dpi=40).startswith(b"\x89PNG")
    both = two(language="en")
    pdf = draw_print(both, format="pdf", dpi=40)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 3
    sheet = draw_print(both, dpi=40)
    assert sheet == draw_print(both, view="compare", dpi=40)
    pixels = np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB"))
    for colour in (palette.DEVIATION[0], palette.DEVIATION[-1]):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        x = np.flatnonzero((pixels == wanted).all(axis=2).any(axis=0))
        # in the small map of each alternative, and in the legend
        assert (np.diff(x) > 20).sum() == 2


def test_paper_compares_the_first_six() -> None:
    told = redivision(*[alternative(i + 1) for i in range(8)])
    many = drawer.document(told, [drawn(ONE)] * 8, language="en")
    few = drawer.document(redivision(*told.alternatives[:6]), [drawn(ONE)] * 6, language="en")
    sheets = [
        np.asarray(Image.open(io.BytesIO(draw_print(one, paper="a4", dpi=60))).convert("RGB"))
        for one in (many, few)
    ]
    rows, columns = np.nonzero((sheets[0] != sheets[1]).any(axis=2))
    height, width, _ = sheets[0].shape
    # the same but for one remark under the table
    assert rows.max() - rows.min() < 0.03 * height
    assert 0 < columns.max() < 0.3 * width


def test_frames_must_be_in_stored_coordinates() -> None:
    with pytest.raises(InputError, match="EPSG:4326"):
        drawer.document(redivision(alternative(1)), [drawn(ONE).to_crs(4547)])
