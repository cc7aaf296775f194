"""A re-division as maps take it: frames of the areas made, of those above, and of those that there were."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np

from gisgov.geometry.dissolve import dissolve
from gisgov.services.redividing.files import areas_frame
from gisgov.services.redividing.problems import Problem
from gisgov.services.redividing.proposing import Proposal


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRedivision:
    """Frames in EPSG:4326.

    Attributes
    ----------
    areas : tuple of GeoDataFrame
        For each alternative its areas, as `gisgov.services.redividing.files.areas_frame` gives them, and
        parent_name where there are areas above.
    parents : GeoDataFrame or None
        code and name of the areas above; None where the layer has none.
    present : GeoDataFrame or None
        code of the present areas on the ground that is divided; None where no plan was started from.
    """

    areas: tuple[geopandas.GeoDataFrame, ...]
    parents: geopandas.GeoDataFrame | None
    present: geopandas.GeoDataFrame | None


def drawn_redivision(proposal: Proposal) -> DrawnRedivision:
    """Return what maps draw of a proposal.

    Present areas are put together from the blocks, so that a border that stays is the same to the bit.
    """
    problem = proposal.problem
    parents = _parents(problem)
    frames = tuple(
        areas_frame(proposal, told.number).assign(parent_name=None) for told in proposal.report.alternatives
    )
    if parents is not None:
        names = dict(zip(parents["code"], parents["name"], strict=True))
        for frame in frames:
            frame["parent_name"] = [
                " ".join(names.get(code) or code for code in codes.split()) for codes in frame["parent_codes"]
            ]
    return DrawnRedivision(frames, parents, _present(problem))


def _parents(problem: Problem) -> geopandas.GeoDataFrame | None:
    hosts = problem.territory.hosts.chosen(np.unique(problem.territory.host[problem.chosen]))
    if hosts.geometries[0] is None:
        return None
    return geopandas.GeoDataFrame(
        {"code": hosts.codes, "name": hosts.names}, geometry=list(hosts.geometries), crs="EPSG:4326"
    )


def _present(problem: Problem) -> geopandas.GeoDataFrame | None:
    former = problem.territory.former
    if former is None or not former.is_current:
        return None
    area = former.area[problem.chosen]
    known = area >= 0
    if not known.any():
        return None
    shapes = dissolve(problem.territory.blocks.geometries[problem.chosen][known], area[known])
    return geopandas.GeoDataFrame(
        {"code": former.areas.codes[np.unique(area[known])]}, geometry=list(shapes), crs="EPSG:4326"
    )
