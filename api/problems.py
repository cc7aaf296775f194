"""Errors as RFC 9457 problems: the one table from errors to status and type, and the one shape they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from gisgov import errors

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem: its stable slug, the status it is sent with and what it means."""

    slug: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The ``type`` member: an address of this service that says what the kind means."""
        return f"/problems/{self.slug}"


# Subclasses not named here take the row of the nearest base class but keep their own slug.
_OF_ERRORS: Mapping[type[errors.GisgovError], tuple[int, str]] = {
    errors.GisgovError: (400, "The request cannot be done."),
    errors.InputError: (422, "What was given cannot be used."),
    errors.CrsError: (422, "The coordinate system is missing, unknown or contradicted."),
    errors.CoordinateError: (422, "A coordinate is missing, not finite or out of range."),
    errors.FileError: (422, "A file is absent, unreadable, empty or of another kind."),
    errors.ProfileError: (422, "A profile, code scheme or rule table does not hold together."),
    errors.Infeasible: (422, "No division keeps all that it is to keep."),
    errors.RowsRefused: (422, "Rows have problems and all must be good."),
    errors.NotFoundError: (404, "Nothing of that name exists."),
    errors.AreaRetired: (410, "An area of that code was in force once, and is no more."),
    errors.EventUnknown: (404, "There is no such event where whoever asks may see events."),
    errors.ConflictError: (409, "The request contradicts what is stored."),
    errors.NameTaken: (409, "The name belongs to something else."),
    errors.RebaseConflict: (409, "A draft and a newer plan changed the same."),
    errors.DraftChanged: (412, "Somebody changed the draft since it was looked at."),
    errors.IllegalTransition: (409, "The event does not stand where such a step begins."),
    errors.StepConflict: (412, "Somebody took a step with the event since it was looked at."),
    errors.PlanPublished: (409, "A published or retired plan cannot be changed."),
    errors.StaleBase: (409, "A draft would undo what a newer plan changed."),
    errors.ValidityOverlap: (409, "Two plans would be in force at one time."),
    errors.JobNotDone: (409, "A job has no result, because it is not done."),
    errors.JobDied: (500, "The process that did a job died before it was done."),
    errors.JobTimedOut: (504, "A job took longer than it may and was ended."),
    errors.Cancelled: (409, "The work was ended before it was done."),
    errors.NotSignedIn: (401, "The address is for accounts: sign in, or send a key."),
    errors.SignInRefused: (401, "Name, password or key is not right."),
    errors.SignOnRefused: (401, "The single sign-on was not finished, or means no account here."),
    errors.NotAllowed: (403, "The account has no right to it, or not there."),
    errors.PasswordExpired: (403, "The password must be changed first."),
    errors.TooManyRequests: (429, "Asked too often in a short time."),
    errors.AccountLocked: (429, "Too many wrong passwords in a short time."),
    errors.DefectsFound: (409, "A check found defects, so the step was not taken."),
    errors.UnavailableError: (503, "Something the service stands on cannot be reached."),
    errors.TookTooLong: (503, "A statement in the database took longer than it may and was given up."),
    errors.SignOnUnavailable: (503, "The single sign-on does not answer."),
    errors.DatabaseUnavailable: (503, "The database does not answer or went away."),
    errors.ProgramMissing: (503, "A program or font that the step needs is not installed."),
    errors.AssetsMissing: (503, "The web assets were not built."),
    errors.QueueFull: (503, "As many jobs wait as may wait."),
}

INVALID_REQUEST = ProblemKind("invalid-request", 422, "A parameter is missing, unknown or cannot be read.")
NO_SUCH_ADDRESS = ProblemKind("no-such-address", 404, "The service has no such address.")
METHOD_NOT_ALLOWED = ProblemKind("method-not-allowed", 405, "The address does not answer this method.")
CROSS_ORIGIN = ProblemKind("cross-origin", 403, "Pages of other sites may not ask for changes here.")
PRECONDITION_REQUIRED = ProblemKind(
    "precondition-required", 428, "A change must say which revision it was made for."
)
NOT_ACCEPTABLE = ProblemKind("not-acceptable", 406, "The address answers in none of the formats accepted.")
TOO_SLOW = ProblemKind("too-slow", 408, "What was being sent did not come.")
CSRF = ProblemKind("csrf", 403, "A change that a browser asks for lacks the token of its session.")
TOO_LARGE = ProblemKind("too-large", 413, "What was sent is larger than the service takes.")
UNSUPPORTED_MEDIA = ProblemKind("unsupported-media-type", 415, "The address does not take this kind of body.")
WRONG_HOST = ProblemKind("wrong-host", 421, "The service answers only under its own names.")
UNEXPECTED = ProblemKind("unexpected", 500, "The service failed in a way it did not expect.")

_OF_HTTP = (
    INVALID_REQUEST,
    NO_SUCH_ADDRESS,
    METHOD_NOT_ALLOWED,
    CROSS_ORIGIN,
    NOT_ACCEPTABLE,
    TOO_SLOW,
    TOO_LARGE,
    UNSUPPORTED_MEDIA,
    WRONG_HOST,
    PRECONDITION_REQUIRED,
    UNEXPECTED,
)
_OF_STATUS = {kind.status: kind for kind in _OF_HTTP}


_ANSWERS = {
    400: "A parameter is missing, unknown or cannot be used; `errors` points at it.",
    401: "The address is for accounts: sign in, or send a key.",
    403: "The account has no right to it, or a page of another site asks.",
    404: "Nothing of that name exists.",
    406: NOT_ACCEPTABLE.title,
    408: TOO_SLOW.title,
    409: "The request contradicts what is stored.",
    410: "What has this code was in force once, and is no more; `replaced_by` says what is on its ground.",
    412: "A draft is at another revision: `since` tells what was done to it, and `revision` which it is; or "
    "an event is at another step, `step_number`.",
    413: TOO_LARGE.title,
    415: UNSUPPORTED_MEDIA.title,
    428: PRECONDITION_REQUIRED.title,
    429: "Asked too often in a short time; `Retry-After` says when again.",
    422: "A parameter is missing, unknown or cannot be used; `errors` points at it.",
    500: UNEXPECTED.title,
    503: "Something the service stands on (the database, the built pages) cannot be reached, or as many jobs "
    "wait as may wait.",
    504: "The job took longer than it may and was ended.",
}


class Refusal(Exception):
    """A request that cannot be served for what it is as HTTP.

    Parameters
    ----------
    kind : ProblemKind
        Kind of the problem.
    detail : str
        What was wrong, as one sentence.
    hint : str, optional
        What to do about it.
    """

    def __init__(self, kind: ProblemKind, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.hint = hint


def kind_of_slug(slug: str) -> ProblemKind:
    """Return the kind of problem of a slug; of one that is not known, the general kind."""
    kinds = {kind.slug: kind for kind in all_kinds()}
    return kinds.get(slug, kinds[errors.GisgovError.slug])


def kind_of(error: errors.GisgovError) -> ProblemKind:
    """Return the kind of problem that tells of ``error``."""
    for base in type(error).__mro__:
        if base in _OF_ERRORS:
            status, title = _OF_ERRORS[base]
            return ProblemKind(error.slug, status, title)
    raise AssertionError("GisgovError is in the table")  # pragma: no cover


def kind_below(path: str, kind: ProblemKind) -> ProblemKind:
    """Return a kind of problem as an address answers it: OGC API – Features has 400 for what is 422 here."""
    return replace(kind, status=400) if kind.status == 422 and path.startswith("/ogc") else kind


def kind_of_status(status: int) -> ProblemKind:
    """Return the kind of problem for a status that the framework chose."""
    phrase = HTTPStatus(status).phrase
    return _OF_STATUS.get(status) or ProblemKind(phrase.lower().replace(" ", "-"), status, f"{phrase}.")


def all_kinds() -> tuple[ProblemKind, ...]:
    """Return every kind of problem that the service may answer with, ordered by slug."""
    own = [ProblemKind(error.slug, status, title) for error, (status, title) in _OF_ERRORS.items()]
    return tuple(sorted((*own, *_OF_HTTP), key=lambda kind: kind.slug))


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    pointer: str = Field(
        description="JSON Pointer (RFC 6901) to the field in the request seen as "
        "`{path: {…}, query: {…}, header: {…}, body: …}`.",
        examples=["/query/lon"],
    )
    detail: str = Field(description="What is wrong with it.", examples=["The longitude 200 is out of range."])


class Replacement(BaseModel):
    """An area in force on the ground of one that is in force no more."""

    code: str = Field(description="Its code.")
    name: str = Field(description="Its name.")
    plan: str = Field(description="Its plan.")
    origin: str = Field(description="What it is, seen from the plan before it: `split`, `merged` …")
    ground_share: float = Field(description="How much of the former area's ground it has, 0 to 1.")
    people_share: float | None = Field(
        default=None, description="How many of its people live there, 0 to 1; left out where nobody did."
    )


class Problem(BaseModel):
    """An RFC 9457 problem: the one shape of every error."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Stable address of the kind of problem.", examples=["/problems/not-found"])
    title: str = Field(description="What problems of this kind have in common.")
    status: int = Field(description="The HTTP status, once more.", examples=[422])
    detail: str = Field(description="What was wrong this time, and where.")
    hint: str | None = Field(default=None, description="What to do about it, where something can be done.")
    errors: list[FieldProblem] = Field(description="The fields at fault; empty when no single field is.")
    request_id: str = Field(description="Id of the request, as in X-Request-ID and in the log.")


