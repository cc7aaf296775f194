"""Accounts and their keys, for whoever manages them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime, Field

from api.context import InContext
from api.json_bodies import described, sent
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import (
    UNCHANGED,
    AccountInfo,
    KeyInfo,
    NewAccount,
    NewKey,
    OneTimePassword,
    change_account,
    create_account,
    delete_account,
    give_one_time_password,
    list_accounts,
    list_keys,
    make_key,
    revoke_key,
    rotate_key,
    show_account,
)

router = APIRouter(prefix="/v1", tags=["accounts"])

AccountName = Annotated[str, Path(max_length=64, description="Name of the account.", examples=["wang"])]
KeyId = Annotated[
    str, Path(max_length=64, description="Id of the key: its middle part.", examples=["a2b3c4d5e6f7"])
]
_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_MOST_ROLES = 500
_DEPARTMENT = "Code of the department whose people they are: they answer for it. "


class RoleBody(NoParameters):
    """A role, held in an area of a layer, or everywhere."""

    role: Role = Field(description="The role.")
    layer: str | None = Field(None, max_length=TEXT, description="Layer of the area.", examples=["street"])
    area_code: str | None = Field(
        None, max_length=TEXT, description="Code of the area; neither it nor a layer: everywhere."
    )

    def grant(self) -> Grant:
        """Return it as the rights have it."""
        return Grant.held(self.role, self.layer, self.area_code)


class AccountBody(NoParameters):
    """A new account."""

    account: str = Field(
        max_length=64,
        description="Its name: small letters, digits and `._@-`; no more than the name is kept of a person.",
        examples=["wang"],
    )
    kind: Literal["person", "client"] = Field("person", description="A person's, or a program's.")
    roles: list[RoleBody] = Field([], max_length=_MOST_ROLES, description="The roles it holds.")
    department: str | None = Field(
        None, max_length=TEXT, description=_DEPARTMENT + "Default: none.", examples=["water"]
    )


class AccountChanges(NoParameters):
    """What becomes of an account; what is not given stays."""

    roles: list[RoleBody] | None = Field(
        None, max_length=_MOST_ROLES, description="The roles it holds from now on, all of them."
    )
    disabled: bool | None = Field(None, description="Whether it may not sign in.")
    department: str | None = Field(
        None, max_length=TEXT, description=_DEPARTMENT + "`null`, if given: of none.", examples=["water"]
    )


class KeyBody(NoParameters):
    """A new key."""

    title: str = Field("", max_length=TEXT, description="What it is for.", examples=["12345 hotline"])
    scopes: list[str] | None = Field(
        None,
        max_length=100,
        description="Rights that it is limited to; null: those of the account.",
        examples=[["areas.read"]],
    )
    expires: AwareDatetime | None = Field(None, description="When it ends. Default: in 90 days.")


@router.get("/accounts", summary="All accounts", responses=_READ)
def accounts(context: InContext, _: Annotated[NoParameters, Query()]) -> list[AccountInfo]:
    """List all accounts, by name."""
    return list(list_accounts(context.database))


@router.post(
    "/accounts",
    summary="Make an account",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(AccountBody),
)
def add_account(
    context: InContext,
    response: Response,
    body: Annotated[AccountBody, Depends(sent(AccountBody, "an account"))],
    _: Annotated[NoParameters, Query()],
) -> NewAccount:
    """Make an account; a person's has a one-time password, which is shown this once and ends in 7 days."""
    response.headers["Cache-Control"] = "no-store"
    kind = ActorKind(body.kind)
    grants = [role.grant() for role in body.roles]
    return create_account(
        context.database, body.account, kind=kind, grants=grants, department=body.department
    )


@router.get("/accounts/{account}", summary="One account", responses=_READ)
def one_account(context: InContext, account: AccountName, _: Annotated[NoParameters, Query()]) -> AccountInfo:
    """Show one account with its roles."""
    return show_account(context.database, account)


@router.patch(
    "/accounts/{account}",
    summary="Change an account",
    responses=_CHANGE,
    openapi_extra=described(AccountChanges),
)
def patch_account(
    context: InContext,
    account: AccountName,
    body: Annotated[AccountChanges, Depends(sent(AccountChanges, "a change of an account"))],
    _: Annotated[NoParameters, Query()],
) -> AccountInfo:
    """Give an account other roles or a department, disable it, or enable it again.

    The last account that manages accounts stays what it is (409), and nobody locks themselves out.
    """
    grants = None if body.roles is None else [role.grant() for role in body.roles]
    department = body.department if "department" in body.model_fields_set else UNCHANGED
    return change_account(
        context.database, account, grants=grants, disabled=body.disabled, department=department
    )


@router.delete("/accounts/{account}", summary="Delete an account", status_code=204, responses=_CHANGE)
def remove_account(context: InContext, account: AccountName, _: Annotated[NoParameters, Query()]) -> None:
    """Delete an account with its keys, its sessions and its jobs."""
    delete_account(context.database, account)


@router.post(
    "/accounts/{account}/one-time-password",
    summary="Give a person a one-time password",
    status_code=201,
    responses=_CHANGE,
)
def one_time_password(
    context: InContext, response: Response, account: AccountName, _: Annotated[NoParameters, Query()]
) -> OneTimePassword:
    """Give a one-time password, shown this once, in the place of the old password; all sessions end."""
    response.headers["Cache-Control"] = "no-store"
    return give_one_time_password(context.database, account)


@router.get("/accounts/{account}/keys", summary="Keys of an account", responses=_READ)
def keys(context: InContext, account: AccountName, _: Annotated[NoParameters, Query()]) -> list[KeyInfo]:
    """List the keys of an account, the newest first, without their secrets; those revoked are gone."""
    return list(list_keys(context.database, account))


@router.post(
    "/accounts/{account}/keys",
    summary="Make a key",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described(KeyBody),
)
def add_key(
    context: InContext,
    response: Response,
    account: AccountName,
    body: Annotated[KeyBody, Depends(sent(KeyBody, "a key"))],
    _: Annotated[NoParameters, Query()],
) -> NewKey:
    """Make a key of an account; `key` is shown this once."""
    response.headers["Cache-Control"] = "no-store"
    expires: datetime | None = body.expires
    return make_key(
        context.database,
        account,
        scopes=body.scopes,
        title=body.title,
        expires=expires,
        longest=timedelta(days=context.settings.key_most_days),
    )


@router.post("/keys/{key}/rotation", summary="Replace a key", status_code=201, responses=_CHANGE)
def replace_key(
    context: InContext, response: Response, key: KeyId, _: Annotated[NoParameters, Query()]
) -> NewKey:
    """Make a key in the place of another, with its title, its rights and its term.

    The other goes on for a day, or as long as a setting of the service says.
    """
    response.headers["Cache-Control"] = "no-store"
    settings = context.settings
    return rotate_key(
        context.database,
        key,
        grace=timedelta(hours=settings.key_grace_hours),
        longest=timedelta(days=settings.key_most_days),
    )


@router.delete("/keys/{key}", summary="Revoke a key", status_code=204, responses=_CHANGE)
def remove_key(context: InContext, key: KeyId, _: Annotated[NoParameters, Query()]) -> None:
    """End a key at once."""
    revoke_key(context.database, key)
