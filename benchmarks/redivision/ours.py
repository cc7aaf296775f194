"""Ask gisgov to divide a district."""

from __future__ import annotations

from typing import Final

import numpy as np

from benchmarks.districts import PEOPLE_PER_AREA, District, Size, draw
from gisgov.geometry.edge_classes import MAJOR, EdgeClass
from gisgov.types import Floats, Ints
from gisgov.zoning import Aims, Blocks, graph_from_borders, redivide

STANDARD: Final = Aims()
QUALITY: Final = Aims(effort="quality")
TIGHT: Final = Aims(band=0.01, effort="quality")
"""Loads within 1 %."""
STREETS: Final = Aims(effort="quality", streets=2 * QUALITY.streets)
"""Borders along streets and water before all."""

_PRICE: Final = {EdgeClass.COLLECTOR: 0.75, EdgeClass.ARTERIAL: 0.55, EdgeClass.WATER: 0.45}
"""What a metre of border costs there, against 1 elsewhere."""


def blocks_of(district: District) -> Blocks:
    """Give a district as the engine wants it; load is people."""
    price: Floats = np.ones(len(EdgeClass))
    for edge_class, factor in _PRICE.items():
        price[edge_class] = factor
    metres = district.class_length_m
    graph = graph_from_borders(
        district.a,
        district.b,
        district.length_m,
        count=len(district.x),
        cost_m=metres @ price,
        major_m=metres[:, list(MAJOR)].sum(axis=1),
    )
    return Blocks(
        graph=graph,
        parent=district.parent,
        x=district.x,
        y=district.y,
        population=district.population,
        load=district.population / PEOPLE_PER_AREA,
        area_m2=district.area_m2,
        perimeter_m=district.perimeter_m,
    )


def warm_up() -> None:
    """Have all kernels compiled, those for a change of a division too."""
    few = draw(Size(600, 20, 3))
    blocks, counts = blocks_of(few), few.counts
    labels: Ints = redivide(blocks, counts, aims=QUALITY).labels
    redivide(blocks, counts, aims=STANDARD, current=labels)
