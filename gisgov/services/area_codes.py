"""Codes of areas without a database: which schemes there are, whether codes follow one, and new codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from gisgov.errors import NotFoundError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.formats import Format, identify
from gisgov.files.tables import read_plain_table
from gisgov.files.vectors import open_vectors
from gisgov.governance.codes import CodeScheme, Series

_PLAIN = (Format.TEXT_TABLE, Format.EXCEL, Format.PARQUET)


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """One way of giving out codes in a scheme.

    Attributes
    ----------
    name, title_zh, title_en : str
        Its name and titles.
    counts : str
        The segment that counts the areas of one parent.
    first, last : int
        Numbers that it counts from and to.
    parent : str or None
        How the code of the area above is made; None where codes name none.
    """

    name: str
    title_zh: str
    title_en: str
    counts: str
    first: int
    last: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class SchemeInfo:
    """One code scheme: its name, titles, widths of its segments (``6+3+3+3``), length, series and origin.

    Attributes
    ----------
    name, title_zh, title_en : str
        The scheme and its titles.
    shape : str
        Widths of its segments, such as ``6+3+3+3``.
    length : int
        How many digits a code has.
    series : tuple of SeriesInfo
        The ways of giving out codes in it.
    source : str
        Where the scheme comes from.
    """

    name: str
    title_zh: str
    title_en: str
    shape: str
    length: int
    series: tuple[SeriesInfo, ...]
    source: str


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code as it was given.

    Attributes
    ----------
    row : int
        Row in the file or place among the values, from 1.
    code : str or None
        The code; None where there is none.
    """

    row: int
    code: str | None


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """What is wrong with one code, in words with the place in it.

    Attributes
    ----------
    row : int
        Row in the file or place among the values, from 1.
    code : str or None
        The code; None where there is none.
    message : str
        What is wrong with it.
    """

    row: int
    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class CodesChecked:
    """Codes held against a scheme: how many were checked and are sound, and what is wrong with the rest.

    Attributes
    ----------
    scheme : str
        Name of the scheme.
    checked, sound : int
        How many codes were checked, and how many of them are sound.
    problems : tuple of CodeProblem
        What is wrong with the others, by row.
    """

    scheme: str
    checked: int
    sound: int
    problems: tuple[CodeProblem, ...]


@dataclass(frozen=True, slots=True)
class CodeParent:
    """A code with the code of the area above, None where it names none or is not sound.

    Attributes
    ----------
    row : int
        Row in the file or place among the values, from 1.
    code : str or None
        The code; None where there is none.
    parent : str or None
        Code of the area above.
    """

    row: int
    code: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class CodeParents:
    """Codes with those of the areas above them, and the problems of codes that are not sound.

    Attributes
    ----------
    scheme : str
        Name of the scheme.
    parents : tuple of CodeParent
        One for each code, in the order given.
    problems : tuple of CodeProblem
        What is wrong with codes that are not sound.
    """

    scheme: str
    parents: tuple[CodeParent, ...]
    problems: tuple[CodeProblem, ...]


def describe_schemes(schemes: Iterable[CodeScheme]) -> tuple[SchemeInfo, ...]:
    """Return what people want to know of schemes."""
    return tuple(
        SchemeInfo(
            scheme.name,
            scheme.title_zh,
            scheme.title_en,
            scheme.shape,
            scheme.length,
            tuple(_describe_series(series) for series in scheme.series),
            scheme.source,
        )
        for scheme in schemes
    )


def find_scheme(name: str, schemes: Iterable[CodeScheme]) -> CodeScheme:
    """Return the scheme of that name.

    Raises
    ------
    NotFoundError
        There is none; the hint names those there are.
    """
    known = {scheme.name: scheme for scheme in schemes}
    if name not in known:
        raise NotFoundError(f"No code scheme is called {name!r}.", hint=f"There are: {', '.join(known)}.")
    return known[name]


def read_codes(path: Path, field: str, *, layer: str | None = None) -> tuple[GivenCode, ...]:
    """Read one field of a table or vector layer as codes.

    Parameters
    ----------
    path : pathlib.Path
        CSV, TSV, Excel, Parquet or a vector file; geometry is not looked at.
    field : str
        The field that holds the codes; case does not matter where it is unambiguous.
    layer : str, optional
        Layer or sheet; needed when the file has several.

    Raises
    ------
    FileError
        The file cannot be read, or it keeps long codes as numbers that lost digits.
    InputError
        It has no such field.
    """
    if identify(path) in _PLAIN:
        raw = read_plain_table(path, layer=layer)
        columns, rows = raw.columns, raw.rows.tolist()
    else:
        with open_vectors(path, layer=layer) as source:
            find_field(source.fields, field, file_name=path.name)
            batches = list(source.batches())
        columns = (
            pa.Table.from_batches([batch.attributes for batch in batches])
            if batches
            else pa.table({field: []})
        )
        rows = list(range(1, columns.num_rows + 1))
    found = find_field(columns.column_names, field, file_name=path.name)
    codes = texts_of(columns.column(found), field=found)
    return tuple(GivenCode(row, code) for row, code in zip(rows, codes, strict=True))


def check_codes(scheme: CodeScheme, codes: Sequence[GivenCode]) -> CodesChecked:
    """Hold codes against a scheme; a code that stands twice is a problem from the second time on."""
    problems: list[CodeProblem] = []
    first_row: dict[str, int] = {}
    for given in codes:
        fault = _fault(scheme, given)
        if given.code is not None:
            earlier = first_row.setdefault(given.code, given.row)
            if fault is None and earlier != given.row:
                fault = f"stands in row {earlier} already"
        if fault is not None:
            problems.append(CodeProblem(given.row, given.code, fault))
    return CodesChecked(scheme.name, len(codes), len(codes) - len(problems), tuple(problems))


def find_parents(scheme: CodeScheme, codes: Sequence[GivenCode]) -> CodeParents:
    """Return the code of the area above for each code that follows the scheme."""
    parents: list[CodeParent] = []
    problems: list[CodeProblem] = []
    for given in codes:
        fault = _fault(scheme, given)
        if fault is not None:
            problems.append(CodeProblem(given.row, given.code, fault))
        sound = given.code if fault is None else None
        parents.append(CodeParent(given.row, given.code, scheme.parent_code(sound) if sound else None))
    return CodeParents(scheme.name, tuple(parents), tuple(problems))


def _describe_series(series: Series) -> SeriesInfo:
    counted = series.counted
    return SeriesInfo(
        series.name,
        series.title_zh,
        series.title_en,
        series.counts,
        counted.first,
        counted.last,
        series.parent,
    )


def _fault(scheme: CodeScheme, given: GivenCode) -> str | None:
    return "is missing" if given.code is None else scheme.problem(given.code)
