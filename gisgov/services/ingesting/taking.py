"""Which reports are new, which are known, and which correct what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gisgov.governance.events import EventState
from gisgov.services.ingesting.comparing import Change, change_of, fill_up, refusal_of
from gisgov.services.ingesting.judging import Judged
from gisgov.services.ingesting.reports import Outcome
from gisgov.services.routing import Desk
from gisgov.store.ingesting import Key, KnownEvent


@dataclass(slots=True)
class Taken:
    """An item that is taken in.

    Attributes
    ----------
    item : Judged
        The item.
    outcome : str
        What becomes of it.
    state : str
        How far its event has come.
    change : Change
        What is written anew; a new event is routed too.
    event_id : int
        Its event; 0 before it is written.
    desk : Desk or None
        Where it landed, if it was routed.
    is_own : bool
        Whether whoever sent it reported the event: others learn no more than that it is known.
    """

    item: Judged
    outcome: Outcome
    state: str
    change: Change
    event_id: int = 0
    desk: Desk | None = None
    is_own: bool = True

    @property
    def is_corrected(self) -> bool:
        """Whether it was put right on the spot, and is open still."""
        report = self.item.report
        return report is not None and report.corrected and self.state == EventState.REPORTED


TakenItems: TypeAlias = dict[Key, Taken]
"""Items that are taken in by the keys of their events."""


def firsts(items: Iterable[Judged]) -> dict[Key, Judged]:
    """Return of each event the first item that tells of it without a fault, in the order of the keys."""
    found: dict[Key, Judged] = {}
    for item in items:
        if not item.faults:
            found.setdefault(item.key, item)
    return dict(sorted(found.items()))


def sort_out(first: Mapping[Key, Judged], known: Mapping[Key, KnownEvent], who: str) -> TakenItems:
    """Tell new items from known ones and from corrections; refuse those that may not correct.

    Parameters
    ----------
    first : mapping
        An item of each event.
    known : mapping
        Events that are there.
    who : str
        Name of whoever reports.
    """
    taken: TakenItems = {}
    for key, item in first.items():
        there = known.get(key)
        if there is None:
            taken[key] = Taken(item, "created", EventState.REPORTED.value, Change.ROUTE)
            continue
        change = Change.NOTHING if item.report is None else change_of(item, item.report, there)
        refusal = refusal_of(change, there, who) if change else None
        if refusal is not None:
            item.refuse("external_id", refusal)
            continue
        if change and item.report is not None:
            fill_up(item, item.report, there)
        outcome: Outcome = "updated" if change else "known"
        is_own = there.reported_by == who
        taken[key] = Taken(item, outcome, there.state, change, there.id, is_own=is_own)
    return taken


def refuse_again(items: Sequence[Judged], first: Mapping[Key, Judged], taken: Mapping[Key, Taken]) -> None:
    """Refuse what repeats an item that was refused."""
    for item in items:
        if not item.faults and item.key not in taken:
            item.faults.extend(first[item.key].faults)
