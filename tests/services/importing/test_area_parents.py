"""Which area of the layer above an area lies in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.governance.codes import CodeScheme, parse_scheme
from gisgov.services.importing.area_parents import ParentAreas, ParentBy, ParentFinder
from gisgov.testing import areas_from_grid

SCHEME = parse_scheme(
    {
        "name": "pair",
        "title_zh": "双段码",
        "title_en": "Pair",
        "source": "A test.",
        "segments": [
            {"name": "town", "width": 1, "title_zh": "镇", "title_en": "Town"},
            {"name": "grid", "width": 1, "title_zh": "网格", "title_en": "Grid"},
        ],
        "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid", "parent": "{town}"}],
    }
)


def texts(*values: str | None) -> np.ndarray:
    return np.array(values, dtype=object)


def finder(
    by: ParentBy = ParentBy.AUTO, *, scheme: CodeScheme | None = None, spanning: bool = False
) -> ParentFinder:
    codes, shapes = areas_from_grid("1122\n1122", cell_m=1)
    return ParentFinder(ParentAreas("town", codes, shapes), scheme=scheme, spanning=spanning, by=by)


def ground(picture: str) -> np.ndarray:
    return areas_from_grid(picture, cell_m=1)[1]


WEST, EAST, MOST_WEST, HALF = "a...\na...", "...a\n...a", ".aaa\naaa.", "aaaa\n...."


def test_the_field_goes_first() -> None:
    found = finder(scheme=SCHEME).find(texts("21"), texts("1"), ground(WEST))
    assert (found.codes, found.faults.tolist(), found.oddities.tolist()) == ([("1",)], [None], [None])


def test_then_the_code_then_the_place() -> None:
    assert finder(scheme=SCHEME).find(texts("21"), texts(None), ground(EAST)).codes == [("2",)]
    assert finder(scheme=SCHEME).find(texts(None), texts(None), ground(EAST)).codes == [("2",)]
    assert finder().find(texts("anything"), texts(None), ground(EAST)).codes == [("2",)]


def test_the_way_can_be_chosen() -> None:
    codes, said = texts("21"), texts("1")
    for by, parent in ((ParentBy.FIELD, "1"), (ParentBy.CODE, "2"), (ParentBy.POSITION, "2")):
        assert finder(by, scheme=SCHEME).find(codes, said, ground(EAST)).codes == [(parent,)]


def test_a_named_parent_must_exist() -> None:
    found = finder().find(texts("x"), texts("9"), ground(WEST))
    assert found.faults.tolist() == ["names 9 as its parent, which is no area of layer town"]


def test_ground_in_no_parent() -> None:
    found = finder().find(texts("x"), texts(None), shapely.transform(ground(WEST), lambda xy: xy + 50))
    assert found.faults.tolist() == ["lies in no area of layer town"]
    assert found.codes == [()]


def test_most_of_the_ground_decides_and_of_halves_the_smaller_code() -> None:
    found = finder().find(
        texts("x", "y"), texts(None, None), np.concatenate([ground(MOST_WEST), ground(HALF)])
    )
    assert found.codes == [("1",), ("1",)]


def test_a_parent_elsewhere_is_odd_but_no_fault() -> None:
    outside = shapely.transform(ground(WEST), lambda xy: xy + 50)
    shapes = np.concatenate(
        [ground(EAST), outside, shapely.transform(ground(WEST), lambda xy: xy - (0.7, 0))]
    )
    found = finder().find(texts("x", "y", "z"), texts("1", "1", "1"), shapes)
    assert found.faults.tolist() == [None, None, None]
    assert found.oddities.tolist() == [
        "names 1 as its parent, but 100% of it lies in 2",
        "lies with only 0% of its ground in its parent 1",
        "lies with only 30% of its ground in its parent 1",
    ]


def test_an_area_may_span_several() -> None:
    spanning = finder(spanning=True)
    said = texts("2; 1", None, None, "1、9")
    shapes = np.concatenate([ground(HALF), ground(HALF), ground(WEST), ground(HALF)])
    found = spanning.find(texts("w", "x", "y", "z"), said, shapes)
    assert found.codes[:3] == [("1", "2"), ("1", "2"), ("1",)]
    assert found.faults.tolist() == [
        None,
        None,
        None,
        "names 9 as its parent, which is no area of layer town",
    ]


def test_a_touch_of_a_percent_is_no_parent() -> None:
    shape = shapely.box(0.0, 0.0, 2.005, 1.0)
    found = finder(spanning=True).find(texts("x"), texts(None), np.array([shape], dtype=object))
    assert found.codes == [("1",)]


def test_without_a_plan_above_nothing_is_verified() -> None:
    blind = ParentFinder(None, scheme=SCHEME, spanning=False, by=ParentBy.AUTO)
    found = blind.find(texts("21", "22", None), texts("9", None, None), ground("abc"))
    assert found.codes == [("9",), ("2",), ()]
    assert found.faults.tolist() == [None, None, None]
    with pytest.raises(InputError, match="no plan of the layer above"):
        ParentFinder(None, scheme=None, spanning=False, by=ParentBy.POSITION)


def test_the_extent_of_parents() -> None:
    codes, shapes = areas_from_grid("1122\n1122", cell_m=1)
    assert ParentAreas("town", codes, shapes).bbox == (0.0, 0.0, 4.0, 2.0)
    assert ParentAreas("town", codes[:0], shapes[:0]).bbox is None
