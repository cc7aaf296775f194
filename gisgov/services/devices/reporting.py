"""Use case: take in how devices are, as the systems that watch them report it, with a result for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from gisgov.errors import InputError
from gisgov.governance.devices import DeviceState
from gisgov.services.access import devices_beyond
from gisgov.services.days import AHEAD, moment_in
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.devices import KnownDevice, hold_devices, write_device_states

MOST_STATES: Final = 10_000
"""How many states come at once, at most."""

RIGHT: Final = "devices.report"

Reported = Literal["online", "offline"]
"""What is reported; a device is retired, and brought back, by the register alone."""


@dataclass(frozen=True, slots=True)
class SentState:
    """How a device is, as it is sent.

    Attributes
    ----------
    device : str
        Its id.
    state : {"online", "offline"}
        How it is.
    at : datetime.datetime or None
        As of when; without an offset in the time zone of the place; None is now.
    """

    device: str
    state: Reported
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateResult:
    """What became of one report of a state.

    Attributes
    ----------
    index : int
        Which, from 0.
    device : str
        The id of the device.
    status : {"changed", "unchanged", "older", "refused"}
        ``unchanged``: it was heard of again as it is known; ``older``: something later is known already.
    reason : str or None
        Why it was refused.
    """

    index: int
    device: str
    status: Literal["changed", "unchanged", "older", "refused"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceStatesTaken:
    """What became of a batch of reports of states.

    Attributes
    ----------
    changed, unchanged, older, refused : int
        How many.
    items : tuple of StateResult
        One for each, in the order they came.
    """

    changed: int
    unchanged: int
    older: int
    refused: int
    items: tuple[StateResult, ...]


def take_states(
    database: Database, states: Sequence[SentState], *, now: datetime, timezone: ZoneInfo
) -> DeviceStatesTaken:
    """Take in how devices are; the latest report of each counts, in whatever order they come.

    That a device was heard of again as it is known moves its `state_at`, which the audit does not tell of: it
    tells of devices whose state changed from before the batch to after it, once each.

    Parameters
    ----------
    database : Database
        Where they are kept.
    states : sequence of SentState
        At most `MOST_STATES`.
    now : datetime.datetime
        With an offset; what is more than an hour later is refused.
    timezone : zoneinfo.ZoneInfo
        Of moments without an offset.

    Raises
    ------
    InputError
        There are more than `MOST_STATES`.
    """
    if len(states) > MOST_STATES:
        told = f"There are more than {MOST_STATES:,} states."
        raise InputError(told, hint="Send them in parts.", field="states")
    moments = [now if one.at is None else moment_in(one.at, timezone) for one in states]
    ids = [one.device.strip() for one in states]
    with database.begin() as connection:
        with as_owner(connection):
            known = hold_devices(connection, set(ids))
        beyond = devices_beyond(connection, RIGHT, known)
        items, latest = _sorted_out(states, ids, moments, known, beyond, now + AHEAD)
        with as_owner(connection):
            write_device_states(connection, ((name, *told) for name, told in latest.items()))
    counts = [one.status for one in items]
    return DeviceStatesTaken(
        counts.count("changed"),
        counts.count("unchanged"),
        counts.count("older"),
        counts.count("refused"),
        tuple(items),
    )


def _sorted_out(
    states: Sequence[SentState],
    ids: Sequence[str],
    moments: Sequence[datetime],
    known: Mapping[str, KnownDevice],
    beyond: frozenset[str],
    last: datetime,
) -> tuple[list[StateResult], dict[str, tuple[str, datetime]]]:
    """Return a result for each report, and how devices are now of which something new was told."""
    held = {name: (one.state, one.state_at) for name, one in known.items()}
    found: dict[int, StateResult] = {}
    told: set[str] = set()
    # by their moments; of those of one moment the one that was sent last counts
    for index in sorted(range(len(states)), key=lambda index: moments[index]):
        name, state, moment = ids[index], states[index].state, moments[index]
        reason = _fault(name, moment, known, beyond, last)
        if reason is not None:
            found[index] = StateResult(index, name, "refused", reason)
        elif moment < held[name][1]:
            found[index] = StateResult(index, name, "older")
        else:
            found[index] = StateResult(index, name, "unchanged" if held[name][0] == state else "changed")
            held[name] = state, moment
            told.add(name)
    return [found[index] for index in range(len(states))], {name: held[name] for name in sorted(told)}


def _fault(
    name: str, moment: datetime, known: Mapping[str, KnownDevice], beyond: frozenset[str], last: datetime
) -> str | None:
    """Say why a report cannot be; None where it can. What lies beyond is told of as what is not known."""
    if name not in known or name in beyond:
        return f"No device that you may report of is called {name!r}."
    if known[name].state == DeviceState.RETIRED:
        return f"{name} is retired; the register brings it back."
    if moment > last:
        return f"{moment.isoformat()} has not come yet."
    return None
