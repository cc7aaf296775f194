"""What building blocks did, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.geometry.blocks import BlockReport
from gisgov.geometry.crs import CoordinateSystem
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.measures import lengths_m
from gisgov.governance.block_edges import EdgeTitle
from gisgov.services.block_building.line_files import LinesRead
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True)
class BorderLength:
    """How long the borders of blocks run along one thing.

    Attributes
    ----------
    edge_class, title_zh, title_en : str
        Along what.
    lines : int
        Lines of borders.
    length_m : float
        Their length.
    """

    edge_class: str
    title_zh: str
    title_en: str
    lines: int
    length_m: float


@dataclass(frozen=True, slots=True)
class BlocksBuilt:
    """Blocks built on the ground of a plan.

    Attributes
    ----------
    plan, layer : str
        The plan whose areas are the ground, and its layer.
    scope_code : str
        Code of the ground that the blocks make up.
    street_classes : str
        Name of the table that says what cuts the ground.
    files : tuple of LinesRead
        What was read, file by file.
    parents : int
        Areas of the plan: no block lies in two.
    blocks : int
        Blocks built.
    area_m2 : float
        Their ground.
    median_area_m2 : float
        Ground of the block in the middle.
    largest_area_m2 : float
        Ground of the largest block.
    largest_code : str
        Its code.
    missing_m2 : float
        Ground of the areas less that of the blocks; away from 0 where areas overlap, or are broken.
    done : BlockReport
        What was done to the lines and to the ground between them.
    borders : tuple of BorderLength
        What borders run along.
    inserted, updated, unchanged, deleted : int
        Blocks that are new, that lie elsewhere or are known otherwise than before, that stayed, and that
        went; all 0 in a dry run.
    working_crs : str
        The plane that was measured in.
    dry_run : bool
        Whether nothing was stored.
    out : str or None
        File that blocks and borders were written to.
    """

    plan: str
    layer: str
    scope_code: str
    street_classes: str
    files: tuple[LinesRead, ...]
    parents: int
    blocks: int
    area_m2: float
    median_area_m2: float
    largest_area_m2: float
    largest_code: str
    missing_m2: float
    done: BlockReport
    borders: tuple[BorderLength, ...]
    inserted: int
    updated: int
    unchanged: int
    deleted: int
    working_crs: str
    dry_run: bool
    out: str | None


def borders_by_class(
    edges: Geometries, edge_class: Ints, working: CoordinateSystem
) -> tuple[BorderLength, ...]:
    """Measure borders by what lies along them, in the order of the classes; those that are not there too."""
    length_m: Floats = np.bincount(
        edge_class, weights=lengths_m(edges, working), minlength=len(EdgeClass)
    ).astype(np.float64)
    lines = np.bincount(edge_class, minlength=len(EdgeClass))
    return tuple(
        BorderLength(title.value, title.title_zh, title.title_en, int(lines[number]), float(length_m[number]))
        for title in EdgeTitle
        for number in (title.edge_class,)
    )
