import numpy as np
import pytest

from gisgov.geometry.crs import from_wgs84
from maps.plane import _POWERS, Plane


def _moved(fitted: dict, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """What web/maps/density.js does with the polynomials."""
    u, v = ((given - fitted["middle"][k]) / fitted["half"][k] for k, given in enumerate((a, b)))
    return [
        sum(term * u**i * v**j for term, (i, j) in zip(terms, _POWERS, strict=True))
        for terms in fitted["terms"]
    ]


@pytest.mark.parametrize(
    ("bounds", "system"),
    [
        ((114.0, 30.3, 114.4, 30.7), "EPSG:4547"),
        ((113.85, 22.45, 114.0, 22.6), "EPSG:4547"),
        ((9.4, 47.0, 9.7, 47.3), "EPSG:32632"),
    ],
)
def test_a_page_projects_within_a_millimetre(bounds: tuple[float, ...], system: str) -> None:
    plane = Plane.of(bounds)
    assert plane.system.name == system
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(bounds[0], bounds[2], 500), rng.uniform(bounds[1], bounds[3], 500)
    x, y = from_wgs84(lon, lat, plane.system)
    data = plane.data()
    assert _moved(data["into"], lon, lat)[0] == pytest.approx(x, abs=1e-3)
    assert _moved(data["into"], lon, lat)[1] == pytest.approx(y, abs=1e-3)
    back = _moved(data["back"], x, y)
    assert back[0] == pytest.approx(lon, abs=1e-8)
    assert back[1] == pytest.approx(lat, abs=1e-8)


def test_the_ground_holds_sides_that_bend() -> None:
    plane = Plane.of((114.0, 30.3, 114.4, 30.7))
    lon = np.linspace(114.0, 114.4, 101)
    _, y = from_wgs84(lon, np.full(101, 30.3), plane.system)
    assert plane.ground[1] <= y.min() + 0.1
    assert plane.ground == pytest.approx(plane.data()["ground"], abs=1e-3)
