"""Codes and names of areas: they go on where the ground does, and new ones were never given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.governance.codes import CodeScheme, Series, number_areas, parse_scheme
from gisgov.governance.codes.schemes import PARENT_TOKEN
from gisgov.governance.lineage import Lineage
from gisgov.services.redividing.former import Former
from gisgov.store.areas import Ground, codes_ever_in_force
from gisgov.store.layers import StoredLayer, all_schemes
from gisgov.types import Floats, Geometries, Ints, Texts


@dataclass(frozen=True, slots=True)
class CodeBook:
    """What codes of a layer are like, and which are taken.

    Attributes
    ----------
    scheme : CodeScheme or None
        Their scheme; without one they are the parent's code with a number.
    taken : frozenset of str
        Codes that were ever in force.
    given : mapping of str to str
        Digits of segments that neither parent nor series gives.
    """

    scheme: CodeScheme | None
    taken: frozenset[str]
    given: Mapping[str, str]


def read_code_book(
    connection: sa.Connection, layer: StoredLayer, present: Iterable[str], given: Mapping[str, str]
) -> CodeBook:
    """Return what codes of a layer are like; digits not given are those of an area that there is.

    ``present`` are codes that are taken though they were never in force.
    """
    scheme = None
    if layer.code_scheme is not None:
        scheme = parse_scheme(all_schemes(connection)[layer.code_scheme], layer.code_scheme)
    taken = {*codes_ever_in_force(connection, layer.id), *present}
    if scheme is not None:
        sound = next((code for code in sorted(taken) if scheme.problem(code) is None), None)
        given = {**({} if sound is None else scheme.split(sound)), **given}
    return CodeBook(scheme, frozenset(taken), given)


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Codes and names of ``k`` areas, and the areas above that each lies in."""

    codes: Texts
    names: Texts
    parent_codes: list[tuple[str, ...]]


def name_areas(
    book: CodeBook,
    lineage: Lineage,
    former: Former | None,
    hosts: Ground,
    held: list[Ints],
    places: Geometries,
) -> Named:
    """Give areas their codes and names.

    Parameters
    ----------
    book : CodeBook
        What codes are like.
    lineage : Lineage
        Which areas keep those of a former one.
    former : Former or None
        The former areas.
    hosts : Ground
        The areas above.
    held : list of numpy.ndarray of int
        For each area the numbers of the areas above that it lies in, the one with most of it first.
    places : numpy.ndarray of shapely.Point, shape (k,)
        A place in each area, in metres; new areas are numbered from west to east in rows from north to south.

    Raises
    ------
    InputError
        The codes of the areas above do not fit the scheme, or its numbers run out.
    """
    count = len(held)
    codes, names = np.empty(count, dtype=object), np.empty(count, dtype=object)
    kept = np.flatnonzero(lineage.keeps >= 0)
    if former is not None:
        codes[kept] = former.areas.codes[lineage.keeps[kept]]
        names[kept] = former.areas.names[lineage.keeps[kept]]
    new = np.flatnonzero(lineage.keeps < 0)
    codes[new], names[new] = name_new(book, names[kept], hosts, [held[i] for i in new], places[new])
    parents = [tuple(sorted(str(code) for code in hosts.codes[numbers] if code)) for numbers in held]
    return Named(codes, names, parents)


def name_new(
    book: CodeBook, used: Iterable[str], hosts: Ground, held: list[Ints], places: Geometries
) -> tuple[Texts, Texts]:
    """Give new areas codes and names; see `name_areas`. ``used`` are names of others."""
    codes, names = np.empty(len(held), dtype=object), np.empty(len(held), dtype=object)
    several = np.array([len(one) > 1 for one in held], dtype=np.bool_)
    main = np.array([one[0] for one in held], dtype=np.int64)
    for of_several in (False, True):
        group = np.flatnonzero(several == of_several)
        codes[group] = _new_codes(book, hosts.codes[main[group]], places[group], of_several=of_several)
        book = replace(book, taken=book.taken | set(codes[group]))
    order = np.argsort(codes.astype(str), kind="stable")
    names[order] = _numbered(set(used), [hosts.names[main[i]] for i in order])
    return codes, names


def _new_codes(book: CodeBook, above: Texts, places: Geometries, *, of_several: bool) -> Texts:
    x, y = shapely.get_x(places), shapely.get_y(places)
    if book.scheme is None:
        return _plain_codes(book.taken, above, x, y)
    series = book.scheme.find_series()
    if of_several:
        series = _series_of_several(book.scheme)
        above = np.array([code[: _width(book.scheme, series)] for code in above], dtype=object)
    return number_areas(book.scheme, above, x, y, taken=book.taken, series=series.name, given=book.given)


def _series_of_several(scheme: CodeScheme) -> Series:
    """Return the series of areas made of several of those above: the one with a parent higher up, if any."""
    usual = scheme.find_series()
    return next(
        (one for one in scheme.series if one.parent != usual.parent and _begins(usual.parent, one.parent)),
        usual,
    )


def _begins(whole: str | None, part: str | None) -> bool:
    return whole is not None and part is not None and whole.startswith(part)


def _width(scheme: CodeScheme, series: Series) -> int:
    tokens = PARENT_TOKEN.finditer(series.parent or "")
    return sum(len(one["digits"] or "") or scheme.segment(one["segment"]).width for one in tokens)


def _plain_codes(taken: Iterable[str], above: Texts, x: Floats, y: Floats) -> Texts:
    last: dict[str, int] = {}
    for code in taken:
        parent, _, number = code.rpartition("-")
        if number.isascii() and number.isdigit():
            last[parent] = max(last.get(parent, 0), int(number))
    codes = np.empty(len(above), dtype=object)
    for i in np.lexsort((x, -y)).tolist():
        parent = str(above[i])
        last[parent] = last.get(parent, 0) + 1
        codes[i] = f"{parent}-{last[parent]:03d}" if parent else f"{last[parent]:03d}"
    return codes


def _numbered(used: set[str], above: list[str]) -> list[str]:
    """Call areas by the one above and a number that no area has yet."""
    last: dict[str, int] = {}
    names = []
    for parent in above:
        number = last.get(parent, 0) + 1
        while f"{parent} {number:02d}".strip() in used:
            number += 1
        last[parent] = number
        names.append(f"{parent} {number:02d}".strip())
    return names
