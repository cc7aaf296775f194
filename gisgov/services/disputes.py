"""Use cases: grade a dispute by the table in force, and write the grade of an event down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from gisgov.governance.disputes import DisputeRules
from gisgov.governance.loop import Move
from gisgov.services.access import require_event
from gisgov.services.loop import EventInfo, event_infos, write_steps
from gisgov.services.loop.writing import unknown_event
from gisgov.services.policies import policy_in_force
from gisgov.store import event_rows, loop
from gisgov.store.acting import as_owner
from gisgov.store.database import Database

_KIND: Final = "dispute-grades"


@dataclass(frozen=True, slots=True)
class DisputeGraded:
    """The grade of a dispute.

    Attributes
    ----------
    grade, title_zh, title_en : str
        ``major``, ``serious`` or ``minor``, and what people call it.
    row : str
        Name of the row of the table that gave it.
    because : tuple of str
        Conditions that were met; none for the last row.
    unknown : tuple of str
        Facts that nobody told and that might make it graver.
    rules_version : str
        Version of the table.
    is_example : bool
        Whether that is an example that nobody has decided on.
    """

    grade: str
    title_zh: str
    title_en: str
    row: str
    because: tuple[str, ...]
    unknown: tuple[str, ...]
    rules_version: str
    is_example: bool


def grade_dispute(database: Database, facts: Mapping[str, object]) -> DisputeGraded:
    """Say how grave a dispute is.

    Parameters
    ----------
    database : Database
        Where the table is.
    facts : mapping of str to object
        What is known of it, by the names of the table's facts; None is unknown.

    Raises
    ------
    InputError
        A fact is none of the table's, or its value cannot be one.
    """
    with database.begin() as connection:
        return _graded(policy_in_force(connection, _KIND), facts)


def grade_event(database: Database, event_id: int, facts: Mapping[str, object], *, today: date) -> EventInfo:
    """Grade the dispute that an event is, and write that into its history.

    Parameters
    ----------
    database : Database
        Where the event is.
    event_id : int
        The event.
    facts : mapping of str to object
        See `grade_dispute`.
    today : datetime.date
        The day of the step.

    Raises
    ------
    EventUnknown
        There is no such event where whoever acts may see events.
    NotAllowed
        Whoever acts may not deal with it.
    InputError
        See `grade_dispute`.
    """
    with database.begin() as connection:
        if not event_rows.is_seen(connection, event_id):
            raise unknown_event(event_id)
        require_event(connection, "events.handle", event_id)
        found = _graded(policy_in_force(connection, _KIND), facts)
        told = {name: value for name, value in facts.items() if value is not None}
        details = {"dispute": found.grade, "row": found.row, "rules": found.rules_version, "facts": told}
        words = f"{found.title_zh} ({found.title_en}): {', '.join(found.because) or found.row}"
        with as_owner(connection):
            loop.grade(connection, event_id, found.grade, found.rules_version)
        write_steps(connection, [Move(event_id, "note", words, details=details)], today=today)
        return event_infos(connection, [event_id])[0]


def _graded(rules: DisputeRules, facts: Mapping[str, object]) -> DisputeGraded:
    found = rules.grade(facts)
    return DisputeGraded(
        grade=found.grade.value,
        title_zh=found.grade.title_zh,
        title_en=found.grade.title_en,
        row=found.row,
        because=found.because,
        unknown=found.unknown,
        rules_version=rules.version,
        is_example=rules.is_example,
    )
