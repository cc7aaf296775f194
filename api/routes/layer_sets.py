"""Sets of layers: the profiles that are shipped, and loading one of them or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field

from api.context import InContext
from api.documents import described_document, sent_document
from api.parameters import NoParameters
from api.problems import error_responses
from fixtures import shipped
from gisgov.services.loading import LayersLoaded, load_profile

router = APIRouter(prefix="/v1", tags=["layers"])

_SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """A profile that is shipped.

    Attributes
    ----------
    name, title_zh, title_en, source : str
        What it is called, and after which practice it is made.
    layers : tuple of str
        Names of its layers, parents first.
    """

    name: str
    title_zh: str
    title_en: str
    source: str
    layers: tuple[str, ...]


class LoadParameters(NoParameters):
    """Parameters of loading a set of layers."""

    dry_run: bool = Field(False, description="Say what would be done, and change nothing.")


class ProfileBody(NoParameters):
    """A profile (``name``, titles, ``source``, ``layers`` …), or the name of a shipped one as ``shipped``."""

    model_config = ConfigDict(extra="allow")

    shipped: str | None = Field(
        None, max_length=80, description="Name of a shipped profile, in the place of all else."
    )


@router.get("/profiles", summary="Shipped profiles", responses=error_responses(401, 403, 422, 429, 503))
def profiles(_: Annotated[NoParameters, Query()]) -> list[ProfileInfo]:
    """List the sets of layers that are shipped as examples, by name."""
    found = [shipped.shipped_profile(name) for name in shipped.profile_names()]
    return [
        ProfileInfo(
            one.name, one.title_zh, one.title_en, one.source, tuple(layer.name for layer in one.layers)
        )
        for one in found
    ]


@router.post(
    "/layers",
    summary="Load a set of layers",
    responses=error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=described_document(ProfileBody),
)
def load(
    context: InContext,
    query: Annotated[LoadParameters, Query()],
    body: Annotated[ProfileBody, Depends(sent_document(ProfileBody, "a profile"))],
) -> LayersLoaded:
    """Load the layers and code schemes of a profile, as `gisgov layers load` does.

    Loading it again changes nothing, and layers that it does not name stay as they are. With `dry_run` the
    answer says what would change.
    """
    document: dict[str, Any] = body.model_dump(exclude_unset=True)
    name = document.pop(_SHIPPED, None)
    profile = shipped.profile_of(document) if name is None else shipped.shipped_profile(name)
    return load_profile(context.database, profile, dry_run=query.dry_run)
