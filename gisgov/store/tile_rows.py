"""What vector tiles show, read as columns: very many rows, of which Python touches none one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import sqlalchemy as sa

from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.types import Bools, Floats, Ints, SmallInts

TileSubject: TypeAlias = Literal["blocks", "buildings", "events", "areas"]
Kind: TypeAlias = Literal["int", "float", "text"]

COLUMNS: Final[Mapping[TileSubject, Mapping[str, Kind]]] = {
    "blocks": {
        "code": "text",
        "land_use": "text",
        "population": "int",
        "households": "int",
        "area_m2": "float",
    },
    "buildings": {
        "risk_class": "text",
        "risk_points": "int",
        "floors": "int",
        "built_year": "int",
        "use": "text",
    },
    "events": {
        "state": "text",
        "level": "text",
        "category": "text",
        "source": "text",
        "occurred_at": "int",
    },
    "areas": {
        "code": "text",
        "name": "text",
        "parent_codes": "text",
        "plan": "text",
        "area_m2": "float",
        "population": "int",
        "households": "int",
    },
}
"""The columns of each subject, in the order of its fields in tiles."""

MISSING: Final = np.iinfo(np.int64).min
"""Stands for a whole number that is not there."""

_PAGE: Final[Mapping[TileSubject, int]] = {
    "blocks": 5_000,
    "buildings": 10_000,
    "events": 20_000,
    "areas": 500,
}
_ALL = 2**31 - 1
_NO_TEXT = b"\xff"  # no text begins so in UTF-8
_PACK: Final[Mapping[Kind, str]] = {
    "int": f"string_agg(int8send(COALESCE(CAST({{0}} AS BIGINT), {MISSING})), CAST('' AS BYTEA))",
    "float": "string_agg(float8send(COALESCE({0}, CAST('NaN' AS FLOAT8))), CAST('' AS BYTEA))",
    "text": "string_agg(COALESCE(convert_to({0}, 'UTF8'), CAST('\\xff' AS BYTEA)), CAST('\\x00' AS BYTEA))",
}


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Texts of many rows, each distinct one once.

    Attributes
    ----------
    codes : numpy.ndarray of int32, shape (n,)
        Number of each row's text in ``words``; -1 where there is none.
    words : tuple of str
        The distinct texts, in the order in which they came.
    """

    codes: SmallInts
    words: tuple[str, ...]


Column: TypeAlias = Ints | Floats | Words


@dataclass(frozen=True, slots=True, eq=False)
class TileValues:
    """What rows have besides their shapes, parallel.

    Attributes
    ----------
    ids : numpy.ndarray of int64, shape (n,)
        Distinct.
    columns : dict
        By name, in the order of `COLUMNS`. Whole numbers that are not there are `MISSING`, others NaN.
    """

    ids: Ints
    columns: dict[str, Column]

    def taken(self, which: Bools) -> TileValues:
        """Return those of some of the rows."""
        columns: dict[str, Column] = {
            name: Words(column.codes[which], column.words) if isinstance(column, Words) else column[which]
            for name, column in self.columns.items()
        }
        return TileValues(self.ids[which], columns)

    @classmethod
    def joined(cls, parts: Sequence[TileValues]) -> TileValues:
        """Return several as one, in their order; at least one is given."""
        columns = {name: _joined([part.columns[name] for part in parts]) for name in parts[0].columns}
        return TileValues(np.concatenate([part.ids for part in parts]), columns)


@dataclass(frozen=True, slots=True, eq=False)
class TileRows:
    """Rows by id, parallel.

    Attributes
    ----------
    values : TileValues
        Their ids, ascending, and what they have.
    shapes : list of bytes
        Geometries as WKB, EPSG:4326.
    """

    values: TileValues
    shapes: list[bytes]

    @property
    def ids(self) -> Ints:
        """Their ids, ascending, shape (n,)."""
        return self.values.ids

    @property
    def columns(self) -> dict[str, Column]:
        """What they have, by name."""
        return self.values.columns

    def taken(self, which: Bools) -> TileRows:
        """Return some of the rows."""
        shapes = [shape for shape, is_taken in zip(self.shapes, which.tolist(), strict=True) if is_taken]
        return TileRows(self.values.taken(which), shapes)


