"""The closed loop written down once more, by hand: what a walk through the real one is held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from gisgov import errors
from gisgov.errors import GisgovError

OPEN = {"reported", "verified", "accepted", "dispatched", "handling", "suspended", "handled", "reviewed"}
AFTER = {"closed", "revisited", "rejected", "merged"}
BUSY = {"dispatched", "handling"}
NEW = {"reported", "verified"}
HANDLE, DISPATCH, REVIEW = "handle", "dispatch", "review"
# action: from, to (None: stays; back: where it was), right, what it needs
RULES: dict[str, tuple[set[str], str | None, str, str]] = {
    "report": (set(), "reported", "report", ""),
    "verify": ({"reported"}, "verified", HANDLE, ""),
    "accept": (NEW, "accepted", DISPATCH, ""),
    "reject": (NEW, "rejected", DISPATCH, "reason"),
    "correct-on-the-spot": (NEW, "closed", HANDLE, "first"),
    "dispatch": ({"accepted"}, "dispatched", DISPATCH, "known desk"),
    "start": ({"dispatched"}, "handling", HANDLE, ""),
    "handle": (BUSY, "handled", HANDLE, "reason"),
    "return": (BUSY, "accepted", HANDLE, "reason"),
    "hand-over": (NEW | BUSY | {"accepted"}, None, HANDLE, "desk"),
    "review": ({"handled"}, "reviewed", REVIEW, ""),
    "rework": ({"handled", "reviewed"}, "handling", REVIEW, "reason"),
    "close": ({"reviewed"}, "closed", REVIEW, ""),
    "revisit": ({"closed"}, "revisited", REVIEW, ""),
    "reopen": (AFTER, "accepted", REVIEW, "reason"),
    "suspend": (BUSY | {"accepted"}, "suspended", DISPATCH, "reason"),
    "resume": ({"suspended"}, "back", DISPATCH, ""),
    "merge": (OPEN, "merged", DISPATCH, "other"),
    "note": (OPEN | AFTER, None, HANDLE, "reason"),
}
OF_THE_DEPARTMENT = {"start", "handle", "return", "hand-over"}
"""What its own people alone do with what lies on a department's desk, and whoever dispatches."""
MOVES_DESK = {"report", "dispatch", "hand-over"}
# held to what they do elsewhere
LEGAL_BESIDE: dict[str, tuple[set[str], str | None, str, str]] = {
    "extend": (OPEN, None, DISPATCH, "reason, limit"),
    "classify": (OPEN, None, DISPATCH, "category"),
}
RIGHTS = {
    "officer-a": {HANDLE, "report"},
    "officer-c": {HANDLE, "report"},
    "officer-water": {HANDLE, "report"},
    "dispatcher-s": {HANDLE, DISPATCH, REVIEW, "report"},
    "manager": {HANDLE, DISPATCH, REVIEW, "report"},
    "viewer": set(),
}


@dataclass
class Modelled:
    """An event of the model; it lies in grid A of street S, where all but officer-c see it."""

    level: str
    state: str = "reported"
    number: int = 1
    desk: str = "A"  # a grid, a department or triage
    before: str = ""
    into: int | None = None
    done: list[str] = field(default_factory=lambda: ["report"])

    def take(self, action: str, to: str, desk: str | None = None) -> None:
        """Note a step that was taken."""
        if to != self.state:
            self.before = self.state
        self.state, self.number = to, self.number + 1
        self.desk = desk or self.desk
        self.done.append(action)


@dataclass(frozen=True)
class Tried:
    """A step that somebody tries."""

    who: str
    at: int
    action: str
    reason: bool
    desk: str | None
    into: int | None
    expects: int | None


def legal(event: Modelled) -> list[str]:
    """Return what may be done with an event by whoever may do everything, by name."""
    own = [name for name, (sources, *_) in RULES.items() if event.state in sources]
    own += [name for name, (sources, *_) in LEGAL_BESIDE.items() if event.state in sources]
    return sorted(name for name in own if name != "correct-on-the-spot" or event.level == "1")


def may(who: str, event: Modelled) -> list[str]:
    """Return what somebody may do with an event that they see, by name."""
    rules = {**RULES, **LEGAL_BESIDE}
    return [one for one in legal(event) if rules[one][2] in RIGHTS[who] and _is_theirs(who, one, event)]


def sees(who: str, event: Modelled) -> bool:
    """Whether somebody sees an event."""
    return who != "officer-c" or event.desk == "C"


def _is_theirs(who: str, action: str, event: Modelled) -> bool:
    """Whether a step is not another department's."""
    is_theirs = action not in OF_THE_DEPARTMENT or event.desk != "water"
    return is_theirs or who == "officer-water" or DISPATCH in RIGHTS[who]


def step(events: list[Modelled], tried: Tried) -> type[GisgovError] | None:
    """Take a step in the model, or return how it is refused."""
    event = events[tried.at]
    sources, target, right, needs = RULES[tried.action]
    refused = _beyond(events, tried, right) or _unfit(event, tried, sources, needs)
    if refused is None and tried.into is not None:
        refused = None if _takes_in(events, tried) else errors.ConflictError
    if refused is not None:
        return refused
    former = event.into
    to = event.before if target == "back" else target or event.state
    event.take(tried.action, to, "triage" if tried.action == "return" else tried.desk)
    event.into = tried.into if tried.action == "merge" else event.into if to == "merged" else None
    if tried.into is not None:
        events[tried.into].take("absorb", events[tried.into].state)
    elif former is not None and event.into is None:
        events[former].take("release", events[former].state)
    return None


def _beyond(events: list[Modelled], tried: Tried, right: str) -> type[GisgovError] | None:
    for one in [tried.at] if tried.into is None else [tried.at, tried.into]:
        if not sees(tried.who, events[one]):
            return errors.EventUnknown
        if right not in RIGHTS[tried.who]:
            return errors.NotAllowed
    if tried.expects not in (None, events[tried.at].number):
        return errors.StepConflict
    if not _is_theirs(tried.who, tried.action, events[tried.at]):
        return errors.NotAllowed
    return None


def _unfit(event: Modelled, tried: Tried, sources: set[str], needs: str) -> type[GisgovError] | None:
    if event.state not in sources or (needs == "first" and event.level != "1"):
        return errors.IllegalTransition
    lacks = {
        "reason": not tried.reason,
        "desk": tried.desk is None,
        "known desk": (tried.desk or event.desk) == "triage",
        "other": tried.into is None,
    }
    takes_too_much = (tried.desk is not None and tried.action not in MOVES_DESK) or (
        tried.into is not None and needs != "other"
    )
    return errors.InputError if lacks.get(needs, False) or takes_too_much else None


def _takes_in(events: list[Modelled], tried: Tried) -> bool:
    return tried.into != tried.at and events[tried.into or 0].state in OPEN
