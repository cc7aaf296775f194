"""Policies that are documents: which are in force, and new ones adopted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import ConfigDict, Field

from api.context import InContext
from api.documents import described_document, sent_document
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from gisgov.services.policies import PolicyAdopted, PolicyInfo, adopt_policy, list_policies

router = APIRouter(prefix="/v1", tags=["policies"])

Kind = Annotated[
    str,
    Path(max_length=TEXT, description="Kind of the policy.", examples=["time-limits"], pattern="^[a-z-]+$"),
]
_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


class AdoptionParameters(NoParameters):
    """Parameters of the adoption of a policy."""

    dry_run: bool = Field(False, description="Say what would be in force, and change nothing.")


class PolicyBody(NoParameters):
    """A policy: ``version``, titles, ``source``, and what its kind has; the service says what is wrong."""

    model_config = ConfigDict(extra="allow")


@router.get("/policies", summary="Policies in force, and those before them", responses=_READ)
def policies(context: InContext, _: Annotated[NoParameters, Query()]) -> list[PolicyInfo]:
    """List all policies by kind, the latest first; the shipped example counts until one is adopted."""
    return list(list_policies(context.database))


@router.get("/policies/{kind}", summary="The versions of a policy", responses=_READ)
def policy_versions(context: InContext, kind: Kind, _: Annotated[NoParameters, Query()]) -> list[PolicyInfo]:
    """List the versions of a policy, the latest first; `is_in_force` marks the one that counts."""
    return list(list_policies(context.database, kind))


@router.post(
    "/policies/{kind}",
    summary="Adopt a policy",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described_document(PolicyBody),
)
def adopt(
    context: InContext,
    kind: Kind,
    body: Annotated[PolicyBody, Depends(sent_document(PolicyBody, "a policy"))],
    query: Annotated[AdoptionParameters, Query()],
) -> PolicyAdopted:
    """Adopt a version of a policy, which is in force from now on; a version never says two things.

    With `dry_run` the answer tells what would be in force.
    """
    document: dict[str, Any] = body.model_dump()
    return adopt_policy(context.database, kind, document, dry_run=query.dry_run)
