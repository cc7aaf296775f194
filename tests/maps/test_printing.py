import io
import re
from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.path import Path
from PIL import Image

from gisgov.errors import NotFoundError
from gisgov.geometry.crs import working_crs
from gisgov.testing import areas_from_grid
from maps import defects, events, grids, risk
from maps.document import Document
from maps.facts import MapFacts
from maps.layers import Column, Layer
from maps.lettering import CHINESE_FAMILIES, Lettering, find_family
from maps.painting import classes_of, path_of, tinted
from maps.printing import draw_print, round_scale

_DPI = 50


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    """Chinese where the machine has a font, so that the tests run on any."""
    return Lettering("zh") if find_family(CHINESE_FAMILIES) else Lettering("en")


@pytest.fixture(scope="module")
def documents(district: SimpleNamespace) -> dict[str, Document]:
    """A map of each kind of the district, which prints leave as it is."""
    return {
        "grids": grids.document(district.grids, facts=district.facts),
        "risk": risk.document(district.buildings, district.grids, facts=district.facts),
        "events": events.document(district.events, district.grids, facts=district.facts),
        "defects": defects.document(district.defects, district.grids, facts=district.facts),
    }


@pytest.mark.parametrize(
    ("kind", "paper", "size"),
    [
        ("grids", "a3", (827, 585)),
        ("risk", "a4", (585, 413)),
        ("events", "a3", (827, 585)),
        ("defects", "a4", (585, 413)),
    ],
)
def test_every_map_is_printed_as_png(
    kind: str, paper: str, size: tuple[int, int], documents: dict[str, Document], lettering: Lettering
) -> None:
    image = Image.open(io.BytesIO(draw_print(documents[kind], paper=paper, dpi=_DPI, lettering=lettering)))
    assert image.size == pytest.approx(size, abs=1)
    assert len(image.convert("RGB").getcolors(maxcolors=1 << 24)) > 50


@pytest.mark.parametrize("kind", ["risk", "events"])
def test_a_pdf_has_a_page_for_each_view(
    kind: str, documents: dict[str, Document], lettering: Lettering
) -> None:
    document = documents[kind]
    pdf = draw_print(document, format="pdf", paper="a4", dpi=_DPI, lettering=lettering)
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == len(document.views)
    assert pdf == draw_print(document, format="pdf", paper="a4", dpi=_DPI, lettering=lettering)


def test_one_view_can_be_asked_for(documents: dict[str, Document], lettering: Lettering) -> None:
    document = documents["risk"]
    views = [draw_print(document, view=view.id, dpi=_DPI, lettering=lettering) for view in document.views]
    assert len(set(views)) == 3
    assert views[0] == draw_print(document, dpi=_DPI, lettering=lettering)
    with pytest.raises(NotFoundError, match=r"no view 'tiles'.*buildings, share, heat"):
        draw_print(document, view="tiles")


def test_an_upright_sheet_has_the_map_over_its_legend(
    documents: dict[str, Document], district: SimpleNamespace, lettering: Lettering
) -> None:
    document = documents["risk"]
    for paper, size in (("a3", (585, 827)), ("a4", (413, 585))):
        drawn = draw_print(document, paper=paper, portrait=True, dpi=_DPI, lettering=lettering)
        image = np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"))
        assert image.shape[1::-1] == pytest.approx(size, abs=1)
        # the map's ground from side to side above, none of it below
        ground = (image == (245, 242, 235)).all(axis=2).mean(axis=1)
        rows = np.flatnonzero(ground > 0.05)
        assert rows.min() < 0.15 * len(image)
        assert 0.5 * len(image) < rows.max() < 0.85 * len(image)
    crowded = risk.document(district.buildings, district.grids, facts=MapFacts(source="来源 " * 900))
    assert draw_print(crowded, paper="a4", portrait=True, dpi=_DPI, lettering=lettering)


