"""Counts of people in files: whole numbers from 0, or a problem of their row."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gisgov.errors import InputError
from gisgov.files.columns import find_field
from gisgov.services.block_population.requests import CountFile
from gisgov.services.importing.point_fields import BUILDING_NAMES, choose_fields
from gisgov.types import Ints, Texts

UNREADABLE = -1
"""In the place of a count that cannot be read."""

_MOST = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class WholeCounts:
    """Counts of ``n`` rows.

    Attributes
    ----------
    counts : numpy.ndarray of int, shape (n,)
        `UNREADABLE` where there is none.
    faults : numpy.ndarray of str or None, shape (n,)
        Why not: a sentence without its subject.
    rounded : int
        How many were rounded.
    """

    counts: Ints
    faults: Texts
    rounded: int


def whole_counts(texts: Texts, field: str, *, rounded: bool = False) -> WholeCounts:
    """Read counts; a missing, negative or decimal one is no count and is not silently rounded to be one.

    Parameters
    ----------
    texts : numpy.ndarray of str or None, shape (n,)
        As the file has them.
    field : str
        Name of the column, for messages.
    rounded : bool
        Round decimal ones, by largest remainder: their sum, to the nearest whole number, is kept.

    Examples
    --------
    >>> texts = np.array(["12", "3.4", "1.4", "2.2", None], dtype=object)
    >>> found = whole_counts(texts, "pop")
    >>> found.counts.tolist(), found.faults[1]
    ([12, -1, -1, -1, -1], "has '3.4' in 'pop', which is no whole number")
    >>> whole_counts(texts, "pop", rounded=True).counts.tolist()
    [12, 4, 1, 2, -1]
    """
    counts = np.full(len(texts), UNREADABLE, dtype=np.int64)
    faults: Texts = np.full(len(texts), None, dtype=object)
    decimals: dict[int, float] = {}
    for i, text in enumerate(texts):
        digits = "" if text is None else text.removesuffix(".0")
        if text is None:
            faults[i] = f"has no number in {field!r}"
        elif digits.isascii() and digits.isdigit() and int(digits) < _MOST:
            counts[i] = int(digits)
        elif rounded and (value := _decimal(text)) is not None:
            decimals[i] = value
        else:
            faults[i] = f"has {text!r} in {field!r}, which is no whole number"
    if decimals:
        at, values = np.array(list(decimals)), np.array(list(decimals.values()))
        counts[at] = np.floor(values).astype(np.int64)
        missing = int(np.floor(math.fsum(values) + 0.5)) - int(counts[at].sum())
        counts[at[np.argsort(np.floor(values) - values, kind="stable")[:missing]]] += 1
    return WholeCounts(counts, faults, len(decimals))


def _decimal(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value < _MOST - 1 else None


def count_fields(file: CountFile, fields: tuple[str, ...], option: str) -> dict[str, str]:
    """Say which columns of a file hold the population, the households and the code.

    Parameters
    ----------
    file : CountFile
        What is named.
    fields : tuple of str
        Columns of the file.
    option : str
        ``census`` or ``given``, for messages.

    Returns
    -------
    dict of str to str
        Counts that are not named are looked for by usual names. Households may be missing, and so may the
        code if it is not named.

    Raises
    ------
    InputError
        A named column does not exist, or none holds the population.
    """
    name = file.path.name
    named = {"population": file.population_field, "households": file.households_field}
    known = {holds: BUILDING_NAMES[holds] for holds in named}
    given = {holds: column for holds, column in named.items() if column is not None}
    chosen = choose_fields(fields, known, given, file_name=name)
    if "population" not in chosen:
        raise InputError(
            f"No column of {name} is called like a number of people.",
            hint=f"Say --population-field; its columns: {', '.join(fields) or 'none'}.",
            field=option,
        )
    found = {holds: choice.column for holds, choice in chosen.items()}
    if file.code_field is not None:
        found["code"] = find_field(fields, file.code_field, file_name=name)
    return found
