"""Attributes as one table of 64-bit words, so that one kernel writes them all and a row is one cache line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.tiles.features import CodedTexts
from gisgov.types import Bools, Bytes, Ints

TEXT: Final = 0
INTEGER: Final = 1
FLOAT: Final = 2
BOOLEAN: Final = 3

NOTHING: Final = np.iinfo(np.int64).min
"""The word of a feature without a value."""

_GREATEST: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class TextBook:
    """The texts of all columns, each once, as UTF-8; a book is never changed, a longer one takes its place.

    Attributes
    ----------
    number : dict of str to int
        Which text has which number. Books that follow each other share it: numbers are only ever added.
    begin : numpy.ndarray of int, shape (t + 1,)
        Where each text begins in ``octets``.
    octets : numpy.ndarray of uint8
    """

    number: dict[str, int]
    begin: Ints
    octets: Bytes

    @classmethod
    def empty(cls) -> TextBook:
        """Return a book without texts."""
        return cls({}, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8))

    @classmethod
    def read(cls, begin: Ints, octets: Bytes) -> TextBook:
        """Return the book of which ``begin`` and ``octets`` are the pages."""
        book = cls({}, begin, octets)
        book.number.update({book.text(i): i for i in range(len(begin) - 1)})
        return book

    def text(self, number: int) -> str:
        """Return the text of a number."""
        return self.octets[self.begin[number] : self.begin[number + 1]].tobytes().decode()

    def with_texts(self, texts: Iterable[str]) -> TextBook:
        """Return a book that has these texts too."""
        new = [text for text in dict.fromkeys(texts) if text not in self.number]
        if not new:
            return self
        written = [text.encode() for text in new]
        ends = self.begin[-1] + np.cumsum([len(each) for each in written])
        octets = np.concatenate((self.octets, np.frombuffer(b"".join(written), dtype=np.uint8)))
        first = len(self.begin) - 1
        number = {**self.number, **{text: first + i for i, text in enumerate(new)}}
        return TextBook(number, np.concatenate((self.begin, ends)).astype(np.int64), octets)


def kind_of(name: str, values: Any) -> int:
    """Return what a column holds, by the type of its array.

    Raises
    ------
    InputError
        When tiles have no such values (dates, complex numbers).
    """
    if isinstance(values, CodedTexts):
        return TEXT
    letter = (
        np.ma.getdata(values).dtype.kind
        if isinstance(values, np.ma.MaskedArray)
        else np.asarray(values).dtype.kind
    )
    kinds = {"O": TEXT, "U": TEXT, "T": TEXT, "i": INTEGER, "u": INTEGER, "f": FLOAT, "b": BOOLEAN}
    if letter not in kinds:
        raise InputError(f"attribute '{name}' holds neither texts, numbers nor truth values")
    return kinds[letter]


def words_of(name: str, values: Any, kind: int, book: TextBook) -> tuple[Ints, TextBook]:
    """Return the words of a column, shape (n,), and the book with its texts.

    Raises
    ------
    InputError
        When the values are of another kind than the column's, or integers beyond ±2⁶².
    """
    if isinstance(values, CodedTexts):
        return _words_of_codes(name, values, kind, book)
    empty = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.asarray(np.ma.getdata(values) if empty is not None else values)
    if len(plain) and kind_of(name, plain) != kind:
        raise InputError(f"attribute '{name}' holds values of another kind")
    if kind == TEXT:
        words, book = _words_of_texts(plain, empty, book)
    elif kind == FLOAT:
        number = plain.astype(np.float64) + 0.0  # −0 and 0 are one value
        words = np.where(np.isnan(number), NOTHING, number.view(np.int64))
    else:
        words = plain.astype(np.int64)
        if len(words) and (words.min() < -_GREATEST or words.max() > _GREATEST):
            raise InputError(f"attribute '{name}' holds integers beyond ±2^62")
    if empty is not None:
        words = np.where(empty, NOTHING, words)
    return words, book


def values_of(words: Ints, kind: int, book: TextBook) -> npt.NDArray[Any]:
    """Return the values that words stand for: ``None`` (texts), NaN (floats) or masked for no value."""
    empty = words == NOTHING
    if kind == TEXT:
        used, place = np.unique(words, return_inverse=True)
        texts = np.array([None if i == NOTHING else book.text(int(i)) for i in used], dtype=object)
        return texts[place.ravel()]
    if kind == FLOAT:
        return np.where(empty, np.nan, words.view(np.float64))
    return np.ma.MaskedArray(words.astype(bool) if kind == BOOLEAN else words, empty)


def table_of(
    columns: Mapping[str, Any], kinds: Mapping[str, int], count: int, book: TextBook
) -> tuple[Ints, TextBook]:
    """Return the table of columns in the order of ``kinds``, shape (count, columns), and the book.

    Raises
    ------
    InputError
        When a column is missing or of another length.
    """
    table = np.full((count, len(kinds)), NOTHING, dtype=np.int64)
    for i, (name, kind) in enumerate(kinds.items()):
        if name not in columns or len(columns[name]) != count:
            raise InputError(f"attribute '{name}' must have a value for each of the {count} features")
        table[:, i], book = words_of(name, columns[name], kind, book)
    return table, book


def _words_of_texts(values: npt.NDArray[Any], empty: Bools | None, book: TextBook) -> tuple[Ints, TextBook]:
    texts: list[Any] = values.tolist()
    if empty is not None:
        texts = [None if nothing else text for text, nothing in zip(texts, empty.tolist(), strict=True)]
    distinct = dict.fromkeys(texts)
    distinct.pop(None, None)
    book = book.with_texts(distinct)
    number: dict[Any, int] = {text: book.number[text] for text in distinct}
    number[None] = NOTHING
    return np.fromiter(map(number.__getitem__, texts), dtype=np.int64, count=len(texts)), book


def _words_of_codes(name: str, values: CodedTexts, kind: int, book: TextBook) -> tuple[Ints, TextBook]:
    codes = np.asarray(values.codes, dtype=np.int64)
    if kind != TEXT or (len(codes) and (codes.min() < -1 or codes.max() >= len(values.texts))):
        raise InputError(f"attribute '{name}' holds values of another kind, or codes without a text")
    book = book.with_texts(values.texts)
    number = np.array([*(book.number[text] for text in values.texts), NOTHING], dtype=np.int64)
    return number[codes], book
