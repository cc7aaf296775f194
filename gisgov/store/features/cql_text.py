"""CQL2 text (OGC 21-065r2) read into its JSON form, checked against what may be asked.

One pass from left to right, each operand with its kind: what leaves here compares like with like, names
properties that there are and calls functions that are known. (The parser of the cql2 library backtracks:
forty brackets keep it busy for hours.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from gisgov.errors import GisgovError, InputError
from gisgov.store.features.cql_shapes import Place, Shapes

MOST_CHARACTERS: Final = 8_000
_DEEPEST: Final = 40

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><>|<=|>=|[<>=()+\-*/,])
    )""",
    re.VERBOSE,
)
_COMPARED: Final = ("=", "<>", "<", "<=", ">", ">=")
_SHAPES: Final = frozenset(
    {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"}
)
# name: kinds of what it takes, kind of what it gives
_FUNCTIONS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "casei": (("text",), "text"),
    **{
        f"s_{name}": (("geometry", "geometry"), "truth")
        for name in (
            "intersects",
            "disjoint",
            "within",
            "contains",
            "equals",
            "touches",
            "overlaps",
            "crosses",
        )
    },
    **{
        f"a_{name}": (("texts", "texts"), "truth")
        for name in ("contains", "containedby", "equals", "overlaps")
    },
}
_RESERVED: Final = frozenset({"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE"})

Operand = tuple[Any, str]
"""A piece of the JSON form and its kind: ``truth``, ``text``, ``number``, ``date``, ``geometry``,
``texts``."""


def read_cql(text: str, properties: Mapping[str, str], place: Place) -> Any:
    """Return the JSON form of a filter.

    Parameters
    ----------
    text : str
        The filter, as CQL2 text.
    properties : mapping of str
        Kinds of the properties that may be asked about, by their names.
    place : callable
        Turns coordinates as the filter has them into longitudes and latitudes.

    Returns
    -------
    dict or bool
        With geometry in longitude and latitude.

    Raises
    ------
    InputError
        The filter cannot be read, or asks what may not be asked.

    Examples
    --------
    >>> read_cql("name LIKE '南%' AND NOT code IN ('1')", {"name": "text", "code": "text"}, None)["op"]
    'and'
    """
    try:
        if len(text) > MOST_CHARACTERS:
            raise _refused(f"The filter has {len(text)} characters; {MOST_CHARACTERS} are the most.")
        return _Reading(text, properties, place).whole()
    except GisgovError as error:
        error.field = "filter"
        raise


def _refused(message: str) -> InputError:
    return InputError(message, hint="Filters are CQL2 text, such as code = '440306' AND population > 5000.")


