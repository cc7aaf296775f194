"""Everybody who may come: nobody, each role everywhere and in an area; and what the table gives them."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.access import ActorKind, Extent, Grant, Right, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store.database import Database


@dataclass(frozen=True)
class Principal:
    """Somebody who asks.

    ``grant`` is None for an account without a role; ``has_account`` is False for nobody in particular.
    """

    name: str
    grant: Grant | None = None
    has_account: bool = True
    scopes: frozenset[str] | None = None

    def __str__(self) -> str:
        return self.name


NOBODY = Principal("nobody", has_account=False)
NARROW = frozenset({"areas.read", "accounts.manage"})
PRINCIPALS = (
    NOBODY,
    Principal("idle"),
    *(Principal(f"{role}-everywhere", Grant(role)) for role in Role),
    *(Principal(f"{role}-in-an-area", Grant(role, "street", "S")) for role in Role),
    Principal("narrow-key", Grant(Role.ADMINISTRATOR), scopes=NARROW),
)


def key_of(database: Database, who: Principal) -> dict[str, str]:
    """Make somebody's account and key, and return the headers to ask with."""
    grants = () if who.grant is None else (who.grant,)
    create_account(database, who.name, kind=ActorKind.CLIENT, grants=grants)
    return {"Authorization": f"Bearer {make_key(database, who.name, scopes=who.scopes).key}"}


def table_says(right: Right, who: Principal) -> bool:
    """Whether the table lets somebody in, read without any code of gisgov's own."""
    if right.extent is Extent.OPEN:
        return True
    if right.extent is Extent.OPERATOR or not who.has_account:
        return False
    if who.scopes is not None and right.name not in who.scopes:
        return False
    if right.extent is Extent.SELF:
        return True
    if who.grant is None or who.grant.role not in right.roles:
        return False
    return right.extent is not Extent.WHOLE or who.grant.area_code is None