def tile_rows(
    connection: sa.Connection,
    subject: TileSubject,
    *,
    ids: Ints | None = None,
    plan_ids: Sequence[int] = (),
) -> Iterator[TileRows]:
    """Yield all that has a place, or what of it has certain ids, in pages by id.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that sees one state: REPEATABLE READ.
    subject : str
        A key of `COLUMNS`.
    ids : numpy.ndarray of int64, optional
        Only rows with these ids, all on one page.
    plan_ids : sequence of int
        For ``areas``: the plans.
    """
    most = _PAGE[subject] if ids is None else _ALL  # whoever follows takes no more than can be held
    given: dict[str, Any] = {"most": most, "after": -1, "plan_ids": list(plan_ids)}
    if ids is not None:
        given["ids"] = f"{{{','.join(map(str, ids.tolist()))}}}"  # sooner written than the driver does it
    query = _packed(subject, all_rows=ids is None)
    while True:
        (row,) = packed_rows(connection, query, given)
        if row.ids is None:
            return
        rows = _unpacked(row, COLUMNS[subject])
        yield rows
        if len(rows.ids) < most:
            return
        given["after"] = int(rows.ids[-1])


@cache
def _packed(subject: TileSubject, *, all_rows: bool) -> sa.TextClause:
    """Return the statement that gives a page as one row: each column one string of bytes."""
    table = subject.removesuffix("s")
    chosen = f"{table}.id > :after"
    if not all_rows:
        chosen += f" AND {table}.id = ANY(CAST(:ids AS BIGINT[]))"
    page = statement(f"tile_{subject}", chosen=chosen).text
    packed = ", ".join(f"{_PACK[kind].format(name)} AS {name}" for name, kind in COLUMNS[subject].items())
    return sa.text(
        f"WITH page AS ({page}) SELECT string_agg(int8send(id), CAST('' AS BYTEA)) AS ids, "  # noqa: S608 - ours
        "string_agg(wkb, CAST('' AS BYTEA)) AS shapes, "
        "string_agg(int4send(octet_length(wkb)), CAST('' AS BYTEA)) AS lengths, "
        f"{packed} FROM page"
    )


def _unpacked(row: Any, kinds: Mapping[str, Kind]) -> TileRows:
    ends = np.cumsum(np.frombuffer(row.lengths, ">i4").astype(np.int64)).tolist()
    shapes = [row.shapes[begin:end] for begin, end in itertools.pairwise([0, *ends])]
    return TileRows(unpacked_values(row, kinds), shapes)


def unpacked_values(row: Any, kinds: Mapping[str, Kind]) -> TileValues:
    """Return values of which each column was read as one string of bytes, and so were the ids."""
    columns = {name: _column(getattr(row, name), kind) for name, kind in kinds.items()}
    return TileValues(np.frombuffer(row.ids, ">i8").astype(np.int64), columns)


def _column(packed: bytes, kind: Kind) -> Column:
    if kind == "int":
        return np.frombuffer(packed, ">i8").astype(np.int64)
    if kind == "float":
        return np.frombuffer(packed, ">f8").astype(np.float64)
    numbers: dict[bytes, int] = {}
    codes = [numbers.setdefault(text, len(numbers)) for text in packed.split(b"\0")]
    missing = numbers.get(_NO_TEXT)
    found = np.array(codes, dtype=np.int32)
    if missing is not None:  # those after it move up by one
        found = np.where(found == missing, -1, found - (found > missing)).astype(np.int32)
    return Words(found, tuple(text.decode() for text in numbers if text != _NO_TEXT))


def no_rows(subject: TileSubject) -> TileRows:
    """Return no rows of a subject."""
    empty: dict[Kind, Column] = {
        "int": np.zeros(0, dtype=np.int64),
        "float": np.zeros(0),
        "text": Words(np.zeros(0, dtype=np.int32), ()),
    }
    columns = {name: empty[kind] for name, kind in COLUMNS[subject].items()}
    return TileRows(TileValues(np.zeros(0, dtype=np.int64), columns), [])


def _joined(parts: Sequence[Column]) -> Column:
    texts = [part for part in parts if isinstance(part, Words)]
    if texts:
        numbers: dict[str, int] = {}
        own = [
            np.array([*(numbers.setdefault(word, len(numbers)) for word in one.words), -1]) for one in texts
        ]
        codes = np.concatenate([number[one.codes] for number, one in zip(own, texts, strict=True)])
        return Words(codes.astype(np.int32), tuple(numbers))
    joined: Ints | Floats = np.concatenate([part for part in parts if not isinstance(part, Words)])
    return joined
