"""Actors: who asks for something, with the roles they hold, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gisgov.errors import InputError
from gisgov.governance.access.rights import Extent, Right
from gisgov.governance.access.roles import Role


class ActorKind(StrEnum):
    """What sort of actor asks."""

    OPERATOR = "operator"
    """Whoever runs gisgov on its machine and holds the database's credentials."""
    PERSON = "person"
    CLIENT = "client"
    """A program of another system."""
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role held in an area.

    Attributes
    ----------
    role : Role
        The role.
    layer, area_code : str or None
        The area; both None where the role is held everywhere.
    """

    role: Role
    layer: str | None = None
    area_code: str | None = None

    @classmethod
    def held(cls, role: Role, layer: str | None, area_code: str | None) -> Grant:
        """Return a role as somebody gave it.

        Raises
        ------
        InputError
            Either a layer or a code is missing.
        """
        if (layer is None) != (area_code is None):
            missing = "layer" if layer is None else "code"
            raise InputError(
                f"The area in which the role {role} is held lacks its {missing}.",
                hint="Give both, or neither where the role is held everywhere.",
                field="roles",
            )
        return cls(role, layer, area_code)

    @property
    def is_everywhere(self) -> bool:
        """Whether the role is held everywhere."""
        return self.area_code is None

    def __str__(self) -> str:
        return (
            f"{self.role} everywhere"
            if self.is_everywhere
            else f"{self.role} in {self.layer} {self.area_code}"
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks.

    Attributes
    ----------
    name : str
        Name of the account; of an operator, the user of the machine.
    kind : ActorKind
        What sort it is.
    account_id : int or None
        Its account; None for an operator and for nobody in particular.
    grants : tuple of Grant
        The roles it holds.
    scopes : frozenset of str or None
        Rights that the key it came with is limited to; None where nothing limits them.
    open_rights : frozenset of str
        Rights that everybody has here by a setting.
    """

    name: str
    kind: ActorKind
    account_id: int | None = None
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = None
    open_rights: frozenset[str] = frozenset()

    @property
    def is_operator(self) -> bool:
        """Whether the operator of the machine asks, who may do everything."""
        return self.kind is ActorKind.OPERATOR

    def may(self, right: Right) -> bool:
        """Whether the actor has a right at all; where it reaches is a question of the territory.

        Examples
        --------
        >>> from gisgov.governance.access.rights import rights_table
        >>> planner = Actor("lin", ActorKind.PERSON, 7, (Grant(Role.PLANNER, "street", "440305"),))
        >>> rights = rights_table().rights
        >>> planner.may(rights["plans.publish"]), planner.may(rights["accounts.manage"])
        (True, False)
        """
        if right.extent is Extent.OPEN or right.name in self.open_rights or self.is_operator:
            return True
        if self.scopes is not None and right.name not in self.scopes:
            return False
        if right.extent is Extent.SELF:
            return self.account_id is not None
        held = [grant for grant in self.grants if grant.role in right.roles]
        if right.extent is Extent.WHOLE:
            return any(grant.is_everywhere for grant in held)
        return bool(held)


ANONYMOUS = Actor("anonymous", ActorKind.ANONYMOUS)
"""Nobody in particular."""


def operator(user: str) -> Actor:
    """Return the operator of the machine, by the name of its user there."""
    return Actor(user, ActorKind.OPERATOR)


@dataclass(frozen=True, slots=True)
class Errand:
    """What an actor is about, as the audit tells of it.

    Attributes
    ----------
    operation : str
        As in the table of rights: ``POST /v1/accounts`` or ``gisgov plan publish``.
    origin : str
        Where it comes from: address of the client, or ``cli``, or ``job`` with its id.
    request_id : str
        Id of the request; empty where there is none.
    limit_s : float or None
        How long one statement in the database may take; None for as long as it needs.
    """

    operation: str = ""
    origin: str = ""
    request_id: str = ""
    limit_s: float | None = None
