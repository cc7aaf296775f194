import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from gisgov.governance.defects import DECISION_COLOURS, DEFECT_COLOURS, OTHER_COLOUR
from maps import areas, hatching, palette

# Machado, Oliveira, Fernandes (2009), severity 1.0: linear RGB as seen without red, green or blue cones
_BLINDNESS = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def _lab(colour: str, blindness: str) -> np.ndarray:
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(_BLINDNESS[blindness]) @ linear, 0, 1)
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    white = np.array([0.95047, 1.0, 1.08883])
    t = np.asarray(to_xyz) @ seen / white
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _distance(one: str, other: str, blindness: str) -> float:
    return float(np.linalg.norm(_lab(one, blindness) - _lab(other, blindness)))


@pytest.mark.parametrize("blindness", _BLINDNESS)
def test_risk_classes_are_told_apart_by_everybody(blindness: str) -> None:
    for one, other in combinations((*list(palette.RISK.values())[:3], palette.PAPER), 2):
        assert _distance(one, other, blindness) > 18, (one, other)


def _ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Distance of two colours in CIELAB (Sharma, Wu, Dalal 2005), all weights 1."""
    mean = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1 + (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7))) / 2
    first, second = ((lab[0], lab[1] * stretch, lab[2]) for lab in (one, other))
    chromas = [float(np.hypot(*lab[1:])) for lab in (first, second)]
    hues = [float(np.degrees(np.arctan2(lab[2], lab[1]))) % 360 for lab in (first, second)]
    turn = (hues[1] - hues[0] + 180) % 360 - 180
    light, chroma = second[0] - first[0], chromas[1] - chromas[0]
    hue = 2 * np.sqrt(chromas[0] * chromas[1]) * np.sin(np.radians(turn) / 2)
    l_mean, c_mean = (first[0] + second[0]) / 2, sum(chromas) / 2
    h_mean = np.radians((hues[0] + turn / 2) % 360)
    t = (
        1
        - 0.17 * np.cos(h_mean - np.radians(30))
        + 0.24 * np.cos(2 * h_mean)
        + 0.32 * np.cos(3 * h_mean + np.radians(6))
        - 0.20 * np.cos(4 * h_mean - np.radians(63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    turned = np.radians(60) * np.exp(-(((np.degrees(h_mean) - 275) / 25) ** 2))
    r = -2 * np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)) * np.sin(turned)
    parts = light / s_l, chroma / s_c, hue / s_h
    return float(np.sqrt(sum(part**2 for part in parts) + r * parts[1] * parts[2]))


def test_the_distance_is_that_of_its_authors() -> None:
    # the first, the seventh and the seventeenth pair of their test data
    for one, other, expected in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ):
        assert _ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


def test_risk_classes_are_far_apart_without_green_and_on_a_grey_printer() -> None:
    rated = [palette.RISK[name] for name in ("safe", "general", "warning")]
    apart = [_ciede2000(_lab(one, "deutan"), _lab(other, "deutan")) for one, other in combinations(rated, 2)]
    assert min(apart) >= 16
    assert [round(_lab(one, "none")[0]) for one in rated] == [86, 62, 33]


def test_pages_have_the_colours_of_paper() -> None:
    source = (Path(__file__).parents[2] / "web/shared/map/palette.ts").read_text(encoding="utf-8")
    for name, colours in (("RISK", palette.RISK), ("CHANGES", palette.CHANGES)):
        (told,) = re.findall(rf"export const {name} = \{{(.*?)\}}", source, re.DOTALL)
        pairs = dict(re.findall(r"(\w+): \"(#[0-9a-f]{6})\"", told))
        assert pairs
        assert pairs.items() <= colours.items()


def test_warning_buildings_are_hatched_on_paper() -> None:
    patch, plain = Rectangle((0, 0), 1, 1), Rectangle((0, 0), 1, 1)
    hatching.hatch(patch, palette.RISK["warning"])
    hatching.hatch(plain, palette.RISK["general"])
    assert (patch.get_hatch(), plain.get_hatch()) == (hatching.PATTERN, None)
    assert set(hatching.PATTERN) == {"/"}  # at 45°


def test_risk_classes_darken_on_a_grey_printer() -> None:
    lightness = [_lab(palette.RISK[name], "none")[0] for name in ("safe", "general", "warning")]
    assert all(a - b > 12 for a, b in pairwise(lightness))


@pytest.mark.parametrize("ramp", [palette.SEQUENCE, palette.HEAT, *palette.FINER_SEQUENCES.values()])
def test_ramps_darken_steadily(ramp: tuple[str, ...]) -> None:
    lightness = [_lab(colour, "none")[0] for colour in ramp]
    assert all(a - b > 8 for a, b in pairwise(lightness))


@pytest.mark.parametrize("blindness", _BLINDNESS)
@pytest.mark.parametrize("count", range(2, 8))
def test_steps_of_any_number_are_told_apart_by_everybody(count: int, blindness: str) -> None:
    steps = areas.sequence(count)
    assert len(set(steps)) == count
    for one, other in combinations(steps, 2):
        assert _distance(one, other, blindness) > 9, (one, other)


@pytest.mark.parametrize("blindness", _BLINDNESS)
@pytest.mark.parametrize("scale", [palette.CHANGES, palette.HOTSPOTS])
def test_changes_and_hot_spots_are_told_apart_by_everybody(scale: dict[str, str], blindness: str) -> None:
    for one, other in combinations(scale.values(), 2):
        assert _distance(one, other, blindness) > 12, (one, other)


@pytest.mark.parametrize("scale", [palette.CHANGES, palette.HOTSPOTS])
def test_changes_and_hot_spots_differ_on_a_grey_printer(scale: dict[str, str]) -> None:
    lightness = sorted(_lab(colour, "none")[0] for colour in scale.values())
    assert all(b - a > 12 for a, b in pairwise(lightness))
    # what is bad is the darkest
    assert _lab(next(iter(scale.values())), "none")[0] == lightness[0]


def test_lines_of_changes_are_darker_than_their_ground() -> None:
    assert palette.CHANGES.keys() == palette.CHANGE_LINES.keys()
    for name, colour in palette.CHANGES.items():
        assert _lab(palette.CHANGE_LINES[name], "none")[0] < _lab(colour, "none")[0] - 8


@pytest.mark.parametrize("blindness", _BLINDNESS)
def test_the_first_sources_and_all_defects_are_told_apart(blindness: str) -> None:
    for one, other in (
        *combinations(palette.CATEGORIES[:4], 2),
        *combinations((*DEFECT_COLOURS.values(), OTHER_COLOUR), 2),
        *combinations((*DECISION_COLOURS.values(), OTHER_COLOUR), 2),
    ):
        assert _distance(one, other, blindness) > 9, (one, other)


@pytest.mark.parametrize("blindness", _BLINDNESS)
def test_deviations_below_and_above_are_told_apart_by_everybody(blindness: str) -> None:
    steps = (*palette.DEVIATION, palette.NO_MEAN)
    for one, other in combinations(steps, 2):
        assert _distance(one, other, blindness) > 9, (one, other)
    for below, above in zip(palette.DEVIATION[:3], palette.DEVIATION[:3:-1], strict=True):
        assert _distance(below, above, blindness) > 18, (below, above)


def test_deviations_darken_from_the_mean_to_both_ends() -> None:
    lightness = [_lab(colour, "none")[0] for colour in palette.DEVIATION]
    assert all(a - b > 8 for a, b in pairwise(lightness[3:]))
    assert all(a - b > 8 for a, b in pairwise(lightness[3::-1]))


@pytest.mark.parametrize("colour", [*DEFECT_COLOURS.values(), *palette.RISK.values(), *palette.SEQUENCE])
def test_ink_is_readable(colour: str) -> None:
    light, dark = sorted((palette.luminance(palette.ink_on(colour)), palette.luminance(colour)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_kinds_beyond_the_palette_are_grey() -> None:
    assert palette.category_colours(10)[8:] == ("#6b6b6b", "#6b6b6b")


def test_breaks_lie_between_clusters() -> None:
    values = np.array([0.0, np.nan, 1, 1.1, 1.2, 9, 9.5, 10, 40, 41, 200])
    assert palette.round_breaks(values, 4) == (8.0, 40.0, 200.0)


def test_there_is_nothing_to_part_without_values() -> None:
    assert palette.round_breaks(np.array([0.0, np.nan])) == ()
    assert palette.round_breaks(np.array([3.0, 3.0, 3.0])) == ()


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=900), st.integers(2, 7))
def test_breaks_rise_within_the_values(values: list[float], classes: int) -> None:
    breaks = palette.round_breaks(np.array(values), classes)
    assert len(breaks) < classes
    assert list(breaks) == sorted(set(breaks))
    assert all(min(values) < limit <= max(values) for limit in breaks)


def test_many_values_are_thinned_to_quantiles() -> None:
    values = np.repeat([1.0, 10.0, 100.0], 1000)
    assert palette.round_breaks(values, 3) == (10.0, 100.0)
