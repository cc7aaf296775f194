import numpy as np
import pytest

from gisgov.errors import InputError
from maps.density import kernel_density, refuse_bandwidth, round_ticks


def test_no_point_is_lost() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 5000, 400), rng.uniform(0, 3000, 400)
    field = kernel_density(x, y, 250.0)
    assert field.values.sum() * (field.cell_m / 1000) ** 2 == pytest.approx(400)


def test_one_point_is_a_gaussian() -> None:
    field = kernel_density(np.array([1000.0]), np.array([2000.0]), 100.0)
    # a Gaussian of 0.1 km is 1 / (2π · 0.1²) = 15.9 per km² at its middle; the cut adds 0.5 %
    assert field.highest == pytest.approx(1 / (2 * np.pi * 0.01), rel=0.01)
    row, column = np.unravel_index(field.values.argmax(), field.values.shape)
    assert abs(field.west + (column + 0.5) * field.cell_m - 1000) <= field.cell_m
    assert abs(field.south + (row + 0.5) * field.cell_m - 2000) <= field.cell_m
    off = field.values[row, column + 4]  # one bandwidth away
    assert off / field.highest == pytest.approx(np.exp(-0.5), rel=0.01)


def test_the_cells_reach_three_bandwidths() -> None:
    field = kernel_density(np.array([0.0, 400.0]), np.array([0.0, 0.0]), 100.0)
    west, east, south, north = field.extent
    assert (west, south) == (-300, -300)
    assert 700 <= east <= 750
    assert 300 <= north <= 350


def test_without_points_there_is_nothing() -> None:
    field = kernel_density(np.array([]), np.array([]), 300.0)
    assert field.highest == 0
    assert round_ticks(field.highest) == (0.0,)


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [(4.0, (0, 1, 2, 3, 4)), (0.35, (0, 0.1, 0.2, 0.3)), (1299.5, (0, 200, 400, 600, 800, 1000, 1200))],
)
def test_ticks_are_round(highest: float, ticks: tuple[float, ...]) -> None:
    assert round_ticks(highest) == pytest.approx(ticks)


def test_a_stray_point_is_left_out_of_the_box() -> None:
    box = (0.0, 0.0, 1000.0, 1000.0)
    x, y = np.array([500.0, 1200.0, -9e6]), np.array([500.0, 500.0, 2e6])
    field = kernel_density(x, y, 100.0, box=box)
    assert field.values.shape == (65, 65)
    # the second lies beyond the box and within reach of it
    total = field.values.sum() * (field.cell_m / 1000) ** 2
    assert 1.5 < total < 2
    assert kernel_density(x[:0], y[:0], 100.0, box=box).highest == 0


def test_bandwidths_that_cannot_be_drawn_are_refused() -> None:
    district = (0.0, 0.0, 40_000.0, 30_000.0)
    refuse_bandwidth(300.0, district)
    refuse_bandwidth(1.0, (0.0, 0.0, 100.0, 100.0))
    for bandwidth in (5.0, 6000.0, float("nan")):
        with pytest.raises(InputError, match="Give from 70 to 5000 m"):
            refuse_bandwidth(bandwidth, district)