class _Reading:
    """A filter, and how far it was read."""

    def __init__(self, text: str, properties: Mapping[str, str], place: Place) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0
        self._properties = properties
        self._shapes = Shapes(place)

    def whole(self) -> Any:
        read = self._truth(self._either())
        if self._peek()[0] != "end":
            raise self._unexpected("the end of the filter")
        return read

    # what comes next

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str, int]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _takes(self, *wanted: str) -> str | None:
        """Pass one of some words or signs, if it is next."""
        kind, said, _ = self._peek()
        found = said.upper() if kind == "word" else said
        if kind in ("word", "sign") and found in wanted:
            self._at += 1
            return found
        return None

    def _needs(self, wanted: str) -> None:
        if self._takes(wanted) is None:
            raise self._unexpected(wanted)

    def _unexpected(self, wanted: str) -> InputError:
        kind, said, start = self._peek()
        found = "it ends" if kind == "end" else f"there is {said[:40]}"
        return _refused(f"At character {start + 1} of the filter {found}, where {wanted} is to be.")

    # truths

    def _either(self) -> Operand:
        return self._joined("or", "OR", lambda: self._joined("and", "AND", self._maybe_not))

    def _joined(self, op: str, word: str, part: Callable[[], Operand]) -> Operand:
        first = part()
        if self._takes(word) is None:
            return first
        parts = [self._truth(first), self._truth(part())]
        while self._takes(word) is not None:
            parts.append(self._truth(part()))
        return {"op": op, "args": parts}, "truth"

    def _maybe_not(self) -> Operand:
        if self._takes("NOT") is None:
            return self._comparison()
        return _negated(self._truth(self._nested(self._maybe_not)))

    def _nested(self, part: Callable[[], Operand]) -> Operand:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _refused(f"The filter nests more than {_DEEPEST} deep.")
        read = part()
        self._depth -= 1
        return read

    def _truth(self, operand: Operand) -> Any:
        if operand[1] != "truth":
            raise self._unexpected("a comparison")
        return operand[0]

    def _comparison(self) -> Operand:
        left = self._sum()
        sign = self._takes(*_COMPARED)
        if sign is not None:
            return self._call(sign, [left, self._like(left, self._sum())])
        if self._takes("IS") is not None:
            is_not = self._takes("NOT") is not None
            self._needs("NULL")
            null = {"op": "isNull", "args": [left[0]]}
            return _negated(null) if is_not else (null, "truth")
        if self._peek()[1].upper() not in ("NOT", "LIKE", "IN", "BETWEEN"):
            return left
        is_not = self._takes("NOT") is not None
        found = self._ranged(left)
        return _negated(found[0]) if is_not else found

    def _ranged(self, left: Operand) -> Operand:
        if self._takes("LIKE") is not None:
            pattern = self._sum()
            if (left[1], pattern[1]) != ("text", "text"):
                raise self._unexpected("a text and a pattern")
            return self._call("like", [left, pattern])
        if self._takes("BETWEEN") is not None:
            low = self._like(left, self._sum())
            self._needs("AND")
            return self._call("between", [left, low, self._like(left, self._sum())])
        self._needs("IN")
        listed = [self._like(left, one)[0] for one in self._list(self._sum)]
        return {"op": "in", "args": [left[0], listed]}, "truth"

    def _like(self, left: Operand, right: Operand) -> Operand:
        """Return the right side of a comparison, if it is of the kind of the left one; texts may be dates."""
        if (left[1], right[1]) == ("date", "text") and isinstance(right[0], str):
            right = self._date(right[0])
        if left[1] != right[1] or left[1] not in ("text", "number", "date"):
            raise self._unexpected(f"a {left[1]} to compare with")
        return right

    @staticmethod
    def _call(op: str, operands: list[Operand]) -> Operand:
        return {"op": op, "args": [one[0] for one in operands]}, "truth"

    # values

    def _sum(self) -> Operand:
        return self._reckoned(("+", "-"), lambda: self._reckoned(("*", "/"), self._signed))

    def _reckoned(self, signs: tuple[str, ...], part: Callable[[], Operand]) -> Operand:
        left = part()
        for _ in range(_DEEPEST):
            sign = self._takes(*signs)
            if sign is None:
                return left
            left = {"op": sign, "args": [self._number(left), self._number(part())]}, "number"
        raise _refused(f"The filter reckons with more than {_DEEPEST} numbers in a row.")

    def _number(self, operand: Operand) -> Any:
        if operand[1] != "number":
            raise self._unexpected("a number to reckon with")
        return operand[0]

    def _signed(self) -> Operand:
        if self._takes("-") is None:
            return self._value()
        number = self._number(self._nested(self._signed))
        return (-number if isinstance(number, float) else {"op": "*", "args": [-1.0, number]}), "number"

    def _value(self) -> Operand:
        kind, said, _ = self._peek()
        if kind == "sign" and said == "(":
            return self._bracketed()
        if kind == "word" and said.upper() not in _RESERVED - {"TRUE", "FALSE"}:
            return self._named()
        if kind not in ("text", "quoted", "number"):
            raise self._unexpected("a property or a value")
        self._next()
        if kind == "quoted":
            return self._property(said[1:-1].replace('""', '"'))
        return (said[1:-1].replace("''", "'"), "text") if kind == "text" else (_finite(said), "number")

    def _bracketed(self) -> Operand:
        """Read what is in brackets; several texts are a list."""
        self._needs("(")
        first = self._nested(self._either)
        listed = [first]
        while self._takes(",") is not None:
            listed.append(self._sum())
        self._needs(")")
        return first if len(listed) == 1 else ([self._text(one) for one in listed], "texts")

    def _text(self, operand: Operand) -> str:
        if operand[1] != "text" or not isinstance(operand[0], str):
            raise self._unexpected("a list of texts")
        return operand[0]

    def _named(self) -> Operand:
        name = self._next()[1]
        upper = name.upper()
        if upper in ("TRUE", "FALSE"):
            return upper == "TRUE", "truth"
        if self._peek()[1] != "(":
            return self._property(name)
        if upper in ("DATE", "TIMESTAMP"):
            return self._moment(upper)
        if upper == "BBOX":
            return self._shapes.box(
                [float(self._number(one)) for one in self._list(self._signed)]
            ), "geometry"
        if upper in _SHAPES:
            return self._shapes.drawn(upper, self._coordinates()), "geometry"
        return self._function(name.lower())

    def _property(self, name: str) -> Operand:
        if name not in self._properties:
            known = ", ".join(self._properties)
            raise InputError(
                f"The filter asks about {name[:40]!r}, which is no queryable.", hint=f"Ask about {known}."
            )
        return {"property": name}, self._properties[name]

    def _function(self, name: str) -> Operand:
        if name not in _FUNCTIONS:
            raise InputError(
                f"The filter calls {name[:40]}, which is not known.",
                hint=f"There are {', '.join(_FUNCTIONS)}.",
            )
        takes, gives = _FUNCTIONS[name]
        given = self._list(self._sum)
        if takes[0] == "texts":  # one text in brackets reads as a text
            given = [
                ([one], "texts") if kind == "text" and isinstance(one, str) else (one, kind)
                for one, kind in given
            ]
        if tuple(kind for _, kind in given) != takes:
            raise self._unexpected(f"{name.upper()}({', '.join(takes)})")
        return {"op": name, "args": [one for one, _ in given]}, gives

    def _list(self, part: Callable[[], Operand]) -> list[Operand]:
        self._needs("(")
        listed = [self._nested(part)]
        while self._takes(",") is not None:
            listed.append(self._nested(part))
        self._needs(")")
        return listed

    def _moment(self, word: str) -> Operand:
        said = self._text(self._list(self._value)[0])
        if word == "DATE":
            return self._date(said)
        try:
            return {"timestamp": datetime.fromisoformat(said).isoformat()}, "date"
        except ValueError:
            raise _refused(f"The filter has the time {said[:40]!r}, which is none.") from None

    def _date(self, said: str) -> Operand:
        try:
            return {"date": date.fromisoformat(said.replace("/", "-")).isoformat()}, "date"
        except ValueError:
            raise _refused(f"The filter has the date {said[:40]!r}, which is none.") from None

    def _coordinates(self) -> list[Any]:
        """Read coordinates in brackets: pairs of numbers, or further brackets, between commas."""
        self._needs("(")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _refused(f"The filter nests more than {_DEEPEST} deep.")
        parts: list[Any] = []
        while True:
            if self._peek()[1] == "(":
                parts.append(self._coordinates())
            else:
                parts.append((float(self._number(self._signed())), float(self._number(self._signed()))))
            if self._takes(",") is None:
                break
        self._depth -= 1
        self._needs(")")
        return parts


def _negated(truth: Any) -> Operand:
    return {"op": "not", "args": [truth]}, "truth"


def _finite(said: str) -> float:
    number = float(said)
    if not math.isfinite(number):
        raise _refused(f"The filter has the number {said[:40]}, which is too large.")
    return number


def _tokens(text: str) -> list[tuple[str, str, int]]:
    tokens = []
    at = 0
    whole = text.rstrip()
    while at < len(whole):
        found = _TOKEN.match(whole, at)
        if found is None:
            start = at + len(whole[at:]) - len(whole[at:].lstrip())
            raise _refused(
                f"At character {start + 1} of the filter there is {whole[start]!r}, which is no CQL2."
            )
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind], found.start(kind)))
        at = found.end()
    return [*tokens, ("end", "", len(whole))]
