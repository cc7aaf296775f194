"""Every error gisgov raises on purpose.

::

    GisgovError
    ├── InputError              what was given cannot be used
    │   ├── CrsError            no, unknown or contradicting coordinate system
    │   ├── CoordinateError     a coordinate is missing, not finite or out of range
    │   ├── FileError           a file is absent, unreadable, empty or of another kind
    │   ├── ProfileError        a profile, code scheme or rule table does not hold together
    │   ├── Infeasible          no division keeps all that it is to keep
    │   └── RowsRefused         rows have problems and all must be good (``--strict``)
    ├── NotFoundError           a layer, plan, area … of that name does not exist
    │   ├── AreaRetired         an area of that code was in force once; ``replaced_by`` tells what followed
    │   └── EventUnknown        there is no such event where whoever asks may see events
    ├── ConflictError           it contradicts what is stored
    │   ├── NameTaken           the name belongs to something else
    │   ├── PlanPublished       a published or retired plan cannot be changed
    │   ├── DraftChanged        somebody changed the draft since it was looked at; ``since`` tells what
    │   ├── RebaseConflict      a draft and a newer plan changed the same; ``conflicts`` lists it
    │   ├── StaleBase           a draft would undo what a newer plan than its base changed
    │   ├── ValidityOverlap     two plans would be in force at one time
    │   ├── IllegalTransition   an event is not where such a step begins; ``legal`` names those that do
    │   ├── StepConflict        somebody took a step with the event since it was looked at
    │   └── JobNotDone          a job has no result, because it is not done
    ├── NotSignedIn             nobody in particular asks for what accounts alone may have
    │   └── SignInRefused       name or password, or the key, is not right
    │       └── SignOnRefused   … or what a single sign-on answered
    ├── NotAllowed              the account has no right to it, or not there
    │   └── PasswordExpired     a one-time or expired password must be changed first
    ├── TooManyRequests         asked too often in a short time; ``retry_after_s`` says when again
    │   └── AccountLocked       … with wrong passwords
    ├── DefectsFound            a check found defects, so the step was not taken
    ├── Cancelled               whoever asked for long work did not want it any more
    ├── JobDied                 the process that did a job died
    │   └── JobTimedOut         … because it took longer than it may
    └── UnavailableError        something gisgov stands on cannot be reached
        ├── DatabaseUnavailable
        │   └── TookTooLong     a statement took longer than it may
        ├── SignOnUnavailable   the single sign-on does not answer
        ├── ProgramMissing      PostgreSQL, PostGIS, Chromium, a font … is not installed
        ├── AssetsMissing       the web assets were not built
        └── QueueFull           as many jobs wait as may wait

A message is one sentence that says what was wrong and where; ``hint`` says what to do about it.
No class here knows of HTTP or of exit codes; `api.problems` and `gisgov.cli` hold those tables.
"""

from __future__ import annotations

from typing import Any


