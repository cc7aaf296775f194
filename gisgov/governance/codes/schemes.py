"""Code schemes (编码规则): what the digits of an area's code say.

A scheme cuts a code into segments of fixed width. Its *series* say how codes are given out: which segment
counts, which numbers the segments then hold, and which digits name the parent area. A scheme may have
several: the 20-digit one counts the grids of a community from 01, has 00 for a community that is one grid,
and counts grids made of several communities from 601 in the place of the community.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from gisgov.errors import InputError

PARENT_TOKEN = re.compile(r"\{(?P<segment>[a-z0-9_-]+)\}|(?P<digits>[0-9]+)")
"""One piece of a series' ``parent``: a segment's name in braces, or digits that stand as they are."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of ``width`` digits in a code, holding a number from ``first`` to ``last``."""

    name: str
    width: int
    first: int
    last: int
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class SegmentRange:
    """The numbers, ``first`` to ``last``, that a segment holds in the codes of one series."""

    segment: str
    first: int
    last: int

    def holds(self, digits: str) -> bool:
        """Whether the number written as ``digits`` is one of them."""
        return self.first <= int(digits) <= self.last


@dataclass(frozen=True, slots=True)
class Series:
    """One way of giving out codes in a scheme.

    Parameters
    ----------
    name : str
        Its name in commands.
    title_zh, title_en : str
        Its titles for people.
    counts : str
        The segment that counts the areas of one parent.
    ranges : tuple of SegmentRange
        Numbers of the counting segment and of those that tell this series from another.
    parent : str or None
        The code of the area above, with segments in braces: ``{county}{street}``; None where codes name none.
    """

    name: str
    title_zh: str
    title_en: str
    counts: str
    ranges: tuple[SegmentRange, ...]
    parent: str | None

    @property
    def counted(self) -> SegmentRange:
        """The numbers that the series gives out."""
        return next(span for span in self.ranges if span.segment == self.counts)


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """How the codes of a layer are made.

    Parameters
    ----------
    name : str
        Its name in profiles and commands.
    title_zh, title_en : str
        Its titles for people.
    source : str
        Where the scheme comes from, in words.
    segments : tuple of Segment
        From left to right; a code is exactly as long as all of them.
    series : tuple of Series
        The ways of giving out codes; the first is the usual one. No code belongs to two.

    Examples
    --------
    >>> scheme = CodeScheme(
    ...     "pair", "双段码", "Pair", "An example.",
    ...     (Segment("town", 2, 1, 99, "镇", "Town"), Segment("grid", 2, 1, 99, "网格", "Grid")),
    ...     (Series("grid", "网格", "Grid", "grid", (SegmentRange("grid", 1, 99),), "{town}"),),
    ... )
    >>> scheme.problem("0100")
    'characters 3-4 (grid) are 00, not from 01 to 99'
    >>> scheme.problem("01O7")
    "character 3 (grid) is 'O', not a digit from 0 to 9"
    >>> scheme.problem("0107"), scheme.parent_code("0107")
    (None, '01')
    """

    name: str
    title_zh: str
    title_en: str
    source: str
    segments: tuple[Segment, ...]
    series: tuple[Series, ...]

    @property
    def length(self) -> int:
        """Characters of a code."""
        return sum(segment.width for segment in self.segments)

    @property
    def shape(self) -> str:
        """The widths as people write them: ``6+3+3+3``."""
        return "+".join(str(segment.width) for segment in self.segments)

    def problem(self, code: str) -> str | None:
        """Say why a code does not follow the scheme, with the place in it, or None when it does.

        Places count from 1. Surrounding space is a fault: codes are compared character by character.
        """
        # a wrong digit first: an "O" typed for a 0 is the likelier fault when the length is wrong as well
        for place, character in enumerate(code):
            if character not in "0123456789":
                within = [name for name, start, end in self._spans() if start <= place < end] or [
                    "beyond the end"
                ]
                return f"character {place + 1} ({within[0]}) is {character!r}, not a digit from 0 to 9"
        if len(code) != self.length:
            parts = " + ".join(f"{segment.width} {segment.name}" for segment in self.segments)
            return f"has {len(code)} characters, not {self.length} ({parts})"
        values = self.split(code)
        for segment in self.segments:
            limits = SegmentRange(segment.name, segment.first, segment.last)
            if not limits.holds(values[segment.name]):
                return self._out_of_range(limits, values[segment.name])
        if self.series_of(code) is not None:
            return None
        if len(self.series) > 1:
            rules = "; ".join(f"{series.name}: {self._rule(series)}" for series in self.series)
            return f"belongs to no series of the scheme ({rules})"
        missed = next(limits for limits in self.series[0].ranges if not limits.holds(values[limits.segment]))
        return self._out_of_range(missed, values[missed.segment])

    def check(self, code: str) -> None:
        """Raise an InputError that names the code and its fault when it does not follow the scheme."""
        fault = self.problem(code)
        if fault:
            raise InputError(
                f"Code {code!r}: {fault}.", hint=f"Scheme {self.name} has {self.shape} digits.", field="code"
            )

    def parent_code(self, code: str) -> str | None:
        """Return the code of the area above, as far as the code names it, else None.

        Raises
        ------
        InputError
            The code does not follow the scheme.
        """
        self.check(code)
        series = self.series_of(code)
        if series is None or series.parent is None:
            return None
        values = self.split(code)
        return PARENT_TOKEN.sub(lambda token: token["digits"] or values[token["segment"]], series.parent)

    def series_of(self, code: str) -> Series | None:
        """Return the series that gave out a code of the right length and digits, or None."""
        values = self.split(code)
        for series in self.series:
            if all(limits.holds(values[limits.segment]) for limits in series.ranges):
                return series
        return None

    def split(self, code: str) -> dict[str, str]:
        """Cut a code of the right length into its segments, by name."""
        return {name: code[start:end] for name, start, end in self._spans()}

    def compose(self, values: Mapping[str, str]) -> str:
        """Join segments into a code and check it.

        Raises
        ------
        InputError
            A segment is missing or the code that comes out does not follow the scheme.
        """
        for segment in self.segments:
            if segment.name not in values:
                example = f"{segment.name}={segment.first:0{segment.width}d}"
                raise InputError(
                    f"A code of scheme {self.name} needs digits for its segment {segment.name}. "
                    f"Give {segment.width} digits for it, as in {example}.",
                    field=segment.name,
                )
        code = "".join(values[segment.name] for segment in self.segments)
        self.check(code)
        return code

    def segment(self, name: str) -> Segment:
        """Return the segment of that name, which must exist."""
        return next(segment for segment in self.segments if segment.name == name)

    def find_series(self, name: str | None = None) -> Series:
        """Return the series of that name, or the usual one.

        Raises
        ------
        InputError
            The scheme has no series of that name.
        """
        for series in self.series:
            if name is None or series.name == name:
                return series
        known = ", ".join(series.name for series in self.series)
        raise InputError(
            f"Scheme {self.name} has no series {name!r}.", hint=f"It has: {known}.", field="series"
        )

    def split_parent(self, parent_code: str, series: Series) -> dict[str, str]:
        """Cut a parent's code into the segments that it gives to the codes of a series.

        Raises
        ------
        InputError
            The series names no parent, or the code does not look like one of its parents.
        """
        if series.parent is None:
            raise InputError(f"Codes of scheme {self.name} have no parent to be numbered in.", field="parent")
        values: dict[str, str] = {}
        place = 0
        for token in PARENT_TOKEN.finditer(series.parent):
            width = len(token["digits"] or "") or self.segment(token["segment"]).width
            digits = parent_code[place : place + width]
            place += width
            if token["segment"]:
                values[token["segment"]] = digits
            elif digits != token["digits"]:
                self._refuse_parent(parent_code, series)
        if len(parent_code) != place or not (parent_code.isascii() and parent_code.isdigit()):
            self._refuse_parent(parent_code, series)
        return values

    def _refuse_parent(self, parent_code: str, series: Series) -> NoReturn:
        raise InputError(
            f"{parent_code!r} is not the code of a parent in scheme {self.name}.",
            hint=f"A parent's code is made as {series.parent}.",
            field="parent",
        )

    def _spans(self) -> list[tuple[str, int, int]]:
        spans: list[tuple[str, int, int]] = []
        start = 0
        for segment in self.segments:
            spans.append((segment.name, start, start + segment.width))
            start += segment.width
        return spans

    def _out_of_range(self, limits: SegmentRange, digits: str) -> str:
        start, end = next((start, end) for name, start, end in self._spans() if name == limits.segment)
        width = end - start
        place = f"characters {start + 1}-{end}" if width > 1 else f"character {end}"
        verb = "are" if width > 1 else "is"
        first, last = f"{limits.first:0{width}}", f"{limits.last:0{width}}"
        return f"{place} ({limits.segment}) {verb} {digits}, not from {first} to {last}"

    def _rule(self, series: Series) -> str:
        rules: list[str] = []
        for limits in series.ranges:
            width = self.segment(limits.segment).width
            first, last = f"{limits.first:0{width}}", f"{limits.last:0{width}}"
            rules.append(f"{limits.segment} {first}" if first == last else f"{limits.segment} {first}-{last}")
        return ", ".join(rules)
