"""How many areas each parent gets, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.errors import InputError
from gisgov.services.redividing.present import Present
from gisgov.services.redividing.requests import HowMany
from gisgov.types import Floats, Ints, Texts
from gisgov.zoning import apportion, counts_for_population


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Numbers of areas, and how they were found.

    Attributes
    ----------
    by : str
        ``rule``, ``total``, ``population``, ``current``, ``one-more`` or ``one-fewer``.
    counts : numpy.ndarray of int, shape (p,)
        Areas of each parent.
    by_rule : numpy.ndarray of int, shape (p,)
        What the rule gives: the load of each in targets, rounded by Webster's method, at least 1.
    """

    by: str
    counts: Ints
    by_rule: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Parents:
    """What the number of areas depends on, for ``p`` parents.

    Attributes
    ----------
    codes : numpy.ndarray of str
        Their codes.
    load, population, area_m2 : numpy.ndarray of float
        Their sums.
    blocks : numpy.ndarray of int
        How many blocks they have, which is the most areas that they can have.
    """

    codes: Texts
    load: Floats
    population: Floats
    area_m2: Floats
    blocks: Ints

    def number(self, code: str, field: str) -> int:
        """Return the number of the parent of a code.

        Raises
        ------
        InputError
            None of those that are divided has it.
        """
        found = np.flatnonzero(self.codes == code)
        if not len(found):
            raise InputError(
                f"No parent that is divided has the code {code!r}.",
                hint=f"There are {len(self.codes):,}, from {self.codes[0]!r} to {self.codes[-1]!r}.",
                field=field,
            )
        return int(found[0])


def count_areas(asked: HowMany, parents: Parents, present: Present | None) -> Counted:
    """Say how many areas each parent gets.

    Parameters
    ----------
    asked : HowMany
        What is wanted.
    parents : Parents
        The parents.
    present : Present or None
        The areas that there are; a parent without any gets what the rule gives.

    Raises
    ------
    InputError
        Wishes contradict each other, or cannot be had with these blocks.
    """
    _refuse_contradictions(asked, present)
    by_rule = apportion(parents.load, at_most=parents.blocks)
    now = None
    if present is not None:
        now = present.counts(len(parents.codes))
        now = np.where(now > 0, now, by_rule)
    by, counts = _usual(asked, parents, now, by_rule)
    counts = counts.copy()
    for code, count in asked.counts.items():
        counts[parents.number(code, "count")] = count
    wrong = np.flatnonzero((counts < 1) | (counts > parents.blocks))
    if len(wrong):
        i = int(wrong[0])
        raise InputError(
            f"{parents.codes[i]} has {parents.blocks[i]} blocks, which cannot make {counts[i]} areas.",
            hint="Ask for one area at least, and no more than there are blocks.",
            field="one_fewer" if by == "one-fewer" else "count",
        )
    return Counted(by, counts, by_rule)


def _usual(asked: HowMany, parents: Parents, now: Ints | None, by_rule: Ints) -> tuple[str, Ints]:
    """Return the number of each parent that is not spoken of itself."""
    if asked.total is not None:
        return "total", apportion(parents.load, asked.total, at_most=parents.blocks)
    if asked.population_target is not None:
        if asked.area_cap_km2 is None:
            raise InputError("A population target needs an area cap.", field="area_cap")
        counts = counts_for_population(
            parents.population,
            parents.area_m2,
            target_population=asked.population_target,
            area_cap_km2=asked.area_cap_km2,
        )
        return "population", np.clip(counts, 1, parents.blocks)
    if now is None or asked.by == "rule":
        return "rule", by_rule
    step = np.zeros(len(now), dtype=np.int64)
    if asked.one_more is not None:
        step[parents.number(asked.one_more, "one_more")] = 1
        return "one-more", now + step
    if asked.one_fewer is not None:
        step[parents.number(asked.one_fewer, "one_fewer")] = 1
        return "one-fewer", now - step
    return "current", now


def _refuse_contradictions(asked: HowMany, present: Present | None) -> None:
    given = {
        "total": asked.total,
        "population_target": asked.population_target,
        "one_more": asked.one_more,
        "one_fewer": asked.one_fewer,
        "how_many": asked.by,
    }
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise InputError(f"{named[0]} and {named[1]} ask for different numbers of areas.", field=named[1])
    if asked.counts and (asked.one_more or asked.one_fewer or asked.total is not None):
        raise InputError(f"{named[0]} and count ask for different numbers of areas.", field="count")
    if asked.area_cap_km2 is not None and asked.population_target is None:
        raise InputError("An area cap is for a population target.", field="area_cap")
    if present is None:
        for name in ("one_more", "one_fewer"):
            if given[name] is not None:
                raise InputError(f"{name} changes the areas of a plan, and none is named.", field=name)
        if asked.by == "current":
            raise InputError("There are no present areas to be as many as.", field="how_many")