class GisgovError(Exception):
    """Base of all errors that are meant for the person who asked.

    Parameters
    ----------
    message : str
        What was wrong and where (row, field, coordinate), as one sentence.
    hint : str, optional
        What to do about it.
    field : str, optional
        Name of the field or parameter at fault, for a pointer in API answers.
    """

    slug = "error"

    def __init__(self, message: str, *, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class InputError(GisgovError):
    """What was given cannot be used."""

    slug = "invalid-input"


class CrsError(InputError):
    """No, unknown or contradicting coordinate system."""

    slug = "invalid-crs"


class CoordinateError(InputError):
    """A coordinate is missing, not finite or out of range."""

    slug = "invalid-coordinate"


class FileError(InputError):
    """A file is absent, unreadable, empty or of another kind."""

    slug = "unreadable-file"


class ProfileError(InputError):
    """A profile, code scheme or rule table does not hold together."""

    slug = "invalid-profile"


class Infeasible(InputError):
    """No division keeps all that it is to keep; ``obstacle`` says what stands in the way, in numbers."""

    slug = "infeasible"

    def __init__(
        self, message: str, *, obstacle: object = None, hint: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.obstacle = obstacle


class RowsRefused(InputError):
    """Rows have problems and all must be good."""

    slug = "rows-refused"


class NotFoundError(GisgovError):
    """Nothing of that name exists."""

    slug = "not-found"


class AreaRetired(NotFoundError):
    """An area of that code was in force once; ``replaced_by`` tells what followed on its ground."""

    slug = "area-retired"

    def __init__(
        self,
        message: str,
        *,
        replaced_by: list[dict[str, Any]],
        hint: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.replaced_by = replaced_by


class EventUnknown(NotFoundError):
    """There is no such event where whoever asks may see events."""

    slug = "event-unknown"


class ConflictError(GisgovError):
    """The request contradicts what is stored."""

    slug = "conflict"


class NameTaken(ConflictError):
    """The name belongs to something else."""

    slug = "name-taken"


class DraftChanged(ConflictError):
    """Somebody changed the draft since it was looked at; ``since`` tells what, operation by operation."""

    slug = "draft-changed"

    def __init__(
        self,
        message: str,
        *,
        revision: int,
        since: list[dict[str, Any]],
        hint: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.revision = revision
        self.since = since


class RebaseConflict(ConflictError):
    """A draft and a newer plan changed the same in different ways; ``conflicts`` lists it, by block."""

    slug = "rebase-conflict"

    def __init__(
        self,
        message: str,
        *,
        conflicts: list[dict[str, Any]],
        hint: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.conflicts = conflicts


class PlanPublished(ConflictError):
    """A published or retired plan cannot be changed."""

    slug = "plan-published"


class StaleBase(ConflictError):
    """A draft would undo what a plan changed that is newer than what the draft is based on."""

    slug = "stale-base"


class ValidityOverlap(ConflictError):
    """Two plans of one layer and scope would be in force at one time."""

    slug = "validity-overlap"


class IllegalTransition(ConflictError):
    """An event is not where such a step begins; ``legal`` names the actions that are possible there."""

    slug = "illegal-transition"

    def __init__(
        self,
        message: str,
        *,
        event_id: int,
        state: str,
        action: str,
        legal: list[str],
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, field="action")
        self.event_id = event_id
        self.state = state
        self.action = action
        self.legal = legal


class StepConflict(ConflictError):
    """Somebody took a step with the event since it was looked at; ``step_number`` tells which is the last."""

    slug = "step-conflict"

    def __init__(
        self, message: str, *, step_number: int, hint: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.step_number = step_number


class JobNotDone(ConflictError):
    """A job has no result, because it is not done."""

    slug = "job-not-done"


class NotSignedIn(GisgovError):
    """Nobody in particular asks for what accounts alone may have."""

    slug = "not-signed-in"


class SignInRefused(NotSignedIn):
    """Name or password, or the key, is not right."""

    slug = "sign-in-refused"


class SignOnRefused(SignInRefused):
    """What a single sign-on answered is not right, or means nobody who has an account here."""

    slug = "sign-on-refused"


class NotAllowed(GisgovError):
    """The account has no right to it, or not there."""

    slug = "not-allowed"


class PasswordExpired(NotAllowed):
    """A one-time or expired password must be changed first."""

    slug = "password-expired"


class TooManyRequests(GisgovError):
    """Asked too often in a short time; ``retry_after_s`` says in how many seconds again."""

    slug = "too-many-requests"

    def __init__(self, message: str, *, retry_after_s: int = 60, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class AccountLocked(TooManyRequests):
    """Too many wrong passwords in a short time."""

    slug = "account-locked"


class DefectsFound(GisgovError):
    """A check found defects, so the step was not taken."""

    slug = "defects-found"


class Cancelled(GisgovError):
    """Whoever asked for long work did not want it any more."""

    slug = "cancelled"


class JobDied(GisgovError):
    """The process that did a job died before it was done."""

    slug = "job-died"


class JobTimedOut(JobDied):
    """A job took longer than it may and was ended."""

    slug = "job-timed-out"


class UnavailableError(GisgovError):
    """Something gisgov stands on cannot be reached."""

    slug = "unavailable"


class DatabaseUnavailable(UnavailableError):
    """The database does not answer or went away."""

    slug = "database-unavailable"


class TookTooLong(DatabaseUnavailable):
    """A statement in the database took longer than it may, and was given up."""

    slug = "took-too-long"


class SignOnUnavailable(UnavailableError):
    """The single sign-on does not answer, or not as one does."""

    slug = "sign-on-unavailable"


class ProgramMissing(UnavailableError):
    """A program or font that the step needs is not installed."""

    slug = "program-missing"


class AssetsMissing(UnavailableError):
    """The web assets were not built."""

    slug = "assets-missing"


class QueueFull(UnavailableError):
    """As many jobs wait as may wait."""

    slug = "queue-full"
