"""Limits and layers as people write them in one cell of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gisgov.errors import InputError
from gisgov.governance.events import EventLevel
from gisgov.governance.limits import Amount, TimeUnit
from gisgov.governance.loop import Stage

_PARTS: Final = re.compile(r"[;；\n]")
_PAIR: Final = re.compile(r"\s*(?P<key>[^:：=]+?)\s*[:：=]\s*(?P<value>\S.*?)\s*")
_AMOUNT: Final = re.compile(r"(?P<number>\d{1,5}(?:\.\d{1,3})?)\s*(?P<unit>\D+)")


def read_limits(text: str, stages: Mapping[str, Stage]) -> dict[str, Amount]:
    """Read ``stage: number unit; …``, in words or titles of either language.

    Parameters
    ----------
    text : str
        The cell.
    stages : mapping of str to Stage
        The stages that can have a limit.

    Raises
    ------
    InputError
        A part is no limit; the message says which, and what would be.

    Examples
    --------
    >>> from gisgov.governance.loop import loop_machine
    >>> limits = read_limits("处置：3 工作日; case=36 hours", loop_machine().stages)
    >>> [(stage, str(amount)) for stage, amount in limits.items()]
    [('handling', '3 working-days'), ('case', '36 hours')]
    """
    titles = {
        title.casefold(): name for name, one in stages.items() for title in (name, one.title_zh, one.title_en)
    }
    found: dict[str, Amount] = {}
    for key, value in _pairs(text, "handling: 3 working-days"):
        stage = titles.get(key.casefold())
        if stage is None:
            raise InputError(f"{key!r} is no stage; there are {', '.join(stages)}.")
        _once(found, stage)
        found[stage] = _amount(value)
    return found


def read_layers(text: str) -> dict[EventLevel, str]:
    """Read ``level: layer; …``.

    Raises
    ------
    InputError
        A part names no level.

    Examples
    --------
    >>> {level.value: layer for level, layer in read_layers("二级: community; 3=street").items()}
    {'2': 'community', '3': 'street'}
    """
    found: dict[EventLevel, str] = {}
    for key, layer in _pairs(text, "3: street"):
        level = EventLevel.read(key)
        if level is None:
            raise InputError(f"{key!r} is no level; there are 1, 2 and 3.")
        _once(found, level)
        found[level] = layer
    return found


def limits_text(limits: Mapping[str, Amount]) -> str:
    """Write limits as `read_limits` reads them."""
    return "; ".join(f"{stage}: {amount}" for stage, amount in limits.items())


def layers_text(layers: Mapping[EventLevel, str]) -> str:
    """Write layers as `read_layers` reads them."""
    return "; ".join(f"{level.value}: {layer}" for level, layer in layers.items())


def _pairs(text: str, like: str) -> Iterator[tuple[str, str]]:
    for part in _PARTS.split(text):
        if not part.strip():
            continue
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise InputError(f"{part.strip()!r} is not of the form {like!r}.")
        yield pair["key"], pair["value"]


def _amount(text: str) -> Amount:
    read = _AMOUNT.fullmatch(text)
    unit = None if read is None else TimeUnit.read(read["unit"])
    if read is None or unit is None:
        raise InputError(f"{text!r} is no time; write 3 working-days, in {', '.join(TimeUnit)}.")
    number = float(read["number"])
    if number == 0 or (unit is TimeUnit.WORKING_DAYS and number != int(number)):
        raise InputError(f"{text!r} is no time; it is more than nothing, and working days are whole.")
    return Amount(number, unit)


def _once(found: Mapping[Any, object], key: str) -> None:
    if key in found:
        raise InputError(f"{key} stands twice.")
