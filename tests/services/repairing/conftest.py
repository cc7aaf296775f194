"""Small files of areas to repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.files import FileAsked
from gisgov.testing import areas_from_grid

ORIGIN = (500_000.0, 2_490_000.0)

Save = Callable[..., Path]


def shapes_of(picture: str) -> dict[str, shapely.Geometry]:
    """Areas of a picture of cells of 100 m."""
    codes, shapes = areas_from_grid(picture, cell_m=100, origin=ORIGIN)
    return dict(zip(codes, shapes, strict=True))


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a layer: ``save("grids", "AAB\\nACB")``, or codes to shapes; names and numbers are attributes."""

    def saved(
        name: str, areas: str | Mapping[str, shapely.Geometry], *, layer: str | None = None, **more: Any
    ) -> Path:
        shapes = shapes_of(areas) if isinstance(areas, str) else areas
        columns = {"code": list(shapes), "name": [f"网格{code}" for code in shapes]}
        columns["n"] = np.arange(len(shapes), dtype=np.int16)
        frame = geopandas.GeoDataFrame(columns | more, geometry=list(shapes.values()), crs=4547)
        path = tmp_path / (name if "." in name else f"{name}.gpkg")
        frame.to_file(path, **({"layer": layer or path.stem} if path.suffix == ".gpkg" else {}))
        return path

    return saved


@pytest.fixture
def asked() -> Callable[..., FileAsked]:
    """Ask about a file by the codes in it: ``asked(path, scope)``."""

    def question(path: Path, scope: Path | None = None, **more: Any) -> FileAsked:
        ground = None if scope is None else GroundFile(scope)
        return FileAsked(GroundFile(path, code_field="code"), scope=ground, **more)

    return question
