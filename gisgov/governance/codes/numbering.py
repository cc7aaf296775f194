"""Numbering areas inside their parents: rows from north to south, each row from west to east."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.governance.codes.schemes import CodeScheme, Series
from gisgov.types import Floats, Ints, Texts


def number_areas(
    scheme: CodeScheme,
    parent_codes: Iterable[str],
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    taken: Iterable[str] = (),
    series: str | None = None,
    given: Mapping[str, str] | None = None,
    row_height: float | None = None,
) -> Texts:
    """Give each new area a code inside its parent, west to east in rows from north to south.

    Rows are found inside each parent: the northernmost area that has no row yet opens one, and every area
    less than half a row height south of it joins. A row height is the side of a square as large as a mean
    area: ``row_height`` where the caller knows it, otherwise taken from the extent of the parent's points and
    their number (exact for points on a lattice). Areas of one row are numbered by x, those with the same x by
    y from north to south. The order of the input has no influence.

    Parameters
    ----------
    scheme : CodeScheme
        The scheme that the codes follow.
    parent_codes : iterable of str
        Code of the parent of each area, as the series has it (``{county}{street}{community}``).
    x, y : array_like of float
        A place in each area (its centroid, or a point on it), x growing to the east and y to the north, in
        metres or degrees.
    taken : iterable of str
        Codes that were ever given out, retired ones too. Each parent continues after its highest one; codes
        of other parents, series or schemes do not count.
    series : str, optional
        Name of the scheme's series; the first by default.
    given : mapping, optional
        Digits of segments that neither the parent nor the series gives, such as the object class of the
        20-digit scheme.
    row_height : float, optional
        Height of a row in the unit of ``y``: √ of the mean area of the areas numbered.

    Returns
    -------
    numpy.ndarray of str objects
        The codes, parallel to the input; empty for no areas.

    Raises
    ------
    InputError
        Lengths differ, a coordinate is missing or not finite, two areas of one parent have the same place, a
        parent's code does not fit, a segment has no value, or the numbers of a parent run out.

    Notes
    -----
    Both the national and the city standards for unit grids say only "from west to east, from north to south
    inside a community"; how a row of irregular areas is found is a rule of gisgov.

    Examples
    --------
    >>> from gisgov.governance.codes import parse_scheme
    >>> scheme = parse_scheme({
    ...     "name": "pair", "title_zh": "双段码", "title_en": "Pair", "source": "An example.",
    ...     "segments": [
    ...         {"name": "town", "width": 2, "title_zh": "镇", "title_en": "Town"},
    ...         {"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"},
    ...     ],
    ...     "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid", "parent": "{town}"}],
    ... })
    >>> number_areas(scheme, ["01", "01", "01"], x=[50, 150, 50], y=[150, 160, 50]).tolist()
    ['0101', '0102', '0103']
    """
    parents = np.array(list(parent_codes), dtype=object)
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check_places(parents, east, north, row_height)
    chosen = scheme.find_series(series)
    numbers = _highest_taken(scheme, chosen, taken)
    codes = np.empty(len(parents), dtype=object)
    names, group = np.unique(parents.astype(str), return_inverse=True)
    by_parent = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[by_parent], np.arange(len(names) + 1))
    for i, parent in enumerate(names.tolist()):
        rows = by_parent[bounds[i] : bounds[i + 1]]
        ordered = rows[_reading_order(east[rows], north[rows], parent, row_height)]
        values = _fixed_values(scheme, chosen, parent, given or {})
        start = numbers.get(parent, chosen.counted.first - 1) + 1
        for number, row in enumerate(ordered, start=start):
            codes[row] = _code(scheme, chosen, values, parent, number)
    return codes


def _check_places(parents: Texts, x: Floats, y: Floats, row_height: float | None) -> None:
    if not (x.shape == y.shape == parents.shape):
        raise InputError(
            f"There are {len(parents)} parent codes, {x.size} x and {y.size} y.",
            hint="Give one of each per area.",
        )
    bad = ~(np.isfinite(x) & np.isfinite(y))
    if bad.any():
        raise InputError(
            f"Area {int(np.argmax(bad)) + 1} of {len(parents)} has no finite x and y.",
            hint="Give a place inside each area.",
        )
    if row_height is not None and not (math.isfinite(row_height) and row_height > 0):
        raise InputError(f"A row height of {row_height:g} cannot be used.", field="row_height")


def _highest_taken(scheme: CodeScheme, series: Series, taken: Iterable[str]) -> dict[str, int]:
    """Highest number given out so far in each parent, by the parent's code."""
    highest: dict[str, int] = {}
    for code in taken:
        if scheme.problem(code) is None and scheme.series_of(code) is series:
            parent = scheme.parent_code(code)
            number = int(scheme.split(code)[series.counts])
            if parent is not None and number > highest.get(parent, -1):
                highest[parent] = number
    return highest


def _reading_order(x: Floats, y: Floats, parent: str, row_height: float | None) -> Ints:
    """Positions of a parent's areas in the order in which they are numbered."""
    order = np.lexsort((x, -y))
    x, y = x[order], y[order]
    same = (np.diff(x) == 0) & (np.diff(y) == 0)
    if same.any():
        at = int(np.argmax(same))
        raise InputError(
            f"Two areas of {parent} have the same place ({x[at]:g}, {y[at]:g}).",
            hint="Give a point inside each area, not one of their parent.",
        )
    height = row_height or _lattice_spacing(float(np.ptp(x)), float(np.ptp(y)), len(x))
    row = np.zeros(len(x), dtype=np.int64)
    first = 0
    while first < len(x):
        # -y ascends: the first place too far south ends the row, to which its opener always belongs
        end = max(first + 1, int(np.searchsorted(-y, -y[first] + height / 2, side="left")))
        row[first:end] = first
        first = end
    ordered: Ints = order[np.lexsort((-y, x, row))]
    return ordered


def _lattice_spacing(width: float, height: float, count: int) -> float:
    """Side of the squares of which ``count`` fill the extent of their centres, half a side wider all round.

    The positive root of ``count · s² = (width + s) · (height + s)``.
    """
    if count == 1:
        return 0.0
    both = width + height
    return (both + math.sqrt(both**2 + 4 * (count - 1) * width * height)) / (2 * (count - 1))


def _fixed_values(
    scheme: CodeScheme, series: Series, parent: str, given: Mapping[str, str]
) -> dict[str, str]:
    """Digits of every segment but the counting one."""
    values = dict(given)
    for limits in series.ranges:
        if limits.first == limits.last:
            values[limits.segment] = f"{limits.first:0{scheme.segment(limits.segment).width}}"
    values.update(scheme.split_parent(parent, series))
    return values


def _code(scheme: CodeScheme, series: Series, values: Mapping[str, str], parent: str, number: int) -> str:
    counted = series.counted
    if number > counted.last:
        raise InputError(
            f"{parent} needs the number {number}, but the series {series.name} of scheme {scheme.name} "
            f"ends at {counted.last}.",
            hint="Divide the parent, or take a scheme with more digits.",
        )
    code = scheme.compose({**values, series.counts: f"{number:0{scheme.segment(series.counts).width}}"})
    if scheme.series_of(code) is not series:
        raise InputError(
            f"{parent} is no parent of the series {series.name} of scheme {scheme.name}: "
            f"its code {code} would belong to another series.",
            field="parent",
        )
    return code
