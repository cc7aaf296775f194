"""Use case: verify that the audit is all there, and as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.store import audit as store
from gisgov.store.database import Database

Fault = Literal["changed", "missing", "moved", "broken", "cut", "forged", "unlinked", "rewritten"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A position and the hash it had: whoever keeps one elsewhere can tell if the audit is written anew.

    Attributes
    ----------
    position : int
        Position in the chain.
    sha256 : str
        Hash of the chain up to it.
    """

    position: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.position}:{self.sha256}"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something that is wrong with the audit.

    Attributes
    ----------
    fault : str
        ``changed``: an entry says something else than was hashed. ``missing``: an entry or a position is not
        there. ``moved``: an entry stands where another belongs. ``broken``: a link does not follow on the
        one before. ``cut``: the end is missing. ``forged``: there is more than was written. ``unlinked``: an
        entry has no position. ``rewritten``: a position has another hash than it had.
    position : int or None
        The first position that is wrong; None for an entry without one.
    at : datetime or str or None
        Its time, as far as the audit tells it.
    what : str
        What is wrong, in a sentence.
    count : int
        How many positions or entries are wrong alike.
    """

    fault: Fault
    position: int | None
    at: datetime | str | None
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Whether the audit is whole.

    Attributes
    ----------
    intact : bool
        Whether nothing is wrong.
    entries : int
        How many entries have a position.
    head : Milestone or None
        Where it ends: to be kept elsewhere and expected by a later verification. None where it is lost.
    head_at : datetime or None
        When the last entry was committed.
    findings : tuple of AuditFinding
        What is wrong, the first position first.
    """

    intact: bool
    entries: int
    head: Milestone | None
    head_at: datetime | None
    findings: tuple[AuditFinding, ...]


def parse_milestone(text: str) -> Milestone:
    """Return a milestone from ``POSITION:SHA256``.

    Raises
    ------
    InputError
        It is none.

    Examples
    --------
    >>> parse_milestone("12:" + "0f" * 32).position
    12
    """
    match = re.fullmatch(r"([0-9]{1,18}):([0-9A-Fa-f]{64})", text.strip())
    if match is None:
        raise InputError(
            "What is expected is no position with its hash.",
            hint="Write it as an earlier verification told it: POSITION:SHA256.",
            field="expect",
        )
    return Milestone(int(match[1]), match[2].lower())


def verify_audit(database: Database, *, expect: Milestone | None = None) -> AuditVerification:
    """Compute all hashes of the audit anew and compare them.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks, who has the right to the audit.
    expect : Milestone, optional
        What an earlier verification or export told of a position. Whoever owns the tables could write the
        whole audit anew; that is found by this alone.
    """
    with database.begin() as connection:
        seen = store.examine(connection, None if expect is None else expect.position)
        findings = [*_of_chain(connection, seen), *_of_end(seen), *_of_expected(seen, expect)]
    findings.sort(key=lambda one: (one.position is None, one.position or 0))
    findings += _of_entries(seen)
    head = None if seen.head_position is None else Milestone(seen.head_position, seen.head_sha256)
    return AuditVerification(not findings, seen.links, head, seen.head_committed_at, tuple(findings))


def _of_chain(connection: sa.Connection, seen: sa.Row[Any]) -> Iterator[AuditFinding]:
    if seen.fault is None:
        return
    position, at, fault = seen.position, seen.committed_at, seen.fault
    if fault == "missing-position":
        first, last = seen.position_before + 1, position - 1
        span = f"Position {first} is" if first == last else f"Positions {first} to {last} are"
        yield AuditFinding("missing", first, at, f"{span} missing.", seen.wrong)
        return
    if fault == "missing-entry":
        what = f"The entry of position {position} is missing."
        yield AuditFinding("missing", position, at, what, seen.wrong)
        return
    place = store.place_of(connection, seen)
    if place is not None:
        what = f"What stands at position {position} and at position {place} was exchanged or moved."
        yield AuditFinding("moved", position, at, what, seen.wrong)
    elif fault == "broken":
        what = f"Position {position} does not follow on what stands before it: one of the two was changed."
        yield AuditFinding("broken", position, at, what, seen.wrong)
    else:
        what = f"The entry or link of position {position} is not what was written."
        yield AuditFinding("changed", position, at, what, seen.wrong)


def _of_end(seen: sa.Row[Any]) -> Iterator[AuditFinding]:
    last, head = seen.last_position or 0, seen.head_position
    if head is None:
        yield AuditFinding("missing", last + 1, None, "Where the audit ends is not written any more.")
    elif head > last:
        span = f"Position {head} is" if head == last + 1 else f"Positions {last + 1} to {head} are"
        what = f"{span} missing at the end."
        yield AuditFinding("cut", last + 1, seen.head_committed_at, what, head - last)
    elif head < last:
        what = f"The audit was written up to position {head}; what stands behind it was put there."
        yield AuditFinding("forged", head + 1, seen.last_committed_at, what, last - head)
    elif last and seen.last_sha256 != seen.head_sha256:
        what = f"The hash of position {last} is not the one that the audit ended with."
        yield AuditFinding("forged", last, seen.last_committed_at, what)


def _of_expected(seen: sa.Row[Any], expect: Milestone | None) -> Iterator[AuditFinding]:
    if expect is None or seen.expected_sha256 == expect.sha256:
        return
    if expect.position == 0 and expect.sha256 == "0" * 64:
        return
    what = (
        f"Position {expect.position} was expected and is not there."
        if seen.expected_sha256 is None
        else f"Position {expect.position} has another hash than it had: it or one before was written anew."
    )
    yield AuditFinding("rewritten", expect.position, None, what)


def _of_entries(seen: sa.Row[Any]) -> Iterator[AuditFinding]:
    if seen.unlinked:
        what = (
            f"Entry {seen.unlinked_id} stands in no position: it was put there, or its link was taken away."
        )
        yield AuditFinding("unlinked", None, seen.unlinked_at, what, seen.unlinked)
