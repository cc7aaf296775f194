"""No zoom of the tiles of buildings loses one, and none of the warning class: counted over all of a zoom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from tile_shapes import decoded, tile_at

from gisgov.services.tiles.rules import RULES
from gisgov.tiles import STANDS_FOR, TileSet, features_of
from gisgov.types import Texts

CLASSES = ("warning", "general", "safe")
WEST, SOUTH, WIDE = 114.0, 22.5, 0.03


def classes(rng: np.random.Generator, count: int) -> Texts:
    """Draw classes as a district has them: few of the warning class, and some not rated."""
    words = np.array([*CLASSES, "unclassified", None], dtype=object)
    return rng.choice(words, count, p=[0.01, 0.12, 0.82, 0.03, 0.02])


@pytest.fixture(scope="module")
def town() -> tuple[TileSet, Texts]:
    """Five thousand houses, most of them in an old town of a few lanes, and one alone."""
    rng = np.random.default_rng(11)
    x = np.append(WEST + rng.normal(0.012, 0.002, 4500), WEST + rng.uniform(0, WIDE, 500))
    y = np.append(SOUTH + rng.normal(0.012, 0.002, 4500), SOUTH + rng.uniform(0, WIDE, 500))
    x[-1], y[-1] = WEST + 0.0299, SOUTH + 0.0001
    rated = classes(rng, len(x))
    rated[-1], rated[0] = "warning", "warning"  # one alone, and one in the midst of the crowd
    houses = shapely.box(x, y, x + 8e-5, y + 8e-5)
    columns = {"risk_class": rated, "risk_points": np.arange(len(x)), "floors": np.full(len(x), 3)}
    return TileSet.build(
        features_of(houses, np.arange(len(x)), columns), RULES["buildings"]("buildings")
    ), rated


def tiles_of(zoom: int) -> Iterator[tuple[int, int, int]]:
    _, west, south = tile_at(zoom, WEST - 0.001, SOUTH - 0.001)
    _, east, north = tile_at(zoom, WEST + WIDE + 0.001, SOUTH + WIDE + 0.001)
    yield from ((zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1))


def counted(tiles: TileSet, zoom: int) -> tuple[int, Counter[str], set[str]]:
    """Return how many buildings a zoom stands for, how many of each class, and the worst of its tiles."""
    total, of_class, drawn, worst = 0, Counter[str](), dict[int, str](), set[str]()
    for place in tiles_of(zoom):
        for number, (attributes, _) in decoded(tiles.tile(*place)).items():
            own = attributes.get("risk_class", "unclassified")
            worst.add(own)
            if STANDS_FOR not in attributes:
                drawn[number] = own  # one that reaches over a tile's side is in both, under one id
                continue
            total += attributes[STANDS_FOR]
            counts = {name: attributes.get(f"count_{name}", 0) for name in (*CLASSES, "unclassified")}
            assert sum(counts.values()) == attributes[STANDS_FOR]
            assert own == next(name for name, count in counts.items() if count), "the worst there is"
            of_class.update(counts)
    assert not (total and drawn), "neighbours look alike"
    return total + len(drawn), of_class + Counter(drawn.values()), worst


@pytest.mark.parametrize("zoom", [0, 6, 10, 12, 13, 14, 15, 16])
def test_every_building_is_counted_once_at_each_zoom(town: tuple[TileSet, Texts], zoom: int) -> None:
    tiles, rated = town
    expected = Counter(name if name in CLASSES else "unclassified" for name in rated.tolist())
    total, of_class, worst = counted(tiles, zoom)
    assert total == len(rated)
    assert of_class == expected
    assert "warning" in worst


def test_far_out_they_are_cells_and_close_by_themselves(town: tuple[TileSet, Texts]) -> None:
    tiles, _ = town
    assert 11 < tiles.now.features_from <= 15
    far = decoded(tiles.tile(*tile_at(10, WEST + 0.01, SOUTH + 0.01)))
    assert len(far) < 200
    assert sum(own[STANDS_FOR] for own, _ in far.values()) == 5000
    alone = decoded(tiles.tile(*tile_at(16, WEST + 0.02994, SOUTH + 0.00014)))
    assert alone[4999][0] == {"risk_class": "warning", "risk_points": 4999, "floors": 3}


def test_a_building_that_becomes_one_of_the_warning_class_shows_at_every_zoom(
    town: tuple[TileSet, Texts],
) -> None:
    tiles, rated = town
    copy = TileSet.from_arrays({name: held.copy() for name, held in tiles.to_arrays().items()})
    safe = int(np.flatnonzero(rated == "safe")[7])
    copy.change([safe], {"risk_class": np.array(["warning"], dtype=object)})
    for zoom in (0, 12, 16):
        before, after = counted(tiles, zoom)[1], counted(copy, zoom)[1]
        assert after["warning"] == before["warning"] + 1
        assert after["safe"] == before["safe"] - 1
