"""The table from errors to problems."""

from __future__ import annotations

import inspect

from api.problems import all_kinds, json_pointer, kind_of, kind_of_status
from gisgov import errors


def error_classes() -> list[type[errors.GisgovError]]:
    members = inspect.getmembers(errors, inspect.isclass)
    return [member for _, member in members if issubclass(member, errors.GisgovError)]


def test_every_error_has_its_own_row() -> None:
    slugs = {kind.slug for kind in all_kinds()}
    assert {error.slug for error in error_classes()} <= slugs
    for error in error_classes():
        kind = kind_of(error.__new__(error))  # some must be told more than a sentence
        assert kind in all_kinds(), f"{error.__name__} is missing in the table"


def test_slugs_are_stable_and_all_different() -> None:
    """Clients compare these: whoever renames one breaks them."""
    assert [(kind.slug, kind.status) for kind in all_kinds()] == [
        ("account-locked", 429),
        ("area-retired", 410),
        ("assets-missing", 503),
        ("cancelled", 409),
        ("conflict", 409),
        ("cross-origin", 403),
        ("database-unavailable", 503),
        ("defects-found", 409),
        ("draft-changed", 412),
        ("error", 400),
        ("event-unknown", 404),
        ("illegal-transition", 409),
        ("infeasible", 422),
        ("invalid-coordinate", 422),
        ("invalid-crs", 422),
        ("invalid-input", 422),
        ("invalid-profile", 422),
        ("invalid-request", 422),
        ("job-died", 500),
        ("job-not-done", 409),
        ("job-timed-out", 504),
        ("method-not-allowed", 405),
        ("name-taken", 409),
        ("no-such-address", 404),
        ("not-acceptable", 406),
        ("not-allowed", 403),
        ("not-found", 404),
        ("not-signed-in", 401),
        ("password-expired", 403),
        ("plan-published", 409),
        ("precondition-required", 428),
        ("program-missing", 503),
        ("queue-full", 503),
        ("rebase-conflict", 409),
        ("rows-refused", 422),
        ("sign-in-refused", 401),
        ("sign-on-refused", 401),
        ("sign-on-unavailable", 503),
        ("stale-base", 409),
        ("step-conflict", 412),
        ("too-large", 413),
        ("too-many-requests", 429),
        ("too-slow", 408),
        ("took-too-long", 503),
        ("unavailable", 503),
        ("unexpected", 500),
        ("unreadable-file", 422),
        ("unsupported-media-type", 415),
        ("validity-overlap", 409),
        ("wrong-host", 421),
    ]


def test_an_error_that_came_later_takes_the_row_of_its_base() -> None:
    class PlanTorn(errors.ConflictError):
        slug = "plan-torn"

    kind = kind_of(PlanTorn("It is torn."))
    assert (kind.slug, kind.status, kind.type) == ("plan-torn", 409, "/problems/plan-torn")


def test_statuses_of_the_framework_have_a_kind_too() -> None:
    kind = kind_of_status(406)
    assert kind.status == 406
    assert kind.slug == kind.slug.lower()
    assert " " not in kind.slug


def test_pointers_are_escaped() -> None:
    assert json_pointer(["query", "a/b~c", 0]) == "/query/a~1b~0c/0"
