"""What two plans made of a third, put together block by block."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["ours", "theirs"]
Places: TypeAlias = Mapping[int, str | None]
"""Ids of blocks, and the code of the area that each is in; None is in none."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A block that both sides changed differently: where it was and where each put it.

    ``cut`` says that both cut it, in different ways; there is no one place then.
    """

    block: int
    base: str | None
    ours: str | None
    theirs: str | None
    cut: bool = False


@dataclass(slots=True)
class Merged:
    """Where blocks are when both sides are put together, and what they disagreed about."""

    places: dict[int, str | None] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """The three states, by the blocks of the one in common.

    Attributes
    ----------
    base : mapping
        What both began as.
    ours, theirs : mapping
        What each made of it.
    ours_ended, theirs_ended : frozenset of str
        Codes of areas of the base that each has no more.
    ours_said, theirs_said : frozenset of str
        Codes of areas of which each says something else, while the other ended them. That is told of once for
        the area; blocks that one side left in it and the other took out of it go with that.
    prefer : {"ours", "theirs"}
        Whose place a block gets that both put elsewhere.
    """

    base: Places
    ours: Places
    theirs: Places
    ours_ended: frozenset[str]
    theirs_ended: frozenset[str]
    ours_said: frozenset[str]
    theirs_said: frozenset[str]
    prefer: Side

    def merged(self, root_of: Mapping[int, int]) -> Merged:
        """Put both sides together.

        Parameters
        ----------
        root_of : mapping of int to int
            Of blocks that are pieces of blocks of the base, those. Others are blocks of the base, or of one
            side alone, which stay.
        """
        found = Merged()
        ours, theirs = _families(self.ours, root_of), _families(self.theirs, root_of)
        for root in sorted({*ours, *theirs}):
            self._add(found, root, ours.get(root, {}), theirs.get(root, {}))
        return found

    def _add(
        self, found: Merged, root: int, ours: dict[int, str | None], theirs: dict[int, str | None]
    ) -> None:
        if root not in self.base:  # one side brought it in
            found.places.update({**theirs, **ours} if self.prefer == "ours" else {**ours, **theirs})
            return
        before = self.base[root]
        if set(ours) == set(theirs):
            for block in sorted(ours):
                found.places[block] = self._place(found, block, before, ours[block], theirs[block])
        elif len(theirs) == 1:  # whole there, cut here: the pieces follow where it went
            where = next(iter(theirs.values()))
            # the same ground with more vertices, on one side or on both
            if len(ours) == 1 and (root in ours or (root not in theirs and self.prefer == "theirs")):
                ours = {next(iter(theirs)): next(iter(ours.values()))}
            for block in sorted(ours):
                found.places[block] = self._place(found, block, before, ours[block], where)
        elif len(ours) == 1:
            where = next(iter(ours.values()))
            for block in sorted(theirs):
                found.places[block] = self._place(found, block, before, where, theirs[block])
        else:
            found.places.update(self._both_cut(found, root, ours, theirs))

    def _both_cut(
        self, found: Merged, root: int, ours: dict[int, str | None], theirs: dict[int, str | None]
    ) -> dict[int, str | None]:
        before = self.base[root]
        if self._goes_with_area(before, set(ours.values()), set(theirs.values())):
            return ours if self.prefer == "ours" else theirs
        if set(ours.values()) == {before}:  # cut, and nothing moved: the cut of the other side is enough
            return theirs
        if set(theirs.values()) == {before}:
            return ours
        found.clashes.append(Clash(root, before, None, None, cut=True))
        return ours if self.prefer == "ours" else theirs

    def _place(
        self, found: Merged, block: int, before: str | None, ours: str | None, theirs: str | None
    ) -> str | None:
        if ours == theirs:
            return ours
        if self._goes_with_area(before, {ours}, {theirs}):
            return ours if self.prefer == "ours" else theirs
        if theirs == before and ours not in self.theirs_ended:
            return ours
        if ours == before and theirs not in self.ours_ended:
            return theirs
        found.clashes.append(Clash(block, before, ours, theirs))
        return ours if self.prefer == "ours" else theirs

    def _goes_with_area(
        self, before: str | None, ours: AbstractSet[str | None], theirs: AbstractSet[str | None]
    ) -> bool:
        kept_here = before in self.ours_said and ours == {before}
        return kept_here or (before in self.theirs_said and theirs == {before})


def _families(places: Places, root_of: Mapping[int, int]) -> dict[int, dict[int, str | None]]:
    found: dict[int, dict[int, str | None]] = {}
    for block, code in places.items():
        found.setdefault(root_of.get(block, block), {})[block] = code
    return found
