"""A layer (网层): one network of areas at one level, and what it declares itself to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisgov.governance.staffing import StaffingFormula
from gisgov.governance.titles import Language, Titled
from gisgov.types import Floats


class LayerKind(Titled):
    """Whether the areas of a layer must cover their scope."""

    PARTITION = "partition", "划分网层", "Partition"
    OVERLAY = "overlay", "叠加网层", "Overlay"


class Nesting(Titled):
    """How the areas of a layer lie in those of its parent layer."""

    NESTED = "nested", "逐级嵌套", "Nested"
    SPANNING = "spanning", "跨上级区域", "Spanning"


@dataclass(frozen=True, slots=True)
class LoadTerm:
    """One term of a load.

    Attributes
    ----------
    attribute : str
        A word of `gisgov.governance.workload.LoadAttribute`, or the name of a numeric attribute of blocks.
    weight : float
        Its share in the load; the weights of a rule are brought to the sum of 1.
    target : float
        What an area that were all of this attribute would have: people, households, km² …
    """

    attribute: str
    weight: float
    target: float


@dataclass(frozen=True, slots=True)
class Targets:
    """What an area of a layer should measure on average; soft: deviation is reported, never refused.

    Parameters
    ----------
    area_km2 : float or None
        Ground of an area in km²; None where the layer sets none.
    population : int or None
        People of an area; None where the layer sets none.
    weight_area, weight_population : float
        Share of each in the load; they add up to 1.
    terms : tuple of LoadTerm
        What joins the load when blocks are divided (`gisgov.governance.workload.load_rule`).
    """

    area_km2: float | None
    population: int | None
    weight_area: float
    weight_population: float
    terms: tuple[LoadTerm, ...] = ()

    def load(self, area_m2: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
        """Return the workload (工作量) of areas by people and ground alone, in units of one average area.

        Parameters
        ----------
        area_m2 : array_like of float
            Ground of each area in square metres.
        population : array_like of float
            People of each area.

        Returns
        -------
        numpy.ndarray of float64
            ``weight_population · population / target + weight_area · area / target``, shaped like the input.
            NaN in gives NaN out, unless that measure weighs nothing.

        Examples
        --------
        >>> targets = Targets(area_km2=0.5, population=5000, weight_area=0.5, weight_population=0.5)
        >>> targets.load([500_000.0, 250_000.0], [5000, 10_000]).tolist()
        [1.0, 1.25]
        """
        ground, people = np.broadcast_arrays(
            np.asarray(area_m2, dtype=np.float64), np.asarray(population, dtype=np.float64)
        )
        load = np.zeros(ground.shape)
        if self.area_km2 is not None and self.weight_area:
            load += self.weight_area * ground / (self.area_km2 * 1e6)
        if self.population is not None and self.weight_population:
            load += self.weight_population * people / self.population
        return load


@dataclass(frozen=True, slots=True)
class Layer:
    """One network of areas at one level.

    Parameters
    ----------
    name : str
        Its name in commands, routes and tables: lower-case letters, digits and hyphens.
    title_zh, title_en : str
        Its titles for people.
    kind : LayerKind
        ``partition`` must cover its scope without gap or overlap; ``overlay`` may lie over a partition,
        its areas do not overlap each other.
    parent : str or None
        Name of the layer above, None for a top one.
    nesting : Nesting or None
        How it lies in its parent; None exactly where there is no parent.
    code_scheme : str or None
        Name of the scheme that its codes follow; None takes any code.
    targets : Targets or None
        Soft averages of its areas.
    staffing : StaffingFormula or None
        Posts that each of its areas should have.
    """

    name: str
    title_zh: str
    title_en: str
    kind: LayerKind
    parent: str | None = None
    nesting: Nesting | None = None
    code_scheme: str | None = None
    targets: Targets | None = None
    staffing: StaffingFormula | None = None

    def titled(self, language: Language) -> str:
        """Return the title in ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en