class SentProblem(Problem):
    """A problem as it is sent, with the members that only its kind has."""

    revision: int | None = Field(
        default=None, description="Of a draft that was changed (412): the revision that it has now."
    )
    since: list[dict[str, Any]] | None = Field(
        default=None,
        description="Of the same: what was done since the revision named, operations as the log has them.",
    )
    replaced_by: list[Replacement] | None = Field(
        default=None, description="Of an area that was in force once (410): what is on its ground on the day."
    )
    state: str | None = Field(
        default=None, description="Of an event that a step cannot be taken with (409): where it stands."
    )
    legal: list[str] | None = Field(default=None, description="Of the same: what can be done from there.")
    step_number: int | None = Field(
        default=None, description="Of an event that somebody took a step with (412): number of its last step."
    )
    conflicts: list[dict[str, Any]] | None = Field(
        default=None, description="Of a rebase (409): what both sides changed, block by block."
    )


def problem_response(
    kind: ProblemKind,
    detail: str,
    *,
    request_id: str,
    hint: str | None = None,
    fields: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return the response that tells of one problem; ``members`` are those that only its kind has."""
    problem = SentProblem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=detail,
        hint=hint,
        errors=list(fields),
        request_id=request_id,
        **(members or {}),
    )
    sent = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(
        problem.model_dump(exclude_none=True), status_code=kind.status, headers=sent, media_type=MEDIA_TYPE
    )


def json_pointer(parts: Iterable[str | int]) -> str:
    """Return the RFC 6901 pointer to a place in the request.

    Examples
    --------
    >>> json_pointer(["query", "a/b~c"])
    '/query/a~1b~0c'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the entries of error responses for OpenAPI; 500 is always among them."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _ANSWERS[status], "content": content} for status in sorted({*statuses, 500})
    }
