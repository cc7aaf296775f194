import re

import numpy as np
import pytest
import shapely
from divisions import alternative, drawn, redivision

from maps import palette
from maps import redivision as drawer
from maps.small_map import small_map


def drawing(text: str, **columns: object) -> str:
    document = drawer.document(redivision(alternative(1)), [drawn(text, **columns)])
    return str(small_map(document, document.views[0]))


def shapes_of(path: str) -> list[shapely.Polygon]:
    """Read steps back: whole units from place to place."""
    found = []
    for start, steps in re.findall(r"M(\d+ \d+)l([-\d ]+)z", path):
        moves = np.array([start.split(), *np.array(steps.split()).reshape(-1, 2)], dtype=int)
        found.append(shapely.Polygon(moves.cumsum(axis=0)))
    return found


def test_areas_keep_their_place_and_share_of_the_ground() -> None:
    picture = drawing("AAB\nAAB", deviation=[0.2, -0.2])
    paths = dict(re.findall(r'<path d="([^"]*)" fill="([^"]*)"', picture))
    (above,) = [d for d, colour in paths.items() if colour == palette.DEVIATION[-1]]
    (below,) = [d for d, colour in paths.items() if colour == palette.DEVIATION[0]]
    (a,), (b,) = shapes_of(above), shapes_of(below)
    assert a.area / b.area == pytest.approx(2, rel=0.02)
    assert a.bounds[2] == b.bounds[0]
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', picture).groups())  # type: ignore[union-attr]
    assert width / height == pytest.approx(1.5, rel=0.02)


def test_what_is_too_small_to_be_seen_is_left_out() -> None:
    tiny = drawn("A").geometry[0]
    speck = shapely.affinity.scale(tiny, 1e-4, 1e-4, origin=tiny.centroid)
    frame = drawn("AB")
    frame.loc[1, "geometry"] = speck
    document = drawer.document(redivision(alternative(1)), [frame])
    assert len(shapes_of(str(small_map(document, document.views[0])))) == 1


def test_high_ground_is_as_high_as_there_is_room() -> None:
    height = re.search(r'viewBox="0 0 \d+ (\d+)"', drawing("A\nA\nA\nB\nB\nB"))
    assert height is not None
    assert int(height[1]) == 420


def test_borders_that_were_are_dashed() -> None:
    told = redivision(alternative(1), source="p")
    document = drawer.document(told, [drawn("AAB\nAAB")], present=drawn("ABB\nABB"))
    picture = str(small_map(document, document.views[0]))
    assert f'stroke="{palette.FORMER_LINE}"' in picture
    assert 'stroke-dasharray="6 4"' in picture
    assert "<text" not in picture
