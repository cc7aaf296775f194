"""Which area of the layer above an area lies in: by what a field says, by its code, or by its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.governance.codes import CodeScheme
from gisgov.services.exchange.fields import JOINT
from gisgov.types import BBox, Floats, Geometries, Ints, Texts

SPANNING_SHARE = 0.01
"""An area that may take several parents takes those that hold at least this share of its ground."""

_AGREES_SHARE = 0.5
_SEVERAL = re.compile(r"[;；,，、/|\s]+")


class ParentBy(StrEnum):
    """How parents are found; ``auto`` asks the field, then the code, then the place."""

    AUTO = "auto"
    FIELD = "field"
    CODE = "code"
    POSITION = "position"


@dataclass(frozen=True, slots=True, eq=False)
class ParentAreas:
    """The areas of the layer above: its name, and parallel codes and geometries (WGS84)."""

    layer: str
    codes: Texts
    geometries: Geometries

    @property
    def bbox(self) -> BBox | None:
        """``(west, south, east, north)`` in WGS84 degrees; None where there is no area."""
        if not len(self.codes):
            return None
        west, south, east, north = shapely.total_bounds(self.geometries).tolist()
        return (west, south, east, north)


@dataclass(frozen=True, slots=True, eq=False)
class FoundParents:
    """Parents of areas, parallel to them: codes, and what is wrong or odd about it, or None."""

    codes: list[tuple[str, ...]]
    faults: Texts
    oddities: Texts


class ParentFinder:
    """Finds the parents of areas.

    Parameters
    ----------
    parents : ParentAreas or None
        The areas of the layer above; None when no plan of it is there, so that nothing can be verified.
    scheme : CodeScheme or None
        Whose codes name the parent.
    spanning : bool
        Whether an area may have several parents.
    by : ParentBy
        Which way to go.
    as_given : bool
        The areas are those of a plan that was exported: what the field says is what it had, ``;`` between
        several, and where it says nothing there was none.
    """

    def __init__(
        self,
        parents: ParentAreas | None,
        *,
        scheme: CodeScheme | None,
        spanning: bool,
        by: ParentBy,
        as_given: bool = False,
    ) -> None:
        self._parents = parents
        self._scheme = scheme
        self._spanning = spanning
        self._by = by
        self._as_given = as_given
        self._place = {} if parents is None else {code: i for i, code in enumerate(parents.codes)}
        if parents is None:
            if by is ParentBy.POSITION:
                raise InputError("There is no plan of the layer above to find parents in by position.")
        else:
            shapely.prepare(parents.geometries)
            self._tree = shapely.STRtree(parents.geometries)

    def find(self, codes: Texts, given: Texts, geometries: Geometries) -> FoundParents:
        """Find the parents of areas.

        Parameters
        ----------
        codes : numpy.ndarray
            Codes of the areas; None where they have none yet.
        given : numpy.ndarray
            What the parent field says; None where it says nothing.
        geometries : numpy.ndarray
            Sound polygons in WGS84.

        Returns
        -------
        FoundParents
            A named parent that does not exist, or ground in no area of the layer above, is a fault. A parent
            that exists but holds less than half of the ground, most of which lies in another, is an oddity.
        """
        named = [self._named(code, said) for code, said in zip(codes, given, strict=True)]
        faults, oddities = np.full(len(codes), None, dtype=object), np.full(len(codes), None, dtype=object)
        if self._parents is None:
            return FoundParents(named, faults, oddities)
        shares = self._shares(geometries)
        found: list[tuple[str, ...]] = []
        for i, wanted in enumerate(named):
            missing = [code for code in wanted if code not in self._place]
            if missing:
                faults[i] = (
                    f"names {missing[0]} as its parent, which is no area of layer {self._parents.layer}"
                )
            elif wanted:
                oddities[i] = self._oddity(wanted, shares[i])
            elif not shares[i] and not self._as_given:
                faults[i] = f"lies in no area of layer {self._parents.layer}"
            found.append(wanted if self._as_given else wanted or self._by_place(shares[i]))
        return FoundParents(found, faults, oddities)

    def _named(self, code: str | None, said: str | None) -> tuple[str, ...]:
        if self._as_given:
            return () if said is None else tuple(said.split(JOINT))
        if said is not None and self._by in (ParentBy.AUTO, ParentBy.FIELD):
            return tuple(sorted(set(_SEVERAL.split(said)) - {""})) if self._spanning else (said,)
        if code is not None and self._scheme is not None and self._by in (ParentBy.AUTO, ParentBy.CODE):
            parent = self._scheme.parent_code(code)
            return () if parent is None else (parent,)
        return ()

    def _by_place(self, shares: dict[str, float]) -> tuple[str, ...]:
        if not shares:
            return ()
        if self._spanning:
            taken = {code for code, share in shares.items() if share >= SPANNING_SHARE}
            return tuple(sorted(taken or {_largest(shares)}))
        return (_largest(shares),)

    def _oddity(self, wanted: tuple[str, ...], shares: dict[str, float]) -> str | None:
        held = sum(shares.get(code, 0.0) for code in wanted)
        if held >= _AGREES_SHARE:
            return None
        parent = " and ".join(wanted)
        largest = _largest(shares) if shares else None
        if largest is None or largest in wanted:
            return f"lies with only {held:.0%} of its ground in its parent {parent}"
        return f"names {parent} as its parent, but {shares[largest]:.0%} of it lies in {largest}"

    def _shares(self, geometries: Geometries) -> list[dict[str, float]]:
        """Share of the ground of each area that lies in each parent, by the parent's code."""
        shares: list[dict[str, float]] = [{} for _ in geometries]
        if self._parents is None:
            return shares
        child, parent = self._tree.query(geometries, predicate="intersects")
        for i, j, share in zip(
            child.tolist(), parent.tolist(), self._of(geometries, child, parent), strict=True
        ):
            if share > 0.0:
                shares[i][self._parents.codes[j]] = share
        return shares

    def _of(self, geometries: Geometries, child: Ints, parent: Ints) -> Floats:
        parents = geometries[:0] if self._parents is None else self._parents.geometries[parent]
        inside = shapely.covers(parents, geometries[child])
        share = inside.astype(np.float64)
        partly = np.flatnonzero(~inside)
        common = shapely.area(shapely.intersection(parents[partly], geometries[child[partly]]))
        share[partly] = common / shapely.area(geometries[child[partly]])
        return share


def _largest(shares: dict[str, float]) -> str:
    # of equal shares the smallest code, as everywhere
    return min(shares, key=lambda code: (-shares[code], code))
