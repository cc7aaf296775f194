"""Figures as columns: one number for each area and one for the ground that is in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from gisgov.governance.comparison import Overlaps
from gisgov.governance.transfer import put_onto
from gisgov.services.statistics.reports import Figures

OTHER: Final = "other"
"""Events of all categories that have few."""

MOST_CATEGORIES: Final = 10

Group = str
Key = tuple[Group, str]
"""A group (``population``, ``households``, ``buildings``, ``events``, ``categories``) and a word in it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each area by its code, and of what is in no area."""

    of_areas: Mapping[str, Decimal]
    in_no_area: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.of_areas.values(), self.in_no_area)


Columns = dict[Key, Column]


def counted_column(counts: Iterable[tuple[str | None, int]]) -> Column:
    """Make a column of counts by code; None is in no area."""
    sums: Counter[str | None] = Counter()
    for code, count in counts:
        sums[code] += count
    return Column(
        {code: Decimal(count) for code, count in sums.items() if code is not None}, Decimal(sums[None])
    )


def grouped(group: Group, counts: Sequence[tuple[str | None, str, int]], words: Sequence[str]) -> Columns:
    """Make the columns of a group: one for each word, also where there is none of it, and for any other."""
    others = sorted({kind for _, kind, _ in counts} - set(words))
    return {
        (group, word): counted_column((code, count) for code, kind, count in counts if kind == word)
        for word in (*words, *others)
    }


def top_categories(counts: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return the categories with most events, most first, ties by name."""
    sums: Counter[str] = Counter()
    for category, count in counts:
        sums[category] += count
    return tuple(sorted(sums, key=lambda one: (-sums[one], one))[:MOST_CATEGORIES])


def put_columns_onto(
    columns: Columns, overlaps: Overlaps, *, whole: bool
) -> tuple[Columns, dict[str, float]]:
    """Put columns onto other areas; return them and what each lost, which is nothing.

    What was in no area stays in none.
    """
    codes = [str(code) for code in overlaps.former_codes]
    put: Columns = {}
    remainder: dict[str, float] = {}
    for key, column in columns.items():
        values = [column.of_areas.get(code, Decimal(0)) for code in codes]
        found = put_onto(values, overlaps, whole=whole)
        of_areas = {str(code): value for code, value in zip(overlaps.codes, found.placed, strict=True)}
        put[key] = Column(of_areas, column.in_no_area + found.in_no_area)
        name = " ".join(word for word in key if word)
        remainder[name] = float(column.total - put[key].total)
    return put, remainder


def figures_of(columns: Columns, area_km2: float | None, code: str | None) -> Figures:
    """Return the figures of an area; of what is in no area for no code."""
    return _figures(
        area_km2,
        {
            key: one.in_no_area if code is None else one.of_areas.get(code, Decimal(0))
            for key, one in columns.items()
        },
    )


def total_of(columns: Columns, area_km2: float) -> Figures:
    """Return the figures of all together."""
    return _figures(area_km2, {key: one.total for key, one in columns.items()})


def _figures(area_km2: float | None, values: Mapping[Key, Decimal]) -> Figures:
    groups: dict[Group, dict[str, float]] = {}
    for (group, word), value in values.items():
        groups.setdefault(group, {})[word] = _number(value)
    return Figures(
        area_km2=None if area_km2 is None else round(area_km2, 6),
        population=groups.get("population", {}).get(""),
        households=groups.get("households", {}).get(""),
        buildings=groups.get("buildings"),
        events=groups.get("events"),
        events_by_category=groups.get("categories"),
    )


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)
