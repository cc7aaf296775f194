"""Indexes of layers made of areas, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely

from gisgov.geometry.cell_index import build_cell_index
from gisgov.services.indexes import IndexedPlan, LayerIndex
from gisgov.store.locating import LayerAt
from gisgov.testing import areas_from_grid

DAY = date(2026, 5, 10)


def layer_index(
    areas: Mapping[str, shapely.Geometry], name: str = "grid", plans: Sequence[str] = ("now",)
) -> LayerIndex:
    """Areas by code, in one plan; with several plans in turns."""
    codes = sorted(areas)
    geometries = np.array([areas[code] for code in codes], dtype=object)
    return LayerIndex(
        LayerAt(1, name, name, name, "partition", True),
        tuple(IndexedPlan(i, plan, DAY, None, "EPSG:4547", f"{i}") for i, plan in enumerate(plans)),
        (np.arange(len(codes)) % len(plans)).astype(np.int32),
        codes,
        [f"网格 {code}" for code in codes],
        [() for _ in codes],
        build_cell_index(geometries, codes),
    )


def drawn(picture: str, cell_deg: float = 0.01) -> dict[str, shapely.Geometry]:
    """Areas of a picture, from (114, 22.5) on."""
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * cell_deg + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))
