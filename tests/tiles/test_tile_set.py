"""Tiles of all zooms: nothing dropped, nothing too long, what changes shows."""

from __future__ import annotations

import dataclasses
from collections import Counter

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from tile_shapes import RULES, columns_of, decoded, features, shapes, tile_at

from gisgov.errors import InputError
from gisgov.tiles import STANDS_FOR, CodedTexts, Features, Rules, TileSet, features_of, world_of_mercator

LIMIT = 4000


@pytest.fixture(scope="module")
def many() -> Features:
    """Two thousand houses in a square, and a stack of three hundred at one place."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(120, 120.1, 2000), rng.uniform(30, 30.1, 2000)
    x, y = np.append(x, np.full(300, 120.05)), np.append(y, np.full(300, 30.05))
    kinds = rng.choice(np.array(["general", "safe", "other", None], dtype=object), 2300)
    kinds[77] = "alert"
    houses = shapely.box(x, y, x + 1e-4, y + 1e-4)
    return features_of(houses, np.arange(2300), {"class": kinds, "people": np.arange(2300)})


@pytest.fixture(scope="module")
def limited(many: Features) -> TileSet:
    return TileSet.build(many, dataclasses.replace(RULES, max_bytes=LIMIT))


def middle_of(tiles: TileSet, row: int) -> tuple[float, float]:
    """Return longitude and latitude of a house."""
    shapes = tiles.now.parts[0].shapes
    x, y = shapes.xy[shapes.ring[shapes.feature[row]] :][:4].mean(axis=0)
    return float((x - 0.5) * 360), float(np.degrees(np.arcsin(np.tanh((0.5 - y) * 2 * np.pi))))


def all_tiles(zoom: int) -> list[tuple[int, int, int]]:
    _, west, south = tile_at(zoom, 119.999, 29.999)
    _, east, north = tile_at(zoom, 120.101, 30.101)
    return [(zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@pytest.mark.parametrize("zoom", [0, 5, 10, 12, 13])
def test_cells_count_every_feature_once_and_keep_the_worst(
    many: Features, limited: TileSet, zoom: int
) -> None:
    total, classes, people, alerts = 0, Counter[str](), 0, 0
    for place in all_tiles(zoom):
        tile = limited.tile(*place)
        assert len(tile) <= LIMIT
        for attributes, point in decoded(tile).values():
            assert point.geom_type == "Point"
            assert 0 <= point.x < 4096
            assert 0 <= point.y < 4096
            total += attributes[STANDS_FOR]
            people += attributes["people"]
            counts = {k.removeprefix("count_"): n for k, n in attributes.items() if k.startswith("count_")}
            assert sum(counts.values()) == attributes[STANDS_FOR], "parts add up"
            worst = next((each for each in RULES.classes if each in counts), None)
            assert attributes.get("class") == worst
            alerts += worst == "alert"
            classes.update(counts)
    assert total == len(many)
    assert people == sum(range(2300))
    given = Counter(many.columns["class"].tolist())
    assert classes["unclassified"] == given["other"] + given[None]
    assert (classes["general"], classes["safe"]) == (given["general"], given["safe"])
    assert alerts == classes["alert"] == 1, "one warning among thousands shows at every zoom"


def test_great_zooms_draw_each_feature_but_for_a_tile_that_is_too_long(limited: TileSet) -> None:
    assert limited.now.features_from == 15
    stack = decoded(limited.tile(*tile_at(20, 120.05005, 30.05005)))
    assert [each[0][STANDS_FOR] for each in stack.values()] == [300], "the stack is too long at any zoom"
    house = limited.now.rows_of([77])
    assert 77 in decoded(limited.tile(*tile_at(20, *middle_of(limited, int(house[0])))))
    roomy = TileSet.build(features_of(shapes(), np.arange(48), {}), Rules("few"))
    assert roomy.now.features_from == 8, "all lie in one cell below"
    assert set(decoded(roomy.tile(12, *tile_at(12)[1:]))) == set(range(48)) - {47}


def test_a_crowd_is_drawn_as_cells_although_it_would_fit() -> None:
    place = np.array([shapely.Point(120 + i * 1e-6, 30) for i in range(40)], dtype=object)
    tiles = TileSet.build(features_of(place, np.arange(40), {}), Rules("events"))
    assert tiles.now.features_from == 15
    assert [each[0] for each in decoded(tiles.tile(*tile_at(14, 120, 30))).values()] == [{STANDS_FOR: 40}]
    assert len(decoded(tiles.tile(*tile_at(15, 120, 30)))) == 40


def test_a_tile_that_is_longer_than_its_zoom_is_cells() -> None:
    tiles = TileSet.build(features(), RULES)
    tiles._now = dataclasses.replace(tiles.now, rules=dataclasses.replace(RULES, max_bytes=700))
    found = decoded(tiles.tile(*tile_at(12)))
    assert all(STANDS_FOR in attributes for attributes, _ in found.values())
    with pytest.raises(InputError, match="longer than 50 bytes"):
        dataclasses.replace(tiles.now, rules=dataclasses.replace(RULES, max_bytes=50)).tile(0, 0, 0)


def test_who_may_not_see_a_feature_gets_neither_it_nor_its_count(many: Features, limited: TileSet) -> None:
    shown = limited.now.values("class") == "general"
    found = decoded(limited.tile(5, *tile_at(5)[1:], shown=shown)).values()
    assert sum(each[0][STANDS_FOR] for each in found) == np.count_nonzero(shown)
    drawn = TileSet.build(many, dataclasses.replace(RULES, max_bytes=None))
    kept = decoded(drawn.tile(*tile_at(10), shown=drawn.now.values("class") == "alert"))
    assert list(kept) == [77]
    with pytest.raises(InputError, match="2300 rows"):
        limited.tile(0, 0, 0, shown=shown[1:])


def test_changed_attributes_show_in_the_next_tile_and_not_in_the_one_before() -> None:
    tiles, place = TileSet.build(features(), Rules("things", max_bytes=None)), tile_at(12)
    before = tiles.now
    changed = {"class": np.array(["new", None, "x"], dtype=object), "lit": np.array([False, True, True])}
    assert tiles.change([0, 3, 5], changed).tolist() == [5], "5 is no feature"
    now, then = decoded(tiles.tile(*place)), decoded(before.tile(*place))
    assert now[0][0]["class"] == "new"
    assert "class" not in now[3][0]
    assert [now[i][0]["lit"] for i in (0, 3)] == [False, True]
    assert then[0][0]["class"] == features().columns["class"][0]
    assert {i: each for i, each in now.items() if i > 3} == {i: each for i, each in then.items() if i > 3}
    tiles.change([6], {"class": CodedTexts(np.array([-1]), ("a",)), "score": [1.25], "people": np.array([7])})
    assert decoded(tiles.tile(*place))[6][0] == {"score": 1.25, "people": 7, "lit": True}
    for columns in ({"none": [1]}, {"lit": [True, True]}, {"lit": [1.5]}, {"people": np.array([2**63 - 1])}):
        with pytest.raises(InputError):
            tiles.change([6], columns)
    with pytest.raises(InputError):
        tiles.change([6], {"class": CodedTexts(np.array([1]), ("a",))})


@pytest.mark.parametrize("coverage", [False, True])
def test_features_come_go_and_move(coverage: bool) -> None:
    boxes = shapely.box(120 + np.arange(60) * 1e-3, 30, 120.001 + np.arange(60) * 1e-3, 30.001)
    given = features(boxes)
    tiles = TileSet.build(given, Rules("things", max_bytes=None, coverage=coverage))
    place = tile_at(10, 120.03, 30.0005)
    moved = features_of(shapely.box([120.2], [30.1], [120.201], [30.101]), [3], columns_of(given, 4))
    tiles.replace([0, 1], moved)
    found = decoded(tiles.tile(*place))
    assert (len(tiles), set(found)) == (59, set(given.ids.tolist()) - {0})
    assert found[3][0] == found[12][0]
    assert found[3][1].bounds[0] > found[12][1].bounds[2]
    assert sorted(tiles.now.ids[tiles.now.ids >= 0].tolist()) == sorted(found)
    assert tiles.now.rows_of([0, 3]).tolist() == [-1, np.flatnonzero(tiles.now.ids == 3)[0]]
    again = features_of(boxes[:2], [0, 1000], {n: v[:2] for n, v in given.columns.items()})
    tiles.replace([], again)  # a second time, what lies beside is joined
    tiles.replace(given.ids[10:30], features_of(boxes[:0], [], {n: v[:0] for n, v in given.columns.items()}))
    assert set(decoded(tiles.tile(*place))) == (set(given.ids.tolist()) | {1000}) - set(
        given.ids[10:30].tolist()
    )
    assert len(tiles.now.parts) == 1, "so many are built anew"
    with pytest.raises(InputError, match="no attribute"):
        tiles.now.values("nothing")


def test_arrays_bring_the_same_tiles_back() -> None:
    tiles = TileSet.build(features(shapely.box(120 + np.arange(40) * 1e-3, 30, 120.001, 30.001)[1:]), RULES)
    arrays = tiles.to_arrays()
    back = TileSet.from_arrays(arrays)
    assert all(back.tile(*tile_at(z)) == tiles.tile(*tile_at(z)) for z in range(23))
    assert back.now.parts[0].shapes.xy is tiles.now.parts[0].shapes.xy
    back.change([3], {"class": np.array(["alert"], dtype=object)})
    assert tiles.to_arrays()["part_0_table"].tolist() == arrays["part_0_table"].tolist()
    arrays["head"] = np.frombuffer(
        arrays["head"].tobytes().replace(b'"version": 1', b'"version": 0'), np.uint8
    )
    with pytest.raises(InputError, match="version 0"):
        TileSet.from_arrays(arrays)


def test_the_world_ends_at_its_edges() -> None:
    tiles = TileSet.build(features(), Rules("things", max_bytes=None))
    for place in ((0, 1, 0), (3, -1, 0), (3, 0, 8), (23, 0, 0), (-1, 0, 0)):
        assert tiles.tile(*place) == b""
    pole = decoded(tiles.tile(1, 1, 0))[shapes().size * 3 - 3][1]
    assert (pole.x, pole.y) == (4096, 0), "(180, 90) is in the north-eastern corner"
    assert shapes().size * 3 - 3 not in decoded(tiles.tile(1, 0, 0)), "and does not come round"
    layer = mapbox_vector_tile.decode(tiles.tile(0, 0, 0))["things"]
    assert (layer["version"], layer["extent"]) == (2, 4096)
    assert world_of_mercator(np.array([[-20037508.342789244, 20037508.342789244]])).round(15).tolist() == [
        [0, 0]
    ]


def test_nothing_at_all_makes_empty_tiles() -> None:
    tiles = TileSet.build(
        features_of(shapes()[:0], [], {}), dataclasses.replace(RULES, worst=None, classes=(), sums=())
    )
    assert (len(tiles), tiles.tile(0, 0, 0), tiles.now.rows_of([1]).tolist()) == (0, b"", [-1])


def test_what_cannot_be_drawn_is_refused() -> None:
    point = np.array([shapely.Point(0, 0)])
    for bad in (shapely.Point(), shapely.LineString([(0, 0), (1, 1)]), None):
        with pytest.raises(InputError, match="feature 4"):
            features_of(np.array([bad], dtype=object), [4], {})
    with pytest.raises(InputError, match="not finite"):
        TileSet.build(features_of(np.array([shapely.Point(0, float("nan"))]), [4], {}), Rules("a"))
    for ids in ([-1], [2, 2]):
        with pytest.raises(InputError, match="distinct"):
            TileSet.build(features_of(np.repeat(point, len(ids)), ids, {}), Rules("a"))
    for columns in ({"a": [1, 2]}, {"a": np.array(["2026-01-01"], "M8[D]")}, {STANDS_FOR: [1]}):
        with pytest.raises(InputError):
            TileSet.build(features_of(point, [1], columns), Rules("a"))
    given = features_of(point, [1], {"a": [1.5]})
    for rules in (Rules("a", sums=("a",)), Rules("a", worst="b")):
        with pytest.raises(InputError):
            TileSet.build(given, rules)
    for wrong in ({"classes": ("a",)}, {"extent": 1000}):
        with pytest.raises(InputError):
            Rules("a", **wrong)