def test_names_are_not_formulas_and_missing_characters_no_warning(district: SimpleNamespace) -> None:
    frame = district.grids.copy()
    frame["name"] = r"$\frac{1}{0}$ 网格"
    frame["parent_name"] = [f"${code}$ 社区" for code in frame["parent_code"]]
    document = grids.document(frame, title="$x_1$ 区", language="en")
    assert draw_print(document, dpi=_DPI, lettering=Lettering("en", families=()))


def test_numbers_that_would_cover_another_shrink(district: SimpleNamespace, lettering: Lettering) -> None:
    doubled = pd.concat([district.defects, district.defects]).reset_index(drop=True)
    assert draw_print(defects.document(doubled, district.grids), dpi=_DPI, lettering=lettering)


def test_empty_maps_are_printed(district: SimpleNamespace, lettering: Lettering) -> None:
    assert draw_print(
        risk.document(district.buildings.iloc[:0], district.grids), view="heat", dpi=_DPI, lettering=lettering
    )
    points = district.buildings.set_geometry(district.buildings.geometry.to_crs(4547).centroid.to_crs(4326))
    assert draw_print(risk.document(points, district.grids), dpi=_DPI, lettering=lettering)
    assert draw_print(
        defects.document(district.defects.iloc[:0], district.grids), dpi=_DPI, lettering=lettering
    )


def test_a_sheet_with_many_notes_has_no_room_for_a_list(
    district: SimpleNamespace, lettering: Lettering
) -> None:
    facts = MapFacts(at=date(2026, 1, 1), source="来源 " * 1500)
    assert draw_print(grids.document(district.grids, facts=facts), paper="a4", dpi=_DPI, lettering=lettering)


def test_a_hole_stays_open() -> None:
    _, shapes = areas_from_grid("AAA\nA.A\nAAA\nB.B")
    path = path_of(shapes)
    assert isinstance(path, Path)
    # non-zero winding, as the rasteriser fills: a point in the hole is turned about once each way
    ring, hole = (part for part in path_of(shapes[:1]).to_polygons())
    assert _signed_area(ring) * _signed_area(hole) < 0
    assert len(path.to_polygons()) == 4
    assert len(path_of(shapes[:0]).vertices) == 0


def _signed_area(ring: np.ndarray) -> float:
    x, y = ring[:-1].T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def test_classes_follow_breaks_and_missing_values_come_last() -> None:
    shapes = np.full(4, None, dtype=object)
    layer = Layer(
        "l",
        shapes,
        (Column("n", "", "number", [0.5, 1.0, 7.0, np.nan]), Column("c", "", "code", [1, 0, -1, 1])),
    )
    by_number = {"colours": ["a", "b", "c", "none"], "column": "n", "breaks": [1.0, 5.0]}
    assert classes_of(layer, by_number).tolist() == [0, 1, 2, 3]
    assert classes_of(layer, {"colours": ["a", "b", "none"], "column": "c"}).tolist() == [1, 0, 2, 1]
    assert classes_of(layer, {"colours": ["a"]}).tolist() == [0, 0, 0, 0]


def test_nothing_is_tinted_where_nothing_is() -> None:
    tint = tinted(np.array([[0.0, 0.5, 1.0]]), ["#ffffff", "#000000"])
    assert tint[0, :, 3].tolist() == [0.0, 0.88, 0.88]
    assert tint[0, :, 0].tolist() == [1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("least", "scale"), [(50.0, 50.0), (79_000.0, 80_000.0), (100_001.0, 120_000.0), (999.0, 1e3)]
)
def test_scales_are_round(least: float, scale: float) -> None:
    assert round_scale(least) == scale


def test_a_sheet_is_drawn_outside_china_too(lettering: Lettering) -> None:
    codes, shapes = areas_from_grid("AB", cell_m=0.01, origin=(9.5, 47.1))
    frame = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=shapes, crs=4326)
    assert working_crs(9.5, 47.1).name == "EPSG:32632"
    assert draw_print(grids.document(frame, language="en"), dpi=_DPI, lettering=lettering)
