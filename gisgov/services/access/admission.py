"""Whether an actor may do an operation at all."""

from __future__ import annotations

from gisgov.errors import NotAllowed, NotSignedIn
from gisgov.governance.access import Actor, ActorKind, Extent, Right, rights_table


def right_of(operation: str) -> Right:
    """Return the right that an operation needs: ``GET /v1/plans``, ``gisgov plan list``.

    Raises
    ------
    KeyError
        The table of rights has no row for it.
    """
    return rights_table().right_of(operation)


def admit(actor: Actor, operation: str) -> None:
    """Let an actor do an operation, as far as its rights reach.

    Parameters
    ----------
    actor : Actor
        Who asks.
    operation : str
        A row of the table of rights.

    Raises
    ------
    NotSignedIn
        It is for accounts, and nobody in particular asks.
    NotAllowed
        The actor has no right to it.
    """
    right = right_of(operation)
    if actor.may(right):
        return
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotSignedIn(
            f"{operation} is for accounts.", hint="Sign in, or send a key: `Authorization: Bearer …`."
        )
    raise NotAllowed(f"{actor.name} has no right to {operation}: {_reason(actor, right)}.")


def _reason(actor: Actor, right: Right) -> str:
    if right.extent is Extent.OPERATOR:
        return "it is for the operator of the machine"
    if actor.scopes is not None and right.name not in actor.scopes:
        return f"its key is not for {right.name}"
    roles = " or ".join(sorted(right.roles))
    where = ", held everywhere" if right.extent is Extent.WHOLE else ""
    return f"{right.name} comes with the role {roles}{where}"
