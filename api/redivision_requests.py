"""What a request for a re-division asks: a draft in the address, and the words of the command in JSON."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from pydantic import Field

from api.context import Context
from api.json_bodies import read_json, valid
from api.parameters import TEXT, NoParameters
from api.problems import UNSUPPORTED_MEDIA, Refusal
from api.uploads import read_whole
from gisgov.services.days import parse_day
from gisgov.services.redividing import HowMany, Kept, RedivisionRequest, Sought
from gisgov.types import Json

_MOST_BYTES = 2_000_000
_MOST_SEATS = 10_000


class RedivisionBody(NoParameters):
    """What is asked of a re-division; its words are those of the options of ``gisgov redivide``."""

    at: str | None = Field(
        None,
        max_length=40,
        description="Day whose areas of the layer above count. Default: today.",
        examples=["2026-03-01"],
    )
    blocks_of: str | None = Field(
        None,
        max_length=TEXT,
        description="Scope that the blocks are stored under. Default: those that the draft is made of, or of "
        "its scope.",
    )
    how_many: Literal["rule", "current"] | None = Field(
        None,
        description="As many areas as the load asks for, or as there are. Default: as there are, if any.",
    )
    weight: list[str] = Field(
        [],
        max_length=20,
        description="Attributes that join the load.",
        examples=[["households=0.2:1800"]],
    )
    count: dict[str, int] = Field({}, description="Areas of parents, by code.")
    total: int | None = Field(None, description="Areas in all, shared out by load.")
    population_target: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="People of an area on average; with `area_cap`."
    )
    area_cap: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Most ground of an area on average, km²."
    )
    one_more: str | None = Field(
        None,
        max_length=TEXT,
        description="Code of the parent that gets one area more, with the least movement.",
    )
    one_fewer: str | None = Field(
        None, max_length=TEXT, description="Code of the parent that gets one area fewer, likewise."
    )
    parents: list[str] = Field(
        [], description="Codes of the parents to divide; areas in others stay. Default: all."
    )
    locked: list[str] = Field([], description="Codes of areas that stay as they are.")
    together: str | list[list[str]] | None = Field(
        None,
        description="Blocks that stay together: an attribute that names their group, or lists of codes.",
    )
    apart: str | list[list[str]] | None = Field(
        None,
        description="Blocks that are kept apart: the attribute that they share, or lists of their codes.",
    )
    seats: list[tuple[float, float]] | None = Field(
        None,
        max_length=_MOST_SEATS,
        description="Service points as `[lon, lat]` (WGS 84), at most one in each area.",
    )
    band: float = Field(0.05, ge=0, le=1, description="Loads may be off by this share at no price.")
    limit: float = Field(0.10, ge=0, le=1, description="Loads that are off by a larger share are explained.")
    compactness: float | None = Field(None, ge=0, allow_inf_nan=False, description="Weight of compact areas.")
    streets: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="Weight of borders along streets and water."
    )
    movement: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="Weight of few people moved; 0 divides anew."
    )
    max_moved_share: float | None = Field(
        None, ge=0, le=1, description="Share of the people that may change their area."
    )
    effort: Literal["standard", "quality"] = Field("standard", description="How long to search.")
    seed: int = Field(0, ge=-(2**53), le=2**53, description="Same seed, same areas.")
    alternatives: int = Field(1, ge=1, le=50, description="How many different plans to compute.")
    keep: int | Literal["none"] = Field(
        1, description="Number of the alternative that the draft becomes, or `none`: it stays as it is."
    )
    given: dict[str, str] = Field({}, description="Digits of segments of new codes that no parent gives.")
    author: str | None = Field(None, max_length=TEXT, description="Who divides.")


class ChoiceBody(NoParameters):
    """Which of the alternatives of a re-division a draft is to become."""

    alternative: int = Field(ge=1, le=50, description="Its number, from 1.", examples=[2])


def request_body() -> Json:
    """Return the description of the body for OpenAPI."""
    schema = RedivisionBody.model_json_schema()
    return {"requestBody": {"required": False, "content": {"application/json": {"schema": schema}}}}


async def read_redivision(context: Context, request: Request, plan: str) -> RedivisionRequest:
    """Read what is asked of a draft; without a body everything is as usual.

    Raises
    ------
    Refusal
        The body is of another kind, or too large.
    RequestValidationError
        A field is unknown or cannot be read.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        document = await read_json(request, most_bytes=_MOST_BYTES)
    elif await read_whole(request, most_bytes=_MOST_BYTES):
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"A re-division is not asked for in {media_type or 'a body without Content-Type'}.",
            hint="Send application/json, or nothing.",
        )
    else:
        document = {}
    body = valid(RedivisionBody, document, what="a re-division")
    return _request(context, body, plan)


def _request(context: Context, body: RedivisionBody, plan: str) -> RedivisionRequest:
    return RedivisionRequest(
        plan=plan,
        source=plan,
        blocks_of=body.blocks_of,
        at=None if body.at is None else parse_day(body.at, context.timezone),
        how_many=HowMany(
            by=body.how_many,
            weights=tuple(body.weight),
            counts=body.count,
            total=body.total,
            population_target=body.population_target,
            area_cap_km2=body.area_cap,
            one_more=body.one_more,
            one_fewer=body.one_fewer,
        ),
        kept=Kept(
            parents=tuple(body.parents),
            locked=tuple(body.locked),
            together=_groups(body.together),
            apart=_groups(body.apart),
            seats=None if body.seats is None else tuple(body.seats),
        ),
        sought=Sought(
            band=body.band,
            limit=body.limit,
            compactness=body.compactness,
            streets=body.streets,
            movement=body.movement,
            max_moved_share=body.max_moved_share,
            effort=body.effort,
        ),
        seed=body.seed,
        alternatives=body.alternatives,
        keep=body.keep,
        code_digits=body.given,
        author=body.author,
    )


def _groups(asked: str | list[list[str]] | None) -> str | tuple[tuple[str, ...], ...] | None:
    return tuple(tuple(group) for group in asked) if isinstance(asked, list) else asked
