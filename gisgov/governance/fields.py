"""Reading one mapping of a policy document key by key, so that every fault is named with its path."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from gisgov.errors import ProfileError

Word = TypeVar("Word", bound=StrEnum)


class Fields:
    """One mapping of a document that came from YAML, TOML or JSON.

    Keys are asked for one by one; `done` then refuses the keys that nobody asked for.

    Parameters
    ----------
    content : object
        What the document holds at this place; anything but a mapping is refused.
    document : str
        What people call the document, usually its file name.
    path : str
        Where in the document this mapping stands, such as ``layers[2]``; empty for the whole document.
    """

    def __init__(self, content: object, document: str, path: str = "") -> None:
        self.document = document
        self.path = path
        self._asked: list[str] = []
        if not isinstance(content, Mapping):
            self.refuse(None, f"must be a mapping of keys to values, not {describe(content)}")
        self._content: Mapping[str, Any] = content

    def refuse(self, key: str | None, fault: str, hint: str | None = None) -> NoReturn:
        """Raise a ProfileError that names the document and the path of ``key``."""
        place = ".".join(part for part in (self.path, key) if part)
        message = f"{self.document}: {place} {fault}." if place else f"{self.document} {fault}."
        raise ProfileError(message, hint=hint, field=place or None)

    def has(self, key: str) -> bool:
        """Whether ``key`` stands in the mapping with a value."""
        self._asked.append(key)
        return self._content.get(key) is not None

    def text(self, key: str) -> str:
        """Return a text that must be there and not be blank, without surrounding space."""
        found = self.optional_text(key)
        if found is None:
            self.refuse(key, "is missing")
        return found

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where the key is absent or null."""
        if not self.has(key):
            return None
        value = self._content[key]
        if not isinstance(value, str):
            self.refuse(key, f"must be a text, not {describe(value)}", "Put it in quotation marks.")
        if not value.strip():
            self.refuse(key, "is blank")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; an absent key gives an empty one."""
        found: list[str] = []
        for i, item in self._list(key):
            if not isinstance(item, str) or not item.strip():
                self.refuse(
                    f"{key}[{i}]", f"must be a text, not {describe(item)}", "Put it in quotation marks."
                )
            found.append(item.strip())
        return tuple(found)

    def integer(self, key: str, *, least: int, most: int | None = None, default: int | None = None) -> int:
        """Return a whole number from ``least`` to ``most``; without ``default`` it must be there."""
        if not self.has(key):
            if default is None:
                self.refuse(key, "is missing")
            return default
        value = self._content[key]
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, f"must be a whole number, not {describe(value)}")
        if value < least or (most is not None and value > most):
            limits = f"{least} or more" if most is None else f"from {least} to {most}"
            self.refuse(key, f"must be {limits}, not {value}")
        return value

    def number(self, key: str, *, least: float, default: float | None = None) -> float:
        """Return a finite number of at least ``least``; without ``default`` it must be there."""
        if not self.has(key):
            if default is None:
                self.refuse(key, "is missing")
            return default
        value = self._content[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.refuse(key, f"must be a number, not {describe(value)}")
        if value < least:
            self.refuse(key, f"must be {least:g} or more, not {value:g}")
        return float(value)

    def optional_number(self, key: str) -> float | None:
        """Return a finite number, or None where the key is absent or null."""
        return self.number(key, least=-math.inf) if self.has(key) else None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        if not self.has(key):
            return default
        value = self._content[key]
        if not isinstance(value, bool):
            self.refuse(key, f"must be true or false, not {describe(value)}")
        return value

    def choice(self, key: str, words: type[Word]) -> Word:
        """Return one word of a closed list that must be there."""
        value = self.text(key)
        allowed = [word.value for word in words]
        if value not in allowed:
            self.refuse(key, f"is {value!r}; allowed are {listed(allowed)}")
        return words(value)

    def value(self, key: str) -> object:
        """Return whatever stands under ``key``, which must be there."""
        if not self.has(key):
            self.refuse(key, "is missing")
        found: object = self._content[key]
        return found

    def inner(self, key: str) -> Fields:
        """Return the mapping under ``key``, which must be there."""
        return Fields(self.value(key), self.document, self._at(key))

    def inners(self, key: str) -> list[Fields]:
        """Return a list of mappings; an absent key gives an empty one."""
        return [Fields(item, self.document, self._at(key, i)) for i, item in self._list(key)]

    def names(self) -> tuple[str, ...]:
        """Return all keys in their order, for mappings whose keys are names."""
        for key in self._content:
            if not isinstance(key, str):
                self.refuse(None, f"has the key {key!r}, which is not a text", "Put it in quotation marks.")
        return tuple(self._content)

    def done(self) -> None:
        """Refuse the first key that was never asked for."""
        for key in self._content:
            if key not in self._asked:
                self.refuse(str(key), f"is not known here; allowed are {listed(sorted(set(self._asked)))}")

    def _list(self, key: str) -> Iterator[tuple[int, object]]:
        if not self.has(key):
            return
        value = self._content[key]
        if not isinstance(value, list | tuple):
            self.refuse(key, f"must be a list, not {describe(value)}")
        yield from enumerate(value)

    def _at(self, key: str, index: int | None = None) -> str:
        place = f"{self.path}.{key}" if self.path else key
        return place if index is None else f"{place}[{index}]"


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number with more digits than a float has room for
        return False


def describe(value: object) -> str:
    """Say in words what a value of a document is, short enough for one message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    shown = repr(value) if isinstance(value, str) else str(value)
    shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
    return f"the text {shown}" if isinstance(value, str) else shown


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Join words for a message: ``a, b and c``; ``nothing`` when there are none."""
    if not words:
        return "nothing"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
