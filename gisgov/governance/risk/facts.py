"""Columns of facts as people keep them, read into arrays that rules can ask."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisgov.errors import InputError
from gisgov.governance.fields import describe, listed
from gisgov.governance.risk.rules import Condition, Fact, FactKind
from gisgov.types import Bools, Floats

_YES_NO: dict[object, float] = {
    **dict.fromkeys((True, "true", "yes", "1", "是"), 1.0),
    **dict.fromkeys((False, "false", "no", "0", "否"), 0.0),
}


@dataclass(frozen=True, slots=True)
class FactProblem:
    """Values of one fact that cannot be used and therefore count as unknown.

    Parameters
    ----------
    fact : str
        Name of the fact.
    message : str
        What is wrong with the first of them.
    count : int
        How many buildings have such a value.
    first : int
        Position of the first of them, from 0.
    """

    fact: str
    message: str
    count: int
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class FactColumn:
    """One fact of many buildings.

    Parameters
    ----------
    fact : Fact
        What it is.
    values : numpy.ndarray of float64
        Numbers as they are, yes and no as 1 and 0, choices as their position in the fact;
        NaN is unknown.
    problem : FactProblem or None
        Values that could not be read.
    """

    fact: Fact
    values: Floats
    problem: FactProblem | None

    @property
    def is_known(self) -> Bools:
        """Which buildings have a usable value."""
        return ~np.isnan(self.values)

    def meets(self, condition: Condition) -> Bools:
        """Which buildings meet a condition on this fact; those where it is unknown do not."""
        if condition.flag is not None:
            return np.equal(self.values, float(condition.flag))
        if condition.one_of:
            wanted = [i for i, choice in enumerate(self.fact.choices) if choice.value in condition.one_of]
            chosen: Bools = np.isin(self.values, wanted)
            return chosen
        met = self.is_known
        if condition.at_least is not None:
            met &= self.values >= condition.at_least
        if condition.at_most is not None:
            met &= self.values <= condition.at_most
        return met


def unknown_column(fact: Fact, count: int) -> FactColumn:
    """Return a column in which nothing is known of ``count`` buildings."""
    return FactColumn(fact, np.full(count, np.nan), None)


def read_column(fact: Fact, raw: npt.NDArray[np.generic]) -> FactColumn:
    """Read a column.

    Parameters
    ----------
    fact : Fact
        What the column holds.
    raw : numpy.ndarray
        One value per building. None, NaN, NaT, ``pandas.NA`` and blank texts are unknown. Numbers may be
        texts; yes and no may be booleans, 1 and 0, ``true``, ``yes``, ``是`` and their opposites.

    Returns
    -------
    FactColumn
        Values that cannot be used are unknown in it and described in its ``problem``.

    Raises
    ------
    InputError
        The column holds lists or mappings.
    """
    is_number = fact.kind not in (FactKind.CHOICE, FactKind.FLAG)
    if is_number and raw.dtype.kind in "iuf":
        values = raw.astype(np.float64)
        is_missing = np.isnan(values)
        values[~_allowed_numbers(fact, values)] = np.nan
    else:
        # columns of texts and flags repeat few values: each distinct one is read once
        try:
            codes, distinct = pd.factorize(raw.astype(object))
        except TypeError as error:
            raise InputError(f"Fact {fact.name} holds lists or mappings.", field=fact.name) from error
        read = [_read_value(fact, value) for value in distinct]
        blank = [isinstance(value, str) and not value.strip() for value in distinct]
        # the last entry stands for a missing value, whose code is -1
        values = np.array([*read, math.nan], dtype=np.float64)[codes]
        is_missing = np.array([*blank, True], dtype=np.bool_)[codes]
    bad = np.isnan(values) & ~is_missing
    if not bad.any():
        return FactColumn(fact, values, None)
    first = int(np.argmax(bad))
    message = f"{fact.name} is {describe(raw[first])}, not {_allowed_words(fact)}"
    return FactColumn(fact, values, FactProblem(fact.name, message, int(bad.sum()), first))


def _read_value(fact: Fact, value: object) -> float:
    """One value as a number of the column, NaN where it cannot be used."""
    bare = value.strip() if isinstance(value, str) else value
    if fact.kind is FactKind.FLAG:
        return _YES_NO.get(bare.casefold() if isinstance(bare, str) else bare, math.nan)
    if fact.kind is FactKind.CHOICE:
        return next((float(i) for i, choice in enumerate(fact.choices) if choice.value == bare), math.nan)
    if isinstance(bare, bool | np.bool_) or not isinstance(bare, str | int | float | np.number):
        return math.nan
    try:
        number = float(bare)
    except ValueError:
        return math.nan
    return number if _allowed_numbers(fact, np.array([number]))[0] else math.nan


def _allowed_numbers(fact: Fact, values: Floats) -> Bools:
    allowed = np.isfinite(values)
    if fact.kind is not FactKind.NUMBER:
        allowed &= np.floor(values) == values
    if fact.least is not None:
        allowed &= values >= fact.least
    if fact.most is not None:
        allowed &= values <= fact.most
    return allowed


def _allowed_words(fact: Fact) -> str:
    if fact.kind is FactKind.FLAG:
        return "yes or no"
    if fact.kind is FactKind.CHOICE:
        return listed([choice.value for choice in fact.choices])
    words = "a number" if fact.kind is FactKind.NUMBER else "a whole number"
    words += "" if fact.least is None else f" from {fact.least:g}"
    return words if fact.most is None else f"{words} to {fact.most:g}"
